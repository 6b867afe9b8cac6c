#include "search/segment.h"

#include <fcntl.h>

#include <algorithm>
#include <numeric>

#include "search/checksum.h"
#include "search/segment_format.h"
#include "sys/file.h"
#include "sys/stamp.h"

namespace quire::search {

static Unexpected damaged(const std::string& name)
{
    return fail(ErrorKind::invalid, "the segment {} of the index is damaged", name);
}

Result<std::shared_ptr<const Segment>> Segment::open(int directory, const std::string& name)
{
    auto segment = std::make_shared<Segment>();
    segment->m_fd = TRY(sys::open_regular(directory, name, O_NOFOLLOW));
    int fd = segment->m_fd.get();
    auto size = static_cast<uint64_t>(TRY(sys::stamp_of(fd, name)).size);
    segment->m_file_bytes = size;
    if (size < format::first_line.size() + format::end_size)
        return damaged(name);
    std::string first = TRY(sys::read_at(fd, 0, format::first_line.size()));
    std::string last = TRY(sys::read_at(fd, size - format::end_size, format::end_size));
    auto end = format::read_end(last);
    uint64_t limit = size - format::end_size;
    if (first != format::first_line || !end || end->offset > limit || end->size != limit - end->offset)
        return damaged(name);
    std::string description = TRY(sys::read_at(fd, end->offset, end->size));
    if (description.size() != end->size || checksum(description) != end->sum ||
        !segment->read_directory(description, end->offset))
        return damaged(name);
    return std::shared_ptr<const Segment>(std::move(segment));
}

Result<void> Segment::read_directory(std::string_view directory, uint64_t offset)
{
    constexpr size_t least_doc = 30;
    ByteReader in(directory);
    uint64_t count = in.number(directory.size() / least_doc);
    m_docs.reserve(count);
    uint64_t at = format::first_line.size();
    for (; count > 0 && in.is_good(); --count) {
        std::string_view id = in.raw(20);
        Doc doc{.offset = at};
        if (!id.empty())
            doc.id = BlobId::of(id.data());
        doc.state = static_cast<State>(in.number(static_cast<uint64_t>(State::too_large)));
        doc.size = static_cast<uint32_t>(in.number(largest_text));
        doc.sum = in.fixed();
        at += doc.size;
        m_docs.push_back(doc);
    }
    m_text_bytes = at - format::first_line.size();
    auto trigrams = Table::read(m_fd.get(), at, offset, in.text());
    auto symbols = trigrams ? Table::read(m_fd.get(), trigrams->end(), offset, in.text()) : std::nullopt;
    if (!in.is_good() || !in.is_at_end() || !symbols || symbols->end() != offset)
        return damaged("");
    m_trigrams = std::move(*trigrams);
    m_symbols = std::move(*symbols);
    m_by_id.resize(m_docs.size());
    std::iota(m_by_id.begin(), m_by_id.end(), 0);
    std::sort(m_by_id.begin(), m_by_id.end(), [&](uint32_t a, uint32_t b) { return m_docs[a].id < m_docs[b].id; });
    return {};
}

/// Ids are spread evenly, so the place of one can be guessed.
std::optional<uint32_t> Segment::find(const BlobId& id) const
{
    size_t low = 0, high = m_by_id.size();
    auto value = [](const BlobId& one) {
        return uint64_t{one.bytes[0]} << 24 | uint64_t{one.bytes[1]} << 16 | uint64_t{one.bytes[2]} << 8 | one.bytes[3];
    };
    uint64_t wanted = value(id);
    for (bool guesses = true; low < high; guesses = false) {
        size_t middle = guesses ? wanted * high >> 32 : (low + high) / 2;
        const BlobId& here = m_docs[m_by_id[middle]].id;
        if (here == id)
            return m_by_id[middle];
        constexpr size_t near = 64;
        bool is_before = here < id;
        if (guesses && is_before && middle + near < high && m_docs[m_by_id[middle + near]].id > id)
            high = middle + near;
        if (guesses && !is_before && middle > near && m_docs[m_by_id[middle - near]].id < id)
            low = middle - near;
        if (is_before)
            low = middle + 1;
        else
            high = middle;
    }
    return std::nullopt;
}

bool Segment::read(uint32_t doc, std::string& text) const
{
    const Doc& wanted = m_docs[doc];
    text.resize(wanted.size);
    auto size = sys::read_into(m_fd.get(), wanted.offset, text.data(), text.size());
    return size && *size == text.size() && checksum(text) == wanted.sum;
}

DocSet Segment::candidates(const Need& need) const
{
    size_t size = m_docs.size();
    if (need.kind == Need::Kind::nothing)
        return DocSet(size, true);
    if (need.kind == Need::Kind::trigram) {
        auto found = m_trigrams.find(key_of(need.trigram));
        if (found && !*found)
            return DocSet(size);
        auto set = found ? decode_gaps(**found, size) : std::nullopt;
        return set ? std::move(*set) : DocSet(size, true);
    }
    bool is_all = need.kind == Need::Kind::all;
    DocSet set(size, is_all);
    for (const Need& part : need.parts) {
        if (is_all)
            set.keep(candidates(part));
        else
            set.unite(candidates(part));
        if (is_all && set.empty())
            break;
    }
    return set;
}

std::vector<SymbolPlace> Segment::symbols(std::string_view name) const
{
    auto found = m_symbols.find(name);
    return found && *found ? format::read_places(**found, static_cast<uint32_t>(m_docs.size()))
                           : std::vector<SymbolPlace>();
}

std::vector<std::vector<Symbol>> Segment::all_symbols() const
{
    std::vector<std::vector<Symbol>> all(m_docs.size());
    m_symbols.each("", [&](std::string_view name, std::string_view value) {
        for (const SymbolPlace& place : format::read_places(value, static_cast<uint32_t>(m_docs.size())))
            all[place.doc].push_back({std::string(name), place.kind, place.line});
        return true;
    });
    return all;
}

bool Segment::is_sound() const
{
    std::string text;
    for (uint32_t doc = 0; doc < m_docs.size(); ++doc)
        if (!read(doc, text))
            return false;
    auto pass = [](std::string_view, std::string_view) { return true; };
    return m_trigrams.each("", pass) && m_symbols.each("", pass);
}

size_t Segment::memory() const
{
    return sizeof *this + m_docs.size() * (sizeof(Doc) + sizeof(uint32_t)) + m_trigrams.memory() + m_symbols.memory();
}

} // namespace quire::search
