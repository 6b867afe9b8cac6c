// quire-ci pull: fetches the images of a pipeline ahead.
#include "ci/executors/image_pull.h"

#include <fcntl.h>

#include <optional>

#include "base/log.h"
#include "ci/executors/containers.h"
#include "ci/executors/image_use.h"
#include "ci/run/checkout_copy.h"
#include "sys/file.h"
#include "text/escape.h"
#include "verbs.h"

namespace quire::ci_tool {

/// Prints its line. Returns whether the engine has the image now.
static Result<bool> pull(const std::string& engine, const std::string& image)
{
    std::string shown = text::for_terminal(image);
    if (!image.starts_with('-') && ci::has_image(engine, image)) {
        TRY(cli::print(fmt::format("{}: already there\n", shown)));
        return true;
    }
    auto pulled = ci::pull_image(engine, image);
    TRY(cli::print(
        pulled ? fmt::format("{}: fetched\n", shown)
               : fmt::format("{}: could not be fetched: {}\n", shown, text::for_terminal(pulled.error().message))));
    return pulled.has_value();
}

Result<int> verb_pull(const cli::Options& options)
{
    auto program = TRY(load(options));
    if (!program->diagnostics().empty())
        return print_diagnostics(*program);
    std::optional<ci::ImageContext> dockerfile;
    if (program->has_dockerfile() && ci::uses_dockerfile(program->pipeline())) {
        std::string path = options.operands().empty() ? ci::nearest_pipeline() : options.operands()[0];
        UniqueFd checkout = TRY(sys::open_directory(AT_FDCWD, path));
        dockerfile = TRY(ci::read_image_context(checkout.get()));
    }
    std::vector<std::string> images = ci::images_of(program->pipeline(), dockerfile ? &*dockerfile : nullptr);
    if (images.empty() && !dockerfile) {
        TRY(cli::print("the pipeline names no image\n"));
        return cli::exit_yes;
    }
    std::string engine = TRY(ci::find_engine(options.value("engine").value_or("")));
    bool has_all = true;
    for (const std::string& image : images)
        has_all &= TRY(pull(engine, image));
    // An image of before that a person wants to have ready is in use.
    std::string cache = cache_directory(options);
    if (dockerfile && !cache.empty() && ci::has_image(engine, dockerfile->tag))
        ci::note_image_use(cache + "/images", dockerfile->tag);
    return has_all ? cli::exit_yes : cli::exit_no;
}

} // namespace quire::ci_tool
