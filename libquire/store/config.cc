#include "store/config.h"

#include <algorithm>

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

Result<text::Data> parse_config(std::string_view source, std::span<const ConfigKey> keys, std::string_view file)
{
    if (has_only_comments(source))
        return text::Data(text::Data::Table());
    text::Data config = TRY(text::read_fnl(source, file));
    TRY(check_config(config, keys, file));
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
                                       std::span<const ConfigKey> keys)
{
    return parse_config(TRY(read_config_source(directory, path)), keys, shown);
}

static SecretSource secret_of(const text::Data& value)
{
    if (const std::string* text = value.string())
        return {*text, std::nullopt};
    return {"", value.string_or("file", "")};
}

static text::Data part_of(const text::Data& config, std::string_view key)
{
    const text::Data* found = config.find(key);
    return found ? *found : text::Data();
}

Result<GlobalConfig> read_global_config(const Root& root)
{
    text::Data data = TRY(read_checked(root.fd(), paths::config, paths::config, global_keys()));
    GlobalConfig config;
    config.host = data.string_or("host", "");
    config.url = data.string_or("url", "");
    while (config.url.ends_with('/'))
        config.url.pop_back();
    config.executor = data.string_or("executor", config.executor);
    config.engine = data.string_or("engine", "");
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
    config.smtp = part_of(data, "smtp");
    config.limits = part_of(data, "limits");
    config.retention = part_of(data, "retention");
    config.notifications = part_of(data, "notifications");
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

Result<RepositoryConfig> read_repository_config(int repository, const RepoName& name)
{
    text::Data data =
        TRY(read_checked(repository, paths::repository_config, config_file_name(name), repository_keys()));
    RepositoryConfig config;
    config.description = data.string_or("description", "");
    config.is_private = data.boolean_or("private", false);
    config.public_runs = data.boolean_or("public-runs", false);
    config.accept_without_mirror = data.boolean_or("accept-without-mirror", false);
    config.frozen_message = data.string_or("frozen", "");
    config.frozen = data.boolean_or("frozen", false) || (data.find("frozen") && data.find("frozen")->string());
    if (const text::Data* pinned = data.find("pinned"); pinned && pinned->sequence())
        for (const text::Data& ref : *pinned->sequence())
            config.pinned.push_back(*ref.string());
    config.notifications = part_of(data, "notifications");
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
