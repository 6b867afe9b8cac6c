#include "push/certificate.h"

#include "base/sha256.h"
#include "base/strings.h"
#include "git/git.h"
#include "sys/atomic_file.h"
#include "sys/file.h"

namespace quire::push {

/// A certificate names every ref of its push, as the push itself does.
constexpr size_t max_certificate_bytes = 64u << 20;

static std::string verdict_of(std::string_view status, std::string_view nonce, const std::string& signer)
{
    if (status == "X" || status == "Y")
        return "expired";
    if (status == "R")
        return "revoked";
    if (status == "B")
        return "bad";
    if (status != "G" && status != "U")
        return "unchecked";
    if (nonce != "OK")
        return "replayed";
    return status == "G" && !signer.empty() ? "good" : "unknown-signer";
}

store::PushCertificate certificate_of_environment()
{
    auto variable = [](const char* name) { return sys::process_variable(name).value_or(""); };
    std::string blob = variable("GIT_PUSH_CERT");
    if (!from_hex(blob) || store::is_null_id(blob))
        return {};
    std::string signer = variable("GIT_PUSH_CERT_SIGNER");
    std::string verdict = verdict_of(variable("GIT_PUSH_CERT_STATUS"), variable("GIT_PUSH_CERT_NONCE_STATUS"), signer);
    return {std::move(blob), verdict, verdict == "good" ? signer : ""};
}

Result<store::PushSignature> keep_certificate(int repository, const store::PushCertificate& certificate)
{
    if (certificate.blob.empty())
        return store::PushSignature{};
    std::string text =
        TRY(git::run_ok(repository, {"cat-file", "blob", certificate.blob}, {.limit = max_certificate_bytes}));
    TRY(sys::make_directories(repository, store::paths::push_certificates, 0750));
    UniqueFd directory = TRY(sys::open_directory(repository, store::paths::push_certificates));
    std::string name = sha256_hex(text);
    TRY(sys::replace_file(directory.get(), name, text, 0640));
    TRY(sys::sync_directory(repository, store::paths::repository_settings));
    return store::PushSignature{name, certificate.verdict, certificate.signer};
}

} // namespace quire::push
