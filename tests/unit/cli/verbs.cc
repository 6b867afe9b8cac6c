#include "cli/verbs.h"

#include <catch2/catch_test_macros.hpp>

#include <fstream>
#include <set>
#include <sstream>

#include "base/strings.h"

using namespace quire;
using namespace quire::cli;

using Words = std::vector<std::string>;

/// What a line of mdoc macros shows, for those that synopses are written in.
static std::string plain(std::string_view line)
{
    std::string out, closing;
    bool join_next = true;
    bool is_flag = false, is_argument = false;
    for (std::string_view word : split(line, ' ')) {
        bool is_macro = true;
        if (word == "Oo" || word == "Op") {
            out += join_next ? "[" : " [";
            closing = word == "Op" ? "]" + closing : closing;
            join_next = true;
        } else if (word == "Oc") {
            out += "]";
        } else if (word == "Ns") {
            join_next = true;
        } else if (word == "|") {
            out += "|";
            join_next = true;
        } else if (word == "Fl" || word == "Cm" || word == "Ar") {
            is_flag = word == "Fl";
            is_argument = word == "Ar";
        } else {
            is_macro = false;
        }
        if (is_macro)
            continue;
        out += join_next ? "" : " ";
        std::string text(word);
        for (char& c : text)
            if (is_argument && c >= 'a' && c <= 'z')
                c = static_cast<char>(c - 'a' + 'A');
        out += (is_flag ? "-" : "") + text;
        is_flag = join_next = false;
    }
    return out + closing;
}

/// The verbs of a man page: its ".It Cm …" lines as usage shows them.
static std::vector<std::string> synopses(const char* page, std::string_view before)
{
    std::ifstream file(fmt::format("{}/../../../docs/man/{}", QUIRE_TEST_DIR, page));
    REQUIRE(file);
    std::vector<std::string> found;
    for (std::string line; std::getline(file, line);)
        if (std::string_view rest = line; strip_prefix(rest, ".It Cm ") && strip_prefix(rest, before))
            found.push_back(plain(rest));
    return found;
}

static std::vector<std::string> usages(Reach narrowest)
{
    std::vector<std::string> lines;
    for (const Verb& verb : verbs())
        if (verb.reach >= narrowest)
            lines.push_back(usage_line(verb, narrowest));
    return lines;
}

TEST_CASE("quire(1) has every verb's synopsis, in the table's order, and no other")
{
    CHECK(synopses("quire.1", "") == usages(Reach::box));
}

TEST_CASE("quire-exec(8) has the synopsis of every verb that is served over ssh, and no other")
{
    CHECK(synopses("quire-exec.8", "quire ") == usages(Reach::over_ssh));
}

TEST_CASE("a verb whose name is another's first word takes no operand that could be the second word")
{
    std::set<std::string> names, firsts;
    for (const Verb& verb : verbs()) {
        CHECK(names.insert(verb.name).second);
        if (words_in_name(verb) > 1)
            firsts.insert(std::string(split(verb.name, ' ')[0]));
    }
    for (const std::string& first : firsts)
        if (const Verb* alone = find_verb(first)) // a path has a slash in it, or is "-"
            CHECK((alone->operands.empty() || alone->operands[0].kind == Kind::path));
    CHECK(verb_in_front(Words{"tasks"}) == find_verb("tasks"));
    CHECK(verb_in_front(Words{"tasks", "retry", "x"}) == find_verb("tasks retry"));
    CHECK(verb_in_front(Words{"tasks", "--json"}) == find_verb("tasks"));
}

TEST_CASE("a name of two words is no name in one")
{
    CHECK(verb_in_front(Words{"config", "get", "foo"}) == find_verb("config get"));
    CHECK(!verb_in_front(Words{"config get", "foo"}));
    CHECK(!verb_in_front(Words{"config"}));
    CHECK(!verb_in_front(Words{}));
}

TEST_CASE("arity follows from the operands")
{
    auto arity = [](const char* name) { return find_verb(name)->arity(); };
    CHECK((arity("list").least == 0 && arity("list").most == 0));
    CHECK((arity("config set").least == 2 && arity("config set").most == 3));
    CHECK((arity("run").least == 1 && arity("run").most == 1 + most_repeated));
}

TEST_CASE("a slip is answered with the nearest verb that is within reach")
{
    CHECK(no_such_verb(Words{"lsit"}, Reach::box) == "'quire lsit' is no verb; did you mean 'list'?");
    CHECK(no_such_verb(Words{"doctro"}, Reach::over_ssh) ==
          "'quire doctro' is no command that is served over ssh; did you mean 'doctor'?");
    CHECK(no_such_verb(Words{"initt"}, Reach::over_ssh) ==
          "'quire initt' is no command that is served over ssh; quire help lists them");
    CHECK(no_such_verb(Words{"init"}, Reach::over_ssh) ==
          "'quire init' is no command that is served over ssh; it works on the box");
    CHECK(no_such_verb(Words{"config", "gte"}, Reach::box) ==
          "'quire config' is followed by get, set, unset; did you mean 'get'?");
    CHECK(no_such_verb(Words{"refresh-gti"}, Reach::box) == "'quire refresh-gti' is no verb; quire help lists them");
    CHECK(no_such_verb(Words{std::string(300, 'x')}, Reach::box).size() < 140);
}

TEST_CASE("help shows what is within reach")
{
    CHECK(help_on(Words{"replay"}, Reach::box)->find("--run") != std::string::npos);
    CHECK(help_on(Words{"replay"}, Reach::over_ssh)->find("--run") == std::string::npos);
    CHECK(help_on(Words{"config"}, Reach::box)->find("usage: quire config unset [NAME] KEY") != std::string::npos);
    CHECK(!help_on(Words{"init"}, Reach::over_ssh));
    CHECK(!help_on(Words{"upkeep"}, Reach::box));
    CHECK(!help_on(Words{"new", "foo"}, Reach::box));
    CHECK(list_of_verbs(Reach::box).find("upkeep") == std::string::npos);
    CHECK(help_on(Words{"list"}, Reach::box)->find("greeting") == std::string::npos);
}

TEST_CASE("the table says what a verb does to the data root, and what is given decides where it depends")
{
    auto effect = [](const char* verb, const Words& words) { return effect_of(*find_verb(verb), words); };
    CHECK(effect("new", {"foo"}) == Effect::writes);
    CHECK(effect("list", {}) == Effect::reads);
    CHECK(effect("default-branch", {"foo"}) == Effect::reads);
    CHECK(effect("default-branch", {"foo", "main"}) == Effect::writes);
    CHECK(effect("run", {"foo"}) == Effect::reads);
    CHECK(effect("run", {"foo", "--source", "deploy"}) == Effect::writes);
    CHECK(effect("doctor", {"--json"}) == Effect::reads);
    CHECK(effect("doctor", {"--fix", "--json"}) == Effect::writes);
    CHECK(effect("restore", {"foo"}) == Effect::writes);
    CHECK(effect("restore", {"--list"}) == Effect::reads);
    CHECK(effect("prune", {}) == Effect::writes);
    CHECK(effect("prune", {"--dry-run", "foo"}) == Effect::reads);
    CHECK(effect("import", {"--dry-run", "--with-keys", "/srv"}) == Effect::reads);
    CHECK(effect("import", {"--with-keys", "/srv"}) == Effect::writes);
    CHECK(effect("import", {}) == Effect::reads); // it is refused anyway
    CHECK(effect("serve", {"--port", "0"}) == Effect::reads);
    for (const Verb& verb : verbs()) // whoever needs no more than to read changes nothing
        CHECK((verb.need != Need::read || verb.effect == Effect::reads));
}
