#include "deliver/backup_scope.h"

#include "base/strings.h"
#include "sys/atomic_file.h"
#include "sys/file.h"
#include "text/escape.h"

namespace quire::deliver {

/// A repository of a million refs has 100 MB of them.
constexpr size_t most_bytes = size_t{1} << 30;

std::string BackupScope::text() const
{
    std::string out = fmt::format("inode {}\n", inode);
    if (gone)
        out += "gone\n";
    if (!look.empty())
        out += fmt::format("look {}\n", look);
    for (const auto& [path, stamp] : files)
        out += fmt::format("file {} {}\n", stamp, text::percent_encode(path, text::Slash::keep));
    for (const auto& [path, end] : grown)
        out += fmt::format("grown {} {} {}\n", end.inode, end.size, text::percent_encode(path, text::Slash::keep));
    for (const auto& [ref, id] : refs)
        out += fmt::format("ref {} {}\n", id, ref);
    for (auto run = done.begin(); run != done.end();) {
        uint64_t first = *run, last = *run;
        for (++run; run != done.end() && *run == last + 1; ++run)
            last = *run;
        out += fmt::format("done {} {}\n", first, last);
    }
    for (const auto& [run, stamp] : open)
        out += fmt::format("open {} {}\n", run, stamp);
    return out;
}

Result<BackupScope> BackupScope::parse(std::string_view text, std::string_view name)
{
    BackupScope scope;
    auto number = [](std::string_view word) { return parse_decimal(word).value_or(0); };
    while (!text.empty()) {
        std::string_view rest = take_until(text, '\n');
        std::string_view kind = take_until(rest, ' ');
        if (kind == "inode") {
            scope.inode = number(rest);
        } else if (kind == "gone") {
            scope.gone = true;
        } else if (kind == "look") {
            scope.look = rest;
        } else if (kind == "ref") {
            std::string id(take_until(rest, ' '));
            scope.refs.emplace(rest, std::move(id));
        } else if (kind == "done") {
            uint64_t first = number(take_until(rest, ' '));
            for (uint64_t run = first, last = number(rest); run <= last; ++run)
                scope.done.insert(scope.done.end(), run);
        } else if (kind == "open") {
            uint64_t run = number(take_until(rest, ' '));
            scope.open.emplace(run, rest);
        } else if (kind == "file" || kind == "grown") {
            std::string first(take_until(rest, ' '));
            uint64_t size = kind == "grown" ? number(take_until(rest, ' ')) : 0;
            auto path = text::percent_decode(rest);
            if (!path)
                return fail(ErrorKind::invalid, "{}: has a path of no known form", name);
            if (kind == "file")
                scope.files.emplace(*path, first);
            else
                scope.grown.emplace(*path, Grown{number(first), size});
        } else {
            return fail(ErrorKind::invalid, "{}: has a line of no known kind", name);
        }
    }
    return scope;
}

static std::string file_of(const std::string& scope, uint64_t number) { return fmt::format("{}@{}", scope, number); }

Result<BackupScopes> BackupScopes::open(const store::Root& root, const BackupPosition& position, Use use)
{
    BackupScopes scopes(TRY(open_generation(root, position.generation)));
    int directory = scopes.m_directory.get();
    bool drops = use == Use::for_writing;
    if (drops)
        sys::sweep_temporaries(directory, ".");
    for (const std::string& name : TRY(sys::list_directory(directory, "."))) {
        size_t at = name.rfind('@');
        auto number = at == std::string::npos ? std::nullopt : parse_decimal(std::string_view(name).substr(at + 1));
        if (!number)
            continue;
        uint64_t& known = scopes.m_numbers[name.substr(0, at)];
        if (*number > position.number || *number < known) {
            if (drops)
                TRY(sys::unlink_at(directory, name));
            continue;
        }
        if (known != 0 && drops)
            TRY(sys::unlink_at(directory, file_of(name.substr(0, at), known)));
        known = *number;
    }
    std::erase_if(scopes.m_numbers, [](const auto& one) { return one.second == 0; });
    return scopes;
}

std::vector<std::string> BackupScopes::names() const
{
    std::vector<std::string> all;
    for (const auto& [name, number] : m_numbers)
        all.push_back(name);
    return all;
}

Result<BackupScope> BackupScopes::read(const std::string& scope) const
{
    auto found = m_numbers.find(scope);
    if (found == m_numbers.end())
        return BackupScope();
    std::string name = file_of(scope, found->second);
    return BackupScope::parse(TRY(sys::read_file(m_directory.get(), name, most_bytes)), name);
}

Result<void> BackupScopes::write(const std::string& scope, uint64_t number, const BackupScope& content)
{
    TRY(sys::replace_file(m_directory.get(), file_of(scope, number), content.text(), 0600));
    m_written[scope] = number;
    return {};
}

void BackupScopes::settle()
{
    for (const auto& [scope, number] : m_written) {
        uint64_t& known = m_numbers[scope];
        if (known != 0 && known != number)
            (void)sys::unlink_at(m_directory.get(), file_of(scope, known)); // else open() drops it
        known = number;
    }
    m_written.clear();
}

} // namespace quire::deliver
