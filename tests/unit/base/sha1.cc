#include "base/sha1.h"

#include <catch2/catch_test_macros.hpp>

#include "base/strings.h"
#include "support/random.h"

using namespace quire;

static std::string sha1_hex(std::string_view bytes)
{
    Sha1 hash;
    hash.update(bytes);
    return to_hex(hash.finish());
}

TEST_CASE("sha1: the examples of FIPS 180-4")
{
    CHECK(sha1_hex("") == "da39a3ee5e6b4b0d3255bfef95601890afd80709");
    CHECK(sha1_hex("abc") == "a9993e364706816aba3e25717850c26c9cd0d89d");
    CHECK(sha1_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
          "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
    CHECK(sha1_hex(std::string(1'000'000, 'a')) == "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
}

TEST_CASE("sha1: pieces of any size give the digest of the whole")
{
    tests::Random random(4);
    for (int i = 0; i < 300; ++i) {
        std::string bytes = random.bytes(500);
        Sha1 hash;
        for (std::string_view rest = bytes; !rest.empty();) {
            std::string_view piece = rest.substr(0, random.below(130));
            hash.update(piece);
            rest.remove_prefix(piece.size());
        }
        CHECK(to_hex(hash.finish()) == sha1_hex(bytes));
    }
}
