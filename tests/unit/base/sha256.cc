#include "base/sha256.h"

#include <catch2/catch_test_macros.hpp>

#include "base/strings.h"
#include "support/random.h"

using namespace quire;

TEST_CASE("the examples of FIPS 180-4 and NIST's short messages")
{
    CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    CHECK(sha256_hex("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrs"
                     "mnopqrstnopqrstu") == "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
    CHECK(sha256_hex("\xd3") == "28969cdfa74a12c82f3bad960b0b000aca2ac329deea5c2328ebc6f2ba9802c1");
    CHECK(sha256_hex("\x11\xaf") == "5ca7133fa735326081558ac312c620eeca9970d1e70a4b95533d956f072d1f98");
    CHECK(sha256_hex(std::string(1'000'000, 'a')) ==
          "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("every length around a block's end is padded right")
{
    // The digest of the digests of 0 … 200 letters, as sha256sum(1) has it.
    std::string digests;
    for (size_t size = 0; size <= 200; ++size)
        digests += sha256_hex(std::string(size, 'q')) + "\n";
    CHECK(sha256_hex(digests) == "1434f4f42232eaa02f69bed162f53508f80c324c322282094c01fc71d30c089a");
}

TEST_CASE("pieces of any size give the digest of the whole")
{
    tests::Random random(9);
    for (int i = 0; i < 300; ++i) {
        std::string bytes = random.bytes(500);
        Sha256 hash;
        for (std::string_view rest = bytes; !rest.empty();) {
            std::string_view piece = rest.substr(0, random.below(130));
            hash.update(piece);
            rest.remove_prefix(piece.size());
        }
        REQUIRE(to_hex(hash.finish()) == sha256_hex(bytes));
    }
}
