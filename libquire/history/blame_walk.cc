#include "history/blame_walk.h"

#include <algorithm>

#include "history/ignored_commits.h"
#include "history/kept_blames.h"
#include "text/controls.h"

namespace quire::history {

/// limits for a person's name and for a subject
constexpr size_t max_author = 120, max_subject = 240;

const git::Hunk* hunk_at(const Hunks& hunks, uint32_t line)
{
    auto behind = std::upper_bound(hunks.begin(), hunks.end(), line,
                                   [](uint32_t wanted, const git::Hunk& hunk) { return wanted < hunk.new_start; });
    if (behind == hunks.begin())
        return nullptr;
    const git::Hunk& hunk = *(behind - 1);
    return line - hunk.new_start < hunk.new_count ? &hunk : nullptr;
}

Passed pass(const Pieces& pieces, const Hunks& hunks)
{
    Passed passed;
    for (Piece piece : pieces) {
        auto hunk = std::upper_bound(hunks.begin(), hunks.end(), piece.line,
                                     [](uint32_t wanted, const git::Hunk& one) { return wanted < one.new_start; });
        if (hunk != hunks.begin())
            --hunk;
        while (piece.count > 0) {
            while (hunk != hunks.end() && hunk->new_start + hunk->new_count <= piece.line)
                ++hunk;
            bool is_changed = hunk != hunks.end() && hunk->new_start <= piece.line;
            uint32_t end = is_changed            ? hunk->new_start + hunk->new_count
                           : hunk != hunks.end() ? hunk->new_start
                                                 : no_line;
            Piece part{piece.final_line, piece.line, std::min(piece.count, end - piece.line)};
            if (!is_changed) {
                // Everything before the next hunk is shifted by as much as the end of the last hunk.
                uint32_t new_end = 0, old_end = 0;
                if (hunk != hunks.begin()) {
                    const git::Hunk& last = *(hunk - 1);
                    new_end = last.new_start + last.new_count;
                    old_end = last.old_start + last.old_count;
                }
                passed.unchanged.push_back({part.final_line, part.line - new_end + old_end, part.count});
            } else {
                passed.changed.push_back(part);
            }
            piece.final_line += part.count;
            piece.line += part.count;
            piece.count -= part.count;
        }
    }
    return passed;
}

Blame BlameWalk::run(const Version& version, uint32_t lines)
{
    m_blame.commit = version.commit;
    if (lines > 0)
        hand_on(version, {{0, 0, lines}});
    while (!m_queue.empty()) {
        uint32_t commit = m_queue.top().commit;
        m_queue.pop();
        auto first = m_suspects.lower_bound({commit, ""});
        if (first == m_suspects.end() || first->first.first != commit)
            continue;
        Suspect suspect = std::move(first->second);
        m_suspects.erase(first);
        visit(std::move(suspect));
    }
    finish();
    return std::move(m_blame);
}

void BlameWalk::hand_on(const Version& version, Pieces pieces)
{
    auto number = m_lineage.commits().find(version.commit);
    if (pieces.empty() || !number)
        return;
    auto [place, is_new] = m_suspects.try_emplace({*number, version.path}, Suspect{version, {}});
    Pieces& all = place->second.pieces;
    all.insert(all.end(), pieces.begin(), pieces.end());
    if (!is_new)
        return;
    git::CommitNode node;
    m_lineage.commits().read(*number, node);
    m_queue.push({node.generation, node.when, *number});
}

void BlameWalk::visit(Suspect suspect)
{
    if (settle_from_kept(suspect))
        return;
    m_is_late = m_is_late || m_options.patience.is_over();
    auto ancestors = m_is_late ? nullptr : m_lineage.ancestors(suspect.version);
    if (!ancestors) {
        m_is_late = true;
        return settle(suspect.version, suspect.pieces, nullptr);
    }
    Pieces rest = std::move(suspect.pieces);
    for (const Ancestor& ancestor : *ancestors) {
        if (rest.empty())
            return;
        if (git::is_same(ancestor.version.blob, suspect.version.blob))
            return hand_on(ancestor.version, std::move(rest));
        auto hunks = m_lineage.hunks(ancestor.version.blob, suspect.version.blob);
        if (!hunks) {
            m_is_late = m_is_late || m_options.patience.is_over();
            continue;
        }
        Passed passed = pass(rest, *hunks);
        hand_on(ancestor.version, std::move(passed.unchanged));
        rest = std::move(passed.changed);
    }
    suspect.pieces = {};
    if (m_options.ignored && m_options.ignored->has(suspect.version.commit))
        rest = pass_ignored(suspect, *ancestors, std::move(rest));
    settle(suspect.version, rest, ancestors.get());
}

/// For an ignored commit: lines with a counterpart in what they replaced are attributed to the counterpart.
Pieces BlameWalk::pass_ignored(const Suspect& suspect, const Ancestors& ancestors, Pieces pieces)
{
    for (const Ancestor& ancestor : ancestors) {
        auto hunks = m_lineage.hunks(ancestor.version.blob, suspect.version.blob);
        auto after = m_lineage.text(suspect.version.blob), before = m_lineage.text(ancestor.version.blob);
        if (!hunks || !after || !before)
            continue;
        Pieces rest, found;
        std::map<const git::Hunk*, std::vector<uint32_t>> counterparts;
        for (const Piece& piece : pieces)
            for (uint32_t i = 0; i < piece.count; ++i) {
                const git::Hunk* hunk = hunk_at(*hunks, piece.line + i);
                uint32_t line = no_line;
                if (hunk && hunk->old_count > 0) {
                    auto [known, is_new] = counterparts.try_emplace(hunk);
                    if (is_new)
                        known->second = find_counterparts(m_lineage.table(), before->lines, after->lines, *hunk);
                    line = known->second[piece.line + i - hunk->new_start];
                }
                if (line == no_line)
                    rest.push_back({piece.final_line + i, piece.line + i, 1});
                else
                    found.push_back({piece.final_line + i, line, 1});
            }
        hand_on(ancestor.version, std::move(found));
        pieces = std::move(rest);
    }
    return pieces;
}

uint32_t BlameWalk::path_number(const std::string& path)
{
    auto found = std::find(m_blame.paths.begin(), m_blame.paths.end(), path);
    if (found == m_blame.paths.end())
        found = m_blame.paths.insert(m_blame.paths.end(), path);
    return static_cast<uint32_t>(found - m_blame.paths.begin());
}

static std::string origin_key(const git_oid& commit, std::string_view path)
{
    return std::string(reinterpret_cast<const char*>(commit.id), GIT_OID_RAWSZ).append(path);
}

uint32_t BlameWalk::origin_of(const Version& version, const Ancestors* ancestors)
{
    auto [known, is_new] =
        m_origins.try_emplace(origin_key(version.commit, version.path), static_cast<uint32_t>(m_blame.origins.size()));
    if (!is_new)
        return known->second;
    Blame::Origin origin{.commit = version.commit, .path = path_number(version.path)};
    if (ancestors && !ancestors->empty()) {
        origin.parent = ancestors->front().parent;
        origin.parent_path = path_number(ancestors->front().version.path);
        origin.has_parent = true;
    }
    origin.is_open = !ancestors;
    if (auto info = m_lineage.repository().commit(version.commit)) {
        origin.author = text::cut(info->author.name, max_author);
        origin.subject = text::cut(info->subject(), max_subject);
        origin.when = info->author.when;
    }
    m_blame.origins.push_back(std::move(origin));
    return known->second;
}

/// Attributes the pieces to this version.
void BlameWalk::settle(const Version& version, const Pieces& pieces, const Ancestors* ancestors)
{
    if (pieces.empty())
        return;
    uint32_t origin = origin_of(version, ancestors);
    auto hunks =
        ancestors && !ancestors->empty() ? m_lineage.hunks(ancestors->front().version.blob, version.blob) : nullptr;
    for (const Piece& piece : pieces) {
        Blame::Span span{piece.final_line, piece.count, origin, piece.line};
        const git::Hunk* hunk = hunks ? hunk_at(*hunks, piece.line) : nullptr;
        if (hunk && hunk->old_count > 0) {
            span.before = hunk->old_start + std::min(piece.line - hunk->new_start, hunk->old_count - 1);
            span.before_count = hunk->old_start + hunk->old_count - span.before;
        }
        m_blame.spans.push_back(span);
    }
}

/// Uses what is known about the version already.
bool BlameWalk::settle_from_kept(const Suspect& suspect)
{
    if (!m_options.kept)
        return false;
    auto kept = m_options.kept->find(suspect.version.commit, suspect.version.path, m_options.ignored);
    if (!kept)
        return false;
    std::vector<uint32_t> numbers(kept->origins.size(), no_line);
    auto take_origin = [&](uint32_t number) {
        if (numbers[number] != no_line)
            return numbers[number];
        const Blame::Origin& from = kept->origins[number];
        auto [known, is_new] = m_origins.try_emplace(origin_key(from.commit, kept->paths[from.path]),
                                                     static_cast<uint32_t>(m_blame.origins.size()));
        if (is_new) {
            m_blame.origins.push_back(from);
            m_blame.origins.back().path = path_number(kept->paths[from.path]);
            if (from.has_parent)
                m_blame.origins.back().parent_path = path_number(kept->paths[from.parent_path]);
        }
        return numbers[number] = known->second;
    };
    for (Piece piece : suspect.pieces)
        for (const Blame::Span* span = kept->at(piece.line); piece.count > 0 && span; span = kept->at(piece.line)) {
            uint32_t skipped = piece.line - span->first, count = std::min(piece.count, span->count - skipped);
            Blame::Span part{piece.final_line, count, take_origin(span->origin), span->line + skipped};
            if (span->before != no_line) {
                part.before = line_before(*span, span->first + skipped);
                part.before_count = span->before + span->before_count - part.before;
            }
            m_blame.spans.push_back(part);
            piece = {piece.final_line + count, piece.line + count, piece.count - count};
        }
    return true;
}

/// Sorts the spans and joins neighbours that belong together.
void BlameWalk::finish()
{
    auto& spans = m_blame.spans;
    std::sort(spans.begin(), spans.end(), [](const Blame::Span& a, const Blame::Span& b) { return a.first < b.first; });
    size_t last = 0;
    for (size_t i = 1; i < spans.size(); ++i) {
        Blame::Span& a = spans[last];
        const Blame::Span& b = spans[i];
        bool is_next = a.origin == b.origin && a.line + a.count == b.line;
        bool is_same_hunk = a.before == no_line || b.before == no_line
                                ? a.before == b.before
                                : a.before + a.before_count == b.before + b.before_count;
        if (is_next && is_same_hunk)
            a.count += b.count;
        else
            spans[++last] = b;
    }
    spans.resize(std::min(spans.size(), last + 1));
    m_blame.is_complete = !m_is_late;
    m_blame.is_lasting = !m_is_late && !m_lineage.is_shallow();
}

} // namespace quire::history
