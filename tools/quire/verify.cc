// verify and sign-artifacts: where the files that runs keep come from.
#include "base/log.h"
#include "cli/table.h"
#include "forge/provenance.h"
#include "forge/run_list.h"
#include "git/ref_name.h"
#include "sys/file.h"
#include "text/escape.h"
#include "text/json.h"
#include "verbs.h"

namespace quire::tool {

using store::RunRecord;
namespace paths = store::paths;

/// The statement that the operands or --statement name; otherwise the one beside the file.
static Result<forge::SignedStatement> statement_for(const std::string& file, const cli::Options& options,
                                                    const std::optional<store::Root>& root,
                                                    const std::optional<RunRecord>& run)
{
    if (run) {
        UniqueFd directory = TRY(sys::open_directory(root->fd(), paths::run(run->repo, run->number)));
        if (!sys::exists(directory.get(), paths::run_provenance))
            return fail(ErrorKind::not_found, "run #{} of {} has no signed statement; see: quire tasks", run->number,
                        run->repo.str());
        return forge::read_statement(directory.get(), paths::run_provenance, paths::run_provenance_signature);
    }
    size_t slash = file.rfind('/');
    std::string beside = slash == std::string::npos ? "" : file.substr(0, slash + 1);
    std::string path = options.value("statement").value_or(beside + paths::run_provenance);
    return forge::read_statement(AT_FDCWD, path, path + ".sig");
}

static text::Data to_data(const forge::VerifiedFile& verified)
{
    text::Data data{text::Data::Table{}};
    data.set("subject", verified.subject);
    data.set("repo", verified.repository);
    data.set("run", verified.run);
    data.set("ref", verified.ref);
    data.set("commit", verified.commit);
    data.set("executor", verified.executor);
    data.set("signer", verified.signer);
    return data;
}

Result<int> verb_verify(const Call& call)
{
    cli::Options options = TRY(call.options());
    const auto& operands = options.operands();
    if (operands.size() == 2 || (operands.size() == 3 && options.has("statement")))
        return fail(ErrorKind::usage, "verify: name a run, as NAME N, or a --statement");
    std::optional<store::Root> root;
    std::optional<RunRecord> run;
    if (operands.size() == 3 || !options.has("key"))
        root = TRY(call.root());
    if (operands.size() == 3)
        run =
            TRY(forge::find_run(*root, TRY(Call::repository(*root, operands[1])), TRY(Call::run_number(operands[2]))));
    forge::SignedStatement both = TRY(statement_for(operands[0], options, root, run));
    std::string signers = options.has("key") ? *options.value("key") : root->absolute(paths::provenance_signers);
    if (!sys::exists(AT_FDCWD, signers))
        return fail(ErrorKind::not_found, "{}: there is no such file; whose signature counts?", signers);
    forge::VerifiedFile verified = TRY(forge::verify_file(operands[0], both, signers, run ? &*run : nullptr));
    if (options.has("json")) {
        TRY(cli::print(text::write_json(to_data(verified)) + "\n"));
        return cli::exit_yes;
    }
    TRY(cli::print(fmt::format(
        "{} is {} of run #{} of {}\nmade from {}, commit {}, on the executor {}{}\nsigned by {}\n",
        text::for_terminal(operands[0]), text::for_terminal(verified.subject), verified.run,
        text::for_terminal(verified.repository), git::shown_ref(verified.ref), text::for_terminal(verified.commit),
        text::for_terminal(verified.executor), verified.executor == "host" ? ", which isolates nothing" : "",
        text::for_terminal(verified.signer))));
    return cli::exit_yes;
}

Result<int> verb_sign_artifacts(const Call& call)
{
    cli::Options options = TRY(call.options());
    store::Root root = TRY(call.root());
    uint64_t number = TRY(Call::run_number(options.operands()[1]));
    store::RepoName repo = TRY(Call::repository(root, options.operands()[0]));
    auto record = store::read_run_record(root, repo, number);
    if (!record && record.error().kind == ErrorKind::not_found)
        return cli::exit_yes; // pruned
    forge::Signed made = TRY(forge::sign_artifacts(root, TRY(std::move(record))));
    for (const std::string& left_out : made.left_out)
        log("run #{} of {}: {}", number, repo.str(), visible(left_out));
    return cli::exit_yes;
}

} // namespace quire::tool
