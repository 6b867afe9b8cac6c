#include "push/hooks.h"

#include "sys/file.h"
#include "sys/process.h"
#include "sys/stamp.h"

namespace quire::push {

Result<int> alternate_refs(const std::string& path)
{
    auto here = TRY(sys::stamp_at(AT_FDCWD, "."));
    auto there = TRY(sys::stamp_at(AT_FDCWD, path));
    if (here && there && here->same_file(*there))
        return 0;
    return sys::exec({"git", "--git-dir=" + path, "for-each-ref", "--format=%(objectname)"},
                     sys::inherited_environment());
}

} // namespace quire::push
