#include "history/follow.h"

#include <algorithm>
#include <random>

#include "story.h"

using namespace quire;
using namespace quire::history;
using tests::Files;
using tests::Story;

namespace {

const std::string head = "#include <stdio.h>\n\n";
const std::string add = "int add(int a, int b)\n{\n    int sum = a + b;\n    return sum;\n}\n\n";
const std::string scale = "double scale(double value)\n{\n    double factor = 12.5;\n    value *= factor;\n"
                          "    return value;\n}\n\n";
const std::string log_it =
    "void log_it(const char *text)\n{\n    fputs(text, stderr);\n    fputc('\\n', stderr);\n}\n\n";

std::string replaced(std::string text, const std::string& what, const std::string& with)
{
    for (size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size())
        text.replace(at, what.size(), with);
    return text;
}

/// The lines that a piece of text is in a file, without blank ones at its end.
LineRange lines_of_piece(const std::string& text, std::string piece)
{
    while (piece.ends_with("\n\n"))
        piece.pop_back();
    size_t at = text.find(piece);
    REQUIRE(at != std::string::npos);
    auto count = [](std::string_view part) {
        return static_cast<uint32_t>(std::count(part.begin(), part.end(), '\n'));
    };
    uint32_t begin = count(std::string_view(text).substr(0, at));
    return {begin, begin + std::max(1u, count(piece))};
}

/// "3 changed b.c:1,5" for each step; with "<" and the place before where there is one.
std::vector<std::string> follow(Story& story, int commit, const std::string& path, LineRange lines,
                                FollowQuery query = {})
{
    git::Repository repository = story.open();
    query.from = {{story.id(commit), {path, lines}}};
    std::vector<std::string> said;
    auto shown = [](const FilePart& part) {
        return fmt::format("{}:{},{}", part.path, part.lines.begin + 1, part.lines.end);
    };
    auto end = follow_lines(repository, query, [&](const Step& step) {
        said.push_back(fmt::format("{} {} {}{}", story.number(step.commit), name_of(step.kind), shown(step.after),
                                   step.before ? " < " + shown(*step.before) : ""));
    });
    INFO((end ? std::string() : end.error().message));
    REQUIRE(end);
    CHECK(end->end == FollowEnd::complete);
    return said;
}

using Said = std::vector<std::string>;

} // namespace

TEST_CASE("neighbours don't count, and what was introduced has no past")
{
    Story story;
    story.commit({{"a.c", head + scale}});
    story.commit({{"a.c", head + scale + add}});
    story.commit({{"a.c", head + replaced(scale, "12.5", "2.0") + add}});
    story.commit(
        {{"a.c", head + replaced(scale, "12.5", "2.0") + replaced(add, "int sum = a + b", "long sum = a + b")}});
    std::string last = head + log_it + replaced(scale, "12.5", "2.0") + replaced(add, "int sum", "long sum");
    int tip = story.commit({{"a.c", last}});
    CHECK(follow(story, tip, "a.c", lines_of_piece(last, replaced(add, "int sum", "long sum"))) ==
          Said{"4 changed a.c:10,14 < a.c:10,14", "2 introduced a.c:10,14"});
}

TEST_CASE("a file that gets another name and directory, and changes with it, is followed")
{
    Story story;
    story.commit({{"src/a.c", head + add + scale}, {"src/z.c", log_it}});
    std::string edited = replaced(head + add + scale, "12.5", "0.5");
    int tip = story.commit({{"lib/core/b.c", edited}, {"src/z.c", log_it}});
    CHECK(follow(story, tip, "lib/core/b.c", lines_of_piece(edited, add)) ==
          Said{"2 moved lib/core/b.c:3,7 < src/a.c:3,7", "1 introduced src/a.c:3,7"});
    CHECK(follow(story, tip, "lib/core/b.c", lines_of_piece(edited, replaced(scale, "12.5", "0.5"))) ==
          Said{"2 changed lib/core/b.c:9,14 < src/a.c:9,14", "1 introduced src/a.c:9,14"});
}

TEST_CASE("lines that move within a file take their past along")
{
    Story story;
    story.commit({{"a.c", head + add + scale + log_it}});
    std::string last = head + scale + log_it + add;
    int tip = story.commit({{"a.c", last}});
    for (const std::string& piece : {add, scale, log_it}) {
        Said said = follow(story, tip, "a.c", lines_of_piece(last, piece));
        REQUIRE(said.size() == 1);
        CHECK(said[0].starts_with("1 introduced a.c:"));
    }
}

TEST_CASE("a function that moves to another file is followed there, and one that is copied is new")
{
    Story story;
    std::string rest = log_it + replaced(log_it, "log_it", "log_twice") + replaced(log_it, "stderr", "stdout");
    story.commit({{"big.c", head + add + rest + scale}});
    story.commit({{"big.c", head + rest + scale}, {"small.c", head + replaced(add, "int sum", "long sum")}});
    int tip = story.commit({{"big.c", head + rest + scale},
                            {"copy.c", head + scale},
                            {"small.c", head + replaced(add, "int sum", "long sum")}});
    CHECK(follow(story, tip, "small.c", {2, 7}) == Said{"2 changed small.c:3,7 < big.c:3,7", "1 introduced big.c:3,7"});
    CHECK(follow(story, tip, "copy.c", lines_of_piece(head + scale, scale)) == Said{"3 introduced copy.c:3,8"});
}

TEST_CASE("a function that was laid out anew on its way to another file is followed there")
{
    const std::string old_count =
        "int count_words(const char *text, size_t length)\n{\n    int words = 0, inside = 0;\n"
        "    for (size_t i = 0; i < length; i++) {\n        if (is_blank(text[i])) { inside = 0; continue; }\n"
        "        if (!inside) words++;\n        inside = 1;\n    }\n    return words;\n}\n\n";
    const std::string new_count =
        "        int count_words( const char *text,\n                         size_t length ) {\n"
        "            int words = 0,\n                inside = 0;\n"
        "            for ( size_t i = 0;\n                  i < length; i++ ) {\n"
        "                if ( is_blank( text[i] ) ) {\n                    inside = 0;\n                    continue;\n"
        "                }\n                if ( !inside )\n                    words++;\n                inside = 1;\n"
        "            }\n            return words;\n        }\n\n";
    Story story;
    story.commit({{"a.c", head + add + old_count + scale}, {"b.c", head + log_it}});
    std::string b = head + log_it + new_count;
    int tip = story.commit({{"a.c", head + add + scale}, {"b.c", b}});
    CHECK(follow(story, tip, "b.c", lines_of_piece(b, new_count)) ==
          Said{"2 blanks b.c:9,24 < a.c:9,18", "1 introduced a.c:9,18"});
}

TEST_CASE("two files that had the same function, which became one, are no rivals")
{
    Story story;
    story.commit({{"a.c", head + add + scale}, {"b.c", head + log_it + scale}});
    std::string c = head + scale;
    int tip = story.commit({{"a.c", head + add}, {"b.c", head + log_it}, {"c.c", c}});
    Said said = follow(story, tip, "c.c", lines_of_piece(c, scale));
    REQUIRE(said.size() == 2);
    CHECK((said[0] == "2 moved c.c:3,8 < a.c:9,14" || said[0] == "2 moved c.c:3,8 < b.c:9,14"));
}

TEST_CASE("a new function in the place of one that went is new")
{
    const std::string other =
        "long fetch(struct source *from, long most)\n{\n    long got = read(from->fd, from->at, most);\n"
        "    if (got > 0)\n        from->at += got;\n    return got;\n}\n\n";
    Story story;
    story.commit({{"a.c", head + add + scale}, {"b.c", head + log_it}});
    std::string b = head + log_it + other;
    int tip = story.commit({{"a.c", head + add}, {"b.c", b}});
    CHECK(follow(story, tip, "b.c", lines_of_piece(b, other)) == Said{"2 introduced b.c:9,15"});
}

TEST_CASE("two files that become one are both followed")
{
    Story story;
    story.commit({{"a.c", head + add}, {"b.c", scale + log_it}});
    std::string both = head + add + scale + log_it;
    int tip = story.commit({{"a.c", both}});
    CHECK(follow(story, tip, "a.c", lines_of_piece(both, add)) == Said{"1 introduced a.c:3,7"});
    CHECK(follow(story, tip, "a.c", lines_of_piece(both, scale)) ==
          Said{"2 moved a.c:9,14 < b.c:1,6", "1 introduced b.c:1,6"});
}

TEST_CASE("indentation, line ends and where a statement is broken are changes in blanks")
{
    Story story;
    story.commit({{"a.c", head + scale + add}});
    std::string tabs = head + scale + replaced(add, "    ", "\t");
    story.commit({{"a.c", tabs}});
    std::string broken = replaced(tabs, "int a, int b)", "int a,\n        int b)");
    story.commit({{"a.c", broken}});
    int tip = story.commit({{"a.c", replaced(broken, "\n", "\r\n")}});
    CHECK(follow(story, tip, "a.c", {9, 15}) == Said{"4 blanks a.c:10,15 < a.c:10,15", "3 blanks a.c:10,15 < a.c:10,14",
                                                     "2 blanks a.c:10,14 < a.c:10,14", "1 introduced a.c:10,14"});
}

TEST_CASE("comments are a kind of their own where the language is known")
{
    Story story;
    story.commit({{"a.c", add}, {"a.nonsense", add}});
    std::string commented = replaced(add, "    return", "    /* that is all */\n    return");
    int tip = story.commit({{"a.c", commented}, {"a.nonsense", commented}});
    CHECK(follow(story, tip, "a.c", {0, 6}) == Said{"2 comments a.c:1,6 < a.c:1,5", "1 introduced a.c:1,5"});
    CHECK(follow(story, tip, "a.nonsense", {0, 6}) ==
          Said{"2 changed a.nonsense:1,6 < a.nonsense:1,5", "1 introduced a.nonsense:1,5"});
}

TEST_CASE("what is put around lines is new, and the lines are not")
{
    Story story;
    story.commit({{"a.c", head + scale}});
    std::string wrapped = replaced(head + scale, "    value *= factor;\n",
                                   "    if (is_finite(value)) {\n        value *= factor;\n    }\n");
    int tip = story.commit({{"a.c", wrapped}});
    CHECK(follow(story, tip, "a.c", {5, 8}) == Said{"2 introduced a.c:6,8"});
    CHECK(follow(story, tip, "a.c", {6, 7}) == Said{"2 blanks a.c:7,7 < a.c:6,6", "1 introduced a.c:6,6"});
    CHECK(follow(story, tip, "a.c", {2, 10}) == Said{"2 changed a.c:3,10 < a.c:3,8", "1 introduced a.c:3,8"});
}

TEST_CASE("a function keeps its past when its first line is rewritten")
{
    Story story;
    story.commit({{"a.c", head + add + scale}});
    std::string last =
        replaced(head + add + scale, "double scale(double value)", "float grow(struct thing *it, float value)");
    int tip = story.commit({{"a.c", last}});
    CHECK(follow(story, tip, "a.c", {8, 14}) == Said{"2 changed a.c:9,14 < a.c:9,14", "1 introduced a.c:9,14"});
}

TEST_CASE("a merge leads to the parent that has the lines, also one of many")
{
    Story story;
    std::string one = replaced(add, "a + b", "b + a"), other = replaced(scale, "12.5", "3.5");
    int base = story.commit({{"a.c", head + add + scale}}, {});
    int left = story.commit({{"a.c", head + one + scale}}, {base});
    int right = story.commit({{"a.c", head + add + other}}, {base});
    int far = story.commit({{"a.c", head + add + scale}, {"b.c", log_it}}, {base});
    int merge = story.commit({{"a.c", head + one + other}, {"b.c", log_it}}, {left, right, far});
    int tip = story.commit({{"a.c", head + log_it + one + other}, {"b.c", log_it}}, {merge});
    CHECK(follow(story, tip, "a.c", {8, 13}) == Said{"2 changed a.c:3,7 < a.c:3,7", "1 introduced a.c:3,7"});
    CHECK(follow(story, tip, "a.c", {14, 20}) == Said{"3 changed a.c:9,14 < a.c:9,14", "1 introduced a.c:9,14"});
}

TEST_CASE("a merge that has what no parent has changed it, and both sides are followed")
{
    Story story;
    int base = story.commit({{"a.c", head + add}}, {});
    int left = story.commit({{"a.c", head + replaced(add, "a + b", "b + a")}}, {base});
    int right = story.commit({{"a.c", head + replaced(add, "int sum", "long sum")}}, {base});
    std::string both = head + replaced(replaced(add, "a + b", "b + a"), "int sum", "long sum");
    int merge = story.commit({{"a.c", both}}, {left, right});
    CHECK(follow(story, merge, "a.c", {2, 7}) == Said{"4 changed a.c:3,7 < a.c:3,7", "3 changed a.c:3,7 < a.c:3,7",
                                                      "2 changed a.c:3,7 < a.c:3,7", "1 introduced a.c:3,7"});
}

TEST_CASE("a history that was joined from two roots ends at the one that has the lines")
{
    Story story;
    int first = story.commit({{"a.c", add}}, {});
    int second = story.commit({{"b.c", scale}}, {});
    int tip = story.commit({{"a.c", add}, {"b.c", scale}}, {first, second});
    CHECK(follow(story, tip, "a.c", {0, 5}) == Said{"1 introduced a.c:1,5"});
    CHECK(follow(story, tip, "b.c", {0, 6}) == Said{"2 introduced b.c:1,6"});
}

TEST_CASE("the last line is followed whether a newline ends it or not")
{
    Story story;
    story.commit({{"a.txt", "one of these\ntwo of those\nthree of them"}});
    int tip = story.commit({{"a.txt", "one of these\ntwo of those\nthree of them\nfour more"}});
    CHECK(follow(story, tip, "a.txt", {2, 3}) == Said{"1 introduced a.txt:3,3"});
    CHECK(follow(story, tip, "a.txt", {3, 4}) == Said{"2 introduced a.txt:4,4"});
}

TEST_CASE("many functions, edited, moved, indented and renamed at random: each has the past that it had")
{
    std::mt19937 random(11);
    auto pick = [&](size_t n) { return static_cast<size_t>(random() % n); };
    struct Function {
        std::vector<std::string> lines;
        std::vector<int> past; ///< the commits that shaped it, oldest first
        std::string indent = "    ";
    };
    std::vector<Function> functions;
    const char* words[] = {"apple", "brick", "cloud", "delta", "ember", "frost", "grape", "hotel", "igloo", "joker"};
    int made = 0;
    auto statement = [&] {
        return fmt::format("{}_{} = {}({}_{}, {});", words[pick(10)], pick(50), words[pick(10)], words[pick(10)],
                           pick(50), pick(1000));
    };
    auto make = [&](int commit) {
        Function function;
        function.lines = {fmt::format("void {}_{}(int {})", words[pick(10)], ++made, words[pick(10)])};
        for (size_t i = 0; i < 4 + pick(6); ++i)
            function.lines.push_back(statement());
        function.past = {commit};
        return function;
    };
    std::string path = "src/file.c";
    auto text_of = [&](std::vector<LineRange>* ranges) {
        std::string text = "/* a file */\n\n";
        uint32_t line = 2;
        for (const Function& function : functions) {
            uint32_t begin = line;
            text += function.lines[0] + " {\n";
            for (size_t i = 1; i < function.lines.size(); ++i)
                text += function.indent + function.lines[i] + "\n";
            text += "}\n\n";
            line += static_cast<uint32_t>(function.lines.size()) + 2;
            if (ranges)
                ranges->push_back({begin, line - 1});
        }
        return text;
    };
    Story story;
    int commit = 0;
    for (int round = 0; round < 200; ++round) {
        ++commit;
        size_t what = functions.size() < 4 ? 0 : pick(10);
        Function* one = functions.empty() ? nullptr : &functions[pick(functions.size())];
        if (what < 2) {
            functions.insert(functions.begin() + static_cast<ptrdiff_t>(pick(functions.size() + 1)), make(commit));
        } else if (what < 7) {
            size_t at = 1 + pick(one->lines.size() - 1);
            if (what < 4)
                one->lines[at] = statement();
            else if (what < 6)
                one->lines.insert(one->lines.begin() + static_cast<ptrdiff_t>(at), statement());
            else if (one->lines.size() > 4)
                one->lines.erase(one->lines.begin() + static_cast<ptrdiff_t>(at));
            else
                one->lines[at] = statement();
            one->past.push_back(commit);
        } else if (what == 7) {
            one->indent += " ";
        } else if (what == 8) {
            Function taken = std::move(*one);
            functions.erase(functions.begin() + (one - functions.data()));
            functions.insert(functions.begin() + static_cast<ptrdiff_t>(pick(functions.size() + 1)), std::move(taken));
        } else {
            path = fmt::format("{}/{}.c", words[pick(10)], words[pick(10)]);
        }
        story.commit({{path, text_of(nullptr)}});
    }
    std::vector<LineRange> ranges;
    text_of(&ranges);
    git::Repository repository = story.open();
    size_t right = 0;
    for (size_t i = 0; i < functions.size(); ++i) {
        std::vector<int> past;
        std::string steps; ///< for whom a failure puzzles
        FollowQuery query;
        query.from = {{story.id(commit), {path, ranges[i]}}};
        REQUIRE(follow_lines(repository, query, [&](const Step& step) {
            steps +=
                fmt::format("{} {} {},{} < {},{}\n", story.number(step.commit), name_of(step.kind),
                            step.after.lines.begin + 1, step.after.lines.end,
                            step.before ? step.before->lines.begin + 1 : 0, step.before ? step.before->lines.end : 0);
            if (is_change(step.kind))
                past.push_back(story.number(step.commit));
        }));
        std::reverse(past.begin(), past.end());
        INFO(functions[i].lines[0] << "\n" << steps);
        CHECK(past == functions[i].past);
        right += past == functions[i].past;
    }
    CHECK(right == functions.size());
    CHECK(functions.size() > 10);
}

TEST_CASE("a page at a time is the same as all at once")
{
    Story story;
    std::string text = add;
    int tip = 0;
    for (int i = 0; i < 20; ++i)
        tip = story.commit({{"a.c", head + replaced(add, "a + b", fmt::format("a + b + {}", i))}});
    LineRange lines{2, 7};
    Said whole = follow(story, tip, "a.c", lines);
    CHECK(whole.size() == 20);
    git::Repository repository = story.open();
    FollowQuery query{.from = {{story.id(tip), {"a.c", lines}}}, .max_steps = 7};
    std::vector<int> commits;
    size_t pages = 0;
    for (bool goes_on = true; goes_on; ++pages) {
        auto rest =
            follow_lines(repository, query, [&](const Step& step) { commits.push_back(story.number(step.commit)); });
        REQUIRE(rest);
        goes_on = rest->end == FollowEnd::enough_steps;
        query.from = rest->points;
    }
    CHECK(pages == 3);
    CHECK(commits.size() == 20);
    CHECK(std::is_sorted(commits.rbegin(), commits.rend()));
}

TEST_CASE("budgets end a search with a mark, and time that is over too")
{
    Story story;
    int tip = 0;
    for (int i = 0; i < 30; ++i)
        tip = story.commit({{"a.c", head + replaced(add, "a + b", fmt::format("a + b + {}", i))}});
    git::Repository repository = story.open();
    auto end_of = [&](FollowQuery query) {
        query.from = {{story.id(tip), {"a.c", {2, 7}}}};
        auto rest = follow_lines(repository, query, [](const Step&) {});
        REQUIRE(rest);
        CHECK(rest->points.size() == 1);
        return rest->end;
    };
    CHECK(end_of({.max_bytes = 1000}) == FollowEnd::too_much);
    CHECK(end_of({.max_commits = 3}) == FollowEnd::too_much);
    CHECK(end_of({.patience = Patience(0)}) == FollowEnd::late);
}

TEST_CASE("what can't be followed is an error that says why")
{
    Story story;
    int tip = story.commit({{"a.c", add}, {"bin", std::string("a\0b\n", 4)}, {"dir/x", "x\n"}, {"empty", ""}});
    git::Repository repository = story.open();
    auto error_of = [&](const std::string& path, LineRange lines) {
        FollowQuery query{.from = {{story.id(tip), {path, lines}}}};
        auto rest = follow_lines(repository, query, [](const Step&) {});
        REQUIRE_FALSE(rest);
        return rest.error().message;
    };
    CHECK(error_of("none.c", {0, 1}).find("none.c: no such path") == 0);
    CHECK(error_of("a.c", {2, 9}).find("a.c: lines 3 to 9: it has 6") == 0);
    CHECK(error_of("empty", {0, 1}).find("empty: lines 1 to 1: it has 0") == 0);
    CHECK(error_of("dir", {0, 1}).find("dir: not a file") == 0);
    CHECK(error_of("bin", {0, 1}).find("bin: not a text") == 0);
    FollowQuery query{.from = {{git_oid{}, {"a.c", {0, 1}}}}};
    CHECK_FALSE(follow_lines(repository, query, [](const Step&) {}));
}
