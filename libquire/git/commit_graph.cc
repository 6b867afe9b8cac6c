#include "git/commit_graph.h"

#include <algorithm>
#include <cstring>
#include <iterator>

#include "base/strings.h"
#include "git/big_endian.h"
#include "sys/file.h"

namespace quire::git {

constexpr size_t id_size = GIT_OID_RAWSZ;
constexpr size_t data_size = id_size + 16;
constexpr uint32_t no_parent = 0x70000000;
constexpr uint32_t more_bit = 0x80000000;
constexpr uint32_t most_hashes = 64;

/// The chunk with that name; empty if there is none.
static std::string_view find_chunk(std::string_view file, const char* name)
{
    size_t chunks = static_cast<unsigned char>(file[6]);
    constexpr size_t header = 8, row = 12;
    for (size_t i = 0; i < chunks && header + (i + 2) * row <= file.size(); ++i) {
        size_t at = header + i * row;
        if (file.substr(at, 4) != name)
            continue;
        uint64_t begin = u64(file, at + 4), end = u64(file, at + row + 4);
        return begin <= end && end <= file.size() ? file.substr(begin, end - begin) : std::string_view();
    }
    return {};
}

bool CommitGraph::add_layer(int directory, const std::string& path)
{
    auto fd = sys::open_regular(directory, path);
    auto mapping = fd ? sys::Mapping::map(fd->get(), path) : Unexpected(std::move(fd).error());
    if (!mapping)
        return false;
    std::string_view file = mapping->content();
    // Version 1, SHA-1.
    if (file.size() < 8 + 12 || file.substr(0, 6) != std::string_view("CGPH\1\1", 6))
        return false;
    Layer layer{std::move(*mapping),
                m_size,
                0,
                find_chunk(file, "OIDF"),
                find_chunk(file, "OIDL"),
                find_chunk(file, "CDAT"),
                find_chunk(file, "EDGE"),
                find_chunk(file, "BIDX"),
                find_chunk(file, "BDAT"),
                {}};
    if (layer.fanout.size() != 1024)
        return false;
    layer.count = u32(layer.fanout, 1020);
    if (layer.count == 0 || layer.ids.size() != layer.count * id_size || layer.data.size() != layer.count * data_size)
        return false;
    if (layer.filter_ends.size() == size_t{layer.count} * 4 && layer.filters.size() >= 12) {
        layer.settings = {u32(layer.filters, 0), u32(layer.filters, 4)};
        layer.filters.remove_prefix(12);
        // git writes 7. A number without a limit could make the loop for each commit endless.
        if (layer.settings.hashes > most_hashes)
            layer.filter_ends = {};
    } else {
        layer.filter_ends = {};
    }
    m_size += layer.count;
    m_layers.push_back(std::move(layer));
    return true;
}

CommitGraph CommitGraph::open(int repository)
{
    CommitGraph graph;
    // In a shallow repository, commits may have fewer parents than the graph says.
    if (sys::exists(repository, "shallow"))
        return graph;
    const std::string chain_directory = "objects/info/commit-graphs/";
    auto chain = sys::read_file(repository, chain_directory + "commit-graph-chain", 1u << 20);
    if (!chain) {
        graph.add_layer(repository, "objects/info/commit-graph");
        return graph;
    }
    for (std::string_view line : split(*chain, '\n'))
        if (from_hex(line) && !line.empty() &&
            !graph.add_layer(repository, fmt::format("{}graph-{}.graph", chain_directory, line)))
            return {};
    return graph;
}

const CommitGraph::Layer& CommitGraph::layer_of(uint32_t position) const
{
    auto after = std::upper_bound(m_layers.begin(), m_layers.end(), position,
                                  [](uint32_t wanted, const Layer& layer) { return wanted < layer.first; });
    return *std::prev(after);
}

std::optional<uint32_t> CommitGraph::find(const git_oid& id) const
{
    for (auto layer = m_layers.rbegin(); layer != m_layers.rend(); ++layer) {
        uint32_t begin = id.id[0] == 0 ? 0 : u32(layer->fanout, (id.id[0] - 1u) * 4);
        uint32_t end = std::min(u32(layer->fanout, id.id[0] * 4u), layer->count);
        while (begin < end) {
            uint32_t middle = begin + (end - begin) / 2;
            int order = std::memcmp(layer->ids.data() + middle * id_size, id.id, id_size);
            if (order == 0)
                return layer->first + middle;
            (order < 0 ? begin : end) = order < 0 ? middle + 1 : middle;
        }
    }
    return std::nullopt;
}

git_oid CommitGraph::id(uint32_t position) const
{
    const Layer& layer = layer_of(position);
    git_oid id{};
    std::memcpy(id.id, layer.ids.data() + (position - layer.first) * id_size, id_size);
    return id;
}

void CommitGraph::read(uint32_t position, CommitNode& node) const
{
    const Layer& layer = layer_of(position);
    size_t at = (position - layer.first) * data_size;
    std::memcpy(node.tree.id, layer.data.data() + at, id_size);
    node.parents.clear();
    auto add = [&](uint32_t parent) {
        if (parent < m_size)
            node.parents.push_back(parent);
    };
    uint32_t first = u32(layer.data, at + id_size), second = u32(layer.data, at + id_size + 4);
    if (first != no_parent)
        add(first);
    if (second != no_parent && (second & more_bit) == 0) {
        add(second);
    } else if (second != no_parent) {
        for (size_t edge = size_t{second & ~more_bit} * 4; edge + 4 <= layer.edges.size(); edge += 4) {
            uint32_t parent = u32(layer.edges, edge);
            add(parent & ~more_bit);
            if ((parent & more_bit) != 0)
                break;
        }
    }
    uint64_t packed = u64(layer.data, at + id_size + 8);
    node.generation = static_cast<uint32_t>(packed >> 34);
    node.when = static_cast<int64_t>(packed & ((uint64_t{1} << 34) - 1));
}

bool CommitGraph::may_have_changed(uint32_t position, const PathKey& key) const
{
    const Layer& layer = layer_of(position);
    if (layer.filter_ends.empty())
        return true;
    uint32_t index = position - layer.first;
    size_t begin = index == 0 ? 0 : u32(layer.filter_ends, (index - 1u) * 4), end = u32(layer.filter_ends, index * 4u);
    if (begin > end || end > layer.filters.size())
        return true;
    return may_hold(layer.filters.substr(begin, end - begin), layer.settings, key);
}

} // namespace quire::git
