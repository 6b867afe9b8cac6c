#include "history/path_index.h"

#include <endian.h>

#include <algorithm>
#include <cstring>

#include "base/sha256.h"
#include "base/strings.h"
#include "history/open_index.h"
#include "store/path_index.h"

namespace quire::history {

constexpr size_t fanout_bytes = 256 * sizeof(uint32_t);
constexpr size_t digest_bytes = sizeof(PathDigest);

uint32_t number_at(std::string_view bytes, size_t index)
{
    uint32_t number = 0;
    std::memcpy(&number, bytes.data() + index * sizeof number, sizeof number);
    return le32toh(number);
}

void append_number(std::string& bytes, uint32_t number)
{
    uint32_t little = htole32(number);
    bytes.append(reinterpret_cast<const char*>(&little), sizeof little);
}

PathDigest digest_of_path(std::string_view path)
{
    Sha256 hash;
    hash.update(path);
    std::string whole = hash.finish();
    PathDigest digest{};
    std::memcpy(digest.data(), whole.data(), digest.size());
    return digest;
}

Result<PathIndex> PathIndex::open(int runs) { return open_index<PathIndex>(runs, store::paths::path_index); }

/// A line "quire-paths 1 <commits> <paths> <facts> <extent>", then: how many ids begin with a byte or a lesser one, for
/// each byte; the ids, sorted; a bit for each, which says that it was skipped; the digests of paths, sorted; where the
/// facts of each end; the facts, for each path by commit.
bool PathIndex::parse()
{
    std::string_view rest = m_file.content();
    std::string_view first = take_until(rest, '\n');
    if (!strip_prefix(first, path_index_mark) || !strip_prefix(first, " "))
        return false;
    constexpr uint64_t most = UINT32_MAX >> parent_bits;
    auto commits = parse_decimal(take_until(first, ' '));
    auto paths = parse_decimal(take_until(first, ' '));
    auto facts = parse_decimal(take_until(first, ' '));
    if (!commits || !paths || !facts || *commits > most || *paths > most || *facts > most || first.size() != 1)
        return false;
    m_extent = static_cast<Extent>(first[0]);
    m_commits = static_cast<uint32_t>(*commits);
    m_paths = static_cast<uint32_t>(*paths);
    auto take = [&](std::string_view& part, size_t bytes) {
        part = rest.substr(0, bytes);
        rest.remove_prefix(part.size());
        return part.size() == bytes;
    };
    return take(m_fanout, fanout_bytes) && take(m_ids, *commits * GIT_OID_RAWSZ) &&
           take(m_skipped, (*commits + 7) / 8) && take(m_digests, *paths * digest_bytes) &&
           take(m_ends, *paths * sizeof(uint32_t)) && take(m_facts, *facts * fact_bytes) && rest.empty();
}

std::optional<uint32_t> PathIndex::number_of(const git_oid& commit) const
{
    uint32_t begin = commit.id[0] == 0 ? 0 : number_at(m_fanout, commit.id[0] - 1u);
    uint32_t end = std::min(number_at(m_fanout, commit.id[0]), m_commits);
    while (begin < end) {
        uint32_t middle = begin + (end - begin) / 2;
        int order = std::memcmp(m_ids.data() + size_t{middle} * GIT_OID_RAWSZ, commit.id, GIT_OID_RAWSZ);
        if (order == 0)
            return middle;
        (order < 0 ? begin : end) = order < 0 ? middle + 1 : middle;
    }
    return std::nullopt;
}

bool PathIndex::is_skipped(uint32_t commit) const
{
    return (static_cast<unsigned char>(m_skipped[commit / 8]) >> (commit % 8) & 1u) != 0;
}

PathDigest PathIndex::digest(uint32_t path) const
{
    PathDigest digest{};
    std::memcpy(digest.data(), m_digests.data() + path * digest_bytes, digest_bytes);
    return digest;
}

std::string_view PathIndex::facts(uint32_t path) const
{
    size_t begin = path == 0 ? 0 : number_at(m_ends, path - 1u), end = number_at(m_ends, path);
    if (begin > end || end * fact_bytes > m_facts.size())
        return {};
    return m_facts.substr(begin * fact_bytes, (end - begin) * fact_bytes);
}

PathIndex::Path PathIndex::path(std::string_view path) const
{
    PathDigest wanted = digest_of_path(path);
    uint32_t begin = 0, end = m_paths;
    while (begin < end) {
        uint32_t middle = begin + (end - begin) / 2;
        if (digest(middle) < wanted)
            begin = middle + 1;
        else
            end = middle;
    }
    return {*this, begin < m_paths && digest(begin) == wanted ? facts(begin) : std::string_view()};
}

std::optional<uint32_t> PathIndex::Path::same_parent(const git_oid& commit) const
{
    auto number = m_index->number_of(commit);
    if (!number || m_index->is_skipped(*number))
        return std::nullopt;
    size_t begin = 0, end = m_facts.size() / fact_bytes;
    while (begin < end) {
        size_t middle = begin + (end - begin) / 2;
        uint32_t fact = number_at(m_facts, middle);
        if (fact >> parent_bits == *number)
            return fact & most_parents;
        (fact >> parent_bits < *number ? begin : end) = fact >> parent_bits < *number ? middle + 1 : middle;
    }
    return 1;
}

} // namespace quire::history
