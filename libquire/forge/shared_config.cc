#include "forge/shared_config.h"

#include "base/strings.h"
#include "sys/atomic_file.h"
#include "sys/file.h"
#include "sys/random.h"

namespace quire::forge {

Result<SharedConfig> inspect_shared_config(const store::Root& root, const Installation& installation)
{
    SharedConfig state;
    auto stamped = TRY(store::hook_mechanism(root, installation.git));
    if (stamped) {
        state.mechanism = *stamped;
    } else {
        git::Version version = TRY(git::version_of(installation.git));
        state.mechanism = version.has_config_hooks() ? HookMechanism::config : HookMechanism::path;
    }
    auto text = sys::read_file(root.fd(), store::paths::git_config);
    state.rewritten = !stamped || !sys::exists(root.fd(), store::paths::git_nonce) || !text ||
                      *text != shared_config_text(root, installation, state.mechanism);
    return state;
}

/// Replaces the symlink in one step, as AtomicFile replaces files.
static Result<void> replace_symlink(int directory, const std::string& target, const std::string& name)
{
    std::string temporary = sys::unique_name("." + name) + ".tmp";
    TRY(sys::symlink_at(target, directory, temporary));
    TRY(sys::rename_at(directory, temporary, directory, name));
    return sys::sync_directory(directory, ".");
}

/// The nonce has a file of its own, because nobody else may read it.
static Result<void> make_nonce(const store::Root& root, int directory)
{
    if (sys::exists(root.fd(), store::paths::git_nonce))
        return {};
    std::string text = fmt::format("# Written by quire, and secret: git makes of it what a signed push has to repeat.\n"
                                   "[receive]\n\tcertNonceSeed = {}\n",
                                   TRY(sys::random_hex(32)));
    return sys::replace_file(directory, "nonce", text, 0600);
}

Result<SharedConfig> refresh_shared_config(const store::Root& root, const Installation& installation)
{
    SharedConfig state = TRY(inspect_shared_config(root, installation));
    if (!state.rewritten)
        return state;
    TRY(root.prepare());
    UniqueFd directory = TRY(sys::open_directory(root.fd(), store::paths::git_directory));
    TRY(make_nonce(root, directory.get()));
    // The stamp is written last: after a crash in between it does not fit this git, so the next refresh repairs both.
    TRY(sys::replace_file(directory.get(), "config", shared_config_text(root, installation, state.mechanism), 0644));
    std::string stamp = TRY(store::git_stamp(state.mechanism, installation.git));
    TRY(replace_symlink(directory.get(), stamp, "stamp"));
    return state;
}

std::string include_path(const store::RepoName& name)
{
    return fmt::format("{}{}", name.group().empty() ? "../../" : "../../../", store::paths::git_config);
}

std::string repository_config_text(const store::RepoName& name)
{
    return fmt::format("[core]\n\trepositoryformatversion = 0\n\tbare = true\n[include]\n\tpath = {}\n",
                       include_path(name));
}

/// The value that a line of a config gives to `path`; empty if it sets something else.
static std::string_view path_in(std::string_view line)
{
    std::string_view value = trim(line);
    if (!strip_prefix(value, "path"))
        return {};
    value = trim(value);
    if (!strip_prefix(value, "="))
        return {};
    value = trim(value);
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
        value = value.substr(1, value.size() - 2);
    return value;
}

/// "../../git/config", "../../../git/config" or the root's absolute one.
static bool is_shared_path(std::string_view path, const store::Root& root)
{
    if (path == root.absolute(store::paths::git_config))
        return true;
    if (!path.starts_with("../"))
        return false;
    while (strip_prefix(path, "../"))
        ;
    return path == store::paths::git_config;
}

std::string with_include(std::string_view config, const store::Root& root, std::string_view path)
{
    std::string wanted = fmt::format("\tpath = {}", git::quote_config_value(path));
    if (!path.starts_with('/'))
        wanted = fmt::format("\tpath = {}", path);
    std::string out;
    bool found = false;
    strip_suffix(config, "\n");
    for (std::string_view line : split(config, '\n')) {
        bool shared = is_shared_path(path_in(line), root);
        if (shared && found)
            continue;
        out += shared ? std::string_view(wanted) : line;
        out += '\n';
        found |= shared;
    }
    if (!found)
        out += fmt::format("[include]\n{}\n", wanted);
    return out;
}

bool has_include(std::string_view config, std::string_view path)
{
    bool in_include = false;
    for (std::string_view line : split(config, '\n')) {
        std::string_view text = trim(line);
        if (text.starts_with('['))
            in_include = text == "[include]";
        else if (in_include && path_in(text) == path)
            return true;
    }
    return false;
}

} // namespace quire::forge
