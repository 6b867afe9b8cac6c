// rename, rm and restore: the verbs that move a repository.
#include <iostream>

#include "base/log.h"
#include "cli/table.h"
#include "forge/create.h"
#include "forge/keys.h"
#include "forge/move.h"
#include "sys/self.h"
#include "verbs.h"

namespace quire::tool {

/// A key for the old name would reach nothing, or the next repository of that name. false: a line is left to a person.
static Result<bool> rename_in_keys(const store::Root& root, const std::optional<std::string>& file,
                                   const store::RepoName& from, const store::RepoName& to)
{
    auto path = forge::authorized_keys_path(file);
    if (!path && !file)
        return true; // nobody's keys are here
    std::string place = TRY(std::move(path));
    auto renamed = forge::rename_in_keys({root, place}, from, to);
    if (!renamed)
        log("it has its new name, but keys for {} could not be changed in {}: {}", from.str(), place,
            renamed.error().message);
    else if (!renamed->unclear.empty())
        log("it has its new name, but line {} of {} still names {}: change it there", renamed->unclear[0], place,
            from.str());
    if (renamed && !renamed->lines.empty())
        TRY(cli::print(fmt::format("{} keys go with it\n", renamed->lines.size())));
    return renamed && renamed->unclear.empty();
}

Result<int> verb_rename(const Call& call)
{
    cli::Options options = TRY(call.options());
    store::Root root = TRY(call.root());
    store::RepoName from = TRY(Call::repository(root, options.operands()[0]));
    store::RepoName to = TRY(Call::repository(root, options.operands()[1]));
    TRY(forge::rename_repository(root, from, to));
    bool is_complete = TRY(rename_in_keys(root, options.value("keys"), from, to));
    TRY(cli::print(forge::clone_hint(root, to) + "\n"));
    return is_complete ? cli::exit_yes : cli::exit_no;
}

/// Asks a person to type the name. If there is no terminal, it asks nobody.
static Result<bool> is_sure(const store::RepoName& name)
{
    if (!sys::is_terminal(STDIN_FILENO))
        return fail(ErrorKind::usage, "rm: say --yes to move {} to the trash without being asked", name.str());
    TRY(cli::print(fmt::format("{} goes to the trash for 30 days. type its name to go on: ", name.str())));
    std::string answer;
    std::getline(std::cin, answer);
    return answer == name.str();
}

Result<int> verb_rm(const Call& call)
{
    cli::Options options = TRY(call.options());
    store::Root root = TRY(call.root());
    store::RepoName name = TRY(Call::repository(root, options.operands()[0]));
    TRY(root.open_repository(name));
    if (!options.has("yes") && !TRY(is_sure(name)))
        return fail(ErrorKind::refused, "that is not its name: {} stays", name.str());
    std::string id = TRY(forge::remove_repository(root, name));
    TRY(cli::print(
        fmt::format("{} is in the trash for 30 days. take it back with: quire restore {}\n", name.str(), name.str())));
    return 0;
}

static Result<int> list_trash(const store::Root& root)
{
    std::vector<std::vector<std::string>> rows;
    for (const forge::TrashItem& item : TRY(forge::list_trash(root)))
        rows.push_back({item.name.str(), cli::format_age(item.removed_at, now()), item.id});
    TRY(cli::print(rows.empty() ? "the trash is empty\n"
                                : cli::format_table(rows, {cli::Align::left, cli::Align::left, cli::Align::left})));
    return 0;
}

Result<int> verb_restore(const Call& call)
{
    cli::Options options = TRY(call.options());
    store::Root root = TRY(call.root());
    if (options.has("list") && options.operands().empty())
        return list_trash(root);
    if (options.has("list") || options.operands().empty())
        return fail(ErrorKind::usage, "restore: name a repository, or say --list to see what is in the trash");
    forge::TrashItem item = TRY(forge::find_in_trash(root, options.operands()[0]));
    store::RepoName name = item.name;
    if (auto other = options.value("as"))
        name = TRY(Call::repository(root, *other));
    auto restored = forge::restore_repository(root, item, name);
    if (!restored && restored.error().kind == ErrorKind::exists)
        return fail(ErrorKind::exists, "{}; give it another name with --as", restored.error().message);
    TRY(std::move(restored));
    TRY(cli::print(forge::clone_hint(root, name) + "\n"));
    return 0;
}

} // namespace quire::tool
