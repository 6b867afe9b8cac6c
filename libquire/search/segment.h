// A segment: a file of the search index with the texts of some blobs, the trigrams and symbols in them, and checksums
// of all that. It is written once, by SegmentWriter, and never changed.
//
//   "quire search 3\n", the texts, the blocks of two tables (table.h), a directory, and 32 bytes that say where the
//   directory is and whether all of it has arrived
//
// The directory is read and checked as a whole; everything else is checked when it is read. A reader uses pread(2), so
// a file that is damaged or cut off under it is an error. Several threads may read one segment.
#pragma once

#include <memory>

#include "base/unique_fd.h"
#include "search/blob_id.h"
#include "search/symbol.h"
#include "search/table.h"
#include "search/trigrams.h"
#include "sys/atomic_file.h"

namespace quire::search {

/// Larger files are not searched.
constexpr uint64_t largest_text = 8u << 20;

class Segment {
public:
    /// What is known of a blob.
    enum class State : uint8_t { text, binary, too_large };
    struct Doc {
        BlobId id;
        State state = State::text;
        uint32_t size = 0;
        uint64_t offset = 0, sum = 0;
    };

    /// ErrorKind::invalid: it is damaged, or of another version.
    static Result<std::shared_ptr<const Segment>> open(int directory, const std::string& name);

    const std::vector<Doc>& docs() const { return m_docs; }
    std::optional<uint32_t> find(const BlobId& id) const;
    /// Reads a text into `text`; false: it is damaged.
    bool read(uint32_t doc, std::string& text) const;
    /// The texts that may fulfil the need; all of them where the index is damaged.
    DocSet candidates(const Need& need) const;
    /// Where a name is defined, in any text. Damage leaves out what it hit.
    std::vector<SymbolPlace> symbols(std::string_view name) const;
    /// The symbols of each text.
    std::vector<std::vector<Symbol>> all_symbols() const;
    /// Whether every byte is as it was written.
    bool is_sound() const;

    uint64_t text_bytes() const { return m_text_bytes; }
    uint64_t file_bytes() const { return m_file_bytes; }
    size_t memory() const;

private:
    Result<void> read_directory(std::string_view directory, uint64_t offset);

    UniqueFd m_fd;
    std::vector<Doc> m_docs;
    std::vector<uint32_t> m_by_id; ///< numbers of docs, by their ids
    Table m_trigrams, m_symbols;
    uint64_t m_text_bytes = 0, m_file_bytes = 0;
};

/// Writes a segment under a temporary name, which commit() makes its own.
class SegmentWriter {
public:
    static Result<std::unique_ptr<SegmentWriter>> create(int directory, const std::string& name);

    /// `path` tells the language; texts of one directory should follow each other.
    Result<void> add(const BlobId& id, std::string_view path, std::string_view content);
    /// A text with its symbols, as another segment has them.
    Result<void> add_text(const BlobId& id, std::string_view text, const std::vector<Symbol>& symbols);
    Result<void> add_unsearched(const BlobId& id, Segment::State state);
    size_t count() const { return m_docs.size(); }
    uint64_t text_bytes() const { return m_offset; }
    /// Does not wait for the disk: what a power cut destroys is found by its checksum.
    Result<void> commit();

private:
    struct Posting {
        std::string gaps;
        uint32_t next = 0;
    };
    explicit SegmentWriter(sys::AtomicFile file);
    Result<void> write(std::string_view bytes);
    void add_trigrams(std::string_view text);

    sys::AtomicFile m_file;
    std::string m_buffer, m_folded;
    uint64_t m_written = 0, m_offset = 0;
    std::vector<Segment::Doc> m_docs;
    TrigramSet m_set;
    SparseArray<uint32_t> m_slots; ///< by trigram: 1 + its index in m_postings
    std::vector<std::pair<Trigram, Posting>> m_postings;
    std::vector<std::pair<std::string, SymbolPlace>> m_symbols;
};

} // namespace quire::search
