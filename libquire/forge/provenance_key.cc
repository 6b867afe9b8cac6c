// The key that signs where artifacts come from. It is made by ssh-keygen(1), so everybody can check what it signed.
#include "base/strings.h"
#include "forge/provenance.h"
#include "sys/atomic_file.h"
#include "sys/file.h"
#include "sys/process.h"

namespace quire::forge {

namespace paths = store::paths;

constexpr int64_t key_takes = 30 * nanoseconds_per_second;

/// The line by which ssh-keygen knows the key: who it is, what it may sign, the key.
static Result<void> write_signers(const store::Root& root)
{
    std::string key = TRY(sys::run_ok(
        {.argv = {"ssh-keygen", "-y", "-P", "", "-f", root.absolute(paths::provenance_key)}}, {.timeout = key_takes}));
    UniqueFd directory = TRY(sys::open_directory(root.fd(), paths::provenance_directory));
    std::string name =
        std::string(paths::provenance_signers).substr(std::string_view(paths::provenance_directory).size() + 1);
    return sys::replace_file(directory.get(), name,
                             fmt::format("quire namespaces=\"{}\" {}\n", provenance_namespace, trim(key)));
}

Result<void> make_signing_key(const store::Root& root)
{
    auto made = sys::make_directory(root.fd(), paths::provenance_directory, 0700);
    if (!made && made.error().kind != ErrorKind::exists)
        return made;
    if (!sys::exists(root.fd(), paths::provenance_key)) {
        // Under another name first: a key that was cut off must not count.
        std::string temporary = fmt::format("{}/{}", paths::provenance_directory, sys::unique_name("key"));
        TRY(sys::run_ok({.argv = {"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "quire-provenance", "-f",
                                  root.absolute(temporary)}},
                        {.timeout = key_takes}));
        TRY(sys::unlink_at(root.fd(), temporary + ".pub"));
        auto moved = sys::rename_noreplace(root.fd(), temporary, root.fd(), paths::provenance_key);
        if (!moved)
            TRY(sys::unlink_at(root.fd(), temporary)); // somebody else was faster
        TRY(sys::sync_directory(root.fd(), paths::provenance_directory));
    }
    return sys::exists(root.fd(), paths::provenance_signers) ? Result<void>() : write_signers(root);
}

void check_signing_key(const store::Root& root, Report& report)
{
    auto key = sys::stat_at(root.fd(), paths::provenance_key);
    if (!key || !*key)
        return report.wrong(Severity::warning, "signing",
                            "there is no key to sign artifacts with: where they come from is not recorded",
                            [&] { return make_signing_key(root); });
    if (((*key)->st_mode & 077) != 0)
        return report.failed("signing", fmt::format("others can read {}", paths::provenance_key),
                             "remove it and let quire doctor --fix make another: who has read it can sign anything");
    if (!sys::exists(root.fd(), paths::provenance_signers))
        return report.wrong(Severity::warning, "signing",
                            fmt::format("{} is missing: nobody can check what was signed", paths::provenance_signers),
                            [&] { return make_signing_key(root); });
    report.ok("signing", fmt::format("artifacts are signed; {} is for those who check", paths::provenance_signers));
}

} // namespace quire::forge
