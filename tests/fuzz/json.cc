#include "text/json.h"

#include "base/strings.h"
#include "fuzz/fuzz.h"

using namespace quire::text;

FUZZ_SEEDS("{}[]:,\"\\ \n-+.0123456789eEtrufalsn/bd\xc3\xa9", "{\"a\":1,\"b\":[true,false,null,-0.5,\"x\\u00e9\\n\"]}",
           "[[[[{\"x\":{}}]]],9223372036854775807,-9223372036854775808,1e308,5e-324,1E+2]",
           "\"\\ud83c\\udf89 \\u2028 \\\" \\\\ \\/\"", "[0.1,-0,0.0,123456789012345678901234567890]", " null ")

FUZZ_TARGET(input)
{
    auto data = read_json(input, "t.json");
    if (!data) {
        quire::fuzz::require(data.error().message.starts_with("t.json:"), "a refusal names its place");
        return;
    }
    std::string text = write_json(*data);
    quire::fuzz::require(text.find('\n') == std::string::npos, "JSON is on one line");
    quire::fuzz::require(quire::is_valid_utf8(text), "JSON is UTF-8");
    auto again = read_json(text, "t.json");
    quire::fuzz::require(again && *again == *data, "what was written and read is the same");
}
