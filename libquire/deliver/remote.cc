#include "deliver/remote.h"

#include <algorithm>

#include "base/log.h"
#include "base/strings.h"
#include "git/object_reader.h"
#include "sys/file.h"
#include "sys/private_file.h"
#include "text/escape.h"

namespace quire::deliver {

constexpr const char* as_ssh = "QUIRE_AS_SSH";
/// Of a repository with a million refs.
constexpr size_t most_output = 128u << 20;

static bool is_host(std::string_view host)
{
    return !host.empty() && host.size() < 254 && !host.starts_with('-') &&
           std::all_of(
               host.begin(), host.end(),
               [](char c) {
                   return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
                          c == '-';
               });
}

static Result<RemoteUrl> with_host(RemoteUrl parsed, std::string_view authority, std::string_view url)
{
    if (size_t colon = authority.rfind(':'); colon != std::string_view::npos) {
        auto port = parse_decimal(authority.substr(colon + 1));
        if (!port || *port == 0 || *port > 65535)
            return fail(ErrorKind::invalid, "'{}' has no port between 1 and 65535", visible(url));
        parsed.port = static_cast<int64_t>(*port);
        authority = authority.substr(0, colon);
    }
    if (!is_host(authority))
        return fail(ErrorKind::invalid, "'{}' names no host that can be looked up", visible(url));
    parsed.host = authority;
    return parsed;
}

Result<RemoteUrl> parse_remote_url(std::string_view url)
{
    bool is_line = std::all_of(url.begin(), url.end(), [](char c) { return c > 0x20 && c < 0x7f; });
    constexpr size_t longest = 2000;
    if (url.empty() || !is_line || url.size() > longest || url.starts_with('-'))
        return fail(ErrorKind::invalid,
                    "an address is one line of ASCII without blanks, and does not begin with a dash");
    std::string_view rest = url;
    if (strip_prefix(rest, "https://")) {
        std::string_view authority = take_until(rest, '/');
        if (authority.find('@') != std::string_view::npos)
            return fail(ErrorKind::invalid,
                        "an https address has no user or password in it: name a secret with --secret");
        return with_host({.is_ssh = false, .host = {}, .port = 443}, authority, url);
    }
    if (strip_prefix(rest, "ssh://")) {
        std::string_view authority = take_until(rest, '/');
        size_t at = authority.rfind('@');
        std::string_view user = at == std::string_view::npos ? std::string_view() : authority.substr(0, at);
        if (user.find(':') != std::string_view::npos || user.starts_with('-') || rest.empty())
            return fail(ErrorKind::invalid, "'{}' is no address such as ssh://git@example.org/me/foo.git",
                        visible(url));
        return with_host({.is_ssh = true, .host = {}},
                         at == std::string_view::npos ? authority : authority.substr(at + 1), url);
    }
    size_t colon = url.find(':');
    std::string_view front = url.substr(0, colon);
    bool is_short = colon != std::string_view::npos && colon + 1 < url.size() &&
                    front.find('/') == std::string_view::npos && url.substr(colon, 3) != "://" &&
                    url.substr(colon, 2) != "::";
    if (!is_short)
        return fail(ErrorKind::invalid,
                    "'{}' is no address that a mirror can have: git@example.org:me/foo.git, ssh://… or https://…",
                    visible(url));
    size_t at = front.rfind('@');
    RemoteUrl parsed{.is_ssh = true, .host = {}};
    parsed.host = at == std::string_view::npos ? front : front.substr(at + 1);
    if (!is_host(parsed.host))
        return fail(ErrorKind::invalid, "'{}' names no host that can be looked up", visible(url));
    return parsed;
}

std::string basic_header(std::string_view user, std::string_view password)
{
    return "Authorization: Basic " + text::base64_encode(fmt::format("{}:{}", user, password));
}

Result<sys::Output> run_git(const Remote& remote, std::vector<std::string> arguments, int64_t timeout)
{
    sys::Command command{.argv = {"git", "-c", "core.hooksPath=/dev/null", "-c", "credential.helper=", "-c",
                                  "http.followRedirects=false", "-c", "http.lowSpeedLimit=1", "-c",
                                  "http.lowSpeedTime=30", "-c", "protocol.ext.allow=never", "-c", "push.gpgSign=false"},
                         .environment = git::repository_environment(),
                         .directory = remote.repository};
    command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
    auto set = [&](std::string_view name, std::string_view value) {
        sys::set_variable(command.environment, name, value);
    };
    if (auto path = sys::process_variable("PATH"))
        set("PATH", *path);
    set("GIT_TERMINAL_PROMPT", "0");
    set("LC_ALL", "C");
    set("GIT_SSH_VARIANT", "ssh");
    if (!remote.key.empty()) {
        set("GIT_SSH", TRY(sys::read_link(AT_FDCWD, "/proc/self/exe")));
        set(as_ssh, remote.key);
    }
    UniqueFd header;
    if (!remote.header.empty()) {
        header = TRY(
            sys::private_memory_file(fmt::format("[http {}]\n\textraHeader = {}\n", git::quote_config_value(remote.url),
                                                 git::quote_config_value(remote.header))));
        command.inherit.push_back(header.get());
        set("GIT_CONFIG_COUNT", "1");
        set("GIT_CONFIG_KEY_0", "include.path");
        set("GIT_CONFIG_VALUE_0", sys::private_path(header.get()));
    }
    return sys::run(command, {.limit = most_output, .timeout = timeout});
}

std::string reason_of(const sys::Output& output)
{
    std::string fatal, remote, last;
    for (std::string_view line : split(output.err, '\n')) {
        line = trim(line);
        if (line.empty())
            continue;
        std::string_view text = line;
        if (strip_prefix(text, "remote: ") && remote.empty())
            remote = trim(text);
        bool is_hint = line.starts_with("Please make sure") || line.starts_with("and the repository exists") ||
                       line.starts_with("fatal: Could not read from remote repository") || line.starts_with("@@@@") ||
                       line.starts_with("hint:") || line.starts_with("To ");
        if (is_hint)
            continue;
        if (fatal.empty() && (line.starts_with("fatal: ") || line.starts_with("error: ")))
            fatal = line;
        if (line.find("Host key verification failed") != std::string_view::npos ||
            line.find("REMOTE HOST IDENTIFICATION HAS CHANGED") != std::string_view::npos)
            return "the remote's host key is not the one that was pinned when the mirror was made";
        last = line;
    }
    std::string reason = !fatal.empty() ? fatal : last;
    if (reason.empty())
        reason = fmt::format("git ended with {}", output.status);
    if (!remote.empty() && reason.find(remote) == std::string::npos)
        reason += fmt::format(" ({})", remote);
    constexpr size_t enough = 500;
    return visible(reason.substr(0, enough));
}

Result<store::RefValues> list_remote(const Remote& remote, int64_t timeout)
{
    sys::Output output = TRY(run_git(remote, {"ls-remote", "--refs", "--end-of-options", remote.url}, timeout));
    if (output.status != 0)
        return fail(ErrorKind::system, "{}", reason_of(output));
    store::RefValues values;
    for (std::string_view rest = output.out; !rest.empty();) {
        std::string_view ref = take_until(rest, '\n');
        std::string_view id = take_until(ref, '\t');
        if (ref.starts_with("refs/") && from_hex(id))
            values.emplace(ref, id);
    }
    return values;
}

Result<void> try_push(const Remote& remote, int64_t timeout)
{
    auto own = TRY(git::run_ok(remote.repository, {"for-each-ref", "--count=1", "--format=%(refname)", "refs/heads"}));
    std::string_view ref = trim(own);
    if (ref.empty()) {
        TRY(list_remote(remote, timeout));
        return {};
    }
    sys::Output output = TRY(
        run_git(remote, {"push", "--dry-run", "--force", "--end-of-options", remote.url, fmt::format("{0}:{0}", ref)},
                timeout));
    if (output.status != 0)
        return fail(ErrorKind::system, "{}", reason_of(output));
    return {};
}

void become_ssh_if_asked(int argc, char** argv)
{
    auto key = sys::process_variable(as_ssh);
    if (!key)
        return;
    std::string directory = key->substr(0, key->rfind('/'));
    std::vector<std::string> words{"ssh", "-F", "/dev/null", "-i", *key};
    for (const std::string& option :
         {std::string("IdentitiesOnly=yes"), std::string("IdentityAgent=none"), std::string("BatchMode=yes"),
          fmt::format("UserKnownHostsFile={}/{}", directory, store::paths::mirror_known_hosts),
          std::string("GlobalKnownHostsFile=/dev/null"), std::string("StrictHostKeyChecking=yes"),
          std::string("UpdateHostKeys=no"), std::string("ConnectTimeout=15"), std::string("ServerAliveInterval=10"),
          std::string("ServerAliveCountMax=3"), std::string("LogLevel=ERROR")})
        words.insert(words.end(), {"-o", option});
    words.insert(words.end(), argv + 1, argv + argc);
    sys::Environment environment = sys::base_environment();
    for (const char* name : {"PATH", "GIT_PROTOCOL"})
        if (auto value = sys::process_variable(name))
            sys::set_variable(environment, name, *value);
    Unexpected failure = sys::exec(words, environment);
    log("{}", failure.error().message);
}

} // namespace quire::deliver
