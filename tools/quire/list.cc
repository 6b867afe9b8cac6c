// list and info: show repositories.
#include <algorithm>

#include "base/natural_order.h"
#include "base/show_time.h"
#include "cli/table.h"
#include "forge/listing.h"
#include "forge/shared_config.h"
#include "store/repositories.h"
#include "sys/process.h"
#include "text/escape.h"
#include "text/json.h"
#include "verbs.h"

namespace quire::tool {

static std::string marks_of(const store::RepositoryConfig& config)
{
    if (!config.fault.empty())
        return "broken config";
    std::string marks = config.is_private ? "private" : "";
    if (config.frozen)
        marks += marks.empty() ? "frozen" : ", frozen";
    return marks;
}

static std::string table_of(const std::vector<forge::Summary>& all)
{
    Instant at = now();
    std::vector<std::vector<std::string>> rows;
    for (const forge::Summary& one : all)
        rows.push_back({one.name.str(), one.last_push ? cli::format_age(*one.last_push, at) : "never pushed to",
                        cli::format_size(one.bytes), marks_of(one.config), text::for_terminal(one.config.description)});
    using cli::Align;
    return cli::format_table(rows, {Align::left, Align::left, Align::right, Align::left, Align::left});
}

static std::string greeting(const std::string& table)
{
    std::string pusher = sys::process_variable("QUIRE_PUSHER").value_or("operator");
    std::string hello = fmt::format("hi {}, this is quire {}.\n\n", text::for_terminal(pusher), cli::version());
    if (table.empty())
        return hello + "there is no repository yet; make one with: ssh HOST quire new NAME\n";
    return hello + table + "\nclone one with: git clone HOST:NAME\nwhat else there is: ssh HOST quire help\n";
}

Result<int> verb_list(const Call& call)
{
    cli::Options options = TRY(call.options());
    store::Root root = TRY(call.root());
    TRY(root.prepare());
    if (options.has("names")) {
        std::vector<store::RepoName> names = TRY(store::list_repositories(root));
        std::sort(names.begin(), names.end(),
                  [](const auto& a, const auto& b) { return natural_less(a.str(), b.str()); });
        std::string text;
        for (const store::RepoName& name : names)
            text += name.str() + "\n";
        TRY(cli::print(text));
        return 0;
    }
    std::vector<forge::Summary> all = TRY(forge::summarize_all(root));
    if (options.has("json")) {
        text::Data::Sequence list;
        for (const forge::Summary& one : all)
            list.push_back(to_data(one));
        TRY(cli::print(text::write_json(list) + "\n"));
        return 0;
    }
    std::string table = table_of(all);
    if (options.has("greeting"))
        table = greeting(table);
    else if (table.empty())
        table = "there is no repository yet; make one with: quire new NAME\n";
    TRY(cli::print(table));
    return 0;
}

static std::string text_of(const forge::Details& details, const forge::SharedConfig& shared)
{
    const store::RepositoryConfig& config = details.summary.config;
    std::vector<std::vector<std::string>> rows = {{"name", details.summary.name.str()}};
    auto add = [&](const char* label, std::string value) {
        if (!value.empty())
            rows.push_back({label, std::move(value)});
    };
    add("description", text::for_terminal(config.description));
    add("config", text::for_terminal(config.fault));
    add("seen by", config.is_private ? "those whom the proxy vouches for" : "everybody");
    add("runs seen by", config.is_private || !config.public_runs ? "those whom the proxy vouches for" : "everybody");
    if (config.frozen)
        add("frozen", config.frozen_message.empty() ? "yes" : text::for_terminal(config.frozen_message));
    std::string last_push = "never";
    if (auto at = details.summary.last_push)
        last_push = fmt::format("{} ({})", show_moment(*at), cli::format_age(*at, now()));
    add("default branch", text::for_terminal(details.default_branch));
    add("refs", std::to_string(details.refs));
    add("size", cli::format_size(details.summary.bytes));
    add("last push", last_push);
    add("clone", details.clone_url);
    add("page", details.page_url);
    add("path", details.path);
    add("hooks by", shared.mechanism == forge::HookMechanism::config ? "git config" : "core.hooksPath");
    if (details.mirrors.empty())
        add("mirrors", "none");
    for (const store::Mirror& mirror : details.mirrors) {
        const store::MirrorStatus& status = mirror.status;
        std::string text = fmt::format("{} at {}: {}", mirror.name, mirror.url, status.word());
        if (status.word() == "failing")
            text += ": " + status.reason;
        add("mirror", text::for_terminal(text));
    }
    return cli::format_table(rows, {cli::Align::left, cli::Align::left});
}

Result<int> verb_info(const Call& call)
{
    cli::Options options = TRY(call.options());
    store::Root root = TRY(call.root());
    store::RepoName name = TRY(Call::repository(root, options.operands()[0]));
    forge::Details details = TRY(forge::describe_repository(root, name));
    forge::SharedConfig shared = TRY(forge::inspect_shared_config(root, TRY(forge::find_installation())));
    if (!options.has("json")) {
        TRY(cli::print(text_of(details, shared)));
        return 0;
    }
    text::Data data = to_data(details);
    data.set("hook-mechanism", forge::mechanism_name(shared.mechanism));
    TRY(cli::print(text::write_json(data) + "\n"));
    return 0;
}

} // namespace quire::tool
