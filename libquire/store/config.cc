#include "store/config.h"

#include <algorithm>

#include "base/duration.h"
#include "base/strings.h"
#include "store/config_keys.h"
#include "sys/file.h"
#include "text/fnl.h"

namespace quire::store {

static bool has_only_comments(std::string_view source)
{
    std::vector<std::string_view> lines = split(source, '\n');
    return std::all_of(lines.begin(), lines.end(),
                       [](std::string_view line) { return trim(line).empty() || trim(line).starts_with(';'); });
}

/// The value of :keep-failed that is no duration.
constexpr std::string_view never = "never";

namespace {

/// Checks what shapes can't express.
class ValueCheck {
public:
    ValueCheck(const text::Data& config, std::string_view file) : m_config(config), m_file(file) {}

    Result<void> all() const
    {
        TRY(durations());
        TRY(url());
        const text::Data* smtp = m_config.find("smtp");
        for (const char* key : {"host", "from", "user", "trust-file"})
            if (const text::Data* value = smtp ? smtp->find(key) : nullptr)
                TRY(one_line(*value, fmt::format(":smtp :{}", key)));
        if (const text::Data* from = smtp ? smtp->find("from") : nullptr)
            TRY(address(*from, ":smtp :from"));
        const text::Data* notifications = m_config.find("notifications");
        const text::Data* to = notifications ? notifications->find("to") : nullptr;
        if (to && to->sequence())
            for (const text::Data& one : *to->sequence()) {
                TRY(one_line(one, ":notifications :to"));
                TRY(address(one, ":notifications :to"));
            }
        return {};
    }

private:
    Unexpected wrong(const text::Data& value, std::string_view what, std::string_view reason) const
    {
        return fail(ErrorKind::invalid, "{}:{}:{}: {}: {}", m_file, value.position.line, value.position.column, what,
                    reason);
    }

    Result<void> durations() const
    {
        const text::Data* limits = m_config.find("limits");
        for (const char* key : {"run-timeout", "prepare-timeout"})
            TRY(duration(limits ? limits->find(key) : nullptr, fmt::format(":limits :{}", key)));
        if (const text::Data* keep = m_config.find("keep-failed"); keep && keep->string() && *keep->string() != never)
            TRY(duration(keep, ":keep-failed"));
        return duration(m_config.find("push-waits"), ":push-waits");
    }

    Result<void> duration(const text::Data* value, std::string_view what) const
    {
        if (!value || !value->string())
            return {};
        auto parsed = parse_duration(*value->string());
        if (!parsed)
            return wrong(*value, what, parsed.error().message);
        return {};
    }

    /// Pages and mails use it as a link.
    Result<void> url() const
    {
        const text::Data* url = m_config.find("url");
        if (!url || !url->string() || url->string()->empty())
            return {};
        std::string_view text = *url->string();
        bool is_web = text.starts_with("https://") || text.starts_with("http://");
        if (!is_web || text.ends_with("://"))
            return wrong(*url, ":url", "it begins with https:// or http:// and names a host");
        if (!std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; }))
            return wrong(*url, ":url", "it has no blanks, and nothing that is not ASCII");
        return {};
    }

    /// A line break in an address or a host would add a header, or a command, to the mail.
    Result<void> one_line(const text::Data& value, std::string_view what) const
    {
        bool has_control = value.string() && std::any_of(value.string()->begin(), value.string()->end(), [](char c) {
                               return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
                           });
        return has_control ? wrong(value, what, "it has a line break or another control character in it")
                           : Result<void>();
    }

    Result<void> address(const text::Data& value, std::string_view what) const
    {
        if (!value.string() || value.string()->empty() || is_mail_address(*value.string()))
            return {};
        return wrong(value, what, fmt::format("'{}' is no plain address such as me@example.org", *value.string()));
    }

    const text::Data& m_config;
    std::string_view m_file;
};

} // namespace

bool is_mail_address(std::string_view text)
{
    constexpr size_t longest = 254;
    constexpr std::string_view in_local_part = "!#$%&'*+-/=?^_`{|}~.";
    auto is_word = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); };
    std::string_view domain = text;
    std::string_view local = take_until(domain, '@');
    bool has_domain = local.size() < text.size();
    if (text.size() > longest || local.empty() || local.starts_with('-') || (has_domain && domain.empty()))
        return false;
    return std::all_of(local.begin(), local.end(),
                       [&](char c) { return is_word(c) || in_local_part.find(c) != std::string_view::npos; }) &&
           std::all_of(domain.begin(), domain.end(), [&](char c) { return is_word(c) || c == '.' || c == '-'; }) &&
           !domain.starts_with('-');
}

Result<text::Data> parse_config(std::string_view source, std::span<const ConfigKey> keys, std::string_view file,
                                const ConfigEvaluator& evaluate)
{
    if (has_only_comments(source))
        return text::Data(text::Data::Table());
    auto read = text::read_fnl(source, file);
    if (!read && evaluate && text::is_code(read.error()))
        read = evaluate(source, file);
    text::Data config = TRY(std::move(read));
    TRY(check_config(config, keys, file));
    TRY(ValueCheck(config, file).all());
    return config;
}

Result<std::string> read_config_source(int directory, const std::string& path)
{
    auto source = sys::read_file(directory, path, text::max_fnl_bytes);
    if (!source && source.error().code == ENOENT)
        return std::string();
    return source;
}

static Result<text::Data> read_checked(int directory, const std::string& path, const std::string& shown,
                                       std::span<const ConfigKey> keys, const ConfigEvaluator& evaluate)
{
    return parse_config(TRY(read_config_source(directory, path)), keys, shown, evaluate);
}

static SecretSource secret_of(const text::Data& value)
{
    if (const std::string* text = value.string())
        return {*text, std::nullopt};
    return {"", value.string_or("file", "")};
}

Result<std::string> resolve_secret(const Root& root, const SecretSource& source)
{
    if (!source.file)
        return source.value;
    constexpr size_t longest = 1u << 20;
    auto text = sys::read_file(root.fd(), *source.file, longest);
    if (!text)
        return with_context(std::move(text).error(), "it can't be read");
    std::string_view value = *text;
    strip_suffix(value, "\n");
    return std::string(value);
}

static void read_limits(const text::Data& data, LimitsConfig& limits)
{
    if (auto timeout = parse_duration(data.string_or("run-timeout", "")))
        limits.run_timeout = *timeout;
    if (auto timeout = parse_duration(data.string_or("prepare-timeout", "")))
        limits.prepare_timeout = *timeout;
    limits.log_bytes = data.integer_or("log-bytes", limits.log_bytes);
    limits.artifact_bytes = data.integer_or("artifact-bytes", limits.artifact_bytes);
    limits.repository_artifact_bytes = data.integer_or("repository-artifact-bytes", limits.repository_artifact_bytes);
    limits.cache_bytes = data.integer_or("cache-bytes", limits.cache_bytes);
}

static std::vector<std::string> words_of(const text::Data& data, std::string_view key)
{
    std::vector<std::string> words;
    if (const text::Data* found = data.find(key); found && found->sequence())
        for (const text::Data& word : *found->sequence())
            words.push_back(*word.string());
    return words;
}

static void read_smtp(const text::Data& data, SmtpConfig& smtp)
{
    smtp.host = data.string_or("host", "");
    smtp.port = data.integer_or("port", 0);
    smtp.from = data.string_or("from", "");
    smtp.user = data.string_or("user", "");
    smtp.tls = data.string_or("tls", smtp.tls);
    smtp.trust_file = data.string_or("trust-file", "");
    smtp.sendmail = words_of(data, "sendmail");
    if (const text::Data* password = data.find("password"))
        smtp.password = secret_of(*password);
}

static NotificationsConfig notifications_of(const text::Data& data)
{
    NotificationsConfig notifications;
    auto strings_of = [&](std::string_view key, std::optional<std::vector<std::string>>& list) {
        if (data.find(key))
            list = words_of(data, key);
    };
    strings_of("to", notifications.to);
    strings_of("on", notifications.on);
    return notifications;
}

static LauncherConfig launcher_of(const text::Data& data)
{
    LauncherConfig launcher{.prefix = words_of(data, "launcher")};
    launcher.is_slurm = data.string_or("launcher", "") == "slurm";
    if (const text::Data* slurm = data.find("slurm")) {
        launcher.slurm_options = words_of(*slurm, "options");
        launcher.quire_ci = slurm->string_or("quire-ci", "");
    }
    return launcher;
}

Result<GlobalConfig> read_global_config(const Root& root, const ConfigEvaluator& evaluate)
{
    return global_config_from_data(TRY(read_checked(root.fd(), paths::config, paths::config, global_keys(), evaluate)));
}

GlobalConfig global_config_from_data(const text::Data& data)
{
    GlobalConfig config;
    config.host = data.string_or("host", "");
    config.url = data.string_or("url", "");
    while (config.url.ends_with('/'))
        config.url.pop_back();
    config.executor = data.string_or("executor", config.executor);
    config.engine = data.string_or("engine", "");
    config.launcher = launcher_of(data);
    if (std::string keep = data.string_or("keep-failed", ""); keep == never)
        config.keep_failed = 0;
    else if (auto time = parse_duration(keep))
        config.keep_failed = *time;
    if (const text::Data* keep = data.find("keep-checkout")) {
        constexpr int64_t worth_it = 5000;
        config.keep_checkout = {.files = keep->integer_or("files", worth_it),
                                .days = keep->integer_or("days", config.keep_checkout.days),
                                .on_host = keep->boolean_or("host", false)};
    }
    config.max_concurrent_runs = data.integer_or("max-concurrent-runs", config.max_concurrent_runs);
    config.max_parallel_jobs = data.integer_or("max-parallel-jobs", config.max_parallel_jobs);
    if (const text::Data* secrets = data.find("secrets"); secrets && secrets->table())
        for (const auto& [name, value] : *secrets->table())
            config.secrets.emplace(name, secret_of(value));
    if (const text::Data* variables = data.find("env"); variables && variables->table())
        for (const auto& [name, value] : *variables->table())
            config.env.emplace(name, *value.string());
    if (const text::Data* secret = data.find("proxy-secret"))
        config.proxy_secret = secret_of(*secret);
    if (const text::Data* limits = data.find("limits"))
        read_limits(*limits, config.limits);
    if (const text::Data* audit = data.find("audit")) {
        config.audit.days = audit->integer_or("days", config.audit.days);
        config.audit.bytes = audit->integer_or("bytes", config.audit.bytes);
    }
    if (const text::Data* retention = data.find("retention")) {
        config.retention.runs = retention->integer_or("runs", config.retention.runs);
        config.retention.days = retention->integer_or("days", config.retention.days);
    }
    if (const text::Data* smtp = data.find("smtp"))
        read_smtp(*smtp, config.smtp);
    if (const text::Data* notifications = data.find("notifications"))
        config.notifications = notifications_of(*notifications);
    return config;
}

std::string GlobalConfig::clone_url(const RepoName& name) const
{
    std::string_view address = host;
    while (strip_suffix(address, "/"))
        ;
    if (address.empty())
        return {};
    if (address.starts_with("ssh://"))
        return fmt::format("{}/{}", address, name.str());
    return fmt::format("{}:{}", address, name.str());
}

std::string GlobalConfig::run_url(const RepoName& name, uint64_t number) const
{
    return url.empty() ? std::string() : fmt::format("{}/{}/runs/{}", url, name.str(), number);
}

std::string config_file_name(const RepoName& name)
{
    return fmt::format("{}/{}", paths::repository(name), paths::repository_config);
}

Result<RepositoryConfig> read_repository_config(int repository, const RepoName& name, const ConfigEvaluator& evaluate)
{
    return repository_config_from_data(
        TRY(read_checked(repository, paths::repository_config, config_file_name(name), repository_keys(), evaluate)));
}

RepositoryConfig repository_config_from_data(const text::Data& data)
{
    RepositoryConfig config;
    config.description = data.string_or("description", "");
    config.is_private = data.boolean_or("private", false);
    config.public_runs = data.boolean_or("public-runs", false);
    config.refuse_conflicts = data.boolean_or("refuse-conflicts", false);
    config.accept_without_mirror = data.boolean_or("accept-without-mirror", false);
    config.frozen_message = data.string_or("frozen", "");
    config.frozen = data.boolean_or("frozen", false) || (data.find("frozen") && data.find("frozen")->string());
    if (const text::Data* pinned = data.find("pinned"); pinned && pinned->sequence())
        for (const text::Data& ref : *pinned->sequence())
            config.pinned.push_back(*ref.string());
    if (const text::Data* notifications = data.find("notifications"))
        config.notifications = notifications_of(*notifications);
    return config;
}

RepositoryConfig closed_config(const Error& reason)
{
    RepositoryConfig config;
    config.is_private = true;
    config.frozen = true;
    config.fault = reason.message;
    return config;
}

} // namespace quire::store
