// Interdiffs: what is left of the difference between two versions of a commit when what came between is taken away.
// Git itself rebases, so that a pure rebase is what git makes of one.
#include "history/interdiff.h"

#include <cstdlib>

#include "base/strings.h"
#include "story.h"
#include "support/random.h"

using namespace quire;
using namespace quire::history;
using tests::Files;
using tests::Random;
using tests::Story;

namespace {

std::string numbered(int first, int last, const std::string& word = "line")
{
    std::string text;
    for (int i = first; i <= last; ++i)
        text += fmt::format("{} {}\n", word, i);
    return text;
}

std::string replaced(std::string text, const std::string& what, const std::string& with)
{
    size_t at = text.find(what);
    REQUIRE(at != std::string::npos);
    return text.replace(at, what.size(), with);
}

/// "M a.txt -old +new", one for each line that differs.
std::vector<std::string> shown(const git::Diff& diff)
{
    std::vector<std::string> lines;
    for (const git::FileDiff& file : diff.files) {
        std::string name = file.old_path == file.new_path ? file.new_path : file.old_path + " > " + file.new_path;
        if (file.hunks.empty())
            lines.push_back(name);
        for (const git::DiffHunk& hunk : file.hunks)
            for (const git::DiffLine& line : hunk.lines)
                if (line.origin != ' ')
                    lines.push_back(fmt::format("{} {}{}", name, line.origin, line.text));
    }
    return lines;
}

std::vector<std::string> interdiff(const git::Repository& repository, const git_oid& from, const git_oid& to)
{
    auto found = find_interdiff(repository, from, to);
    INFO((found ? std::string() : found.error().message));
    REQUIRE(found);
    CHECK_FALSE(found->is_partial);
    return shown(found->diff);
}

using Lines = std::vector<std::string>;

/// Few different lines, so that they can be matched in many ways.
std::string some_line(Random& random)
{
    static const std::vector<std::string> words = {"{",          "}",      "",        "return x;",
                                                   "int a = 1;", "if (a)", "call();", "# note"};
    return random.one_in(3) ? fmt::format("  unique {}", random.below(1000)) : random.pick(words);
}

std::string some_text(Random& random)
{
    std::string text;
    const char* end = random.one_in(6) ? "\r\n" : "\n";
    for (size_t n = 3 + random.below(50); n > 0; --n)
        text += some_line(random) + end;
    if (random.one_in(5))
        text.resize(text.size() - 1);
    return text;
}

void edit(Random& random, std::string& text)
{
    std::vector<std::string> lines;
    for (std::string_view line : split(text, '\n'))
        lines.emplace_back(line);
    for (size_t n = 1 + random.below(3); n > 0; --n) {
        size_t at = random.below(lines.size() + 1);
        size_t count = std::min(random.below(5), lines.size() - at);
        auto from = lines.begin() + static_cast<ptrdiff_t>(at), to = from + static_cast<ptrdiff_t>(count);
        std::vector<std::string> block(from, to);
        if (random.one_in(3))
            lines.erase(from, to);
        else if (random.one_in(3))
            lines.insert(from, block.begin(), block.end());
        else
            lines.insert(from, random.below(2) == 0 ? some_line(random) : fmt::format("new {}", random.below(100000)));
        if (lines.empty())
            lines.emplace_back();
    }
    text.clear();
    for (size_t i = 0; i < lines.size(); ++i)
        text += (i > 0 ? "\n" : "") + lines[i];
}

/// Edits alone, of texts.
Files edited(Random& random, const Files& before)
{
    Files files = before;
    for (auto& [path, text] : files)
        if (random.one_in(2))
            edit(random, text);
    return files;
}

/// What somebody does in one commit: edits, renames, removals, new files, binary ones too.
Files changed(Random& random, const Files& before)
{
    Files files = before;
    for (const auto& [path, content] : before) {
        if (random.one_in(2))
            continue;
        std::string text = content;
        if (content.find('\0') == std::string::npos)
            edit(random, text);
        else
            text += "x";
        std::string name = random.one_in(6) ? fmt::format("moved/{}{}", random.below(3), path) : path;
        files.erase(path);
        if (!random.one_in(10))
            files[name] = text;
    }
    if (random.one_in(3))
        files[fmt::format("new{}", random.below(4))] = some_text(random);
    if (files.empty())
        files["left"] = "left\n";
    return files;
}

} // namespace

TEST_CASE("a pure rebase is empty, whatever came between")
{
    const char* wanted = std::getenv("QUIRE_TEST_REBASES");
    size_t count = wanted ? parse_decimal(wanted).value() : 150;
    Random random(11);
    Story story;
    struct Case {
        int base, topic, upstream;
    };
    std::vector<Case> cases;
    for (size_t i = 0; i < count; ++i) {
        Files files;
        for (size_t n = 1 + random.below(4); n > 0; --n)
            files[fmt::format("dir{}/file{}.c", random.below(2), n)] = some_text(random);
        if (random.one_in(4))
            files["binary"] = std::string("a\0b", 3);
        Case one{};
        one.base = story.commit(files, {});
        one.topic = story.commit(changed(random, files), {one.base});
        one.upstream = story.commit(changed(random, files), {one.base});
        cases.push_back(one);
    }
    git::Repository repository = story.open();
    size_t rebased = 0;
    for (const Case& one : cases) {
        std::string topic = git::to_string(story.id(one.topic)), upstream = git::to_string(story.id(one.upstream));
        auto merged =
            sys::run({.argv = {"git", "merge-tree", "--write-tree", upstream, topic}, .directory = story.fd()});
        REQUIRE(merged);
        if (merged->status != 0)
            continue; // a conflict: somebody would have had to resolve it
        ++rebased;
        std::string made = story.git({"-c", "user.name=t", "-c", "user.email=t@t", "commit-tree", "-p", upstream, "-m",
                                      fmt::format("commit {}", one.topic), std::string(trim(merged->out))});
        auto found = find_interdiff(repository, story.id(one.topic), git::parse_oid(made).value());
        REQUIRE(found);
        INFO(fmt::format("case {}: base {}, topic {}, upstream {}, rebased {} in {}", &one - cases.data(),
                         git::to_string(story.id(one.base)), topic, upstream, made, story.path()));
        CHECK(shown(found->diff) == Lines{});
        CHECK(found->is_rebased);
    }
    CHECK(rebased > count / 4);
}

TEST_CASE("a merge that is made again on other parents is empty")
{
    Random random(7);
    Story story;
    struct Case {
        int main, topic, upstream, other_topic;
    };
    std::vector<Case> cases;
    for (size_t i = 0; i < 60; ++i) {
        Files files;
        for (size_t n = 1 + random.below(4); n > 0; --n)
            files[fmt::format("file{}.c", n)] = some_text(random);
        int base = story.commit(files, {});
        // With renames, what else the other parent brought can't be told from what the merge did.
        bool has_renames = random.one_in(2);
        auto next = [&](const Files& from) { return has_renames ? changed(random, from) : edited(random, from); };
        Files main = next(files), topic = next(files);
        Case one{};
        one.main = story.commit(main, {base});
        one.topic = story.commit(topic, {base});
        one.upstream = story.commit(next(main), {one.main});
        one.other_topic = has_renames ? one.topic : story.commit(edited(random, topic), {one.topic});
        cases.push_back(one);
    }
    git::Repository repository = story.open();
    auto merge = [&](int first, int second) -> std::optional<git_oid> {
        std::string one = git::to_string(story.id(first)), other = git::to_string(story.id(second));
        auto merged = sys::run({.argv = {"git", "merge-tree", "--write-tree", one, other}, .directory = story.fd()});
        REQUIRE(merged);
        if (merged->status != 0)
            return std::nullopt;
        return git::parse_oid(story.git({"-c", "user.name=t", "-c", "user.email=t@t", "commit-tree", "-p", one, "-p",
                                         other, "-m", "merge", std::string(trim(merged->out))}));
    };
    size_t compared = 0;
    for (const Case& one : cases)
        for (bool is_onto_main : {true, false}) {
            if (!is_onto_main && one.topic == one.other_topic)
                continue; // the same with renames
            auto before = is_onto_main ? merge(one.main, one.topic) : merge(one.topic, one.main);
            auto after = is_onto_main ? merge(one.upstream, one.other_topic) : merge(one.other_topic, one.upstream);
            if (!before || !after)
                continue;
            ++compared;
            INFO(fmt::format("{} and {} in {}", git::to_string(*before), git::to_string(*after), story.path()));
            CHECK(interdiff(repository, *before, *after) == Lines{});
        }
    CHECK(compared > 20);
}

TEST_CASE("of a merge its own edits are compared, and not what its parents brought")
{
    Story story;
    std::string text = numbered(1, 40);
    int base = story.commit({{"a", text}, {"b", text}});
    int topic = story.commit({{"a", "topic\n" + text}, {"b", text}}, {base});
    int main = story.commit({{"a", text + "main\n"}, {"b", text}}, {base});
    int merged = story.commit({{"a", "topic\n" + text + "main\n"}, {"b", text + "by hand\n"}}, {topic, main});
    int upstream = story.commit({{"a", text + "main\n"}, {"b", "upstream\n" + text}, {"c", text}}, {main});
    int again = story.commit(
        {{"a", "topic\n" + text + "main\n"}, {"b", "upstream\n" + text + "by foot\n"}, {"c", text}}, {topic, upstream});
    int evil = story.commit({{"a", "topic\n" + replaced(text, "line 20\n", "evil\n") + "main\n"},
                             {"b", "upstream\n" + text + "by hand\n"},
                             {"c", text}},
                            {topic, upstream});
    // A merge that became a commit with all of it.
    int alone = story.commit({{"a", "topic\n" + text + "main\n"}, {"b", text}}, {main});
    git::Repository repository = story.open();
    CHECK(interdiff(repository, story.id(merged), story.id(again)) == Lines{"b -by hand", "b +by foot"});
    CHECK(interdiff(repository, story.id(merged), story.id(evil)) == Lines{"a -line 20", "a +evil"});
    CHECK(interdiff(repository, story.id(merged), story.id(alone)) == Lines{"b -by hand"});
    CHECK(find_interdiff(repository, story.id(merged), story.id(again)).value().is_rebased);
}

TEST_CASE("a merge with a conflict that was resolved is compared by its first parent there, without marks")
{
    Story story;
    std::string text = numbered(1, 20);
    auto with = [&](const std::string& line) { return replaced(text, "line 10\n", line); };
    int base = story.commit({{"a", text}, {"other", text}});
    int main = story.commit({{"a", with("main\n")}, {"other", text}}, {base});
    int topic = story.commit({{"a", with("topic\n")}, {"other", text + "topic\n"}}, {base});
    int merged = story.commit({{"a", with("both\n")}, {"other", text + "topic\n"}}, {main, topic});
    int upstream = story.commit({{"a", "new\n" + with("main\n")}, {"other", text}}, {main});
    int again = story.commit({{"a", "new\n" + with("both\n")}, {"other", text + "topic\n"}}, {upstream, topic});
    int otherwise = story.commit({{"a", "new\n" + with("neither\n")}, {"other", text + "topic\n"}}, {upstream, topic});
    git::Repository repository = story.open();
    CHECK(interdiff(repository, story.id(merged), story.id(again)).empty());
    CHECK(interdiff(repository, story.id(merged), story.id(otherwise)) == Lines{"a -both", "a +neither"});
}

TEST_CASE("an amendment shows itself and nothing of what came between")
{
    Story story;
    std::string text = numbered(1, 40);
    int base = story.commit({{"a", text}, {"b", text}});
    int topic = story.commit({{"a", replaced(text, "line 20\n", "changed\n")}, {"b", text}}, {base});
    std::string above = numbered(100, 140) + text;
    int upstream = story.commit({{"a", above}, {"b", above}, {"c", text}}, {base});
    int amended =
        story.commit({{"a", replaced(above, "line 20\n", "changed again\n")}, {"b", above}, {"c", text}}, {upstream});
    git::Repository repository = story.open();
    CHECK(interdiff(repository, story.id(topic), story.id(amended)) == Lines{"a -changed", "a +changed again"});
    auto found = find_interdiff(repository, story.id(topic), story.id(amended)).value();
    CHECK(found.is_rebased);
    CHECK(found.has_new_message);
    CHECK(found.unmerged == 0);
    // A version and itself differ in nothing.
    CHECK(interdiff(repository, story.id(amended), story.id(amended)).empty());
}

TEST_CASE("where a line went within the same base is no pure rebase")
{
    Story story;
    std::string text = numbered(1, 40);
    int base = story.commit({{"a", text}});
    int topic = story.commit({{"a", "new\n" + text}}, {base});
    int amended = story.commit({{"a", text + "new\n"}}, {base});
    git::Repository repository = story.open();
    CHECK(interdiff(repository, story.id(topic), story.id(amended)) == Lines{"a -new", "a +new"});
}

TEST_CASE("a conflict that was resolved while rebasing shows no marks")
{
    Story story;
    std::string text = numbered(1, 20);
    int base = story.commit({{"a", text}});
    int topic = story.commit({{"a", replaced(text, "line 10\n", "ours\n")}}, {base});
    int upstream = story.commit({{"a", replaced(text, "line 10\n", "theirs\n")}}, {base});
    int resolved = story.commit({{"a", replaced(text, "line 10\n", "both\n")}}, {upstream});
    int same = story.commit({{"a", replaced(text, "line 10\n", "ours\n")}}, {upstream});
    git::Repository repository = story.open();
    auto found = find_interdiff(repository, story.id(topic), story.id(resolved)).value();
    CHECK(shown(found.diff) == Lines{"a -ours", "a +both"});
    CHECK(found.unmerged == 1);
    CHECK(interdiff(repository, story.id(topic), story.id(same)).empty());
}

TEST_CASE("files come, go and are renamed in an amendment")
{
    Story story;
    std::string text = numbered(1, 30), other = numbered(1, 30, "other");
    int base = story.commit({{"a", text}, {"gone", other}});
    int topic = story.commit({{"a", text + "more\n"}, {"gone", other}, {"new", "x\n"}}, {base});
    int amended = story.commit({{"b", text + "more\n"}, {"new", "x\n"}}, {base});
    git::Repository repository = story.open();
    Lines lines = interdiff(repository, story.id(topic), story.id(amended));
    CHECK(lines[0] == "a > b");
    CHECK(lines.size() == 31);
    CHECK(lines[1].starts_with("gone -other 1"));
}

TEST_CASE("two first commits are compared with nothing")
{
    Story story;
    int one = story.commit({{"a", "1\n"}}, {});
    int other = story.commit({{"a", "1\n"}, {"b", "2\n"}}, {});
    git::Repository repository = story.open();
    CHECK(interdiff(repository, story.id(one), story.id(other)) == Lines{"b +2"});
    CHECK(find_interdiff(repository, story.id(one), git_oid{}).error().kind == ErrorKind::not_found);
}

TEST_CASE("a commit with a conflict has the files that its trees merge to")
{
    Story story;
    std::string text = numbered(1, 20);
    auto with = [&](const std::string& line) { return replaced(text, "line 10\n", line); };
    int base = story.commit({{"a", text}, {"b", text}, {"same", text}}, {});
    int one = story.commit({{"a", with("one\n")}, {"b", "first\n" + text}, {"same", text}}, {base});
    int other = story.commit({{"a", with("other\n")}, {"b", text + "last\n"}, {"same", text}}, {base});
    git::Repository repository = story.open();
    auto tree = [&](int commit) { return story.git({"rev-parse", git::to_string(story.id(commit)) + "^{tree}"}); };
    auto conflicted = [&](const std::string& parent, const std::string& trees) {
        return git::parse_oid(story.git({"hash-object", "-t", "commit", "-w", "--stdin"},
                                        fmt::format("tree {}\nparent {}\nauthor a <a@a> 1 +0000\ncommitter a <a@a> 1 "
                                                    "+0000\njj:trees {}\n\nit\n",
                                                    tree(base), parent, trees)))
            .value();
    };
    std::string parent = git::to_string(story.id(base));
    git_oid id = conflicted(parent, fmt::format("{} {} {}", tree(one), tree(base), tree(other)));
    git::CommitInfo commit = repository.commit(id).value();
    CHECK(commit.conflict.size() == 3);
    TreeView view = TreeView::of(repository, commit);
    CHECK(view.conflicts() == std::vector<std::string>{"a"});
    std::string a = TreeView::content(repository.objects(), view.find("a").value()).value();
    CHECK(a.find("<<<<<<<") != std::string::npos);
    CHECK(a.find("one\n") != std::string::npos);
    CHECK(a.find("other\n") != std::string::npos);
    CHECK(TreeView::content(repository.objects(), view.find("b").value()).value() == "first\n" + text + "last\n");
    CHECK(view.find("same") == TreeView(repository.objects(), commit.tree).find("same"));
    CHECK_FALSE(view.find("dir/none"));
    // What is no conflict's header is ignored: too few trees, an even number, no ids.
    std::string t = tree(base);
    for (const std::string& bad : {t, t + " " + t, t + " x " + t, std::string("x"), std::string()})
        CHECK(repository.commit(conflicted(parent, bad)).value().conflict.empty());
    // With trees that are not there it is no conflict either.
    std::string none(40, '1');
    CHECK(repository.commit(conflicted(parent, fmt::format("{} {} {}", t, t, none))).value().conflict.empty());
}
