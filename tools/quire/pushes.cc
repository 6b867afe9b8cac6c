// pushes: shows what was pushed, and checks that the record of it is intact.
#include <algorithm>

#include "base/log.h"
#include "cli/table.h"
#include "forge/push_check.h"
#include "git/ref_name.h"
#include "store/intent.h"
#include "store/push_log.h"
#include "store/repositories.h"
#include "text/escape.h"
#include "text/json.h"
#include "verbs.h"

namespace quire::tool {

using store::PushLogEntry;

struct Listed {
    store::RepoName repo;
    PushLogEntry entry;
};

static text::Data to_data(const Listed& one)
{
    text::Data data{text::Data::Table{}};
    data.set("repo", one.repo.str());
    data.set("at", format_instant(one.entry.at));
    data.set("push", one.entry.push_id);
    data.set("pusher", one.entry.pusher);
    data.set("ref", one.entry.ref);
    data.set("old", one.entry.old_id);
    data.set("new", one.entry.new_id);
    data.set("forced", one.entry.forced);
    if (!one.entry.signature.certificate.empty()) {
        data.set("certificate", one.entry.signature.certificate);
        data.set("signature", one.entry.signature.verdict);
        data.set("signer", one.entry.signature.signer);
    }
    return data;
}

static std::string move_of(const PushLogEntry& entry)
{
    if (store::is_null_id(entry.new_id))
        return "deleted";
    std::string to = entry.new_id.substr(0, 7);
    if (store::is_null_id(entry.old_id))
        return "new at " + to;
    return fmt::format("{}{}{}", entry.old_id.substr(0, 7), entry.forced ? "..." : "..", to);
}

static std::string signature_of(const PushLogEntry& entry)
{
    if (entry.signature.certificate.empty())
        return "";
    if (entry.signature.signer.empty())
        return "signed, " + entry.signature.verdict;
    return "signed by " + entry.signature.signer;
}

static std::string text_of(const std::vector<Listed>& all, bool names)
{
    std::vector<std::vector<std::string>> rows;
    for (const Listed& one : all) {
        std::vector<std::string> row;
        if (names)
            row.push_back(one.repo.str());
        for (std::string cell : {git::shown_ref(one.entry.ref), move_of(one.entry), one.entry.pusher,
                                 cli::format_age(one.entry.at, now()), signature_of(one.entry)})
            row.push_back(text::for_terminal(cell));
        rows.push_back(std::move(row));
    }
    return cli::format_table(rows, std::vector<cli::Align>(names ? 6 : 5, cli::Align::left));
}

/// The repository that was named, or all of them.
static Result<std::vector<store::RepoName>> repositories_of(const store::Root& root, const cli::Options& options)
{
    if (options.operands().empty())
        return store::list_repositories(root);
    return std::vector{TRY(Call::repository(root, options.operands()[0]))};
}

Result<int> verb_pushes_list(const Call& call)
{
    cli::Options options = TRY(call.options());
    uint64_t limit = TRY(Call::number(options, "limit", 20, 100'000));
    store::Root root = TRY(call.root());
    std::vector<Listed> all;
    for (const store::RepoName& name : TRY(repositories_of(root, options))) {
        UniqueFd repository = TRY(root.open_repository(name));
        for (PushLogEntry& entry : TRY(store::read_push_log(repository.get(), limit)))
            all.push_back({name, std::move(entry)});
    }
    std::stable_sort(all.begin(), all.end(), [](const Listed& a, const Listed& b) { return a.entry.at > b.entry.at; });
    if (all.size() > limit)
        all.erase(all.begin() + static_cast<ptrdiff_t>(limit), all.end());
    if (options.has("json")) {
        text::Data::Sequence list;
        for (const Listed& one : all)
            list.push_back(to_data(one));
        TRY(cli::print(text::write_json(std::move(list)) + "\n"));
        return 0;
    }
    TRY(cli::print(all.empty() ? "nothing was pushed yet\n" : text_of(all, options.operands().empty())));
    return 0;
}

static text::Data to_data(const store::RepoName& name, const forge::PushCheck& check)
{
    text::Data data{text::Data::Table{}};
    data.set("repo", name.str());
    data.set("records", check.records);
    data.set("before-chain", check.chain.before_chain);
    data.set("signed", check.signed_pushes);
    data.set("lines", check.chain.head.lines);
    data.set("head", check.chain.head.digest);
    data.set("faults", text::Data::Sequence(check.faults.begin(), check.faults.end()));
    data.set("notes", text::Data::Sequence(check.notes.begin(), check.notes.end()));
    return data;
}

static std::string text_of(const store::RepoName& name, const forge::PushCheck& check)
{
    std::string text = check.faults.empty() ? fmt::format("{}: {} records are whole; the last has the digest {}\n",
                                                          name.str(), check.records, check.chain.head.digest)
                                            : fmt::format("{}: THE PUSH LOG WAS TAMPERED WITH\n", name.str());
    for (const std::string& fault : check.faults)
        text += fmt::format("    {}\n", text::for_terminal(fault));
    for (const std::string& note : check.notes)
        text += fmt::format("    note: {}\n", text::for_terminal(note));
    return text;
}

Result<int> verb_pushes_verify(const Call& call)
{
    cli::Options options = TRY(call.options());
    store::Root root = TRY(call.root());
    text::Data::Sequence list;
    std::string text;
    int code = cli::exit_yes;
    for (const store::RepoName& name : TRY(repositories_of(root, options))) {
        UniqueFd repository = TRY(root.open_repository(name));
        auto check = forge::check_pushes(repository.get());
        if (!check) { // if one repository fails, the others are still checked
            log("{}: {}", name.str(), check.error().message);
            code = cli::exit_code_for(check.error());
            continue;
        }
        if (!check->faults.empty() && code == cli::exit_yes)
            code = cli::exit_no;
        list.push_back(to_data(name, *check));
        text += text_of(name, *check);
    }
    TRY(cli::print(options.has("json") ? text::write_json(std::move(list)) + "\n" : text));
    return code;
}

} // namespace quire::tool
