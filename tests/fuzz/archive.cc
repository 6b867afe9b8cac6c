// The reader of archives (store/archive.h): a job's cache is a file that a job could have written.
#include "store/archive.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <vector>

#include "fuzz/fuzz.h"
#include "support/scratch.h"
#include "sys/file.h"

using namespace quire;
using quire::fuzz::require;

// Seeds are C strings and headers mostly zeros, so a seed says what to write, and damage comes to the result: its first
// bytes are places and values, up to '|'; then a letter for each entry, and its name.
FUZZ_SEEDS("0123456789|gfds \x01\x7f\xff", "|g hello|f name|d dir|s link", "00|f a|f b", "1234567890|s x|s y",
           "zzzzzz|d a|f a/b|f a/c", "@A@B@C|g|f |f")

static std::string write_archive(std::string_view what)
{
    int fd = ::memfd_create("archive", 0);
    store::ArchiveWriter writer(fd);
    while (!what.empty()) {
        std::string_view item = what.substr(0, what.find('|'));
        what.remove_prefix(std::min(what.size(), item.size() + 1));
        if (item.empty())
            continue;
        store::ArchiveEntry entry{
            .path = std::string(item.substr(1)), .text = std::string(item), .modified = 1'500'000'000};
        std::string content(item.size() * 97, item[0]);
        if (item[0] == 'g') {
            require(writer.comment(item).has_value(), "a comment is written");
            continue;
        }
        entry.kind = item[0] == 'd'   ? store::ArchiveEntry::Kind::directory
                     : item[0] == 's' ? store::ArchiveEntry::Kind::symlink
                                      : store::ArchiveEntry::Kind::file;
        entry.size = entry.kind == store::ArchiveEntry::Kind::file ? content.size() : 0;
        require(writer.add(entry).has_value(), "an entry is written");
        if (entry.size > 0)
            require(writer.add_content(content).has_value(), "a content is written");
    }
    require(writer.finish().has_value(), "an archive is ended");
    std::string bytes = sys::read_at(fd, 0, 1u << 20).value();
    ::close(fd);
    return bytes;
}

/// Reads it all; yields how many entries there were, or nothing when it is said to be damaged.
static std::optional<size_t> read_archive(const std::string& bytes)
{
    int fd = ::memfd_create("archive", 0);
    require(sys::write_all(fd, bytes).has_value(), "a file in memory is written");
    store::ArchiveReader reader(fd);
    std::optional<size_t> entries = 0;
    while (entries) {
        auto entry = reader.next();
        if (!entry) {
            require(entry.error().kind == ErrorKind::invalid, "a refusal says that the archive is damaged");
            entries.reset();
        } else if (!*entry) {
            break;
        } else {
            uint64_t size = 0;
            for (;;) {
                auto piece = reader.content();
                if (!piece)
                    entries.reset();
                if (!piece || piece->empty())
                    break;
                size += piece->size();
                require(size <= bytes.size(), "there is no more content than bytes");
            }
            require(!entries || size == (*entry)->size, "a file is as long as it says");
            if (entries)
                require(++*entries <= bytes.size() / 512, "an entry takes a block");
        }
    }
    ::close(fd);
    return entries;
}

FUZZ_TARGET(input)
{
    size_t bar = input.find('|');
    std::string_view damage = input.substr(0, bar);
    std::string archive = write_archive(bar == std::string_view::npos ? "" : input.substr(bar + 1));
    require(read_archive(archive).has_value(), "what was written is read");
    for (size_t i = 0; i + 2 < damage.size(); i += 3) { // place, place, value
        size_t place = static_cast<uint8_t>(damage[i]) * 256u + static_cast<uint8_t>(damage[i + 1]);
        archive[place * 7 % archive.size()] = damage[i + 2];
        read_archive(archive);
    }
    archive.resize(archive.size() - damage.size() % archive.size());
    read_archive(archive);
    read_archive(std::string(input)); // and what is no archive at all
}
