#include "git/commit_info.h"

#include <algorithm>
#include <list>
#include <mutex>
#include <optional>

#include "base/strings.h"
#include "git/change_id.h"
#include "git/repository.h"

namespace quire::git {

constexpr size_t max_name = 300;
constexpr size_t max_parents = 10'000;
constexpr size_t max_conflict = 99;

std::string_view CommitInfo::subject() const { return std::string_view(message).substr(0, message.find('\n')); }

std::string_view CommitInfo::body() const
{
    std::string_view rest = message;
    rest.remove_prefix(subject().size());
    return trim(rest);
}

/// Cuts between characters, if the text has any.
static std::string_view cut(std::string_view text, size_t size)
{
    if (text.size() <= size)
        return text;
    for (int i = 0; i < 3 && size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80; ++i)
        --size;
    return text.substr(0, size);
}

static std::string cut_name(std::string_view text)
{
    text = trim(text);
    return text.size() <= max_name ? std::string(text) : std::string(cut(text, max_name)) + "…";
}

Instant instant_of_seconds(int64_t seconds)
{
    Instant instant = 0;
    return __builtin_mul_overflow(seconds, nanoseconds_per_second, &instant) ? no_date : instant;
}

Person parse_person(std::string_view line)
{
    Person person;
    size_t open = line.find('<'), close = line.rfind('>');
    person.name = cut_name(line.substr(0, open));
    if (open == std::string_view::npos || close == std::string_view::npos || close < open)
        return person;
    person.email = cut_name(line.substr(open + 1, close - open - 1));
    std::string_view date = trim(line.substr(close + 1));
    auto seconds = parse_integer(take_until(date, ' '));
    person.when = seconds ? instant_of_seconds(*seconds) : no_date;
    return person;
}

/// An odd number of ids, at least three; nothing for anything else.
static std::vector<git_oid> parse_conflict(std::string_view line)
{
    std::vector<git_oid> trees;
    while (!line.empty() && trees.size() < max_conflict) {
        auto tree = parse_oid(take_until(line, ' '));
        if (!tree)
            return {};
        trees.push_back(*tree);
    }
    return trees.size() >= 3 && trees.size() % 2 == 1 ? trees : std::vector<git_oid>();
}

CommitInfo parse_commit_info(const git_oid& id, std::string_view content)
{
    CommitInfo info;
    info.id = id;
    while (!content.empty()) {
        std::string_view line = take_until(content, '\n');
        if (line.empty())
            break;
        if (strip_prefix(line, "tree "))
            info.tree = parse_oid(line).value_or(git_oid{});
        else if (strip_prefix(line, "author "))
            info.author = parse_person(line);
        else if (strip_prefix(line, "committer "))
            info.committer = parse_person(line);
        else if (strip_prefix(line, "change-id ") && is_change_id(line))
            info.change_id = line;
        else if (strip_prefix(line, "jj:trees "))
            info.conflict = parse_conflict(line);
        else if (auto parent = strip_prefix(line, "parent ") ? parse_oid(line) : std::nullopt;
                 parent && info.parents.size() < max_parents)
            info.parents.push_back(*parent);
    }
    content.remove_prefix(std::min(content.find_first_not_of('\n'), content.size()));
    if (std::string_view trailer = trailer_change_id(content); !trailer.empty())
        info.change_id = trailer;
    info.message = cut(content, max_message);
    info.message_rest = content.size() - info.message.size();
    return info;
}

namespace {

/// Keeps the latest large commits as they were parsed. Otherwise the server would spend its time unpacking many
/// megabytes for each line of each list. Several threads may use it.
class LargeCommits {
public:
    std::optional<CommitInfo> find(const git_oid& id)
    {
        std::lock_guard lock(m_mutex);
        auto found = std::find_if(m_commits.begin(), m_commits.end(),
                                  [&](const CommitInfo& commit) { return is_same(commit.id, id); });
        return found == m_commits.end() ? std::nullopt : std::optional(*found);
    }
    void keep(const CommitInfo& commit)
    {
        std::lock_guard lock(m_mutex);
        m_commits.push_front(commit);
        constexpr size_t most = 60;
        if (m_commits.size() > most)
            m_commits.pop_back();
    }

private:
    std::mutex m_mutex;
    std::list<CommitInfo> m_commits;
};

} // namespace

Result<CommitInfo> read_commit(const Objects& objects, const git_oid& id)
{
    static LargeCommits large_commits;
    constexpr size_t large = 256u << 10;
    // Large ones are kept for all repositories, so only one that this repository has may be looked for there.
    Objects::Header header = TRY(objects.check(id, GIT_OBJECT_COMMIT, max_commit_bytes));
    bool is_large = header.size > large;
    if (auto known = is_large ? large_commits.find(id) : std::nullopt)
        return std::move(*known);
    Object object = TRY(objects.read_checked(id));
    CommitInfo info = parse_commit_info(id, object.content());
    auto is_missing = [&](const git_oid& tree) {
        auto found = objects.header(tree);
        return !found || found->type != GIT_OBJECT_TREE;
    };
    if (std::any_of(info.conflict.begin(), info.conflict.end(), is_missing))
        info.conflict.clear();
    // What git stores for a commit in conflict is nothing to look at: its first side stands for it.
    if (!info.conflict.empty())
        info.tree = info.conflict[0];
    if (is_large)
        large_commits.keep(info);
    return info;
}

} // namespace quire::git
