#include "history/blame.h"

#include <algorithm>

#include "history/blame_walk.h"
#include "history/kept_blames.h"
#include "history/renamed_file.h"

namespace quire::history {

const Blame::Span* Blame::at(uint32_t line) const
{
    auto behind = std::upper_bound(spans.begin(), spans.end(), line,
                                   [](uint32_t wanted, const Span& span) { return wanted < span.first; });
    if (behind == spans.begin())
        return nullptr;
    const Span& span = *(behind - 1);
    return line - span.first < span.count ? &span : nullptr;
}

uint32_t line_before(const Blame::Span& span, uint32_t line)
{
    return span.before + std::min(line - span.first, span.before_count - 1);
}

Result<Blame> blame(const git::Repository& repository, const git_oid& commit, const std::string& path,
                    const BlameOptions& options)
{
    KnownVersions own;
    Lineage lineage(repository, options.known ? *options.known : own, options.patience);
    auto version = lineage.version_at(commit, path);
    if (!version && options.patience.is_over())
        return fail(ErrorKind::busy, "{}: blame takes too long", path);
    if (!version)
        return fail(ErrorKind::not_found, "{} has no file '{}'", git::to_string(commit), path);
    if (options.kept)
        if (auto kept = options.kept->find(version->commit, path, options.ignored))
            return *kept;
    auto object = repository.objects().read(version->blob, GIT_OBJECT_BLOB, max_file_bytes);
    if (!object)
        return std::move(object).error().kind == ErrorKind::refused
                   ? fail(ErrorKind::refused, "{} is larger than what blame takes", path)
                   : fail(ErrorKind::not_found, "{}: its content is not here", path);
    std::string_view content = object->content();
    auto lines = std::count(content.begin(), content.end(), '\n') + (!content.empty() && content.back() != '\n');
    Blame found = BlameWalk(lineage, options).run(*version, static_cast<uint32_t>(lines));
    if (options.kept && found.is_lasting)
        options.kept->keep(path, options.ignored, found);
    return found;
}

} // namespace quire::history
