// Whether the reverse proxy strips a Remote-User that a client made up: the invariant that all of the web view's
// privacy rests on. Asked through the proxy itself, with curl, which knows TLS.
#include "base/strings.h"
#include "forge/doctor.h"
#include "sys/process.h"

namespace quire::forge {

/// The status of GET `url`, or an error.
static Result<std::string> status_of(const std::string& url, const std::vector<std::string>& headers)
{
    std::vector<std::string> argv{"curl",         "--silent",    "--show-error", "--max-time",  "10",
                                  "--max-redirs", "0",           "--proto",      "=http,https", "--output",
                                  "/dev/null",    "--write-out", "%{http_code}"};
    for (const std::string& header : headers)
        argv.insert(argv.end(), {"--header", header});
    argv.insert(argv.end(), {"--url", url});
    return sys::run_ok({.argv = argv});
}

/// The names that a proxy and quire-serve could be tricked to agree on: case and underscores are folded by some.
constexpr const char* forged_headers[] = {"Remote-User: quire-doctor", "remote-user: quire-doctor",
                                          "REMOTE_USER: quire-doctor", "Remote_User: quire-doctor"};

void check_proxy(const std::string& url, Report& report)
{
    std::string_view base = url;
    while (strip_suffix(base, "/")) {
    }
    auto health = status_of(fmt::format("{}/healthz", base), {});
    if (!health)
        return report.warn("proxy", fmt::format("not checked: {}", health.error().message),
                           "give the address that browsers use, and install curl");
    if (*health != "200")
        return report.warn("proxy", fmt::format("not checked: {}/healthz answers {}", base, *health),
                           "a proxy that wants a login for everything has to be asked from behind it");
    // The list of all runs is there for those whom the proxy vouches for, and missing for everybody else.
    std::string page = fmt::format("{}/runs", base);
    for (const char* header : forged_headers) {
        auto status = status_of(page, {header});
        if (status && *status == "200")
            return report.failed(
                "proxy", fmt::format("{} believes a client that says '{}'", base, header),
                "make the proxy remove the header before it sets its own: host-configs/caddy, host-configs/nginx");
        if (!status)
            return report.warn("proxy", fmt::format("not checked: {}", status.error().message), "");
    }
    report.ok("proxy", fmt::format("{} does not believe a Remote-User that a client made up", base));
}

} // namespace quire::forge
