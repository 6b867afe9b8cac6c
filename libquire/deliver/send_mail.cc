#include "deliver/send_mail.h"

#include <algorithm>

#include "base/log.h"
#include "base/strings.h"
#include "deliver/mail_text.h"
#include "sys/private_file.h"
#include "sys/process.h"

namespace quire::deliver {

static Result<std::string> quoted(std::string_view key, std::string_view value)
{
    // msmtp reads what is between the first and the last quote of a line, and lines of at most 500 bytes.
    constexpr size_t longest = 480;
    bool has_control = std::any_of(value.begin(), value.end(),
                                   [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
    if (has_control)
        return fail(ErrorKind::invalid, ":smtp :{} has a line break or another control character in it", key);
    if (value.size() > longest)
        return fail(ErrorKind::invalid, ":smtp :{} is longer than msmtp takes ({} bytes)", key, longest);
    return fmt::format("\"{}\"", value);
}

Result<std::string> msmtp_account(const store::SmtpConfig& smtp, const std::string& from, const std::string& password)
{
    std::string text = "account default\nsyslog off\ntimeout 30\n";
    auto add = [&](std::string_view key, std::string_view name, std::string_view value) -> Result<void> {
        text += fmt::format("{} {}\n", key, TRY(quoted(name, value)));
        return {};
    };
    TRY(add("host", "host", smtp.host));
    int64_t port = smtp.port != 0 ? smtp.port : smtp.tls == "implicit" ? 465 : smtp.tls == "starttls" ? 587 : 25;
    text += fmt::format("port {}\n", port);
    TRY(add("from", "from", from));
    text += smtp.tls == "off" ? "tls off\n" : "tls on\n";
    if (smtp.tls != "off") {
        text += smtp.tls == "implicit" ? "tls_starttls off\n" : "tls_starttls on\n";
        TRY(add("tls_trust_file", "trust-file", smtp.trust_file.empty() ? "system" : smtp.trust_file));
    }
    if (smtp.user.empty())
        return text + "auth off\n";
    text += "auth on\n";
    TRY(add("user", "user", smtp.user));
    TRY(add("password", "password", password));
    return text;
}

/// The message of a failed msmtp or sendmail, without its name and without the line that only says that it failed.
static std::string reason_of(const std::string& program, const sys::Output& output)
{
    std::vector<std::string> lines;
    for (std::string_view line : split(output.err, '\n')) {
        strip_prefix(line, program + ": ");
        line = trim(line);
        if (line.empty() || line.starts_with("could not send mail (account"))
            continue;
        lines.push_back(visible(line.substr(0, 400)));
    }
    constexpr size_t enough = 4;
    if (lines.size() > enough)
        lines.erase(lines.begin(), lines.end() - enough);
    if (lines.empty())
        return fmt::format("{} ended with {}", program, output.status);
    return join(lines, "; ");
}

static Result<void> run_sendmail(const sys::Command& command, const std::string& text)
{
    sys::RunOptions options{.input = text, .limit = 1u << 20, .timeout = sending_takes};
    sys::Output output = TRY(sys::run(command, options));
    if (output.status == 0)
        return {};
    const std::string& path = command.argv[0];
    return fail(ErrorKind::system, "{}", reason_of(path.substr(path.rfind('/') + 1), output));
}

Result<void> send_mail(const store::Root& root, const store::GlobalConfig& config, const std::string& text)
{
    const store::SmtpConfig& smtp = config.smtp;
    if (!smtp.can_send())
        return fail(ErrorKind::refused, "config.fnl says no way to send mail: set :smtp");
    if (!smtp.sendmail.empty())
        return run_sendmail({.argv = smtp.sendmail}, text);
    std::string password;
    if (!smtp.user.empty() && !smtp.password)
        return fail(ErrorKind::invalid, ":smtp has a :user and no :password");
    if (smtp.password) {
        auto resolved = store::resolve_secret(root, *smtp.password);
        if (!resolved)
            return with_context(std::move(resolved).error(), ":smtp :password");
        password = std::move(*resolved);
    }
    std::string account = TRY(msmtp_account(smtp, sender_of(config), password));
    UniqueFd file = TRY(sys::private_memory_file(account));
    sys::Command command{.argv = {"msmtp", "-C", sys::private_path(file.get()), "-t", "-i"}, .inherit = {file.get()}};
    return run_sendmail(command, text);
}

} // namespace quire::deliver
