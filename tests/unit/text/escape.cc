#include "text/escape.h"

#include <catch2/catch_test_macros.hpp>

using namespace quire::text;

TEST_CASE("HTML's special characters are escaped")
{
    CHECK(escape_html("<a href=\"x\">'&") == "&lt;a href=&quot;x&quot;&gt;&#39;&amp;");
}
