#include "dispatch/pusher.h"

#include <catch2/catch_test_macros.hpp>

using namespace quire::dispatch;

const PublicKey key{"ssh-ed25519", "AAAAC3NzaC1lZDI1NTE5AAAAIEZ5SOuY2+9DzG5TJ0bGmiKmqHuyR4YYP0xmr2KnVCPU"};

TEST_CASE("the key is the one of the last publickey line")
{
    CHECK(!key_in_auth_info(""));
    CHECK(!key_in_auth_info("password\n"));
    CHECK(!key_in_auth_info("publickey \n"));
    CHECK(!key_in_auth_info("publickey ssh-rsa\n"));
    auto found = key_in_auth_info("publickey ssh-rsa AAAA\npublickey ssh-ed25519 BBBB\n");
    REQUIRE(found);
    CHECK(found->type == "ssh-ed25519");
    CHECK(found->base64 == "BBBB");
}

TEST_CASE("a comment is that of the very key, with or without options before it")
{
    std::string word = key.type + " " + key.base64;
    CHECK(comment_of_key(word + " ada@engine\n", key) == "ada@engine");
    CHECK(comment_of_key("restrict,command=\"x y\" " + word + "  ada at home \r\n", key) == "ada at home");
    CHECK(comment_of_key("ssh-rsa AAAA bob\n\n" + word + " ada\n", key) == "ada");
    CHECK(!comment_of_key("", key));
    CHECK(!comment_of_key(word + "\n", key));
    CHECK(!comment_of_key("# " + word + " ada\n", key));
    CHECK(!comment_of_key("x" + word + " ada\n", key));
    CHECK(!comment_of_key(word + "AAAA ada\n", key));
    CHECK(!comment_of_key(word + " a\x1b[2J\n", key));
    CHECK(!comment_of_key(word + " " + std::string(101, 'a') + "\n", key));
}

TEST_CASE("a fingerprint is what ssh-keygen -l prints")
{
    CHECK(fingerprint(key) == "SHA256:JLLCRSanzjHoyv1TBgCSqIHPpwU0TehpONCt/rPYsu8");
    CHECK(!fingerprint(PublicKey{"ssh-ed25519", "!!"}));
}
