// Certificates of signed pushes (git push --signed): what git found of one, and where it is kept.
//
// Git puts the certificate into the repository as a blob that nothing refers to, so it would go with the rubbish;
// quire keeps a copy beside the push log. Git checks the signature (of an ssh key against git/allowed-signers) and
// whether the certificate repeats what this very push was asked for, so that an old one can't be pushed again.
// A signature is taken note of and never required.
#pragma once

#include "base/result.h"
#include "store/intent.h"
#include "store/push_log.h"

namespace quire::push {

/// From the variables that git gives its hooks. The verdict is one of
///   good            the signature fits, and git/allowed-signers says whose it is
///   unknown-signer  the signature fits a key that is not known
///   replayed        what was asked for is not in it: it was made for another push
///   expired, revoked, bad, unchecked
store::PushCertificate certificate_of_environment();

/// Keeps a copy in quire/certificates, durable when it returns; what the push log says of it.
Result<store::PushSignature> keep_certificate(int repository, const store::PushCertificate& certificate);

} // namespace quire::push
