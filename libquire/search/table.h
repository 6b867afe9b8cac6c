// A table on disk: keys in order, each with a value, in blocks of some kilobytes.
//
// What stands in memory is the first key of each block, with the block's place and checksum. A look-up reads one block
// with pread(2), so a file that is cut off or damaged while it is read is an answer that is missing, never a signal.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/byte_codec.h"
#include "base/result.h"

namespace quire::search {

/// Writes the bytes somewhere.
using Sink = std::function<void(std::string_view bytes)>;

class TableWriter {
public:
    explicit TableWriter(Sink sink) : m_sink(std::move(sink)) {}
    /// REQUIRES: keys in ascending order.
    void add(std::string_view key, std::string_view value);
    /// Describes the blocks: what Table::read takes.
    std::string finish();

private:
    void end_block();

    Sink m_sink;
    std::string m_first;
    ByteWriter m_block, m_index;
    uint64_t m_blocks = 0;
};

class Table {
public:
    Table() = default;
    /// `offset` is where the blocks begin in the file. nullopt: it is no description, or the file is too short.
    static std::optional<Table> read(int fd, uint64_t offset, uint64_t file_size, std::string_view description);

    /// nullopt: there is none. ErrorKind::invalid: its block is damaged.
    Result<std::optional<std::string>> find(std::string_view key) const;
    /// All keys that begin with these bytes, in order, until `take` returns false. Passes over damaged blocks, and
    /// returns false if there were any.
    bool each(std::string_view prefix,
              const std::function<bool(std::string_view key, std::string_view value)>& take) const;
    size_t memory() const { return m_blocks.capacity() * sizeof(Block) + m_keys.capacity(); }
    uint64_t end() const { return m_end; } ///< where the blocks end

private:
    struct Block {
        uint64_t offset = 0, sum = 0;
        uint32_t size = 0, key = 0; ///< where its first key begins in m_keys
    };
    std::string_view first_key(size_t block) const;
    /// The last block whose first key is at most this one.
    size_t block_of(std::string_view key) const;
    bool load(size_t block, std::string& bytes) const;

    int m_fd = -1;
    uint64_t m_end = 0;
    std::vector<Block> m_blocks;
    std::string m_keys;
};

} // namespace quire::search
