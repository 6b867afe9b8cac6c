#include "history/change_indexing.h"

#include <algorithm>
#include <queue>
#include <unordered_set>

#include "base/sha256.h"
#include "base/strings.h"
#include "git/commit_source.h"
#include "history/change_index.h"
#include "store/push_log.h"
#include "store/root.h"
#include "sys/atomic_file.h"
#include "sys/file.h"

namespace quire::history {

using store::PushLogEntry;

constexpr size_t max_refs = 100'000;
constexpr size_t max_line = 64u << 10; ///< larger than any entry of the log
constexpr size_t block = 1u << 20;

namespace {

/// The push log from where the index left it.
class NewPushes {
public:
    explicit NewPushes(int repository) : m_repository(repository) {}

    /// false: the log is not the one of which the index was made.
    Result<bool> continue_at(uint64_t size, std::string_view digest)
    {
        m_end = size;
        std::string tail = TRY(read(size > max_line ? size - max_line : 0, std::min<uint64_t>(size, max_line)));
        return digest_of(tail) == digest;
    }

    /// Calls `take` for each further entry, oldest first.
    template <class Take>
    Result<void> each(Take take)
    {
        std::string pending;
        uint64_t at = m_end;
        while (true) {
            std::string more = TRY(read(at, block));
            at += more.size();
            pending += more;
            std::string_view rest = pending;
            while (rest.find('\n') != std::string_view::npos) {
                std::string_view line = take_until(rest, '\n');
                m_end += line.size() + 1;
                if (auto entry = store::parse_push_log_line(line))
                    take(*entry);
            }
            pending.erase(0, pending.size() - rest.size());
            if (more.empty())
                break;
        }
        std::string tail = TRY(read(m_end > max_line ? m_end - max_line : 0, std::min<uint64_t>(m_end, max_line)));
        m_digest = digest_of(tail);
        return {};
    }

    uint64_t end() const { return m_end; }
    const std::string& digest() const { return m_digest; }

private:
    Result<std::string> read(uint64_t from, uint64_t size) const
    {
        auto file = sys::open_regular(m_repository, store::paths::push_log);
        if (!file && file.error().kind == ErrorKind::not_found)
            return std::string();
        return sys::read_at(TRY(std::move(file)).get(), from, size);
    }
    /// Of the last line, which has the digest of those before.
    static std::string digest_of(std::string_view tail)
    {
        if (tail.empty())
            return "-";
        size_t before = tail.size() < 2 ? std::string_view::npos : tail.rfind('\n', tail.size() - 2);
        return sha256_hex(tail.substr(before == std::string_view::npos ? 0 : before + 1));
    }

    int m_repository;
    uint64_t m_end = 0;
    std::string m_digest = "-";
};

class Indexing {
public:
    Indexing(const git::Repository& repository, int runs)
        : m_repository(repository), m_runs(runs), m_commits(repository)
    {}

    Result<IndexedChanges> run()
    {
        NewPushes pushes(m_repository.directory());
        auto known = ChangeIndex::open(m_runs);
        if (known && TRY(pushes.continue_at(known->log_size(), known->log_digest()))) {
            m_old_tips = known->tips();
            for (const git_oid& tip : m_old_tips)
                mark_seen(tip);
            take_lines(known->lines());
        } else {
            pushes = NewPushes(m_repository.directory());
            m_result.is_anew = true;
        }
        std::vector<git::Ref> refs = TRY(m_repository.refs(max_refs));
        TRY(pushes.each([&](const PushLogEntry& entry) { take(entry); }));
        for (const git::Ref& ref : refs)
            add_new(ref.commit, {});
        m_result.versions = m_lines.size();
        TRY(save(pushes, refs, known ? known->log_size() : 0));
        return m_result;
    }

private:
    void take_lines(std::string_view lines)
    {
        while (!lines.empty()) {
            std::string_view line = take_until(lines, '\n');
            std::string_view rest = line;
            take_until(rest, '\t');
            m_count = std::max(m_count, parse_decimal_padded(take_until(rest, '\t')) + 1);
            m_known.insert(std::string(take_until(rest, '\t')));
            m_lines.emplace_back(line);
        }
    }
    static uint64_t parse_decimal_padded(std::string_view text)
    {
        text.remove_prefix(std::min(text.find_first_not_of('0'), text.size()));
        return text.empty() ? 0 : parse_decimal(text).value_or(0);
    }

    void mark_seen(const git_oid& tip)
    {
        auto first = m_commits.find(tip);
        if (!first || !m_seen.add(*first))
            return;
        std::vector<uint32_t> waiting{*first};
        git::CommitNode node;
        while (!waiting.empty()) {
            m_commits.read(waiting.back(), node);
            waiting.pop_back();
            for (uint32_t parent : node.parents)
                if (m_seen.add(parent))
                    waiting.push_back(parent);
        }
    }

    void take(const PushLogEntry& entry)
    {
        bool counts = entry.ref.starts_with("refs/heads/") || entry.ref.starts_with("refs/tags/") ||
                      entry.ref.starts_with("refs/changes/");
        if (!counts)
            return;
        if (auto old = git::parse_oid(entry.old_id); old && !git_oid_is_zero(&*old))
            add_new(*old, {});
        if (auto tip = git::parse_oid(entry.new_id); tip && !git_oid_is_zero(&*tip))
            add_new(*tip, entry);
    }

    /// The tip and those of its ancestors that were not seen before, oldest first.
    void add_new(const git_oid& id, const PushLogEntry& entry)
    {
        auto commit = m_repository.objects().peel_to_commit(id);
        auto first = commit ? m_commits.find(*commit) : std::nullopt;
        if (!first || !m_seen.add(*first))
            return;
        std::priority_queue<git::Turn> waiting;
        git::CommitNode node;
        auto push = [&](uint32_t number) {
            m_commits.read(number, node);
            waiting.push({node.generation, node.when, number});
        };
        push(*first);
        std::vector<uint32_t> found;
        while (!waiting.empty()) {
            found.push_back(waiting.top().commit);
            waiting.pop();
            m_commits.read(found.back(), node);
            for (uint32_t parent : std::vector<uint32_t>(node.parents))
                if (m_seen.add(parent))
                    push(parent);
        }
        for (auto number = found.rbegin(); number != found.rend(); ++number)
            add_version(m_commits.id(*number), entry);
    }

    static std::string one_field(std::string text)
    {
        std::replace_if(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
        return text.substr(0, 300);
    }

    void add_version(const git_oid& id, const PushLogEntry& entry)
    {
        auto commit = m_repository.commit(id);
        ++m_result.commits;
        if (!commit || commit->change_id.empty() || !m_known.insert(git::to_string(id)).second)
            return;
        m_lines.push_back(fmt::format("{}\t{:010}\t{}\t{}\t{}\t{}", commit->change_id, m_count++, git::to_string(id),
                                      entry.at / nanoseconds_per_second, one_field(entry.ref),
                                      one_field(entry.pusher)));
    }

    Result<void> save(const NewPushes& pushes, const std::vector<git::Ref>& refs, uint64_t log_size)
    {
        std::vector<git_oid> tips;
        for (const git::Ref& ref : refs)
            tips.push_back(ref.commit);
        auto less = [](const git_oid& a, const git_oid& b) { return git_oid_cmp(&a, &b) < 0; };
        std::sort(tips.begin(), tips.end(), less);
        tips.erase(std::unique(tips.begin(), tips.end(), git::is_same), tips.end());
        bool is_same = !m_result.is_anew && tips.size() == m_old_tips.size() && pushes.end() == log_size &&
                       std::equal(tips.begin(), tips.end(), m_old_tips.begin(), git::is_same);
        if (is_same)
            return {};
        std::sort(m_lines.begin(), m_lines.end());
        size_t bytes = 0;
        for (const std::string& line : m_lines)
            bytes += line.size() + 1;
        std::string text = fmt::format("{} {} {} {}\n", change_index_mark, bytes, pushes.end(), pushes.digest());
        text.reserve(text.size() + tips.size() * 50 + bytes);
        for (const git_oid& tip : tips)
            text += "tip " + git::to_string(tip) + "\n";
        text += "\n";
        for (const std::string& line : m_lines)
            text.append(line).append("\n");
        return sys::replace_file_unsynced(m_runs, store::paths::change_index, text, 0640);
    }

    const git::Repository& m_repository;
    int m_runs;
    git::CommitSource m_commits;
    git::CommitSet m_seen;
    std::vector<git_oid> m_old_tips;
    std::vector<std::string> m_lines;
    std::unordered_set<std::string> m_known; ///< commits in the index
    uint64_t m_count = 0;
    IndexedChanges m_result;
};

} // namespace

Result<IndexedChanges> index_changes(const git::Repository& repository, int runs)
{
    return Indexing(repository, runs).run();
}

} // namespace quire::history
