// Headers that hold whatever a pusher named a branch, and bodies that arrive as they were written.
#include "deliver/mail_message.h"

#include <catch2/catch_test_macros.hpp>

#include "base/strings.h"
#include "text/escape.h"

using namespace quire;
using namespace quire::deliver;

namespace {

Mail mail_with(const std::string& subject, const std::string& body = "hello\n")
{
    return {.from = "quire@example.org",
            .to = "alice@example.org",
            .subject = subject,
            .id = "a.1@example.org",
            .thread = "t@example.org",
            .list = "work/bar",
            .event = "ci-failed",
            .at = 1'795'659'170 * nanoseconds_per_second,
            .body = body};
}

std::string head_of(const std::string& text) { return text.substr(0, text.find("\n\n") + 1); }

/// The values of a header, unfolded.
std::vector<std::string> values(const std::string& text, const std::string& name)
{
    std::vector<std::string> found;
    std::string unfolded;
    std::string head = head_of(text);
    for (size_t i = 0; i < head.size(); ++i)
        if (!(head[i] == '\n' && i + 1 < head.size() && head[i + 1] == ' '))
            unfolded += head[i];
    for (std::string_view line : split(unfolded, '\n'))
        if (strip_prefix(line, name + ": "))
            found.emplace_back(line);
    return found;
}

std::string decode_words(std::string_view value)
{
    std::string out;
    for (std::string_view word : split(value, ' ')) {
        REQUIRE(strip_prefix(word, "=?UTF-8?B?"));
        REQUIRE(strip_suffix(word, "?="));
        out += text::base64_decode(word).value();
    }
    return out;
}

std::string decode_quoted(std::string_view text)
{
    std::string out;
    while (!text.empty()) {
        std::string_view line = take_until(text, '\n');
        bool goes_on = strip_suffix(line, "=");
        for (size_t i = 0; i < line.size(); ++i) {
            if (line[i] == '=') {
                out += from_hex(to_lower(line.substr(i + 1, 2))).value();
                i += 2;
            } else {
                out += line[i];
            }
        }
        out += goes_on ? "" : "\n";
    }
    return out;
}

} // namespace

TEST_CASE("a mail has the headers that sort, thread and silence it")
{
    std::string text = write_mail(mail_with("[work/bar] main failed: #42"));
    CHECK(values(text, "From") == std::vector<std::string>{"quire <quire@example.org>"});
    CHECK(values(text, "To") == std::vector<std::string>{"alice@example.org"});
    CHECK(values(text, "Subject") == std::vector<std::string>{"[work/bar] main failed: #42"});
    CHECK(values(text, "Date") == std::vector<std::string>{"Thu, 26 Nov 2026 02:12:50 +0000"});
    CHECK(values(text, "Message-ID") == std::vector<std::string>{"<a.1@example.org>"});
    CHECK(values(text, "References") == std::vector<std::string>{"<t@example.org>"});
    CHECK(values(text, "Auto-Submitted") == std::vector<std::string>{"auto-generated"});
    CHECK(values(text, "List-Id") == std::vector<std::string>{"work/bar <work.bar.quire.example.org>"});
    CHECK(values(text, "Content-Transfer-Encoding") == std::vector<std::string>{"7bit"});
    CHECK(text.ends_with("\n\nhello\n"));
}

TEST_CASE("nothing in a subject makes a header or ends the headers")
{
    for (const char* nasty : {"a\nBcc: eve@example.org", "a\r\nBcc: eve@example.org", "a\rBcc: eve@example.org",
                              "a\n\nbody", "a\x0b\nBcc: x", "\nBcc: eve@example.org", "x\n", "a\0b"}) {
        INFO(nasty);
        std::string text = write_mail(mail_with(nasty));
        CHECK(values(text, "Bcc").empty());
        CHECK(values(text, "Subject").size() == 1);
        CHECK(text.ends_with("\n\nhello\n"));
        for (char c : head_of(text))
            CHECK((c == '\n' || (c >= 0x20 && c < 0x7f)));
    }
}

TEST_CASE("a subject that is not plain ASCII comes back from its encoded words, whose lines are short")
{
    for (const std::string& subject :
         {std::string("änderung in größe"), std::string(100, 'x'), std::string("=?UTF-8?Q?=41?="),
          std::string("日本語のとても長い件名です、折り返しが必要になります、まだまだ続きます"),
          std::string("🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊")}) {
        INFO(subject);
        std::string text = write_mail(mail_with(subject));
        CHECK(decode_words(values(text, "Subject").at(0)) == subject);
        for (std::string_view line : split(head_of(text), '\n'))
            CHECK(line.size() <= 76);
    }
    CHECK(encode_header("Subject", "a\xff\xe2\x80\xae"
                                   "b") == "a\\xff\\xe2\\x80\\xaeb");
}

TEST_CASE("long plain subjects are folded between words")
{
    std::string subject;
    for (int i = 0; i < 40; ++i)
        subject += (i > 0 ? " word" : "word") + std::to_string(i);
    std::string text = write_mail(mail_with(subject));
    CHECK(values(text, "Subject").at(0) == subject);
    for (std::string_view line : split(head_of(text), '\n'))
        CHECK(line.size() <= 76);
    CHECK(encode_header("Subject", std::string(5000, 'x')).size() < 1000);
}

TEST_CASE("a body that servers would change is encoded, and comes back")
{
    std::string long_line(500, '=');
    for (const std::string& body :
         {std::string("größe\n"), std::string(".\n"), std::string("From here\n"), std::string("blank \n\n\tindented\n"),
          long_line + "\n", "  | ✗ " + long_line + "é\n"}) {
        INFO(body);
        std::string text = write_mail(mail_with("s", body));
        CHECK(values(text, "Content-Transfer-Encoding").at(0) == "quoted-printable");
        std::string encoded = text.substr(text.find("\n\n") + 2);
        for (std::string_view line : split(encoded, '\n')) {
            CHECK(line.size() <= 76);
            CHECK_FALSE(line == ".");
            CHECK_FALSE(line.starts_with("From "));
            CHECK_FALSE(line.ends_with(' '));
        }
        CHECK(decode_quoted(encoded) == body);
    }
    CHECK(write_mail(mail_with("s", "bad \xff byte")).find("=EF=BF=BD") != std::string::npos);
}

TEST_CASE("words of ids are plain, and different texts stay different")
{
    CHECK(id_word("work/bar") == "work.bar");
    CHECK(id_word("ci-failed.foo.42") == "ci-failed.foo.42");
    CHECK(id_word("a b") != id_word("a-b"));
    CHECK(id_word("a>\n<b").find_first_of("<> \n") == std::string::npos);
    CHECK(id_word("") == "x");
    CHECK(id_word(std::string(1000, 'a')).size() < 100);
    CHECK(domain_of("a@b.c") == "b.c");
    CHECK(domain_of("root") == "localhost");
}
