// Whether a file is what a signed statement says. The signature is checked over the very bytes that are read
// afterwards.
#include <fcntl.h>

#include "base/log.h"
#include "base/sha256.h"
#include "base/strings.h"
#include "forge/provenance.h"
#include "sys/file.h"
#include "sys/process.h"
#include "text/json.h"

namespace quire::forge {

using text::Data;

constexpr int64_t checking_takes = 60 * nanoseconds_per_second;
constexpr size_t longest_signature = 64u << 10;

Result<SignedStatement> read_statement(int directory, const std::string& statement, const std::string& signature)
{
    auto read = [&](const std::string& path, size_t most) -> Result<std::string> {
        UniqueFd file = TRY(sys::open_regular(directory, path));
        return sys::read_all(file.get(), most, path);
    };
    SignedStatement both;
    both.name = statement;
    both.statement = TRY(read(statement, text::max_json_bytes));
    both.signature = TRY(read(signature, longest_signature));
    return both;
}

/// Asks ssh-keygen who signed the statement for our purpose.
static Result<std::string> check_signature(const SignedStatement& both, const std::string& signers)
{
    UniqueFd signature = TRY(sys::memory_file(both.signature));
    std::string file = fmt::format("/proc/self/fd/{}", signature.get());
    auto ask = [&](std::vector<std::string> arguments) {
        std::vector<std::string> argv{"ssh-keygen", "-Y"};
        argv.insert(argv.end(), arguments.begin(), arguments.end());
        return sys::run({.argv = std::move(argv), .inherit = {signature.get()}},
                        {.input = both.statement, .timeout = checking_takes});
    };
    sys::Output found = TRY(ask({"find-principals", "-s", file, "-f", signers}));
    std::string signer(trim(std::string_view(found.out).substr(0, found.out.find('\n'))));
    if (found.status != 0 || signer.empty())
        return fail(ErrorKind::refused, "{}: nobody in {} has signed it", visible(both.name), visible(signers));
    sys::Output checked = TRY(ask({"verify", "-f", signers, "-I", signer, "-n", provenance_namespace, "-s", file}));
    if (checked.status != 0)
        return fail(ErrorKind::refused, "{}: its signature is not good: {}", visible(both.name),
                    visible(trim(checked.err.empty() ? checked.out : checked.err)));
    return signer;
}

Result<std::string> digest_of_file(int file)
{
    constexpr size_t piece_size = 1u << 20;
    Sha256 hash;
    for (;;) {
        std::string piece = TRY(sys::read_some(file, piece_size));
        if (piece.empty())
            return to_hex(hash.finish());
        hash.update(piece);
    }
}

static Result<std::string> digest_of(const std::string& path)
{
    UniqueFd file = TRY(sys::open_regular(AT_FDCWD, path));
    return digest_of_file(file.get());
}

/// The subject with the digest and the file's own name.
static Result<std::string> find_subject(const Data& statement, const std::string& path, const std::string& digest,
                                        const std::string& shown)
{
    std::string_view name = path;
    name.remove_prefix(name.rfind('/') == std::string_view::npos ? 0 : name.rfind('/') + 1);
    std::string other;
    const Data* subjects = statement.find("subject");
    if (!subjects || !subjects->sequence())
        return fail(ErrorKind::refused, "{}: it is about no file", shown);
    for (const Data& subject : *subjects->sequence()) {
        const Data* digests = subject.find("digest");
        if (!digests || digests->string_or("sha256", "") != digest)
            continue;
        std::string its_name = subject.string_or("name", "");
        if (its_name.substr(its_name.rfind('/') + 1) == name)
            return its_name;
        other = its_name;
    }
    if (!other.empty())
        return fail(ErrorKind::refused, "{}: that file's name is '{}', not '{}'; call it so and try again", shown,
                    visible(other), visible(name));
    return fail(ErrorKind::refused, "{}: it is not about {}, whose SHA-256 is {}", shown, visible(path), digest);
}

Result<VerifiedFile> verify_file(const std::string& path, const SignedStatement& both, const std::string& signers,
                                 const store::RunRecord* run)
{
    VerifiedFile file;
    std::string shown = visible(both.name);
    file.signer = TRY(check_signature(both, signers));
    Data statement = TRY(text::read_json(both.statement, shown));
    if (statement.string_or("_type", "") != "https://in-toto.io/Statement/v1" ||
        statement.string_or("predicateType", "") != "https://slsa.dev/provenance/v1")
        return fail(ErrorKind::refused, "{}: it is no statement of where a file comes from", shown);
    file.subject = TRY(find_subject(statement, path, TRY(digest_of(path)), shown));
    const Data* predicate = statement.find("predicate");
    const Data* definition = predicate ? predicate->find("buildDefinition") : nullptr;
    const Data* external = definition ? definition->find("externalParameters") : nullptr;
    const Data* internal = definition ? definition->find("internalParameters") : nullptr;
    if (!external || !internal)
        return fail(ErrorKind::refused, "{}: it does not say how the file was made", shown);
    file.ref = external->string_or("ref", "");
    file.commit = external->string_or("commit", "");
    file.repository = internal->string_or("repository", "");
    file.executor = internal->string_or("executor", "");
    file.run = static_cast<uint64_t>(internal->integer_or("run", 0));
    // A repository can have got another name since; number and commit stay.
    if (run && (file.run != run->number || file.commit != run->sha))
        return fail(ErrorKind::refused, "{}: it is the statement of run #{} of {}", shown, file.run,
                    visible(file.repository));
    return file;
}

} // namespace quire::forge
