#include <algorithm>

#include "search/checksum.h"
#include "search/segment.h"
#include "search/segment_format.h"

namespace quire::search {

constexpr size_t buffer_size = 1u << 20;

SegmentWriter::SegmentWriter(sys::AtomicFile file) : m_file(std::move(file)), m_slots(size_t{1} << 24) {}

Result<std::unique_ptr<SegmentWriter>> SegmentWriter::create(int directory, const std::string& name)
{
    std::unique_ptr<SegmentWriter> writer(new SegmentWriter(TRY(sys::AtomicFile::create(directory, name, 0600))));
    TRY(writer->write(format::first_line));
    return writer;
}

Result<void> SegmentWriter::write(std::string_view bytes)
{
    m_buffer += bytes;
    m_written += bytes.size();
    if (m_buffer.size() < buffer_size)
        return {};
    TRY(m_file.write(m_buffer));
    m_buffer.clear();
    return {};
}

static bool is_binary(std::string_view content)
{
    constexpr size_t looked_at = 8000;
    return content.substr(0, looked_at).find('\0') != std::string_view::npos;
}

Result<void> SegmentWriter::add(const BlobId& id, std::string_view path, std::string_view content)
{
    if (content.size() > largest_text)
        return add_unsearched(id, Segment::State::too_large);
    if (is_binary(content))
        return add_unsearched(id, Segment::State::binary);
    return add_text(id, content, find_symbols(path, content));
}

Result<void> SegmentWriter::add_unsearched(const BlobId& id, Segment::State state)
{
    m_docs.push_back({.id = id, .state = state, .sum = checksum("")});
    return {};
}

Result<void> SegmentWriter::add_text(const BlobId& id, std::string_view text, const std::vector<Symbol>& symbols)
{
    auto doc = static_cast<uint32_t>(m_docs.size());
    m_docs.push_back({.id = id, .size = static_cast<uint32_t>(text.size()), .sum = checksum(text)});
    m_offset += text.size();
    add_trigrams(text);
    for (const Symbol& symbol : symbols)
        m_symbols.emplace_back(symbol.name, SymbolPlace{doc, symbol.line, symbol.kind});
    return write(text);
}

void SegmentWriter::add_trigrams(std::string_view text)
{
    auto doc = static_cast<uint32_t>(m_docs.size() - 1);
    fold(text, m_folded);
    for (Trigram trigram : m_set.collect(m_folded)) {
        uint32_t& slot = m_slots[trigram];
        if (slot == 0) {
            m_postings.emplace_back(trigram, Posting());
            slot = static_cast<uint32_t>(m_postings.size());
        }
        Posting& posting = m_postings[slot - 1].second;
        ByteWriter gap;
        gap.number(doc - posting.next);
        posting.gaps += gap.take();
        posting.next = doc + 1;
    }
}

Result<void> SegmentWriter::commit()
{
    Result<void> written;
    auto sink = [&](std::string_view bytes) {
        if (written)
            written = write(bytes);
    };
    TableWriter trigrams(sink);
    std::sort(m_postings.begin(), m_postings.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [trigram, posting] : m_postings)
        trigrams.add(key_of(trigram), posting.gaps);
    ByteWriter directory;
    directory.number(m_docs.size());
    for (const Segment::Doc& doc : m_docs) {
        directory.raw(doc.id.view());
        directory.number(static_cast<uint64_t>(doc.state));
        directory.number(doc.size);
        directory.fixed(doc.sum);
    }
    directory.text(trigrams.finish());
    TableWriter symbols(sink);
    std::stable_sort(m_symbols.begin(), m_symbols.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<SymbolPlace> places;
    for (size_t i = 0; i < m_symbols.size(); ++i) {
        places.push_back(m_symbols[i].second);
        if (i + 1 < m_symbols.size() && m_symbols[i + 1].first == m_symbols[i].first)
            continue;
        symbols.add(m_symbols[i].first, format::write_places(places));
        places.clear();
    }
    directory.text(symbols.finish());
    TRY(std::move(written));
    format::End end{.offset = m_written};
    std::string bytes = directory.take();
    end.size = bytes.size();
    end.sum = checksum(bytes);
    TRY(write(bytes));
    TRY(write(format::write_end(end)));
    TRY(m_file.write(m_buffer));
    return m_file.commit_unsynced();
}

} // namespace quire::search
