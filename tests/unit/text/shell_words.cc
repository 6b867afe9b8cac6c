#include "text/shell_words.h"

#include <catch2/catch_test_macros.hpp>

#include "base/strings.h"
#include "support/random.h"
#include "sys/process.h"

using namespace quire;
using namespace quire::text;
using Words = std::vector<std::string>;

namespace {

struct Accepted {
    std::string_view line;
    Words words;
};

struct Refused {
    std::string line;
    std::string_view reason;
};

} // namespace

TEST_CASE("a command line is split into the words a shell would see")
{
    const Accepted cases[] = {
        {"", {}},
        {" ", {}},
        {"     ", {}},
        {"a", {"a"}},
        {" a ", {"a"}},
        {"a  b   c", {"a", "b", "c"}},
        {"git-upload-pack '/foo.git'", {"git-upload-pack", "/foo.git"}},
        {"git-receive-pack 'it'\\''s.git'", {"git-receive-pack", "it's.git"}},
        {"''", {""}},
        {"\"\"", {""}},
        {"'' ''", {"", ""}},
        {"''\"\"", {""}},
        {"a''b", {"ab"}},
        {"a\"\"b", {"ab"}},
        {"a 'b c' d", {"a", "b c", "d"}},
        {"a\"b c\"d", {"ab cd"}},
        {"'a'\"b\"c", {"abc"}},
        {"'\"'", {"\""}},
        {"\"'\"", {"'"}},
        {"\\'", {"'"}},
        {"\\\"", {"\""}},
        {"\\\\", {"\\"}},
        {"\\ ", {" "}},
        {"a\\ b", {"a b"}},
        {"\\a", {"a"}},
        {"'\\'", {"\\"}},
        {"'a\\b'", {"a\\b"}},
        {"\"a\\b\"", {"a\\b"}},
        {"\"\\\\\"", {"\\"}},
        {"\"\\\"\"", {"\""}},
        {"\"\\$x\"", {"$x"}},
        {"\"\\`x\"", {"`x"}},
        {"\"\\'\"", {"\\'"}},
        {"\"\\ \"", {"\\ "}},
        {"caf\xc3\xa9", {"caf\xc3\xa9"}},
        {"\xff\xfe", {"\xff\xfe"}},
    };
    for (const Accepted& entry : cases) {
        INFO(entry.line);
        auto words = parse_shell_words(entry.line);
        REQUIRE(words);
        CHECK(*words == entry.words);
    }
}

TEST_CASE("nothing is expanded: what a shell would act on is an ordinary character")
{
    for (std::string_view word :
         {"$HOME", "${HOME}", "$(id)", "`id`", "*",  "?",  "[a]", "{a,b}", "~",    "~root", "a;b",
          ";",     "a&b",     "&&",    "|",    "||", ">x", "<x",  ">>x",   "2>&1", "(a)",   "#a",
          "!a",    "a=b",     "$",     "$$",   "%s", "--", "-",   "..",    "&",    "^a^b",  "$'a'"}) {
        INFO(word);
        auto words = parse_shell_words(fmt::format("x {} \"{}\"", word, word));
        REQUIRE(words);
        std::string plain(word);
        std::erase(plain, '\'');
        CHECK(*words == Words{"x", plain, std::string(word)});
    }
}

TEST_CASE("a line that no sane client sends is refused, with the reason")
{
    std::vector<Refused> cases = {
        {"'", "a ' without its partner"},
        {"a'", "a ' without its partner"},
        {"'a", "a ' without its partner"},
        {"'a' '", "a ' without its partner"},
        {"'a\\'", ""}, // fine: no escapes between single quotes
        {"'a\\''", "a ' without its partner"},
        {"it's", "a ' without its partner"},
        {"'\"", "a ' without its partner"},
        {"'''", "a ' without its partner"},
        {"\"", "a \" without its partner"},
        {"a\"", "a \" without its partner"},
        {"\"a", "a \" without its partner"},
        {"\"a\" \"", "a \" without its partner"},
        {"\"\\\"", "a \" without its partner"},
        {"\"a\\\" b", "a \" without its partner"},
        {"\"'", "a \" without its partner"},
        {"\"\\", "a \" without its partner"},
        {"\"\"\"", "a \" without its partner"},
        {"\\", "a backslash that escapes nothing"},
        {"a\\", "a backslash that escapes nothing"},
        {"a \\", "a backslash that escapes nothing"},
        {"\\\\\\", "a backslash that escapes nothing"},
        {"''\\", "a backslash that escapes nothing"},
        {"a\nb", "\\x0a) at byte 2"},
        {"'a\nb'", "\\x0a) at byte 3"},
        {"\\\n", "\\x0a) at byte 2"},
        {"git-upload-pack 'foo'\n", "\\x0a) at byte 22"},
        {std::string("a\0b", 3), "\\x00) at byte 2"},
        {std::string("'\0'", 3), "\\x00) at byte 2"},
        {std::string(1, '\0'), "\\x00) at byte 1"},
        {"'\x1b[2J'", "\\x1b) at byte 2"},
        {"a\rb", "\\x0d"},
        {"a\tb", "\\x09"},
        {"'a\tb'", "\\x09"},
        {"\x7f", "\\x7f"},
        {std::string(max_command_bytes + 1, 'a'), "longer than 4096 bytes"},
        {std::string(max_command_bytes + 1, ' '), "longer than 4096 bytes"},
        {std::string(1 << 20, '\''), "longer than 4096 bytes"},
    };
    // Every control byte, bare and between both quotes.
    for (int byte = 0; byte < 0x20; ++byte)
        for (std::string_view form : {"x {}", "'{}'", "\"{}\""})
            cases.push_back({fmt::format(fmt::runtime(form), static_cast<char>(byte)), "a control byte"});
    for (const Refused& entry : cases) {
        INFO(entry.line.substr(0, 100));
        auto words = parse_shell_words(entry.line);
        if (entry.reason.empty()) {
            CHECK(words);
            continue;
        }
        REQUIRE_FALSE(words);
        CHECK(words.error().kind == ErrorKind::invalid);
        CHECK(words.error().message.find(entry.reason) != std::string::npos);
    }
}

TEST_CASE("the longest line allowed is read")
{
    auto words = parse_shell_words(std::string(max_command_bytes, 'a'));
    REQUIRE(words);
    CHECK(words->at(0).size() == max_command_bytes);
}

TEST_CASE("shell_quote leaves plain words and quotes the rest")
{
    CHECK(shell_quote("git-upload-pack") == "git-upload-pack");
    CHECK(shell_quote("work/bar.git") == "work/bar.git");
    CHECK(shell_quote("") == "''");
    CHECK(shell_quote("a b") == "'a b'");
    CHECK(shell_quote("it's") == "'it'\\''s'");
    CHECK(shell_quote("$(id)") == "'$(id)'");
    CHECK(shell_quote("~") == "'~'");
    CHECK(shell_quote("A=b") == "'A=b'");
    CHECK(shell_quote("caf\xc3\xa9") == "'caf\xc3\xa9'");
}

/// What /bin/sh makes of each line: the words between < and >.
static std::vector<std::string> split_by_sh(const std::vector<std::string>& lines)
{
    std::string script = "show() { for word; do printf '<%s>' \"$word\"; done; echo; }\n";
    for (const std::string& line : lines)
        script += "show " + line + "\n";
    auto out = sys::run_ok({.argv = {"sh"}}, {.input = script});
    REQUIRE(out);
    std::vector<std::string> results;
    for (std::string_view line : split(trim(*out), '\n'))
        results.emplace_back(line);
    return results;
}

TEST_CASE("/bin/sh agrees on every line of quotes, escapes and blanks that is accepted")
{
    tests::Random random(7);
    std::vector<std::string> lines, expected;
    while (lines.size() < 3000) {
        std::string line = "x" + random.text("ab'\"\\ -", 14);
        auto words = parse_shell_words(line);
        if (!words)
            continue;
        lines.push_back(line);
        expected.push_back("<" + join(*words, "><") + ">");
    }
    CHECK(split_by_sh(lines) == expected);
}

TEST_CASE("what shell_quote wrote is one word again, here and in /bin/sh")
{
    tests::Random random(11);
    std::vector<std::string> lines, expected;
    for (int i = 0; i < 2000; ++i) {
        std::string word = random.text("ab'\"\\ $`;*~#=!(){}[]<>|&?^%\xc3\xa9", 12);
        auto words = parse_shell_words(shell_quote(word));
        REQUIRE(words);
        REQUIRE(*words == Words{word});
        lines.push_back(shell_quote(word));
        expected.push_back("<" + word + ">");
    }
    CHECK(split_by_sh(lines) == expected);
}
