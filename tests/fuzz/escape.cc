#include "text/escape.h"

#include "base/strings.h"
#include "fuzz/fuzz.h"

using namespace quire::text;

FUZZ_SEEDS("%0123456789abcdefABCDEF/+= <>&'\"\xe2\x80\xae\xc3\xa9", "/repo/a%20b/%2e%2E/c", "%25%32%66", "Zm9vYmFy",
           "Zg==", "<a href=\"x\">'&amp;</a>", "caf\xc3\xa9 \xe2\x80\xae \xf0\x9f\x8e\x89 \x1b[2J")

FUZZ_TARGET(input)
{
    using quire::fuzz::require;
    if (auto bytes = percent_decode(input))
        require(percent_decode(percent_encode(*bytes)) == bytes, "percent_encode is undone by percent_decode");
    require(percent_decode(percent_encode(input, Slash::keep)) == input, "percent_decode undoes percent_encode");
    if (auto bytes = base64_decode(input))
        require(base64_encode(*bytes) == input, "every text means other bytes");
    require(base64_decode(base64_encode(input)) == input, "base64_decode undoes base64_encode");
    require(escape_html(input).find_first_of("<>\"'") == std::string::npos, "nothing that HTML acts on is left");
    require(quire::is_printable_utf8(for_terminal(input)), "nothing that a terminal acts on is left");
    require(quire::is_valid_utf8(to_utf8(input)), "to_utf8 gives UTF-8");
    require(!quire::is_valid_utf8(input) || to_utf8(input) == input, "to_utf8 keeps UTF-8");
}
