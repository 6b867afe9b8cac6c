// key: who may log in over ssh, and what for.
#include "base/log.h"
#include "cli/table.h"
#include "forge/config.h"
#include "forge/keys.h"
#include "sys/file.h"
#include "text/escape.h"
#include "text/json.h"
#include "verbs.h"

namespace quire::tool {

using store::AuthorizedKey;

static Result<std::string> read_key_text(const cli::Options& options)
{
    constexpr size_t most_bytes = 64u << 10;
    std::string path = options.operands().size() > 1 ? options.operands()[1] : "-";
    if (path == "-")
        return sys::read_all(0, most_bytes, "standard input");
    return sys::read_file(AT_FDCWD, path, most_bytes);
}

/// What the operator should know about the bounds of a key that may push.
static std::string caution(const store::Root& root, const store::KeyRights& rights)
{
    auto config = forge::read_global_config(root);
    bool is_bounded = config && (config->executor == "bwrap" || config->executor == "container");
    if (!rights.only || rights.only_reads || is_bounded)
        return "";
    return "note: what it pushes may bring a pipeline, and jobs of the host executor have quire's own rights;\n"
           "      :executor \"bwrap\" or \"container\" in config.fnl keeps them in.\n";
}

Result<int> verb_key_add(const Call& call)
{
    cli::Options options = TRY(call.options());
    store::Root root = TRY(call.root());
    store::KeyRights rights{.name = options.operands()[0], .only_reads = options.has("read-only")};
    std::vector<std::string> given;
    if (auto only = options.value("only"))
        TRY(store::set_right(rights, given, "--only", *only));
    if (rights.only)
        for (const store::RepoName& name : *rights.only)
            TRY(root.open_repository(name));
    store::PublicKey key = TRY(store::parse_public_key(TRY(read_key_text(options))));
    std::string path = TRY(forge::authorized_keys_path(options.value("keys")));
    TRY(forge::add_key({root, path}, TRY(forge::find_installation()), key, rights));
    TRY(cli::print(fmt::format("{} {} with {}\n{}", rights.name,
                               rights.has_bounds() ? store::describe(rights) : std::string("may do everything"),
                               store::fingerprint(key).value_or(""), caution(root, rights))));
    return 0;
}

static text::Data to_data(const AuthorizedKey& key)
{
    text::Data data{text::Data::Table{}};
    data.set("name", key.rights.name);
    data.set("line", key.line);
    data.set("type", key.key.type);
    data.set("fingerprint", store::fingerprint(key.key).value_or(""));
    data.set("read-only", key.rights.only_reads);
    text::Data only;
    if (key.rights.only) {
        text::Data::Sequence names;
        for (const store::RepoName& name : *key.rights.only)
            names.emplace_back(name.str());
        only = std::move(names);
    }
    data.set("only", std::move(only));
    data.set("restricted", key.is_restricted);
    data.set("fault", key.fault);
    return data;
}

Result<int> verb_key_list(const Call& call)
{
    cli::Options options = TRY(call.options());
    store::Root root = TRY(call.root());
    std::string path = TRY(forge::authorized_keys_path(options.value("keys")));
    text::Data::Sequence list;
    std::vector<std::vector<std::string>> rows;
    for (const AuthorizedKey& key : TRY(forge::list_keys({root, path}))) {
        list.push_back(to_data(key));
        std::string may = key.fault.empty() ? store::describe(key.rights) : "nothing: " + key.fault;
        rows.push_back({text::for_terminal(key.rights.name), text::for_terminal(may), text::for_terminal(key.key.type),
                        store::fingerprint(key.key).value_or("no valid base64")});
    }
    using enum cli::Align;
    TRY(cli::print(options.has("json") ? text::write_json(std::move(list)) + "\n"
                   : rows.empty()      ? fmt::format("there is no key in {}\n", text::for_terminal(path))
                                       : cli::format_table(rows, {left, left, left, left})));
    return 0;
}

Result<int> verb_key_rm(const Call& call)
{
    cli::Options options = TRY(call.options());
    store::Root root = TRY(call.root());
    std::string path = TRY(forge::authorized_keys_path(options.value("keys")));
    std::string text;
    for (const AuthorizedKey& key : TRY(forge::remove_keys({root, path}, options.operands()[0])))
        text += fmt::format("{} {} lets nobody in any more\n", text::for_terminal(key.rights.name),
                            store::fingerprint(key.key).value_or(""));
    TRY(cli::print(text));
    return 0;
}

} // namespace quire::tool
