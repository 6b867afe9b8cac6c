#include "history/ladder.h"

#include "history/moved_lines.h"

namespace quire::history {

std::optional<Rung> rung_before(const git::Repository& repository, KnownVersions& known, const Blame& blame,
                                uint32_t line, const Patience& patience)
{
    const Blame::Span& span = *blame.at(line);
    const Blame::Origin& origin = blame.origins[span.origin];
    const std::string& path = blame.paths[origin.path];
    uint32_t offset = line - span.first;
    if (origin.is_open) // the walk ended here for want of time
        return Rung{origin.commit, path, span.line + offset};
    if (span.before != no_line)
        return Rung{origin.parent, blame.paths[origin.parent_path], line_before(span, line)};
    Lineage lineage(repository, known, patience);
    auto version = lineage.version_at(origin.commit, path);
    if (!version)
        return std::nullopt;
    auto moved = find_moved_lines(lineage, *version, span.line + offset, span.count - offset, patience);
    return moved ? std::optional(Rung{moved->parent, moved->path, moved->line}) : std::nullopt;
}

} // namespace quire::history
