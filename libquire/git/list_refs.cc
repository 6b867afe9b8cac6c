#include "git/list_refs.h"

#include "base/log.h"
#include "base/strings.h"
#include "git/git.h"

namespace quire::git {

constexpr size_t most_bytes = size_t{1} << 30;

Result<Refs> list_refs(int repository, BrokenRefs broken, int64_t timeout)
{
    sys::Output said = TRY(run(repository, {"for-each-ref", "--format=%(objectname) %(refname)"},
                               {.limit = most_bytes, .timeout = timeout}));
    std::string_view warning = trim(said.err);
    std::string shown = visible(warning.substr(0, 200));
    if (said.status != 0)
        return fail(ErrorKind::system, "git for-each-ref ended with {}: {}", said.status, shown);
    if (broken == BrokenRefs::refuse && !warning.empty())
        return fail(ErrorKind::invalid, "git for-each-ref: {}", shown);
    Refs refs;
    for (std::string_view rest = said.out; !rest.empty();) {
        std::string_view ref = take_until(rest, '\n');
        std::string id(take_until(ref, ' '));
        refs.emplace_hint(refs.end(), ref, std::move(id)); // git sorts them
    }
    return refs;
}

} // namespace quire::git
