#include "push/hooks.h"

#include "sys/file.h"
#include "sys/process.h"

namespace quire::push {

Result<int> chain(const std::string& name, const std::vector<std::string>& arguments, const std::string* input)
{
    std::string path = "hooks/" + name;
    if (!sys::is_executable_file(AT_FDCWD, path))
        return 0;
    if (input)
        TRY(sys::become_input(*input));
    std::vector<std::string> argv{path};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    return sys::exec(argv, sys::inherited_environment());
}

} // namespace quire::push
