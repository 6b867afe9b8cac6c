#include "text/escape.h"

#include <catch2/catch_test_macros.hpp>

#include "support/random.h"

using namespace quire;
using namespace quire::text;

TEST_CASE("HTML's special characters are escaped, everything else stays")
{
    CHECK(escape_html("<a href=\"x\">'&amp;") == "&lt;a href=&quot;x&quot;&gt;&#39;&amp;amp;");
    CHECK(escape_html("plain \xc3\xa9 \n\t`=") == "plain \xc3\xa9 \n\t`=");
    CHECK(escape_html("") == "");
    CHECK(escape_html(std::string_view("a\0b", 3)) == "a\xef\xbf\xbd"
                                                      "b");
}

TEST_CASE("percent_encode leaves the unreserved characters alone, and slashes when told")
{
    CHECK(percent_encode("aZ09-._~") == "aZ09-._~");
    CHECK(percent_encode("a b/c%\xff") == "a%20b%2Fc%25%FF");
    CHECK(percent_encode("a b/c", Slash::keep) == "a%20b/c");
    CHECK(percent_encode("+&=?#") == "%2B%26%3D%3F%23");
    CHECK(percent_encode(std::string_view("\0", 1)) == "%00");
}

TEST_CASE("percent_decode reads either case of hex and takes a plus for a plus")
{
    CHECK(percent_decode("%2f%2F+") == "//+");
    CHECK(percent_decode("%00") == std::string(1, '\0'));
    CHECK(percent_decode("%25%32%35") == "%25"); // once, not twice
    CHECK(percent_decode("") == "");
}

TEST_CASE("percent_decode refuses a % without two hex digits")
{
    for (std::string_view text : {"%", "a%", "%2", "a%2", "%2g", "%g2", "%%", "%%20", "% 2", "%-1", "%+1", "%u0041",
                                  "%0x", "ab%2", "%20%", "%\xff\xff"}) {
        INFO(text);
        CHECK_FALSE(percent_decode(text));
    }
    CHECK_FALSE(percent_decode(std::string_view("%2\0", 3)));
}

TEST_CASE("base64 matches the examples of RFC 4648")
{
    const std::pair<std::string_view, std::string_view> cases[] = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
        {"\xff\xfe\xfd", "//79"},
    };
    for (const auto& [bytes, text] : cases) {
        CHECK(base64_encode(bytes) == text);
        CHECK(base64_decode(text) == bytes);
    }
}

TEST_CASE("base64_decode refuses whatever base64_encode does not write")
{
    for (std::string_view text :
         {"Z",     "Zg",   "Zg=",      "Zg===", "Zh==", "Zm9=",     "=",    "==",   "====",    "Zm 9v", "Zm9v\n",
          "Zm9v=", "Z===", "Zg==Zg==", "Zm-v",  "Zm_v", "Zm9v====", "=Zm9", "Z=9v", "Zm\xffv", "////="}) {
        INFO(text);
        CHECK_FALSE(base64_decode(text));
    }
}

TEST_CASE("percent and base64 forms of any bytes lead back to them")
{
    tests::Random random(3);
    for (int i = 0; i < 2000; ++i) {
        std::string bytes = random.bytes(40);
        CHECK(percent_decode(percent_encode(bytes)) == bytes);
        CHECK(percent_decode(percent_encode(bytes, Slash::keep)) == bytes);
        CHECK(base64_decode(base64_encode(bytes)) == bytes);
    }
}

TEST_CASE("a terminal is shown nothing that moves it or misleads its reader")
{
    CHECK(for_terminal("plain caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x8e\x89") ==
          "plain caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x8e\x89");
    CHECK(for_terminal("a\x1b[2Jb") == "a\\x1b[2Jb");
    CHECK(for_terminal("a\nb\tc\r") == "a\\x0ab\\x09c\\x0d");
    CHECK(for_terminal(std::string_view("\0", 1)) == "\\x00");
    CHECK(for_terminal("\x7f") == "\\x7f");
    CHECK(for_terminal("\xc2\x9b"
                       "2J") == "\\xc2\\x9b2J"); // C1: CSI
    CHECK(for_terminal("\xff") == "\\xff");
    CHECK(for_terminal("\xc3") == "\\xc3");
    CHECK(for_terminal("\xc0\xaf") == "\\xc0\\xaf");          // overlong
    CHECK(for_terminal("\xed\xa0\x80") == "\\xed\\xa0\\x80"); // a surrogate
    for (char32_t mark : {0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067,
                          0x2068, 0x2069, 0xfeff}) {
        std::string utf8 = {static_cast<char>(0xe0 | mark >> 12), static_cast<char>(0x80 | (mark >> 6 & 63)),
                            static_cast<char>(0x80 | (mark & 63))};
        INFO(static_cast<unsigned>(mark));
        CHECK(for_terminal("a" + utf8 + "b").find(utf8) == std::string::npos);
    }
    CHECK(for_terminal("\xe2\x80\xa6\xe2\x80\x94\xe2\x81\xa0") == "\xe2\x80\xa6\xe2\x80\x94\xe2\x81\xa0");
}

TEST_CASE("to_utf8 replaces what is not UTF-8 and keeps what is")
{
    CHECK(to_utf8("caf\xc3\xa9") == "caf\xc3\xa9");
    CHECK(to_utf8("a\xff"
                  "b\xc3") == "a\xef\xbf\xbd"
                              "b\xef\xbf\xbd");
    CHECK(to_utf8("\xf5\x80") == "\xef\xbf\xbd\xef\xbf\xbd");
}
