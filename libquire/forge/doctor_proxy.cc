// Checks that the reverse proxy removes a client's Remote-User, on which the privacy of the web view depends. It sends
// requests through the proxy itself, with curl, which knows TLS.
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

/// Spellings that a proxy and quire-serve might take for the same header: some ignore case or underscores.
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
    // Readers whom the proxy vouches for can see the list of all runs; for all others it does not exist.
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
