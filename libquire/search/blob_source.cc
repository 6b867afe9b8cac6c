#include "search/blob_source.h"

#include "git/git.h"
#include "git/head.h"
#include "git/object_reader.h"
#include "sys/file.h"
#include "sys/output.h"

namespace quire::search {

Result<void> BlobSource::read(std::vector<std::string> arguments, const std::string& input,
                              const std::function<bool(std::string_view block)>& take) const
{
    sys::Command command{.environment = git::repository_environment(), .directory = m_repository};
    command.argv = {"git"};
    command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
    UniqueFd requests = TRY(sys::memory_file(input));
    command.input = requests.get();
    sys::Outcome outcome = TRY(sys::read_output(command, m_patience, take));
    if (outcome.ended == sys::Ended::by_time)
        return fail(ErrorKind::busy, "git {} takes too long", arguments[0]);
    if (outcome.ended == sys::Ended::by_itself && outcome.status != 0)
        return fail(ErrorKind::system, "git {} ended with {}", arguments[0], outcome.status);
    return {};
}

/// Collects the output up to a separator, however it is cut into blocks. A record that is longer than any honest one
/// is dropped.
static std::function<bool(std::string_view)> by_record(char separator, std::function<bool(std::string_view)> take)
{
    constexpr size_t longest = 1u << 20;
    return [separator, take = std::move(take), record = std::string()](std::string_view block) mutable {
        for (size_t end; (end = block.find(separator)) != std::string_view::npos; block.remove_prefix(end + 1)) {
            record += block.substr(0, end);
            bool goes_on = record.size() > longest || take(record);
            record.clear();
            if (!goes_on)
                return false;
        }
        if (record.size() <= longest)
            record += block;
        return true;
    };
}

Result<std::vector<std::string>> BlobSource::tips(const UpdateLimits& limits) const
{
    std::vector<std::string> found;
    auto add = by_record('\n', [&](std::string_view id) {
        found.emplace_back(id);
        return true;
    });
    std::string format = "--format=%(objectname)";
    if (std::string head = TRY(git::head_ref(m_repository)); !head.empty())
        TRY(read({"for-each-ref", format, "--", head}, "", add));
    for (auto [count, below] : {std::pair(limits.branches, "refs/heads"), std::pair(limits.tags, "refs/tags")})
        TRY(read({"for-each-ref", format, "--sort=-creatordate", fmt::format("--count={}", count), "--", below}, "",
                 add));
    return found;
}

Result<void> BlobSource::each_file(const std::string& tip, size_t most,
                                   const std::function<void(const BlobId& id, std::string_view path)>& take) const
{
    size_t count = 0;
    // "<mode> <type> <id>\t<path>"
    auto record = by_record('\0', [&](std::string_view entry) {
        std::string_view mode = take_until(entry, ' '), type = take_until(entry, ' ');
        auto id = BlobId::parse(take_until(entry, '\t'));
        constexpr std::string_view link = "120000";
        if (id && type == "blob" && mode != link)
            take(*id, entry);
        return ++count < most;
    });
    return read({"ls-tree", "-r", "-z", "--full-tree", "--end-of-options", tip}, "", record);
}

static std::string requests_for(const std::vector<BlobId>& ids)
{
    std::string requests;
    for (const BlobId& id : ids)
        requests += to_hex(id.view()) + "\n";
    return requests;
}

Result<std::vector<std::optional<uint64_t>>> BlobSource::sizes(const std::vector<BlobId>& ids) const
{
    std::vector<std::optional<uint64_t>> found;
    TRY(read({"cat-file", "--batch-check=%(objecttype) %(objectsize)", "--buffer"}, requests_for(ids),
             by_record('\n', [&](std::string_view line) {
                 std::string_view rest = line;
                 bool is_blob = take_until(rest, ' ') == "blob";
                 found.push_back(is_blob ? parse_decimal(rest) : std::nullopt);
                 return true;
             })));
    found.resize(ids.size());
    return found;
}

Result<void> BlobSource::contents(const std::vector<BlobId>& ids,
                                  const std::function<Result<void>(size_t index, std::string_view content)>& take) const
{
    Result<void> taken;
    std::string buffer;
    size_t index = 0;
    // "<size>\n<content>\n", or "<id> missing\n"
    TRY(read({"cat-file", "--batch=%(objectsize)", "--buffer"}, requests_for(ids), [&](std::string_view block) {
        buffer += block;
        std::string_view rest = buffer;
        while (taken && index < ids.size()) {
            size_t end = rest.find('\n');
            if (end == std::string_view::npos)
                break;
            auto size = parse_decimal(rest.substr(0, end));
            if (size && rest.size() - end - 1 <= *size)
                break;
            if (size)
                taken = take(index, rest.substr(end + 1, *size));
            rest.remove_prefix(size ? end + *size + 2 : end + 1);
            ++index;
        }
        buffer.erase(0, buffer.size() - rest.size());
        return taken.has_value();
    }));
    return taken;
}

} // namespace quire::search
