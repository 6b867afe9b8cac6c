#include "push/ask_config.h"

#include "base/strings.h"
#include "sys/process.h"
#include "sys/self.h"
#include "text/json.h"

namespace quire::push {

static Result<text::Data> ask(const std::string& root, const std::string& name, std::string_view file)
{
    constexpr int64_t patience = 10 * nanoseconds_per_second;
    std::vector<std::string> argv{TRY(sys::program_directory()) + "/quire", "--root", root, "config", "get", "--json"};
    if (!name.empty())
        argv.push_back("~/" + name); // otherwise a repository called "url" would be taken for the setting
    auto answer = sys::run({.argv = argv}, {.limit = text::max_json_bytes, .timeout = patience});
    if (!answer)
        return with_context(std::move(answer).error(), file);
    if (answer->status != 0) {
        std::string_view said = trim(answer->err);
        strip_prefix(said, "quire: ");
        return fail(ErrorKind::invalid, "{}",
                    said.empty() ? fmt::format("{} can't be evaluated", file) : std::string(said));
    }
    return text::read_json(trim(answer->out), file);
}

store::ConfigEvaluator config_asker(const store::Root& root, std::optional<store::RepoName> name)
{
    return [root = root.path(), name = name ? name->str() : ""](std::string_view, std::string_view file) {
        return ask(root, name, file);
    };
}

} // namespace quire::push
