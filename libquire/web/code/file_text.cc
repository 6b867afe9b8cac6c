#include "web/code/file_text.h"

#include "sys/output.h"
#include "text/encoding.h"
#include "web/budget/costly.h"
#include "web/budget/git_command.h"

namespace quire::web {

/// Larger files are read from a pipe.
constexpr uint64_t max_in_memory = 1u << 20;

constexpr uint64_t max_counted = 16u << 20;

static Result<Stretch> read_large(const Visit& visit, const git_oid& blob, uint64_t size, uint64_t first,
                                  std::string_view name)
{
    CostlyPlace place = TRY(CostlyPlace::take(visit.request));
    // Of what is read within moments the lines are counted, too.
    bool counts = size <= max_counted && !visit.site.caches().line_counts.find(git::to_string(blob));
    StretchReader reader(first, counts ? StretchReader::Until::end : StretchReader::Until::stretch, {},
                         std::string(name));
    // git streams a blob above this threshold, rather than unpacking it into memory first.
    sys::Command command =
        git_command(*visit.repository, {"-c", "core.bigFileThreshold=1m", "cat-file", "blob", git::to_string(blob)});
    sys::Outcome outcome = TRY(sys::read_output(std::move(command), costly_patience(visit.request),
                                                [&](std::string_view block) { return reader.take(block); }));
    if (outcome.ended == sys::Ended::by_time)
        return fail(ErrorKind::busy, "{}: takes too long to read", git::to_string(blob));
    if (outcome.ended == sys::Ended::by_itself && outcome.status != 0)
        return fail(ErrorKind::system, "git cat-file of {} ended with {}", git::to_string(blob), outcome.status);
    return reader.finish(outcome.ended == sys::Ended::by_itself);
}

Result<Stretch> read_file_text(const Visit& visit, const git::Repository& repository, const git_oid& blob,
                               uint64_t size, uint64_t first, std::string_view name)
{
    if (size <= max_in_memory) {
        text::Decoded content = text::decode_text(TRY(repository.blob(blob, max_in_memory)));
        StretchReader reader(first, StretchReader::Until::end, {}, std::string(name));
        Stretch stretch = reader.finish(reader.take(content.text));
        stretch.encoding = content.encoding;
        return stretch;
    }
    auto& counts = visit.site.caches().line_counts;
    Stretch stretch = TRY(read_large(visit, blob, size, first, name));
    if (stretch.total)
        counts.keep(git::to_string(blob), {*stretch.total, sizeof(uint64_t)});
    else if (auto known = counts.find(git::to_string(blob)))
        stretch.total = *known;
    return stretch;
}

} // namespace quire::web
