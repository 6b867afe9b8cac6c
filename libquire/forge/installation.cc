#include "forge/installation.h"

#include "sys/self.h"

namespace quire::forge {

std::string_view mechanism_name(HookMechanism mechanism)
{
    return mechanism == HookMechanism::config ? "config" : "path";
}

Result<Installation> find_installation()
{
    std::string directory = TRY(sys::program_directory());
    std::string prefix = directory.substr(0, directory.rfind('/'));
    return Installation{TRY(git::find_program()), directory, prefix + "/libexec/quire/hooks"};
}

} // namespace quire::forge
