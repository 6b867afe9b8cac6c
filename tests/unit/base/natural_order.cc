#include "base/natural_order.h"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace quire;

TEST_CASE("names are ordered as people do")
{
    std::vector<std::string> names = {"v10",  "a-b", "V2", "a/b", "b", "v1.10", "A/c",
                                      "v1.9", "v02", "",   "v2",  "a", "v1"};
    std::sort(names.begin(), names.end(), natural_less);
    CHECK(names ==
          std::vector<std::string>{"", "a", "a/b", "A/c", "a-b", "b", "v1", "v1.9", "v1.10", "V2", "v02", "v2", "v10"});
    // Numbers of any length; none is before itself.
    CHECK(natural_less("n99999999999999999999", "n100000000000000000000"));
    CHECK(!natural_less("n100000000000000000000", "n99999999999999999999"));
    for (const std::string& name : names)
        CHECK(!natural_less(name, name));
    CHECK(natural_less("0", "00"));
    CHECK(!natural_less("00", "0"));
}
