#include "store/config.h"

#include "base/strings.h"
#include "sys/file.h"
#include "text/fnl.h"

namespace quire::store {

static Result<text::Data> read_table(int directory, const char* path)
{
    auto source = sys::read_file(directory, path, 1u << 20);
    if (!source && source.error().kind == ErrorKind::not_found)
        return text::Data(text::Data::Table{});
    text::Data data = TRY(text::read_fnl(TRY(std::move(source)), path));
    if (!data.table())
        return fail(ErrorKind::invalid, "{}: a configuration is one table, this is {}", path, data.kind_name());
    return data;
}

RepositoryConfig read_repository_config(int repository)
{
    RepositoryConfig config;
    auto data = read_table(repository, paths::repository_config);
    if (!data) {
        config.private_ = true;
        config.frozen = true;
        config.fault = data.error().message;
        config.frozen_message = "its configuration can't be read";
        return config;
    }
    config.description = data->string_or("description", "");
    config.private_ = data->boolean_or("private", false);
    config.public_runs = data->boolean_or("public-runs", false);
    config.frozen_message = data->string_or("frozen", "");
    config.frozen = data->boolean_or("frozen", !config.frozen_message.empty());
    return config;
}

GlobalConfig read_global_config(const Root& root)
{
    GlobalConfig config;
    auto data = read_table(root.fd(), paths::config);
    if (!data) {
        config.fault = data.error().message;
        return config;
    }
    config.host = data->string_or("host", "");
    config.url = data->string_or("url", "");
    std::string_view url = config.url;
    while (strip_suffix(url, "/")) {
    }
    config.url = std::string(url);
    return config;
}

} // namespace quire::store
