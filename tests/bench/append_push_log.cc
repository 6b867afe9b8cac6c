// What the chain adds to a push: the same records appended in turn to a plain file and to a push log, each durable.
// append_push_log DIRECTORY COUNT [EARLIER]: two logs in DIRECTORY that hold EARLIER records already.

#include <algorithm>
#include <vector>

#include "base/strings.h"
#include "store/push_log.h"
#include "store/root.h"
#include "sys/file.h"
#include "sys/lock.h"

#include <fmt/format.h>

using namespace quire;

static store::PushLogEntry entry(uint64_t number)
{
    return {now(),
            fmt::format("5e2cd803-9802-{}", number),
            "alice",
            "refs/heads/main",
            std::string(40, 'a'),
            std::string(40, 'b'),
            false};
}

/// What a push log without a chain does.
static Result<void> append_plainly(int directory, std::string_view line)
{
    UniqueFd file = TRY(sys::open_at(directory, "plain.jsonl", O_RDWR | O_APPEND | O_CREAT, 0640));
    sys::FileLock lock = TRY(sys::FileLock::adopt(std::move(file), "plain.jsonl"));
    TRY(sys::write_all(lock.fd(), line));
    return sys::sync_data(lock.fd(), "plain.jsonl");
}

static double median(std::vector<int64_t>& times)
{
    std::sort(times.begin(), times.end());
    return static_cast<double>(times[times.size() / 2]) / 1000;
}

static Result<void> measure(const std::string& path, uint64_t count, uint64_t earlier)
{
    UniqueFd directory = TRY(sys::open_directory(AT_FDCWD, path));
    std::vector<store::PushLogEntry> many;
    for (uint64_t i = 0; i < earlier; ++i)
        many.push_back(entry(i));
    TRY(store::append_push_log(directory.get(), many));
    std::string line = TRY(sys::read_file(directory.get(), store::paths::push_log, size_t{1} << 30));
    line.resize(line.find('\n') + 1);
    std::vector<int64_t> plain, chained;
    for (uint64_t i = 0; i < count; ++i) {
        int64_t begin = monotonic_now();
        TRY(append_plainly(directory.get(), line));
        int64_t middle = monotonic_now();
        TRY(store::append_push_log(directory.get(), {entry(i)}));
        plain.push_back(middle - begin);
        chained.push_back(monotonic_now() - middle);
    }
    double without = median(plain), with = median(chained);
    fmt::print("{:>10} earlier records: {:8.1f} µs without a chain, {:8.1f} µs with one: {:.1f} µs more\n", earlier,
               without, with, with - without);
    return {};
}

int main(int argc, char** argv)
{
    auto count = parse_decimal(argc > 2 ? argv[2] : "");
    auto earlier = parse_decimal(argc > 3 ? argv[3] : "1");
    if (!count || *count == 0 || !earlier || *earlier == 0)
        return 100;
    auto measured = measure(argv[1], *count, *earlier);
    if (!measured)
        fmt::print(stderr, "append_push_log: {}\n", measured.error().message);
    return measured ? 0 : 111;
}
