#include "git/file_changes.h"

#include <catch2/catch_test_macros.hpp>

#include "base/strings.h"

using namespace quire;
using namespace quire::git;

static const std::string one(40, '1'), two(40, '2'), none(40, '0');

static std::string change(std::string_view modes, const std::string& before, const std::string& after,
                          std::string_view path)
{
    return fmt::format(":{} {} {} M{}{}{}", modes, before, after, '\0', path, '\0');
}

TEST_CASE("changes of files are read from git's list, in the order of their paths")
{
    auto changes = parse_file_changes(change("100644 100755", one, two, "b c\n") +
                                      change("000000 120000", none, one, "a") + change("100644 000000", one, none, "d"))
                       .value();
    REQUIRE(changes.size() == 3);
    CHECK(changes[0].path == "a");
    CHECK(IndexEntry{changes[0].fields, {}, {}}.mode() == 0120000);
    CHECK(changes[1].path == "b c\n");
    CHECK(to_hex(changes[1].id) == two);
    CHECK(IndexEntry{changes[1].fields, {}, {}}.mode() == 0100755);
    CHECK(changes[2].fields.empty());
    CHECK(parse_file_changes("").value().empty());
}

TEST_CASE("what is no list of changes is refused")
{
    std::string good = change("100644 100755", one, two, "a");
    for (size_t size = 1; size + 3 < good.size(); ++size)
        CHECK_FALSE(parse_file_changes(good.substr(0, size)));
    for (const std::string& bad :
         {"x" + good.substr(1), change("100644 100855", one, two, "a"), change("100644", one, two, "a"),
          change("100644 100644", one, "no id", "a"), change("100644 100644", one, two, "")})
        CHECK_FALSE(parse_file_changes(bad));
}

TEST_CASE("changes make the later files of the earlier ones")
{
    std::string fields(40, 'f'), id(20, 'i');
    std::vector<IndexEntry> earlier;
    for (std::string_view path : {"a", "b", "c/d", "e"})
        earlier.push_back({fields, id, path});
    auto names = [](const LaterFiles& later) {
        std::string line;
        for (const IndexEntry& file : later.files)
            line += std::string(file.path) + (file.fields[0] == 'f' ? " " : "* ");
        return line;
    };
    auto changes =
        parse_file_changes(change("100644 100755", one, two, "b") + change("100644 000000", one, none, "c/d") +
                           change("000000 100644", none, two, "c") + change("000000 100644", none, two, "z"));
    LaterFiles later = apply_changes(earlier, changes.value());
    CHECK(names(later) == "a b* c* e z* ");
    CHECK(later.is_kept == std::vector<bool>{true, false, false, true});
    CHECK(names(apply_changes(earlier, {})) == "a b c/d e ");
    CHECK(names(apply_changes({}, changes.value())) == "b* c* z* ");
}
