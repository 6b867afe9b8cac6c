#include "ci/executors/image_pull.h"

#include <algorithm>

#include "ci/executors/containers.h"
#include "ci/executors/dockerfile.h"
#include "sys/process.h"

namespace quire::ci {

bool uses_dockerfile(const Pipeline& pipeline)
{
    auto has_none = [](const Job& job) { return job.image.empty(); };
    return pipeline.image.empty() && std::any_of(pipeline.jobs.begin(), pipeline.jobs.end(), has_none);
}

std::vector<std::string> images_of(const Pipeline& pipeline, const ImageContext* dockerfile)
{
    std::vector<std::string> images;
    auto add = [&](const std::string& image) {
        if (!image.empty() && std::find(images.begin(), images.end(), image) == images.end())
            images.push_back(image);
    };
    for (const Job& job : pipeline.jobs)
        add(job.image.empty() ? pipeline.image : job.image);
    if (!dockerfile || !uses_dockerfile(pipeline))
        return images;
    for (const ImageContext::File& file : dockerfile->files)
        if (file.path == "Dockerfile")
            for (const std::string& image : images_of_dockerfile(file.content))
                add(image);
    return images;
}

bool has_image(const std::string& engine, const std::string& image)
{
    auto told = sys::run(
        {.argv = {engine, "image", "inspect", "--format", "{{.Id}}", image}, .environment = engine_environment()});
    return told && told->status == 0;
}

Result<void> pull_image(const std::string& engine, const std::string& image)
{
    if (image.starts_with('-'))
        return fail(ErrorKind::invalid, "this is no name of an image");
    if (image.find('$') != std::string::npos)
        return fail(ErrorKind::invalid, "only building it tells what the variable is");
    sys::Output told = TRY(sys::run({.argv = {engine, "pull", "--quiet", image}, .environment = engine_environment()}));
    if (told.status == 0)
        return {};
    std::string words = engine_words(told.err);
    return fail(ErrorKind::system, "{}", words.empty() ? fmt::format("{} ended with {}", engine, told.status) : words);
}

} // namespace quire::ci
