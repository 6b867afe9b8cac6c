#include "text/fnl.h"

#include "fuzz/fuzz.h"

using namespace quire::text;

FUZZ_SEEDS("{}[]():;\"\\ \n,'#~@_-.019abenrtuxz\x7f\xc3\xa9",
           "{:state :queued :ref \"refs/heads/main\" :at \"2026-11-21T11:34:37.123456789Z\" :n 42}",
           "; settings\n{:host \"x\" ; clone\n :secrets {:token {:file \"/run/x\"} \"odd key\" "
           "\"a\\n\\027\\x7f\\u{e9}\"}\n}\n",
           "[1 -2 3.5 1e9 1_000 .inf -.inf .nan nil true false [] {} [[{:a [{}]}]]]", "{:a nil :b :quire/push}",
           "(local x 1)\n{:a x}", "")

FUZZ_TARGET(input)
{
    auto data = read_fnl(input, "t.fnl");
    if (!data) {
        quire::fuzz::require(data.error().message.starts_with("t.fnl:"), "a refusal names its place");
    } else {
        std::string source = write_fnl(*data);
        auto again = read_fnl(source, "t.fnl");
        quire::fuzz::require(again.has_value(), "what was written can be read");
        quire::fuzz::require(write_fnl(*again) == source, "what was written and read is the same");
    }
    // The first byte chooses what to do with which key of whatever the rest is.
    unsigned char choice = input.empty() ? 0 : static_cast<unsigned char>(input[0]);
    std::vector<std::string> path = {choice % 2 ? "host" : "secrets"};
    if (choice % 4 > 1)
        path.push_back("token");
    Data value = choice % 8 > 3 ? Data() : Data(Data::Sequence{"x", 1});
    auto edited = edit_fnl(input, "t.fnl", path, value);
    quire::fuzz::require(edited || edited.error().kind != quire::ErrorKind::system, "an edit that is possible is made");
}
