// gitolite's data directory: repositories/, .gitolite/conf/gitolite.conf and .gitolite/keydir/.
//
// The rules are read for one purpose: no key gets more here than it had there. quire's keys know less than gitolite's
// rules, so what can't be said here is left out, and told. Files that quire does not fully understand (includes, deny
// rules) let no key in at all.
#include <algorithm>
#include <map>
#include <set>

#include "base/strings.h"
#include "forge/import.h"
#include "sys/file.h"

namespace quire::forge {

namespace {

using Names = std::set<std::string>;

std::vector<std::string> words_of(std::string_view text)
{
    std::vector<std::string> words;
    while (!(text = trim(text)).empty()) {
        size_t end = text.find_first_of(" \t");
        words.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end, text.size()));
    }
    return words;
}

class Rules {
public:
    void read(std::string_view text)
    {
        while (!text.empty()) {
            std::string_view line = take_until(text, '\n');
            line = trim(take_until(line, '#'));
            if (!line.empty())
                read_line(line);
        }
    }

    ImportAccess access_of(const std::string& user) const
    {
        ImportAccess access;
        for (const auto& [repository, users] : m_readers)
            if (users.contains(user) || users.contains("@all"))
                access[repository] = false;
        for (const auto& [repository, users] : m_writers)
            if (!m_doubtful.contains(repository) && (users.contains(user) || users.contains("@all")))
                access[repository] = true;
        return access;
    }

    std::string fault; ///< why the rules can't be trusted to be all
    Names patterns;    ///< repositories named by a pattern: their rules are passed over

private:
    void read_line(std::string_view line)
    {
        std::vector<std::string> words = words_of(line);
        if (words[0] == "include" || words[0] == "subconf")
            fault = "gitolite.conf includes other files";
        else if (words[0] == "option" && line.find("deny-rules") != std::string_view::npos)
            fault = "gitolite.conf has deny-rules";
        else if (words[0] == "repo")
            begin_repositories(std::vector(words.begin() + 1, words.end()));
        else if (words[0].starts_with('@') && line.find('=') != std::string_view::npos)
            define_group(line);
        else if (words[0] == "-" || words[0] == "C" || words[0].starts_with('R'))
            add_rule(line);
    }

    Names expand(const std::vector<std::string>& words) const
    {
        Names all;
        for (const std::string& word : words) {
            auto group = m_groups.find(word);
            if (group == m_groups.end())
                all.insert(word);
            else
                all.insert(group->second.begin(), group->second.end());
        }
        return all;
    }

    void define_group(std::string_view line)
    {
        std::string name(trim(take_until(line, '=')));
        for (const std::string& member : expand(words_of(line)))
            m_groups[name].insert(member);
    }

    void begin_repositories(const std::vector<std::string>& words)
    {
        m_current.clear();
        for (const std::string& name : expand(words)) {
            bool is_plain = name != "@all" && name.find_first_of("*[](){}^$|?\\+@") == std::string::npos &&
                            name.find("CREATOR") == std::string::npos;
            if (is_plain)
                m_current.insert(name);
            else
                patterns.insert(name);
        }
    }

    void add_rule(std::string_view line)
    {
        std::string_view right = line;
        std::vector<std::string> left = words_of(take_until(right, '='));
        bool has_refex = left.size() > 1;
        for (const std::string& repository : m_current) {
            if (left[0] == "-")
                m_doubtful.insert(repository);
            Names users = expand(words_of(right));
            if (left[0] == "-" || left[0] == "C")
                continue;
            m_readers[repository].insert(users.begin(), users.end());
            if (left[0].starts_with("RW") && !has_refex)
                m_writers[repository].insert(users.begin(), users.end());
        }
    }

    std::map<std::string, Names> m_groups, m_readers, m_writers;
    Names m_current, m_doubtful;
};

/// "alice@laptop.pub" is alice's; "alice@example.org.pub" is alice@example.org's.
std::string user_of(std::string_view file)
{
    strip_suffix(file, ".pub");
    size_t at = file.rfind('@');
    if (at != std::string_view::npos && at > 0 && file.find('.', at) == std::string_view::npos)
        file = file.substr(0, at);
    return std::string(file);
}

void find_keys(const std::string& directory, int depth, std::vector<std::pair<std::string, std::string>>& found)
{
    constexpr int deepest = 5;
    auto opened = sys::open_directory(AT_FDCWD, directory);
    auto names = opened ? sys::list_directory(opened->get(), ".") : Result<std::vector<std::string>>({});
    for (const std::string& name : std::move(names).value_or({})) {
        if (name.ends_with(".pub"))
            found.emplace_back(name, read_stranger(opened->get(), name));
        else if (depth < deepest && !name.starts_with('.'))
            find_keys(directory + "/" + name, depth + 1, found);
    }
}

/// Who could push to gitolite-admin could give himself every right.
ImportKey make_key(const std::string& user, const store::PublicKey& public_key, ImportAccess access)
{
    auto admin = access.find("gitolite-admin");
    if (admin != access.end() && admin->second)
        return {.name = user, .key = public_key};
    access.erase("gitolite-admin");
    return limited_key(user, public_key, access);
}

} // namespace

static void survey_keys(const std::string& path, ImportSurvey& survey)
{
    Rules rules;
    auto directory = sys::open_directory(AT_FDCWD, path);
    std::string text = directory ? read_stranger(directory->get(), ".gitolite/conf/gitolite.conf") : "";
    rules.read(text);
    std::vector<std::pair<std::string, std::string>> files;
    find_keys(path + "/.gitolite/keydir", 0, files);
    if (text.empty())
        rules.fault = "there is no .gitolite/conf/gitolite.conf";
    if (!files.empty() && !rules.fault.empty()) {
        survey.notes.push_back(
            fmt::format("none of {} keys is taken: {}, so what they may do can't be told; quire key add", files.size(),
                        rules.fault));
        return;
    }
    for (const auto& [file, content] : files) {
        auto parsed = store::parse_public_key(content);
        auto access = rules.access_of(user_of(file));
        if (!parsed)
            survey.notes.push_back(fmt::format("keydir: {}: {}", file, parsed.error().message));
        else if (access.empty())
            survey.notes.push_back(fmt::format("keydir: {} may do nothing by the rules that quire understands", file));
        else
            survey.keys.push_back(make_key(user_of(file), *parsed, access));
    }
    for (const std::string& pattern : rules.patterns)
        survey.notes.push_back(
            fmt::format("rules for '{}' are passed over: a pattern gives nobody a right here", pattern));
}

Result<void> survey_gitolite(const std::string& path, ImportSurvey& survey)
{
    UniqueFd directory = TRY(sys::open_directory(AT_FDCWD, path));
    Names listed; // what gitweb and cgit show
    std::string list = read_stranger(directory.get(), "projects.list");
    for (std::string_view line : split(list, '\n'))
        if (!trim(line).empty())
            listed.emplace(trim(line));
    for (const std::string& below : find_bare_repositories(path + "/repositories", survey.notes)) {
        if (below == "gitolite-admin.git") {
            survey.notes.emplace_back("gitolite-admin is left behind: settings and keys are quire's own here");
            continue;
        }
        ImportCandidate one{.path = path + "/repositories/" + below, .wanted = below};
        choose_name(one);
        auto repository = sys::open_directory(AT_FDCWD, one.path);
        if (repository) {
            one.description = description_in(repository->get(), one.notes);
            one.is_private = !listed.contains(below) && !sys::exists(repository->get(), "git-daemon-export-ok");
        }
        survey.repositories.push_back(std::move(one));
    }
    survey_keys(path, survey);
    return {};
}

} // namespace quire::forge
