// write_log BYTES DIRECTORY NAME: a command's log of at least that size and its index, made by quire-ci's own
// LogWriter, always the same: lines of a compiler's length, every tenth one coloured.
#include <fcntl.h>

#include <cstdio>

#include "base/strings.h"
#include "ci/logs/log_writer.h"
#include "sys/file.h"

using namespace quire;

static Result<uint64_t> write_log(uint64_t bytes, const std::string& directory, const std::string& name)
{
    constexpr size_t around_text = 41;
    UniqueFd where = TRY(sys::open_at(AT_FDCWD, directory, O_RDONLY | O_DIRECTORY));
    ci::LogBudget budget(bytes + (64u << 20));
    ci::LogWriter log = TRY(ci::LogWriter::create(where.get(), name, budget));
    uint64_t written = 0;
    Instant at = parse_instant("2026-11-21T12:00:00Z").value_or(0);
    for (uint64_t i = 1; written < bytes; ++i) {
        std::string line =
            fmt::format("[{}] compiling part {}/file {}{}.c: {:-<{}}\n", i, i % 40, i % 10 == 0 ? "\x1b[1;32m" : "",
                        i % 500, i % 10 == 0 ? "\x1b[0m" : "", i % 90 + 1);
        written += line.size() - 1 + around_text;
        at += 1'000'000;
        log.write(ci::Stream::out, line, at);
    }
    log.finish(at);
    if (log.error())
        return Unexpected(*log.error());
    return log.entries();
}

int main(int count, char** arguments)
{
    auto bytes = count == 4 ? parse_decimal(arguments[1]) : std::nullopt;
    if (!bytes) {
        std::fprintf(stderr, "usage: write_log BYTES DIRECTORY NAME\n");
        return 100;
    }
    auto entries = write_log(*bytes, arguments[2], arguments[3]);
    if (!entries) {
        std::fprintf(stderr, "write_log: %s\n", entries.error().message.c_str());
        return 111;
    }
    std::printf("%llu\n", static_cast<unsigned long long>(*entries));
    return 0;
}
