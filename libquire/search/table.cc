#include "search/table.h"

#include <algorithm>

#include "search/checksum.h"
#include "sys/file.h"

namespace quire::search {

constexpr size_t block_size = 4096;
constexpr uint64_t largest_block = 64u << 20;
constexpr uint64_t longest_key = 4096;

void TableWriter::add(std::string_view key, std::string_view value)
{
    if (m_block.size() == 0)
        m_first = key;
    m_block.text(key);
    m_block.text(value);
    if (m_block.size() >= block_size)
        end_block();
}

void TableWriter::end_block()
{
    if (m_block.size() == 0)
        return;
    std::string bytes = m_block.take();
    m_block = ByteWriter();
    m_index.text(m_first);
    m_index.number(bytes.size());
    m_index.fixed(checksum(bytes));
    ++m_blocks;
    m_sink(bytes);
}

std::string TableWriter::finish()
{
    end_block();
    ByteWriter head;
    head.number(m_blocks);
    head.raw(m_index.take());
    return head.take();
}

std::optional<Table> Table::read(int fd, uint64_t offset, uint64_t file_size, std::string_view description)
{
    Table table;
    table.m_fd = fd;
    ByteReader in(description);
    uint64_t count = in.number(description.size()); // a block takes at least a byte here
    if (in.is_good())
        table.m_blocks.reserve(count);
    for (; count > 0 && in.is_good(); --count) {
        Block block{.offset = offset, .key = static_cast<uint32_t>(table.m_keys.size())};
        std::string_view key = in.text();
        block.size = static_cast<uint32_t>(in.number(largest_block));
        block.sum = in.fixed();
        offset += block.size;
        bool is_ordered = table.m_blocks.empty() || table.first_key(table.m_blocks.size() - 1) < key;
        if (!in.is_good() || offset > file_size || key.size() > longest_key || !is_ordered)
            return std::nullopt;
        table.m_keys += key;
        table.m_blocks.push_back(block);
    }
    table.m_keys.shrink_to_fit();
    table.m_end = offset;
    return in.is_good() && in.is_at_end() ? std::optional(std::move(table)) : std::nullopt;
}

std::string_view Table::first_key(size_t block) const
{
    size_t begin = m_blocks[block].key;
    size_t end = block + 1 < m_blocks.size() ? m_blocks[block + 1].key : m_keys.size();
    return std::string_view(m_keys).substr(begin, end - begin);
}

size_t Table::block_of(std::string_view key) const
{
    size_t low = 0, high = m_blocks.size();
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (first_key(middle) <= key)
            low = middle + 1;
        else
            high = middle;
    }
    return low == 0 ? 0 : low - 1;
}

bool Table::load(size_t block, std::string& bytes) const
{
    bytes.resize(m_blocks[block].size);
    auto size = sys::read_into(m_fd, m_blocks[block].offset, bytes.data(), bytes.size());
    return size && *size == bytes.size() && checksum(bytes) == m_blocks[block].sum;
}

Result<std::optional<std::string>> Table::find(std::string_view key) const
{
    std::optional<std::string> found;
    std::string bytes;
    size_t block = block_of(key);
    if (block >= m_blocks.size())
        return found;
    if (!load(block, bytes))
        return fail(ErrorKind::invalid, "a block of the index is damaged");
    for (ByteReader in(bytes); in.is_good() && !in.is_at_end();) {
        std::string_view here = in.text(), value = in.text();
        if (here == key && in.is_good())
            found = value;
        if (here >= key)
            break;
    }
    return found;
}

bool Table::each(std::string_view prefix,
                 const std::function<bool(std::string_view key, std::string_view value)>& take) const
{
    std::string bytes;
    bool is_whole = true;
    for (size_t block = block_of(prefix); block < m_blocks.size(); ++block) {
        if (!load(block, bytes)) {
            is_whole = false;
            continue;
        }
        for (ByteReader in(bytes); in.is_good() && !in.is_at_end();) {
            std::string_view key = in.text(), value = in.text();
            bool is_past = key > prefix && !key.starts_with(prefix);
            if (!in.is_good())
                break;
            if (is_past || (key.starts_with(prefix) && !take(key, value)))
                return is_whole;
        }
    }
    return is_whole;
}

} // namespace quire::search
