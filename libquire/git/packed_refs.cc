#include "git/packed_refs.h"

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/strings.h"
#include "git/git.h"
#include "sys/atomic_file.h"
#include "sys/file.h"

namespace quire::git {

namespace {

constexpr const char* packed_refs = "packed-refs";
constexpr std::string_view head = "# pack-refs with: peeled fully-peeled sorted \n";
constexpr size_t most_bytes = size_t{1} << 30;

struct Ref {
    std::string id;
    std::string peeled; ///< what a tag leads to in the end; "": it is no tag
};
using Refs = std::map<std::string, Ref>;

Result<Refs> read_refs(int repository)
{
    Refs refs;
    auto text = sys::read_file(repository, packed_refs, most_bytes);
    if (!text && text.error().kind == ErrorKind::not_found)
        return refs;
    std::string content = TRY(std::move(text));
    std::string* peeled = nullptr;
    for (std::string_view rest = content; !rest.empty();) {
        std::string_view line = take_until(rest, '\n');
        if (line.starts_with('#') || line.empty())
            continue;
        if (strip_prefix(line, "^")) {
            if (peeled)
                *peeled = line;
            continue;
        }
        std::string id(take_until(line, ' '));
        Ref& ref = refs[std::string(line)] = {.id = std::move(id), .peeled = {}};
        peeled = &ref.peeled;
    }
    return refs;
}

/// Asks git about all of them at once.
Result<void> peel(int repository, const std::vector<Ref*>& refs)
{
    std::string asked;
    for (const Ref* ref : refs)
        asked += ref->id + "^{}\n";
    std::string said = TRY(run_ok(repository, {"cat-file", "--batch-check=%(objectname)"},
                                  {.input = std::move(asked), .limit = most_bytes}));
    std::string_view rest = said;
    for (Ref* ref : refs) {
        std::string_view id = take_until(rest, '\n');
        if (id.size() != ref->id.size() || !from_hex(id))
            return fail(ErrorKind::invalid, "{} is not there, and a ref shall lead to it", visible(ref->id));
        ref->peeled = id == ref->id ? "" : std::string(id);
    }
    return {};
}

} // namespace

Result<void> move_packed_refs(int repository, std::string_view lines)
{
    Refs refs = TRY(read_refs(repository));
    std::set<std::string> names;
    while (!lines.empty()) {
        std::string_view name = take_until(lines, '\n');
        std::string id(take_until(name, ' '));
        if (name.empty() || !from_hex(id))
            return fail(ErrorKind::invalid, "'{}' tells of no ref", visible(name));
        if (id.find_first_not_of('0') == std::string::npos) {
            refs.erase(std::string(name));
        } else {
            refs[std::string(name)] = {.id = std::move(id), .peeled = {}};
            names.emplace(name);
        }
    }
    std::vector<Ref*> moved;
    for (const std::string& name : names)
        if (auto found = refs.find(name); found != refs.end())
            moved.push_back(&found->second);
    TRY(peel(repository, moved));
    std::string text(head);
    for (const auto& [name, ref] : refs) {
        text += fmt::format("{} {}\n", ref.id, name);
        if (!ref.peeled.empty())
            text += fmt::format("^{}\n", ref.peeled);
    }
    sys::sweep_temporaries(repository, ".");
    return sys::replace_file_unsynced(repository, packed_refs, text, 0640);
}

} // namespace quire::git
