#include "push/mirror_gate.h"

#include <algorithm>

#include "base/strings.h"
#include "store/mirror.h"
#include "sys/process.h"
#include "sys/self.h"
#include "text/escape.h"

namespace quire::push {

constexpr int64_t good_news_last = 60 * nanoseconds_per_second;
constexpr int64_t bad_news_last = 10 * nanoseconds_per_second;
constexpr int64_t patience = 20 * nanoseconds_per_second;

static bool is_fresh(const store::MirrorStatus& status, int64_t lasts)
{
    Instant at = now();
    return status.checked_at != 0 && status.checked_at <= at && status.checked_at > at - lasts;
}

static std::string refusal(const Context& context, std::string_view why)
{
    return fmt::format("{}; nothing was pushed. To push all the same: quire config set {} accept-without-mirror true",
                       text::for_terminal(why), context.repo.str());
}

std::optional<std::string> refusal_by_mirrors(const Context& context, const store::RepositoryConfig& config)
{
    if (config.accept_without_mirror)
        return std::nullopt;
    auto mirrors = store::list_mirrors(context.repository.get());
    if (!mirrors)
        return refusal(context, mirrors.error().message);
    bool all_well = true;
    for (const store::Mirror& mirror : *mirrors) {
        const store::MirrorStatus& status = mirror.status;
        if (!status.is_reachable && is_fresh(status, bad_news_last))
            return refusal(context, fmt::format("mirror {} can't be reached: {}", mirror.name, status.reason));
        all_well &= status.is_reachable && is_fresh(status, good_news_last);
    }
    if (all_well) // or there is none
        return std::nullopt;
    auto programs = sys::program_directory();
    if (!programs)
        return refusal(context, programs.error().message);
    sys::Command command{
        .argv = {*programs + "/quire", "--root", context.root.path(), "probe-mirrors", "--", context.repo.str()}};
    auto probed = sys::run(command, {.limit = 1u << 20, .timeout = patience});
    if (!probed)
        return refusal(context, fmt::format("the mirrors can't be reached: {}", probed.error().message));
    if (probed->status == 0)
        return std::nullopt;
    std::string_view said = trim(probed->err);
    said = said.substr(said.rfind('\n') + 1);
    strip_prefix(said, "quire: ");
    return refusal(context, said.empty() ? "the mirrors can't be reached" : said);
}

} // namespace quire::push
