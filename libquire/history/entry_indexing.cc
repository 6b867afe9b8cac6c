#include "history/entry_indexing.h"

#include <algorithm>
#include <limits>
#include <map>

#include "base/strings.h"
#include "git/last_changes.h"
#include "history/entry_index.h"
#include "store/entry_index.h"
#include "sys/atomic_file.h"

namespace quire::history {

constexpr size_t max_directories = 2000;
constexpr size_t max_entries = 200'000;
constexpr size_t max_subject = 300;

namespace {

/// What would not fit into a line of the index.
bool has_controls(std::string_view name)
{
    return std::any_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; });
}

class Indexing {
public:
    Indexing(const git::Repository& repository, int runs, const Patience& patience)
        : m_repository(repository), m_runs(runs), m_patience(patience)
    {}

    Result<IndexedEntries> run()
    {
        auto tip = m_repository.resolve({});
        auto commit = tip ? m_repository.commit(tip->commit) : fail(ErrorKind::not_found, "there is no tip");
        if (!commit)
            return m_result; // nothing was pushed yet
        if (auto old = EntryIndex::open(m_runs))
            m_old.emplace(std::move(*old));
        if (m_old && m_old->is_complete() && git::is_same(m_old->commit(), commit->id))
            return m_result;
        m_waiting.emplace_back("", commit->tree);
        // Those near the top are read most; what a directory holds is appended.
        for (size_t i = 0; i < m_waiting.size() && m_result.is_complete; ++i) {
            bool is_room = i < max_directories && m_lines.size() < max_entries && !m_patience.is_over();
            m_result.is_complete = is_room && add(commit->id, std::string(m_waiting[i].first), m_waiting[i].second);
        }
        m_result.entries = m_lines.size();
        TRY(save(commit->id));
        return m_result;
    }

private:
    bool add(const git_oid& commit, const std::string& directory, const git_oid& tree)
    {
        auto listing = m_repository.list(tree);
        if (!listing)
            return true; // a directory that no page shows
        std::vector<std::string> names;
        bool is_plain = listing->left_out == 0;
        for (const git::Entry& entry : listing->entries) {
            is_plain = is_plain && !has_controls(entry.name);
            names.push_back(entry.name);
            if (entry.is_directory() && !has_controls(entry.name))
                m_waiting.emplace_back(directory.empty() ? entry.name : directory + "/" + entry.name, entry.id);
        }
        if (!is_plain)
            return true;
        git::LastChanges found =
            git::last_changes(m_repository, commit, directory, names, m_patience, known_in(directory));
        if (!found.is_complete)
            return false;
        if (std::any_of(found.commits.begin(), found.commits.end(), [](const auto& id) { return !id; }))
            return true; // a directory is known wholly or not at all
        for (size_t i = 0; i < names.size(); ++i)
            add_line(directory, listing->entries[i], *found.commits[i]);
        ++m_result.directories;
        return true;
    }

    git::KnownChanges known_in(const std::string& directory) const
    {
        git::KnownChanges known;
        if (!m_old)
            return known;
        known.at = m_old->commit();
        for (const EntryIndex::Entry& entry : m_old->directory(directory))
            known.commits.emplace(entry.name, entry.commit);
        return known;
    }

    void add_line(const std::string& directory, const git::Entry& entry, const git_oid& id)
    {
        std::string name = git::to_string(id);
        auto [place, is_new] = m_commits.try_emplace(name);
        if (is_new)
            place->second = describe(id);
        bool is_file = !entry.is_directory() && !entry.is_link() && !entry.is_submodule();
        auto size = is_file ? m_repository.blob_size(entry.id) : Result<size_t>(0);
        m_lines.push_back(fmt::format("{}\t{}\t{}\t{}\t{}\t{:o}\t{}", directory, entry.name, name, place->second.first,
                                      is_file && size ? std::to_string(*size) : "-", static_cast<unsigned>(entry.mode),
                                      git::to_string(entry.id)));
        m_lines.back().append("\t").append(place->second.second);
    }

    /// When it was committed, in seconds, or what no date has so many of, and its subject.
    std::pair<int64_t, std::string> describe(const git_oid& id) const
    {
        auto commit = m_repository.commit(id);
        if (!commit)
            return {undated, ""};
        std::string subject(commit->subject().substr(0, max_subject));
        std::replace_if(subject.begin(), subject.end(), has_control, ' ');
        Instant when = commit->committer.when;
        return {when == git::no_date ? undated : when / nanoseconds_per_second, subject};
    }
    static constexpr int64_t undated = std::numeric_limits<int64_t>::max();
    static bool has_control(char c) { return static_cast<unsigned char>(c) < ' '; }

    Result<void> save(const git_oid& commit)
    {
        std::sort(m_lines.begin(), m_lines.end());
        size_t bytes = 0;
        for (const std::string& line : m_lines)
            bytes += line.size() + 1;
        std::string text = fmt::format("{} {} {} {}\n", entry_index_mark, bytes, git::to_string(commit),
                                       m_result.is_complete ? "complete" : "partial");
        text.reserve(text.size() + bytes);
        for (const std::string& line : m_lines)
            text.append(line).append("\n");
        return sys::replace_file_unsynced(m_runs, store::paths::entry_index, text, 0640);
    }

    const git::Repository& m_repository;
    int m_runs;
    const Patience& m_patience;
    std::optional<EntryIndex> m_old;
    std::vector<std::pair<std::string, git_oid>> m_waiting;
    std::map<std::string, std::pair<int64_t, std::string>> m_commits;
    std::vector<std::string> m_lines;
    IndexedEntries m_result;
};

} // namespace

Result<IndexedEntries> index_entries(const git::Repository& repository, int runs, const Patience& patience)
{
    return Indexing(repository, runs, patience).run();
}

} // namespace quire::history
