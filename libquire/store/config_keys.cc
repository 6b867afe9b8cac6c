#include "store/config_keys.h"

#include <algorithm>

namespace quire::store {

namespace shape = text::shape;

static text::Shape secret() { return shape::either(shape::string(), shape::table({{"file", shape::string()}})); }

static text::Shape bytes() { return shape::integer(1, int64_t{1} << 50); }

static text::Shape limits()
{
    return shape::table({{"run-timeout", shape::string()},
                         {"prepare-timeout", shape::string()},
                         {"log-bytes", bytes()},
                         {"artifact-bytes", bytes()},
                         {"repository-artifact-bytes", bytes()},
                         {"cache-bytes", bytes()}});
}

static text::Shape retention()
{
    return shape::table({{"runs", shape::integer(1, 1'000'000)}, {"days", shape::integer(0, 36'500)}});
}

static text::Shape audit() { return shape::table({{"days", shape::integer(1, 36'500)}, {"bytes", bytes()}}); }

static text::Shape smtp()
{
    return shape::table({{"host", shape::string()},
                         {"port", shape::integer(1, 65535)},
                         {"from", shape::string()},
                         {"user", shape::string()},
                         {"password", secret()},
                         {"tls", shape::word({"starttls", "implicit", "off"})},
                         {"trust-file", shape::string()},
                         {"sendmail", shape::list(shape::string())}});
}

static text::Shape notifications()
{
    return shape::table({{"to", shape::list(shape::string())},
                         {"on", shape::list(shape::word({"ci-failed", "ci-fixed", "ci-succeeded", "mirror-failed",
                                                         "mirror-fixed", "backup-failed"}))}});
}

static text::Shape launcher() { return shape::either(shape::list(shape::string()), shape::word({"slurm"})); }

static text::Shape slurm()
{
    return shape::table({{"options", shape::list(shape::string())}, {"quire-ci", shape::string()}});
}

static text::Shape keep_checkout()
{
    return shape::table(
        {{"files", shape::integer(1, 1'000'000'000)}, {"days", shape::integer(1, 36'500)}, {"host", shape::boolean()}});
}

std::span<const ConfigKey> global_keys()
{
    static const ConfigKey keys[] = {
        {"host", shape::string(), "where ssh reaches this forge, for clone URLs: git@example.org"},
        {"url", shape::string(), "where a browser reaches it: https://example.org"},
        {"secrets", shape::map(secret()), "what pipelines may ask for by name: a string or {:file \"…\"} each"},
        {"env", shape::map(shape::string()), "environment variables for every run"},
        {"smtp", smtp(), "how mail is sent"},
        {"executor", shape::word({"auto", "host", "container", "bwrap"}), "what runs a pipeline's commands"},
        {"engine", shape::word({"docker", "podman"}), "the container engine; whichever is there unless set"},
        {"launcher", launcher(), "how runs start: words before quire-ci, as [\"ssh\" \"worker\"], or :slurm"},
        {"slurm", slurm(), "with :launcher :slurm: options of sbatch, and where the nodes have quire-ci"},
        {"keep-failed", shape::string(), "how long a failed run's workspace stays, for quire shell: 10m, or never"},
        {"keep-checkout", keep_checkout(), "large checkouts are left to the next run: {} or {:files 5000 :days 7}"},
        {"max-concurrent-runs", shape::integer(0, 1000), "runs at the same time; 1 unless set; 0: they wait"},
        {"max-parallel-jobs", shape::integer(1, 1000), "jobs of a run at the same time; the cores unless set"},
        {"limits", limits(), "bounds on what a run may use"},
        {"retention", retention(), "how long runs are kept"},
        {"audit", audit(), "how long the log of ssh commands is kept"},
        {"notifications", notifications(), "who is told of what"},
        {"proxy-secret", secret(), "what the web proxy sends to be believed"},
    };
    return keys;
}

std::span<const ConfigKey> repository_keys()
{
    static const ConfigKey keys[] = {
        {"description", shape::string(), "one line about it"},
        {"private", shape::boolean(), "true: only those whom the proxy vouches for see it"},
        {"public-runs", shape::boolean(), "true: everybody sees its runs and logs (unless it is private)"},
        {"pinned", shape::list(shape::string()), "refs that its page shows first"},
        {"frozen", shape::either(shape::boolean(), shape::string()), "true, or a message: pushes are refused"},
        {"accept-without-mirror", shape::boolean(), "true: pushes are accepted while a mirror can't be reached"},
        {"refuse-conflicts", shape::boolean(), "true: a push that brings jj's conflicts is refused"},
        {"push-waits", shape::string(), "how long a push follows its runs: \"5m\"; not at all unless set"},
        {"notifications", notifications(), "who is told of what about this repository"},
    };
    return keys;
}

const ConfigKey* find_key(std::span<const ConfigKey> keys, std::string_view name)
{
    auto found = std::find_if(keys.begin(), keys.end(), [&](const ConfigKey& key) { return key.name == name; });
    return found == keys.end() ? nullptr : &*found;
}

static text::Shape shape_of(std::span<const ConfigKey> keys)
{
    std::vector<text::Field> fields;
    for (const ConfigKey& key : keys)
        fields.push_back({key.name, key.shape});
    return shape::table(std::move(fields));
}

Result<void> check_config(const text::Data& config, std::span<const ConfigKey> keys, std::string_view file)
{
    // Built only once, because a list of repositories reads a thousand configs.
    static const text::Shape global = shape_of(global_keys());
    static const text::Shape repository = shape_of(repository_keys());
    return text::check_shape(config, keys.data() == global_keys().data() ? global : repository, file);
}

} // namespace quire::store
