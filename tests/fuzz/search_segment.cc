// A segment of the search index, with right checksums around wrong content, or with a wrong byte. Each line of an input
// is a part of the file: "t" and a key are a trigram with its list of texts, "s" and a name are a symbol with its
// places, "d" and a digit are a text's state, and "!" and a number damages a byte.
#include <map>

#include "base/strings.h"
#include "fuzz/fuzz.h"
#include "search/segment.h"
#include "search/segment_format.h"
#include "support/scratch.h"
#include "sys/file.h"

using namespace quire;
using namespace quire::search;
using quire::fuzz::require;

FUZZ_SEEDS("tsd!0123456789abcf \n",
           "d0 first text\nd0 second\nd1\ntabc 00\ntxyz 0001\ntfir 02\nsmain 0004\nsother 010801\n",
           "d0 a\ntabc ffffffffffffffff01\nsmain ff00\n!40\n", "d0 a\n!3\n", "tabc 05\nsx 00\n")

static std::string file_of(std::string_view input)
{
    std::string texts;
    std::map<std::string, std::string> trigrams, symbols;
    ByteWriter docs;
    size_t count = 0, damage = SIZE_MAX;
    while (!input.empty()) {
        std::string_view line = take_until(input, '\n');
        char kind = line.empty() ? ' ' : line[0];
        std::string_view rest = line.substr(std::min<size_t>(line.size(), 1)), value = rest;
        std::string key(take_until(value, ' '));
        if (kind == 't')
            trigrams[key] = from_hex(value).value_or("");
        if (kind == 's')
            symbols[key] = from_hex(value).value_or("");
        if (kind == '!')
            damage = parse_decimal(rest).value_or(SIZE_MAX);
        if (kind == 'd' && ++count < 100) {
            docs.raw(std::string(20, static_cast<char>('a' + count)));
            docs.number(parse_decimal(key).value_or(0));
            docs.number(value.size());
            docs.fixed(checksum(value));
            texts += value;
        }
    }
    std::string file = std::string(format::first_line) + texts;
    auto sink = [&](std::string_view bytes) { file += bytes; };
    ByteWriter directory;
    directory.number(std::min<size_t>(count, 99));
    directory.raw(docs.take());
    for (const auto* entries : {&trigrams, &symbols}) {
        TableWriter table(sink);
        for (const auto& [key, value] : *entries)
            table.add(key, value);
        directory.text(table.finish());
    }
    std::string bytes = directory.take();
    format::End end{.offset = file.size(), .size = bytes.size(), .sum = checksum(bytes)};
    file += bytes + format::write_end(end);
    if (damage < file.size())
        file[damage] ^= 0x55;
    return file;
}

FUZZ_TARGET(input)
{
    ::setenv("TMPDIR", "/dev/shm", 1); // a file system that waits for no disk
    static tests::Scratch scratch;
    static UniqueFd written = sys::open_at(scratch.fd(), "segment", O_RDWR | O_CREAT).value();
    std::string file = file_of(input);
    require(::ftruncate(written.get(), 0) == 0 && sys::write_at(written.get(), file, 0), "the file is written");
    auto segment = Segment::open(scratch.fd(), "segment");
    if (!segment)
        return;
    std::string text;
    for (uint32_t doc = 0; doc < (*segment)->docs().size(); ++doc) {
        (void)(*segment)->read(doc, text);
        require(text.size() <= file.size(), "a text is a part of the file");
        auto found = (*segment)->find((*segment)->docs()[doc].id);
        require(found && (*segment)->docs()[*found].id == (*segment)->docs()[doc].id, "what is there is found");
    }
    for (const char* wanted : {"abc", "xyz", "first", "no"})
        (void)(*segment)->candidates(Need::of_text(wanted));
    for (const char* name : {"main", "other", "x", ""})
        for (const SymbolPlace& place : (*segment)->symbols(name))
            require(place.doc < (*segment)->docs().size(), "a symbol is in a text that is there");
    (void)(*segment)->all_symbols();
    (void)(*segment)->is_sound();
}
