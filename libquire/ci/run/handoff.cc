#include "ci/run/handoff.h"

#include <fcntl.h>

#include <algorithm>
#include <span>

#include "base/strings.h"
#include "ci/language/pipeline.h"
#include "ci/run/push_facts.h"
#include "sys/file.h"
#include "sys/file_status.h"
#include "text/json.h"

namespace quire::ci {

using text::Data;

Data to_data(const Handoff& handoff)
{
    Data facts{Data::Table{}}, secrets{Data::Table{}}, environment{Data::Table{}};
    for (const auto& [source, data] : handoff.facts)
        facts.set(source, data);
    for (const auto& [name, value] : handoff.secrets) {
        if (value) {
            secrets.set(name, *value);
            continue;
        }
        Data error{Data::Table{}};
        error.set("error", value.error().message);
        secrets.set(name, std::move(error));
    }
    for (const auto& [name, value] : handoff.environment)
        environment.set(name, value);
    Data all{Data::Table{}};
    all.set("source", handoff.source);
    all.set("facts", std::move(facts));
    all.set("secrets", std::move(secrets));
    all.set("environment", std::move(environment));
    for (const auto& [key, value] :
         {std::pair("run", &handoff.run), std::pair("git-dir", &handoff.git_dir), std::pair("cache", &handoff.cache),
          std::pair("engine", &handoff.engine), std::pair("root", &handoff.root),
          std::pair("repository", &handoff.repository), std::pair("earlier", &handoff.earlier),
          std::pair("only", &handoff.only), std::pair("from", &handoff.from), std::pair("boot", &handoff.boot)})
        if (!value->empty())
            all.set(key, *value);
    if (handoff.debug)
        all.set("debug", true);
    Data outputs{Data::Table{}}, limits{Data::Table{}};
    for (const auto& [job, data] : handoff.outputs)
        outputs.set(job, data);
    limits.set("log-bytes", handoff.limits.log_bytes);
    limits.set("artifact-bytes", handoff.limits.artifact_bytes);
    limits.set("cache-bytes", handoff.limits.cache_bytes);
    all.set("outputs", std::move(outputs));
    all.set("limits", std::move(limits));
    return all;
}

/// An unknown key is an error, because its value would silently not reach the run.
static Result<void> check_keys(const Data& table, std::span<const std::string_view> known, std::string_view where)
{
    for (const auto& [key, value] : *table.table())
        if (std::find(known.begin(), known.end(), key) == known.end())
            return fail(ErrorKind::invalid, "{} knows no \"{}\", only {}", where, key, fmt::join(known, ", "));
    return {};
}

static Result<std::string> text_of(const Data& data, std::string_view key, std::string otherwise, std::string_view name)
{
    const Data* value = data.find(key);
    if (!value)
        return otherwise;
    if (!value->string())
        return fail(ErrorKind::invalid, "{}: \"{}\" must be a string, not {}", name, key, value->kind_name());
    return *value->string();
}

static Result<const Data*> table_of(const Data& data, std::string_view key, std::string_view name)
{
    static const Data empty{Data::Table{}};
    const Data* value = data.find(key);
    if (!value)
        return &empty;
    if (!value->table())
        return fail(ErrorKind::invalid, "{}: \"{}\" must be an object, not {}", name, key, value->kind_name());
    return value;
}

/// {"meta": {"sha": "…", "ref": "…", "pushed_at": "…"}}: a short form of a push, for other programs.
static Result<void> take_meta(const Data& data, std::string_view name, Handoff& handoff)
{
    const Data& meta = *TRY(table_of(data, "meta", name));
    if (handoff.facts.contains(push_source))
        return fail(ErrorKind::invalid, "{}: \"meta\" and the facts of \"{}\" are two words for one push", name,
                    push_source);
    for (const auto& [key, value] : *meta.table())
        if ((key != "sha" && key != "ref" && key != "pushed_at") || !value.string())
            return fail(ErrorKind::invalid,
                        "{}: \"meta\" knows \"sha\", \"ref\" and \"pushed_at\", all of them strings, "
                        "not \"{}\" with {}",
                        name, key, value.kind_name());
    RefEvent event{.sha = meta.string_or("sha", ""), .ref = meta.string_or("ref", "")};
    if (event.sha.empty() || event.ref.empty())
        return fail(ErrorKind::invalid, "{}: \"meta\" has no \"{}\"", name, event.sha.empty() ? "sha" : "ref");
    event.git_dir = data.string_or("git-dir", "");
    event.at = now();
    if (const Data* pushed_at = meta.find("pushed_at")) {
        auto at = parse_instant(*pushed_at->string());
        if (!at)
            return fail(ErrorKind::invalid, "{}: \"pushed_at\" is no time such as 2026-11-21T13:00:00Z", name);
        event.at = *at;
    }
    handoff.facts.emplace(push_source, push_facts(event, {}));
    return {};
}

Result<Handoff> handoff_from_data(const Data& data, std::string_view name)
{
    if (!data.table())
        return fail(ErrorKind::invalid, "{}: not a JSON object", name);
    constexpr std::string_view keys[] = {"source",  "facts",   "meta",   "secrets", "environment", "run",
                                         "git-dir", "cache",   "engine", "root",    "repository",  "outputs",
                                         "limits",  "earlier", "only",   "from",    "debug",       "boot"};
    TRY(check_keys(data, keys, fmt::format("{}: a dispatch file", name)));
    Handoff handoff;
    handoff.source = TRY(text_of(data, "source", handoff.source, name));
    for (const auto& [source, facts] : *TRY(table_of(data, "facts", name))->table())
        handoff.facts.emplace(source, facts);
    if (data.find("meta"))
        TRY(take_meta(data, name, handoff));
    for (const auto& [secret, value] : *TRY(table_of(data, "secrets", name))->table()) {
        if (const std::string* text = value.string())
            handoff.secrets.emplace(secret, *text);
        else
            handoff.secrets.emplace(
                secret, fail(ErrorKind::invalid, "{}", value.string_or("error", "it could not be resolved")));
    }
    for (const auto& [variable, value] : *TRY(table_of(data, "environment", name))->table()) {
        if (!value.string() || variable.empty() || variable.find('=') != std::string::npos)
            return fail(ErrorKind::invalid, "{}: \"environment\" must map names of variables to strings", name);
        handoff.environment.emplace(variable, *value.string());
    }
    for (const auto& [key, value] :
         {std::pair("run", &handoff.run), std::pair("git-dir", &handoff.git_dir), std::pair("cache", &handoff.cache),
          std::pair("engine", &handoff.engine), std::pair("root", &handoff.root),
          std::pair("repository", &handoff.repository), std::pair("earlier", &handoff.earlier),
          std::pair("only", &handoff.only), std::pair("from", &handoff.from), std::pair("boot", &handoff.boot)})
        *value = TRY(text_of(data, key, "", name));
    handoff.debug = data.boolean_or("debug", false);
    for (const auto& [job, outputs] : *TRY(table_of(data, "outputs", name))->table())
        handoff.outputs.emplace(job, outputs);
    const Data& limits = *TRY(table_of(data, "limits", name));
    constexpr std::string_view limit_keys[] = {"log-bytes", "artifact-bytes", "cache-bytes"};
    TRY(check_keys(limits, limit_keys, fmt::format("{}: \"limits\"", name)));
    for (const auto& [key, value] : {std::pair("log-bytes", &handoff.limits.log_bytes),
                                     std::pair("artifact-bytes", &handoff.limits.artifact_bytes),
                                     std::pair("cache-bytes", &handoff.limits.cache_bytes)}) {
        int64_t bytes = limits.integer_or(key, static_cast<int64_t>(*value));
        if (bytes < 0)
            return fail(ErrorKind::invalid, "{}: \"{}\" must not be negative", name, key);
        *value = static_cast<uint64_t>(bytes);
    }
    return handoff;
}

Result<Handoff> take_handoff(const std::string& path)
{
    UniqueFd fd = TRY(sys::open_at(AT_FDCWD, path, O_RDONLY | O_NOFOLLOW));
    struct stat status = TRY(sys::stat_of(fd.get(), path));
    if (!S_ISREG(status.st_mode) || (status.st_mode & 077) != 0)
        return fail(ErrorKind::refused, "{}: must be a plain file of mode 0600, it holds secrets", path);
    std::string text = TRY(sys::read_all(fd.get(), most_handoff_bytes, path));
    // It is deleted before it is parsed, so that a mistake in it can't leave it behind.
    TRY(sys::unlink_at(AT_FDCWD, path));
    auto data = text::read_json(text, path);
    if (!data)
        return Unexpected(std::move(data).error());
    return handoff_from_data(*data, path);
}

Result<void> write_handoff(int directory, const std::string& name, const Handoff& handoff)
{
    UniqueFd fd = TRY(sys::open_at(directory, name, O_WRONLY | O_CREAT | O_EXCL, 0600));
    TRY(sys::write_all(fd.get(), text::write_json(to_data(handoff))));
    return sys::close_checked(std::move(fd), name);
}

} // namespace quire::ci
