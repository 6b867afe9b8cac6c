#include "store/archive.h"

#include <algorithm>
#include <cstring>

#include "base/strings.h"
#include "sys/file.h"

namespace quire::store {

namespace {

constexpr size_t block = 512;
constexpr size_t piece = 256u << 10;
constexpr size_t largest_pax = 64u << 10;

/// The ustar header, byte for byte.
struct Header {
    char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], checksum[8], type, target[100];
    char magic[6], version[2], user[32], group[32], major[8], minor[8], prefix[155], rest[12];
};
static_assert(sizeof(Header) == block);

template <size_t N>
void put(char (&field)[N], std::string_view text)
{
    std::memcpy(field, text.data(), std::min(N, text.size()));
}

template <size_t N>
void put_octal(char (&field)[N], uint64_t value)
{
    put(field, fmt::format("{:0{}o}", value, N - 1));
}

unsigned checksum_of(Header header)
{
    std::memset(header.checksum, ' ', sizeof header.checksum);
    unsigned sum = 0;
    for (const char *byte = reinterpret_cast<const char*>(&header), *end = byte + block; byte != end; ++byte)
        sum += static_cast<unsigned char>(*byte);
    return sum;
}

/// "<length> key=value\n"; the length includes itself.
std::string pax_record(std::string_view key, std::string_view value)
{
    size_t rest = key.size() + value.size() + 3, length = rest;
    while (std::to_string(length).size() + rest != length)
        length = std::to_string(length).size() + rest;
    return fmt::format("{} {}={}\n", length, key, value);
}

Unexpected damaged(std::string_view why) { return fail(ErrorKind::invalid, "it is damaged: {}", why); }

template <size_t N>
Result<uint64_t> read_octal(const char (&field)[N])
{
    uint64_t value = 0;
    std::string_view text(field, ::strnlen(field, N));
    if (text.empty() || text.size() > 11)
        return damaged("not a number");
    for (char digit : text) {
        if (digit < '0' || digit > '7')
            return damaged("not a number");
        value = value * 8 + static_cast<uint64_t>(digit - '0');
    }
    return value;
}

Result<void> take_pax(std::string_view text, ArchiveEntry& entry)
{
    while (!text.empty()) {
        std::string_view rest = text;
        auto length = parse_decimal(take_until(rest, ' '));
        if (!length || *length > text.size() || *length <= text.size() - rest.size() || text[*length - 1] != '\n')
            return damaged("a record of no known form");
        std::string_view record = text.substr(text.size() - rest.size(), *length - (text.size() - rest.size()) - 1);
        text.remove_prefix(*length);
        std::string_view key = take_until(record, '=');
        if (key == "path")
            entry.path = record;
        else if (key == "linkpath" || key == "comment")
            entry.text = record;
        else if (key == "mtime") {
            auto seconds = parse_integer(take_until(record, '.'));
            auto nanoseconds = parse_decimal(record.substr(std::min(record.find_first_not_of('0'), record.size())));
            if (!seconds || record.size() != 9 || *seconds < 0 || *seconds > 9'000'000'000)
                return damaged("a time of no known form");
            entry.modified = *seconds * nanoseconds_per_second + static_cast<int64_t>(nanoseconds.value_or(0));
        }
    }
    return {};
}

} // namespace

Result<void> ArchiveWriter::flush()
{
    TRY(sys::write_all(m_fd, m_buffer));
    m_size += m_buffer.size();
    m_buffer.clear();
    return {};
}

Result<void> ArchiveWriter::append(std::string_view bytes)
{
    m_buffer.append(bytes);
    return m_buffer.size() < piece ? Result<void>() : flush();
}

Result<void> ArchiveWriter::padded(std::string_view content)
{
    TRY(append(content));
    return append(std::string((block - content.size() % block) % block, '\0'));
}

Result<void> ArchiveWriter::header(char type, std::string_view name, const ArchiveEntry& entry, uint64_t size)
{
    Header header{};
    put(header.name, name);
    put_octal(header.mode, entry.mode & 0777);
    put_octal(header.uid, 0);
    put_octal(header.gid, 0);
    put_octal(header.size, size);
    put_octal(header.mtime, static_cast<uint64_t>(entry.modified / nanoseconds_per_second));
    header.type = type;
    put(header.target, entry.kind == ArchiveEntry::Kind::symlink ? entry.text : "");
    put(header.magic, "ustar");
    put(header.version, "00");
    put(header.checksum, fmt::format("{:06o}", checksum_of(header)));
    header.checksum[7] = ' ';
    return append({reinterpret_cast<const char*>(&header), block});
}

Result<void> ArchiveWriter::comment(std::string_view text)
{
    std::string records = pax_record("comment", text);
    if (records.size() > largest_pax)
        return fail(ErrorKind::invalid, "a comment too long for an archive");
    TRY(header('g', "comment", {}, records.size()));
    return padded(records);
}

Result<void> ArchiveWriter::add(const ArchiveEntry& entry)
{
    constexpr uint64_t largest_file = (uint64_t{1} << 33) - 1; // the header's limit
    if (entry.size > largest_file)
        return fail(ErrorKind::invalid, "{}: larger than 8 GiB", entry.path);
    int64_t modified = std::max<int64_t>(0, entry.modified);
    std::string records =
        pax_record("path", entry.path) + pax_record("mtime", fmt::format("{}.{:09}", modified / nanoseconds_per_second,
                                                                         modified % nanoseconds_per_second));
    if (entry.kind == ArchiveEntry::Kind::symlink)
        records += pax_record("linkpath", entry.text);
    ArchiveEntry safe = entry;
    safe.modified = modified;
    TRY(header('x', "record", {}, records.size()));
    TRY(padded(records));
    m_content = m_left = entry.kind == ArchiveEntry::Kind::file ? entry.size : 0;
    return header(static_cast<char>(entry.kind), entry.path, safe, m_content);
}

Result<void> ArchiveWriter::add_content(std::string_view bytes)
{
    if (bytes.size() > m_left)
        return fail(ErrorKind::invalid, "a file grew while it was read");
    TRY(append(bytes));
    m_left -= bytes.size();
    return m_left > 0 ? Result<void>() : append(std::string((block - m_content % block) % block, '\0'));
}

Result<void> ArchiveWriter::finish()
{
    TRY(append(std::string(2 * block, '\0')));
    return flush();
}

Result<std::string> ArchiveReader::take(size_t size)
{
    std::string bytes = TRY(sys::read_at(m_fd, m_offset, size));
    if (bytes.size() != size)
        return damaged("it ends too early");
    m_offset += size;
    return bytes;
}

Result<std::string> ArchiveReader::content()
{
    std::string bytes = TRY(take(static_cast<size_t>(std::min<uint64_t>(piece, m_left))));
    m_left -= bytes.size();
    return bytes;
}

Result<std::optional<ArchiveEntry>> ArchiveReader::next()
{
    auto padding = [](uint64_t size) { return (block - size % block) % block; };
    m_offset += m_left + padding(m_size);
    m_left = m_size = 0;
    ArchiveEntry entry;
    for (;;) {
        std::string bytes = TRY(take(block));
        if (bytes.find_first_not_of('\0') == std::string::npos)
            return std::optional<ArchiveEntry>();
        Header header;
        std::memcpy(&header, bytes.data(), block);
        header.checksum[7] = '\0';
        if (TRY(read_octal(header.checksum)) != checksum_of(header))
            return damaged("a checksum is wrong");
        uint64_t size = TRY(read_octal(header.size));
        if (header.type == 'x' || header.type == 'g') {
            if (size > largest_pax)
                return damaged("a record too long");
            TRY(take_pax(TRY(take(static_cast<size_t>(size))), entry));
            m_offset += padding(size);
            if (header.type == 'x')
                continue;
            entry.kind = ArchiveEntry::Kind::comment;
            return std::optional(std::move(entry));
        }
        if (header.type != '0' && header.type != '2' && header.type != '5')
            return damaged("an entry of no known kind");
        entry.kind = static_cast<ArchiveEntry::Kind>(header.type);
        entry.mode = static_cast<unsigned>(TRY(read_octal(header.mode)));
        entry.size = m_size = m_left = entry.kind == ArchiveEntry::Kind::file ? size : 0;
        return std::optional(std::move(entry));
    }
}

} // namespace quire::store
