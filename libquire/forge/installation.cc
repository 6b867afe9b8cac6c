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
    std::string libexec = directory.substr(0, directory.rfind('/')) + "/libexec/quire";
    return Installation{TRY(git::find_program()), directory, libexec + "/hooks", libexec + "/alternate-refs"};
}

} // namespace quire::forge
