#include "ci/logs/redactor.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "base/strings.h"

using namespace quire::ci;

namespace {

/// What a stream yields for text cut at the given places.
std::string redact_cut(const Redactor& redactor, std::string_view text, const std::vector<size_t>& cuts)
{
    std::string result;
    auto append = [&](std::string_view part) { result += part; };
    RedactedStream stream(redactor);
    size_t from = 0;
    for (size_t cut : cuts) {
        stream.feed(text.substr(from, cut - from), append);
        from = cut;
    }
    stream.feed(text.substr(from), append);
    stream.finish(append);
    return result;
}

/// The text redacted whole; checked to be the same for every cut into two and three, and byte by byte.
std::string redact_every_way(const Redactor& redactor, std::string_view text)
{
    std::string whole = redactor.redact(text);
    std::vector<size_t> everywhere;
    for (size_t i = 1; i < text.size(); ++i) {
        everywhere.push_back(i);
        REQUIRE(redact_cut(redactor, text, {i}) == whole);
        for (size_t j : {i + 1, i + 7, i + 8, i + 9, i + 30})
            if (j < text.size())
                REQUIRE(redact_cut(redactor, text, {i, j}) == whole);
    }
    REQUIRE(redact_cut(redactor, text, everywhere) == whole);
    return whole;
}

constexpr std::string_view difficult = "p4ss/w0rd+\"é\" & more\\end";

/// What Python's encoders make of `difficult`.
struct Encoded {
    const char* name;
    std::string_view text;
};
constexpr Encoded encodings[] = {
    {"itself", difficult},
    {"path", "p4ss/w0rd%2B%22%C3%A9%22%20%26%20more%5Cend"},
    {"form", "p4ss%2Fw0rd%2B%22%C3%A9%22+%26+more%5Cend"},
    {"lower", "p4ss%2fw0rd%2b%22%c3%a9%22%20%26%20more%5cend"},
    {"JSON in ASCII", "p4ss/w0rd+\\\"\\u00e9\\\" & more\\\\end"},
    {"JSON with slashes", "p4ss\\/w0rd+\\\"é\\\" & more\\\\end"},
    {"JSON for HTML", "p4ss/w0rd+\\\"é\\\" \\u0026 more\\\\end"},
    {"JSON, capitals", "p4ss/w0rd+\\\"\\u00E9\\\" \\u0026 more\\\\end"},
    {"hex", "703473732f773072642b22c3a9222026206d6f72655c656e64"},
    {"HEX", "703473732F773072642B22C3A9222026206D6F72655C656E64"},
};

} // namespace

TEST_CASE("a value is masked, at every cut, and what stands around it stays")
{
    Redactor redactor;
    REQUIRE(redactor.add("hunter2hunter2") == Masking::masked);
    CHECK(redact_every_way(redactor, "the password is hunter2hunter2.") == "the password is <redacted>.");
    CHECK(redact_every_way(redactor, "hunter2hunter2") == "<redacted>");
    CHECK(redact_every_way(redactor, "hunter2hunter") == "hunter2hunter");
    CHECK(redact_every_way(redactor, "hunter2hunter2hunter2 hunter2hunter2") == "<redacted> <redacted>");
    CHECK(redact_every_way(redactor, "hunhunter2hunter2") == "hun<redacted>");
    CHECK(redact_every_way(redactor, std::string("\0\xFFhunter2hunter2\0", 17)) ==
          std::string("\0\xFF<redacted>\0", 13));
}

TEST_CASE("values under eight bytes are not masked, and that is said")
{
    Redactor redactor;
    CHECK(redactor.add("short12") == Masking::too_short);
    CHECK(redactor.add("") == Masking::too_short);
    CHECK(redactor.add("  short  \n") == Masking::too_short);
    CHECK(redactor.empty());
    CHECK(redactor.redact("short12") == "short12");
    CHECK(redactor.add("eight888") == Masking::masked);
    CHECK(redactor.redact("eight888") == "<redacted>");
}

TEST_CASE("every encoded form is masked at every cut")
{
    Redactor redactor;
    REQUIRE(redactor.add(difficult) == Masking::masked);
    for (const Encoded& encoding : encodings) {
        INFO(encoding.name);
        CHECK(redact_every_way(redactor, "before " + std::string(encoding.text) + " after") ==
              "before <redacted> after");
    }
}

TEST_CASE("what JSON made of a value is masked however often JSON is made of that, and in what others make of it")
{
    Redactor redactor;
    redactor.add("say \"hunter2\" \\ twice");
    CHECK(redact_every_way(redactor, R"({"a":"{\"b\":\"say \\\"hunter2\\\" \\\\ twice\"}"})") ==
          R"({"a":"{\"b\":\"<redacted>\"}"})");
    CHECK(redact_every_way(redactor, R"("say \\\\\\\"hunter2\\\\\\\" \\\\\\\\ twice")") == R"("<redacted>")");
    // base64 and a URL of it.
    CHECK(redact_every_way(redactor, "eyJhIjogInNheSBcImh1bnRlcjJcIiBcXCB0d2ljZSJ9") == "eyJhIjogIn<redacted>SJ9");
    CHECK(redact_every_way(redactor, "say%20%5C%22hunter2%5C%22%20%5C%5C%20twice") == "<redacted>");
}

TEST_CASE("what a reader is not shown does not break a secret")
{
    Redactor redactor;
    redactor.add("hunter2hunter2");
    CHECK(redact_every_way(redactor, "a \x1b[31mhunter2\x1b[0mhunter2\x1b[1m b") == "a \x1b[31m<redacted>\x1b[1m b");
    CHECK(redact_every_way(redactor, "h\x1b[1mu\x1b[mn\x1b[38;5;1mter2hunter2.") == "<redacted>.");
    CHECK(redact_every_way(redactor, "hunter2\x1b]0;title\ahunter2") == "<redacted>");
    CHECK(redact_every_way(redactor, "hunter2\x1b]8;;url\x1b\\hunter2") == "<redacted>");
    CHECK(redact_every_way(redactor, std::string("hunter\0002hun\x1b(Bter2\a", 19)) == "<redacted>\a");
    CHECK(redact_every_way(redactor, "hunter2\u200bhunter2 \u00e9\u2014") == "<redacted> \u00e9\u2014");
    CHECK(redact_every_way(redactor, "hunter2\u009b1mhunter2") == "<redacted>");
    // Nor does a sequence that never ends hide what follows its line, or what is in it as it is.
    CHECK(redact_every_way(redactor, "\x1b]0;hunter2hunter2\n\x1b[1\nhunter2hunter2") ==
          "\x1b]0;<redacted>\n\x1b[1\n<redacted>");
    CHECK(redact_every_way(redactor, "\x1b[1mhunt\x1b[0m the hunter2\x1b[0mhunter") ==
          "\x1b[1mhunt\x1b[0m the hunter2\x1b[0mhunter");
    // Encoded forms as well, and those that were broken into lines.
    CHECK(redact_every_way(redactor, "aHVudGVyM\x1b[0mmh1bnRlcjI=") == "<redacted>I=");
}

TEST_CASE("base64 is masked in all alignments and both alphabets")
{
    Redactor redactor;
    redactor.add(difficult);
    struct Case {
        std::string_view text, clean;
    };
    // Standard with "tail" behind the value, URL-safe with a byte 0xFF behind it; none, "x", "xy" before it.
    constexpr Case cases[] = {
        {"cDRzcy93MHJkKyLDqSIgJiBtb3JlXGVuZHRhaWw=", "<redacted>HRhaWw="},
        {"cDRzcy93MHJkKyLDqSIgJiBtb3JlXGVuZP8=", "<redacted>P8="},
        {"eHA0c3MvdzByZCsiw6kiICYgbW9yZVxlbmR0YWls", "eH<redacted>R0YWls"},
        {"eHA0c3MvdzByZCsiw6kiICYgbW9yZVxlbmT_", "eH<redacted>T_"},
        {"eHlwNHNzL3cwcmQrIsOpIiAmIG1vcmVcZW5kdGFpbA==", "eHl<redacted>dGFpbA=="},
        {"eHlwNHNzL3cwcmQrIsOpIiAmIG1vcmVcZW5k_w==", "eHl<redacted>_w=="},
    };
    for (const Case& c : cases)
        CHECK(redact_every_way(redactor, c.text) == c.clean);
}

TEST_CASE("long base64 and hex are found although broken into lines")
{
    std::string value = "-----a token of some length, 123456789 abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQ";
    std::string encoded =
        "LS0tLS1hIHRva2VuIG9mIHNvbWUgbGVuZ3RoLCAxMjM0NTY3ODkgYWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXogQUJDREVGR0hJS"
        "ktMTU5PUFE";
    Redactor redactor;
    redactor.add(value);
    for (size_t at = 1; at < encoded.size() - 2; ++at) {
        std::string broken = encoded.substr(0, at) + (at % 2 ? "\n" : "\r\n") + encoded.substr(at);
        std::string clean = redactor.redact("data: " + broken + " end");
        INFO(at << ": " << clean);
        // A break in the first eight characters leaves those, six bytes of eighty, and no more.
        CHECK(clean.size() <= std::string_view("data: 12345678\r\n<redacted>FE end").size());
        CHECK(clean.find("<redacted>") != std::string::npos);
    }
    std::string wrapped = quire::to_hex(value);
    wrapped.insert(60, "\n");
    CHECK(redact_every_way(redactor, wrapped) == "<redacted>");
    CHECK(redactor.redact(wrapped.substr(0, 60) + "\n\n\n" + wrapped.substr(61)).starts_with(wrapped.substr(0, 60)));
}

TEST_CASE("each line of a multi-line value is masked, short ones are not")
{
    Redactor redactor;
    REQUIRE(redactor.add("-----BEGIN KEY-----\r\nMIIEvQIBADANBgkq\nhkiG\n  indented-line-of-it\n-----END KEY-----\n") ==
            Masking::masked);
    CHECK(redact_every_way(redactor, "x MIIEvQIBADANBgkq y\nhkiG\nindented-line-of-it") ==
          "x <redacted> y\nhkiG\n<redacted>");
    CHECK(redactor.redact("-----BEGIN KEY-----\nMIIEvQIBADANBgkq\n") == "<redacted>\n<redacted>\n");
    // The whole of it as one JSON string.
    CHECK(redact_every_way(redactor, "\"-----BEGIN KEY-----\\r\\nMIIEvQIBADANBgkq\\nhkiG\\n  indented-line-of-it\\n"
                                     "-----END KEY-----\\n\"") == "\"<redacted>\\n\"");
}

TEST_CASE("secrets that overlap in the text are masked together, and the longer one wins")
{
    Redactor redactor;
    redactor.add("abcdefghij");
    redactor.add("ghijklmnop");
    redactor.add("abcdefghijXYZ");
    CHECK(redact_every_way(redactor, "<abcdefghijklmnop>") == "<<redacted>>");
    CHECK(redact_every_way(redactor, "<abcdefghijXYZ>") == "<<redacted>>");
    CHECK(redact_every_way(redactor, "<abcdefghijXY>") == "<<redacted>XY>");
    CHECK(redact_every_way(redactor, "<abcdefghijklmno>") == "<<redacted>klmno>");
    CHECK(redact_every_way(redactor, "abcdefghijghijklmnop") == "<redacted><redacted>");
}

TEST_CASE("only the beginning of a form is held back")
{
    Redactor redactor;
    redactor.add("secret-value");
    std::string out;
    auto append = [&](std::string_view part) { out += part; };
    RedactedStream stream(redactor);
    stream.feed("progress 50% sec", append);
    CHECK(out == "progress 50% ");
    stream.feed("onds.", append);
    CHECK(out == "progress 50% seconds.");
    stream.feed(" secret-val", append);
    CHECK(out == "progress 50% seconds. ");
    stream.finish(append);
    CHECK(out == "progress 50% seconds. secret-val");
}

TEST_CASE("random text with secrets strewn in, cut at random, shows none of them")
{
    Redactor redactor;
    std::vector<std::string> secrets = {"ababababab", "babababa", "aaaaaaaaaaaaaaaa", "abcabcabcabd", "cccccccc"};
    for (const std::string& secret : secrets)
        redactor.add(secret);
    unsigned state = GENERATE(1u, 2u, 3u, 4u, 5u, 6u, 7u, 8u);
    auto random = [&](size_t below) {
        state = state * 1664525u + 1013904223u;
        return (state >> 8) % below;
    };
    for (int round = 0; round < 300; ++round) {
        std::string text;
        while (text.size() < 120)
            text += random(4) == 0 ? secrets[random(secrets.size())] : std::string(1, "abc"[random(3)]);
        std::vector<size_t> cuts;
        for (size_t at = random(9); at < text.size(); at += 1 + random(20))
            cuts.push_back(at);
        std::string clean = redact_cut(redactor, text, cuts);
        REQUIRE(clean == redactor.redact(text));
        for (const std::string& secret : secrets)
            REQUIRE(clean.find(secret) == std::string::npos);
    }
}
