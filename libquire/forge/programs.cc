#include "forge/programs.h"

#include "sys/self.h"

namespace quire::forge {

std::string_view mechanism_name(HookMechanism mechanism)
{
    return mechanism == HookMechanism::config ? "config" : "path";
}

Result<Programs> find_programs()
{
    std::string directory = TRY(sys::program_directory());
    std::string prefix = directory.substr(0, directory.rfind('/'));
    return Programs{TRY(git::find_program()), directory, prefix + "/libexec/quire/hooks"};
}

} // namespace quire::forge
