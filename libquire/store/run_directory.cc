#include "store/run_directory.h"

#include <algorithm>

#include "base/strings.h"
#include "sys/file.h"

namespace quire::store {

static Result<std::vector<uint64_t>> all_numbers(int runs)
{
    std::vector<uint64_t> numbers;
    for (const std::string& name : TRY(sys::list_directory(runs, ".")))
        if (auto number = parse_decimal(name))
            numbers.push_back(*number);
    std::sort(numbers.rbegin(), numbers.rend());
    return numbers;
}

/// The number after that of the newest run.
static Result<uint64_t> peek_next(int runs)
{
    auto text = sys::read_file(runs, paths::runs_next, 32);
    auto number = text && text->ends_with('\n') ? parse_decimal(trim(*text)) : std::nullopt;
    if (!number || *number == 0) {
        std::vector<uint64_t> numbers = TRY(all_numbers(runs));
        return numbers.empty() ? 1 : numbers[0] + 1;
    }
    // The creator of the last runs may have died before it wrote the number back.
    uint64_t next = *number;
    while (sys::exists(runs, std::to_string(next)))
        ++next;
    return next;
}

Result<std::vector<uint64_t>> newest_runs(int runs, size_t limit, uint64_t before)
{
    std::vector<uint64_t> numbers;
    uint64_t next = TRY(peek_next(runs));
    if (before == 0 || before > next)
        before = next;
    // Pruned runs leave gaps. After many misses in a row, listing the existing names is cheaper.
    constexpr uint64_t most_misses = 1000;
    uint64_t misses = 0;
    for (uint64_t number = before; number > 1 && numbers.size() < limit && misses < most_misses;) {
        --number;
        bool is_there = sys::exists(runs, std::to_string(number));
        if (is_there)
            numbers.push_back(number);
        misses = is_there ? 0 : misses + 1;
    }
    if (misses < most_misses)
        return numbers;
    numbers = TRY(all_numbers(runs));
    std::erase_if(numbers, [&](uint64_t number) { return number >= before; });
    numbers.resize(std::min(numbers.size(), limit));
    return numbers;
}

Result<RunRecord> read_run_record_in(int runs, const RepoName& repo, uint64_t number)
{
    UniqueFd directory = TRY(sys::open_directory(runs, std::to_string(number)));
    return read_run_record(directory.get(), repo, paths::run(repo, number));
}

} // namespace quire::store
