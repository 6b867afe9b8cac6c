#include "text/shell_words.h"

#include <catch2/catch_test_macros.hpp>

using namespace quire::text;
using Words = std::vector<std::string>;

TEST_CASE("a command line is split as a shell would")
{
    CHECK(*parse_shell_words("git-upload-pack '/foo.git'") == Words{"git-upload-pack", "/foo.git"});
}
