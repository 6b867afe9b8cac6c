#include "forge/proxy_secret.h"

#include "base/strings.h"
#include "store/config.h"
#include "sys/atomic_file.h"
#include "sys/file.h"
#include "sys/random.h"

namespace quire::forge {

namespace paths = store::paths;

constexpr size_t secret_bytes = 32;
/// A person's own secret may be shorter, but not so short that it could be guessed by trying.
constexpr size_t shortest_secret = 16;

Result<void> make_proxy_secret(const store::Root& root)
{
    if (sys::exists(root.fd(), paths::proxy_secret))
        return {};
    auto file = TRY(sys::AtomicFile::create(root.fd(), paths::proxy_secret, 0600));
    TRY(file.write(TRY(sys::random_hex(secret_bytes)) + "\n"));
    auto made = file.commit_new();
    if (!made && made.error().kind != ErrorKind::exists) // if it exists, another init was faster
        return made;
    return {};
}

void check_proxy_secret(const store::Root& root, const store::GlobalConfig& config, Report& report)
{
    const store::SecretSource& source = config.proxy_secret;
    bool is_ours = source.file == paths::proxy_secret;
    if (is_ours && !sys::exists(root.fd(), paths::proxy_secret))
        return report.wrong(
            Severity::warning, "secret",
            "there is no proxy-secret: a web proxy is believed through a Unix-domain socket only, not over TCP",
            [&] { return make_proxy_secret(root); });
    auto secret = store::resolve_secret(root, source);
    std::string_view value = secret ? trim(*secret) : std::string_view();
    if (!secret)
        return report.failed("secret", fmt::format(":proxy-secret: {}", secret.error().message),
                             "over TCP no web proxy is believed until it can be read");
    if (value.size() < shortest_secret)
        return report.warn("secret", fmt::format(":proxy-secret has {} bytes: it could be tried out", value.size()),
                           "take 32 random bytes, as quire init does");
    if (source.file && !is_ours) // check_layout covers our own file
        if (auto status = sys::stat_at(root.fd(), *source.file); status && *status && ((*status)->st_mode & 07) != 0)
            return report.failed("secret", fmt::format("everybody can read {}", *source.file),
                                 "chmod o-rwx it, and make another one: who has read it can claim to be anybody");
    report.ok("secret", "a web proxy is believed with the secret, or through a Unix-domain socket");
}

} // namespace quire::forge
