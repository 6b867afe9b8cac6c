#include "history/trail.h"

#include "story.h"

using namespace quire;
using namespace quire::history;
using tests::Story;

namespace {

std::string text_of(const std::string& word, int lines = 30)
{
    std::string text;
    for (int i = 0; i < lines; ++i)
        text += fmt::format("{} number {} of this file\n", word, i);
    return text;
}

using Said = std::vector<std::string>;

/// "3 renamed b < a" for each stop, newest first; before them where it is last seen.
Said trail(Story& story, int tip, int commit, const std::string& path)
{
    git::Repository repository = story.open();
    auto found = find_trail(repository, story.id(tip), story.id(commit), path, {});
    INFO((found ? std::string() : found.error().message));
    REQUIRE(found);
    CHECK_FALSE(found->is_partial);
    Said said{fmt::format("{} {}", story.number(found->commit), found->path)};
    for (const TrailStop& stop : found->stops) {
        said.push_back(fmt::format("{} {} {}{}", story.number(stop.commit), name_of(stop.kind), stop.path,
                                   stop.before.empty() || stop.before == stop.path ? "" : " < " + stop.before));
        bool is_new = stop.kind == TrailKind::introduced || stop.kind == TrailKind::removed;
        CHECK(is_new == (stop.similarity == 0));
    }
    return said;
}

} // namespace

TEST_CASE("a file's names are the same trail from each of them")
{
    Story story;
    int first = story.commit({{"a.txt", text_of("a")}, {"z", "z\n"}});
    story.commit({{"b.txt", text_of("a") + "more\n"}, {"z", "z\n"}});
    int middle = story.commit({{"b.txt", text_of("a") + "more\nand more\n"}, {"z", "zz\n"}});
    story.commit({{"dir/c.txt", text_of("a") + "more\nand more\n"}, {"z", "zz\n"}});
    int tip = story.commit({{"dir/c.txt", text_of("a") + "more\nand more\nend\n"}, {"z", "zz\n"}});
    Said whole{"5 dir/c.txt", "4 renamed dir/c.txt < b.txt", "2 renamed b.txt < a.txt", "1 introduced a.txt"};
    CHECK(trail(story, tip, tip, "dir/c.txt") == whole);
    CHECK(trail(story, tip, first, "a.txt") == whole);
    CHECK(trail(story, tip, middle, "b.txt") == whole);
    // A name that is not there any more, with nothing said of when it was.
    CHECK(trail(story, tip, tip, "a.txt") == whole);
}

TEST_CASE("a file that was removed is seen last before that")
{
    Story story;
    story.commit({{"a.txt", text_of("a")}});
    story.commit({{"b.txt", text_of("a")}});
    story.commit({{"c.txt", text_of("other")}});
    int tip = story.commit({{"c.txt", text_of("other") + "x\n"}});
    CHECK(trail(story, tip, tip, "a.txt") ==
          Said{"2 b.txt", "3 removed b.txt", "2 renamed b.txt < a.txt", "1 introduced a.txt"});
}

TEST_CASE("a copy and a part that became a file lead to what they came from")
{
    Story story;
    story.commit({{"big.txt", text_of("one") + text_of("two")}});
    story.commit({{"big.txt", text_of("one")}, {"part.txt", text_of("two")}});
    int tip = story.commit({{"big.txt", text_of("one")}, {"copy.txt", text_of("one")}, {"part.txt", text_of("two")}});
    CHECK(trail(story, tip, tip, "part.txt") ==
          Said{"3 part.txt", "2 split part.txt < big.txt", "1 introduced big.txt"});
    CHECK(trail(story, tip, tip, "copy.txt") ==
          Said{"3 copy.txt", "3 copied copy.txt < big.txt", "1 introduced big.txt"});
}

TEST_CASE("a rename on a branch that was merged is found from before and after")
{
    Story story;
    int base = story.commit({{"a.txt", text_of("a")}}, {});
    int renamed = story.commit({{"b.txt", text_of("a")}}, {base});
    int other = story.commit({{"a.txt", text_of("a")}, {"x", "x\n"}}, {base});
    int merge = story.commit({{"b.txt", text_of("a")}, {"x", "x\n"}}, {other, renamed});
    Said whole{"4 b.txt", "2 renamed b.txt < a.txt", "1 introduced a.txt"};
    CHECK(trail(story, merge, merge, "b.txt") == whole);
    // From the other parent's side the merge itself gave the name.
    Said from_old = trail(story, merge, other, "a.txt");
    CHECK(from_old.front() == "4 b.txt");
    CHECK(from_old.back() == "1 introduced a.txt");
}

TEST_CASE("a branch that the tip doesn't have is followed for itself")
{
    Story story;
    int base = story.commit({{"x", "x\n"}}, {});
    int side = story.commit({{"a.txt", text_of("a")}}, {base});
    int tip = story.commit({{"x", "y\n"}}, {base});
    CHECK(trail(story, tip, side, "a.txt") == Said{"2 a.txt", "2 introduced a.txt"});
    git::Repository repository = story.open();
    auto none = find_trail(repository, story.id(tip), story.id(tip), "nothing", {});
    REQUIRE_FALSE(none);
    CHECK(none.error().message.find("nothing: no file of that name") == 0);
}
