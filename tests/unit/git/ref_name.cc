#include "git/ref_name.h"

#include <catch2/catch_test_macros.hpp>

using namespace quire;

TEST_CASE("refs are shown as a person calls them, without what would move a terminal")
{
    CHECK(git::shown_ref("refs/heads/main") == "main");
    CHECK(git::shown_ref("refs/tags/v1") == "tag v1");
    CHECK(git::shown_ref("refs/notes/x") == "refs/notes/x");
    CHECK(git::shown_ref("refs/heads/\x1b[2J").find('\x1b') == std::string::npos);
    CHECK(git::shown_ref("refs/heads/ma\xe2\x80\x8bin") == "ma\\xe2\\x80\\x8bin");
}
