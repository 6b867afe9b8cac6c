// Provenance: where a run's artifacts come from, as an in-toto statement with a SLSA predicate, signed by the runner's
// side.
//
// The statement is written when the run has ended and nothing of it lives any more. Its digests are of the files as
// they are then, and only of files that quire-ci kept. The key is in the data root, which no sandbox and no container
// has in it. On the host executor a job has the operator's rights and could read the key, so for such a run the
// statement claims no isolation. docs/decisions/0030-provenance.md says what the statement proves.
#pragma once

#include <optional>
#include <string>

#include "forge/doctor.h"
#include "store/run_record.h"

namespace quire::forge {

/// The namespace of the signature, as ssh-keygen(1) has it: a signature made for anything else is none.
constexpr const char* provenance_namespace = "quire-provenance";

/// Makes the key, and the line of allowed signers, if they are missing.
Result<void> make_signing_key(const store::Root& root);
void check_signing_key(const store::Root& root, Report& report);

/// Signs for the artifacts of a run that has ended; does nothing if it has none, or if that is done. What was changed
/// since quire-ci kept it is left out, and named in `left_out`. ErrorKind::busy: the run is still alive.
struct Signed {
    size_t files = 0;
    std::vector<std::string> left_out;
};
Result<Signed> sign_artifacts(const store::Root& root, const store::RunRecord& record);

struct SignedStatement {
    std::string statement, signature; ///< the bytes of both files
    std::string name;                 ///< of the statement, in messages
};
Result<SignedStatement> read_statement(int directory, const std::string& statement, const std::string& signature);

/// What a statement says about a file that it is really about.
struct VerifiedFile {
    std::string subject; ///< "build/out/app"
    std::string repository, ref, commit, executor;
    uint64_t run = 0;
    std::string signer; ///< as the allowed signers call it
};
/// ErrorKind::refused: nobody among `signers` signed the statement, or it is not about this file. `run`: it must be
/// that run's.
Result<VerifiedFile> verify_file(const std::string& path, const SignedStatement& signed_statement,
                                 const std::string& signers, const store::RunRecord* run);

/// The SHA-256 of what is left to read of a file, in hexadecimal digits.
Result<std::string> digest_of_file(int file);

} // namespace quire::forge
