// Where a commit's message was broken because its lines were full.
#include "web/code/message.h"

#include <catch2/catch_test_macros.hpp>

using namespace quire;

/// The message with a bar at each soft break.
static std::string joined(std::string message)
{
    auto breaks = web::soft_breaks(message);
    for (auto at = breaks.rbegin(); at != breaks.rend(); ++at)
        message.replace(at->first, at->second, "|");
    return message;
}

static const std::string full(58, 'x');

TEST_CASE("a line that was full goes on in the next one")
{
    CHECK(joined(full + "\nand more\n") == full + "|and more\n");
    CHECK(joined(full + "\n" + full + "\nend") == full + "|" + full + "|end");
    CHECK(joined("short\nlines\nstay\n") == "short\nlines\nstay\n");
    CHECK(joined(full + "\n\nanother paragraph\n") == full + "\n\nanother paragraph\n");
    CHECK(joined("ab\n" + full + "\nbb") == "ab|" + full + "|bb"); // the long word did not fit behind the first
    CHECK(joined("").empty());
    CHECK(joined("\n\n\n") == "\n\n\n");
}

TEST_CASE("an item of a list goes on below its text")
{
    CHECK(joined("- " + full + "\n  and more\n- " + full + "\nnot here\n") ==
          "- " + full + "|and more\n- " + full + "\nnot here\n");
    CHECK(joined(" 1. " + full + "\n    and more\n") == " 1. " + full + "|and more\n");
    CHECK(joined(full + "\n- an item\n") == full + "\n- an item\n");
    CHECK(joined("-" + full + "\nnone") == "-" + full + "|none");
}

TEST_CASE("code, trailers, tables and quotes keep their lines")
{
    const std::vector<std::string> messages = {"    make " + full + "\n    make more\n",
                                               "Signed-off-by: " + full + "\nAcked-by: me\n",
                                               full + "\nReviewed-by: me\n",
                                               "| " + full + "\n| b\n",
                                               "> " + full + "\nb\n",
                                               full + "\n\tcode\n",
                                               "# " + full + "\nb\n"};
    for (const std::string& line : messages)
        CHECK(joined(line) == line);
}

static std::string below(const std::string& message, const std::string& title)
{
    return web::message_below(git::parse_commit_info({}, "tree 0\n\n" + message), title);
}

TEST_CASE("below its title a message has no id of a change, and a subject only where the title had to cut it")
{
    const std::string id = "I0123456789abcdef0123456789abcdef01234567", other = "I" + std::string(40, '0');
    CHECK(below("subject\n\nChange-Id: " + id + "\n", "subject").empty());
    CHECK(below("subject\n\nwhy\n\nchange-id: " + id + "\n", "subject") == "why");
    CHECK(below("subject\n\nSigned-off-by: me\nChange-Id: " + id + "\nAcked-by: you", "subject") ==
          "Signed-off-by: me\nAcked-by: you");
    CHECK(below("subject\n\nChange-Id: " + other + "\nChange-Id: " + id, "subject") == "Change-Id: " + other);
    CHECK(below("subject\n\nChange-Id: " + id + "\n\nthe last paragraph", "subject") ==
          "Change-Id: " + id + "\n\nthe last paragraph");
    CHECK(below("subject\n\nwhy", "subj…") == "subject\n\nwhy");
    CHECK(below("subject", "subj…") == "subject");
    CHECK(below("", "(no message)").empty());
}
