// Certificates of signed pushes (git push --signed): git's verdict on them, and the copies that are kept.
//
// git stores the certificate as a blob that nothing refers to, so it would be removed as garbage; quire keeps a copy
// beside the push log. git checks the signature (for ssh keys, against git/allowed-signers) and whether the certificate
// repeats the challenge of this very push, so that an old one can't be used again. A signature is recorded but never
// required.
#pragma once

#include "base/result.h"
#include "store/intent.h"
#include "store/push_log.h"

namespace quire::push {

/// Reads the variables that git gives its hooks. The verdict is one of
///   good            the signature fits, and git/allowed-signers names the signer
///   unknown-signer  the signature fits, but the key is not known
///   replayed        it does not contain this push's challenge: it was made for another push
///   expired, revoked, bad, unchecked
store::PushCertificate certificate_of_environment();

/// Keeps a copy in quire/certificates, durably, and returns what the push log says about it.
Result<store::PushSignature> keep_certificate(int repository, const store::PushCertificate& certificate);

} // namespace quire::push
