#include "search/segment.h"

#include <catch2/catch_test_macros.hpp>

#include "base/sha256.h"
#include "support/random.h"
#include "support/scratch.h"
#include "sys/file.h"

using namespace quire;
using namespace quire::search;

static BlobId id_of(std::string_view text)
{
    Sha256 hash;
    hash.update(text);
    return BlobId::of(hash.finish().data());
}

static std::vector<std::string> some_texts()
{
    tests::Random random(3);
    std::vector<std::string> texts = {"int main(void)\n{\n\treturn 0;\n}\n", "", "one line", "Grüße\r\nund mehr\r\n"};
    for (int i = 0; i < 200; ++i)
        texts.push_back(random.text("abcdefgh\n ", 400) + std::to_string(i));
    return texts;
}

static void write(int directory, const std::string& name, const std::vector<std::string>& texts)
{
    auto writer = SegmentWriter::create(directory, name);
    REQUIRE(writer);
    for (const std::string& text : texts)
        REQUIRE((*writer)->add(id_of(text), "file.c", text));
    REQUIRE((*writer)->add(id_of("binary"), "file.png", std::string("a\0b", 3)));
    REQUIRE((*writer)->commit());
}

TEST_CASE("a segment gives back what was written")
{
    tests::Scratch scratch;
    auto texts = some_texts();
    write(scratch.fd(), "s", texts);
    auto segment = Segment::open(scratch.fd(), "s");
    REQUIRE(segment);
    CHECK((*segment)->is_sound());
    std::string text;
    for (const std::string& expected : texts) {
        auto doc = (*segment)->find(id_of(expected));
        REQUIRE(doc);
        CHECK((*segment)->read(*doc, text));
        CHECK(text == expected);
    }
    CHECK(!(*segment)->find(id_of("nothing")));
    auto binary = (*segment)->find(id_of("binary"));
    REQUIRE(binary);
    CHECK((*segment)->docs()[*binary].state == Segment::State::binary);
}

TEST_CASE("the candidates are all texts with the trigrams, and no others")
{
    tests::Scratch scratch;
    auto texts = some_texts();
    write(scratch.fd(), "s", texts);
    auto segment = Segment::open(scratch.fd(), "s");
    REQUIRE(segment);
    for (const char* wanted : {"abc", "main", "MAIN", "üß", "hgf", "a b", "nosuch"}) {
        DocSet found = (*segment)->candidates(Need::of_text(wanted));
        for (size_t i = 0; i < texts.size(); ++i) {
            std::string folded, folded_wanted;
            fold(texts[i], folded);
            fold(wanted, folded_wanted);
            bool has_all = true;
            for (size_t j = 0; j + 3 <= folded_wanted.size(); ++j)
                has_all = has_all && folded.find(folded_wanted.substr(j, 3)) != std::string::npos;
            CHECK(found.has(i) == has_all);
        }
    }
    CHECK((*segment)->candidates(Need::of_text("ab")).has(texts.size() - 1)); // too short to exclude anything
}

/// Every damage is noticed, or changes nothing that is read.
TEST_CASE("a damaged segment is refused, or what is damaged is")
{
    tests::Scratch scratch;
    auto texts = some_texts();
    write(scratch.fd(), "s", texts);
    std::string whole = sys::read_file(scratch.fd(), "s").value();
    tests::Random random(5);
    for (int i = 0; i < 600; ++i) {
        std::string damaged = whole;
        if (random.one_in(4))
            damaged.resize(random.below(damaged.size()));
        else if (random.one_in(3))
            damaged += random.bytes(40);
        else
            damaged[random.below(damaged.size())] ^= static_cast<char>(1 + random.below(255));
        REQUIRE(sys::replace_file_unsynced(scratch.fd(), "d", damaged));
        auto segment = Segment::open(scratch.fd(), "d");
        if (damaged != whole && segment)
            CHECK(!(*segment)->is_sound());
        if (!segment)
            continue;
        std::string text;
        DocSet found = (*segment)->candidates(Need::of_text("abc"));
        for (size_t j = 0; j < texts.size(); ++j) {
            std::string folded;
            fold(texts[j], folded);
            auto doc = (*segment)->find(id_of(texts[j]));
            REQUIRE(doc);
            if ((*segment)->read(*doc, text))
                CHECK(text == texts[j]);
            if (folded.find("abc") != std::string::npos)
                CHECK(found.has(j));
        }
    }
}

TEST_CASE("a segment that is cut off while it is open costs what it lacks, not the program")
{
    tests::Scratch scratch;
    auto texts = some_texts();
    write(scratch.fd(), "s", texts);
    auto segment = Segment::open(scratch.fd(), "s");
    REQUIRE(segment);
    auto fd = sys::open_at(scratch.fd(), "s", O_WRONLY);
    REQUIRE(fd);
    REQUIRE(::ftruncate(fd->get(), 100) == 0);
    std::string text;
    CHECK(!(*segment)->read(static_cast<uint32_t>(texts.size() - 1), text));
    CHECK((*segment)->candidates(Need::of_text("abc")).has(0)); // all may have it
    CHECK((*segment)->symbols("main").empty());
    CHECK(!(*segment)->is_sound());
}
