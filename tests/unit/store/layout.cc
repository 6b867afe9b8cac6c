#include "store/layout.h"

#include <catch2/catch_test_macros.hpp>

#include <fstream>
#include <regex>
#include <sstream>

#include "base/strings.h"
#include "store/root.h"

using namespace quire;
using namespace quire::store;

static std::string row_of(std::string_view path)
{
    const LayoutRow* row = find_in_layout(path);
    return row ? row->path : "";
}

TEST_CASE("a path has the row that its parts fit")
{
    CHECK(row_of("config.fnl") == "config.fnl");
    CHECK(row_of("runs/foo.git/42/meta.fnl") == "runs/REPO/N/meta.fnl");
    CHECK(row_of("runs/work/bar.git/42/meta.fnl") == "runs/REPO/N/meta.fnl");
    CHECK(row_of("runs/foo.git/42/jobs/build/sh-1.log") == "runs/REPO/N/jobs/*/*.log");
    CHECK(row_of("runs/foo.git/42/workspace/a/b/c") == "runs/REPO/N/workspace/**");
    CHECK(row_of("repos/work/bar.git/objects/pack/x.idx") == "repos/REPO/^quire/**");
    CHECK(row_of("repos/bar.git/HEAD") == "repos/REPO/^quire");
    CHECK(row_of("repos/bar.git/quire/cron/weekly") == "repos/REPO/quire/cron/*");
    for (const char* none : {"", "config", "runs", "runs/foo.git/42", "runs/foo.git/x/meta.fnl", "runs/foo/42/meta.fnl",
                             "runs/a/b/c.git/next", "repos/bar.git/quire/else", "repos/bar.git/quire", "repos/bar.git",
                             "runs/foo.git/42/meta.fnl/x", "runs/foo.git/42/jobs/build/.log", "git/other"})
        CHECK(row_of(none) == "");
}

TEST_CASE("a directory on the way is told from what is kept")
{
    for (const char* way :
         {"runs", "runs/foo.git", "runs/work", "runs/work/bar.git", "runs/foo.git/42/jobs/build", "repos/foo.git",
          "repos/foo.git/quire", "repos/foo.git/quire/cron", "git", "runs/.queue", "runs/foo.git/42/artifacts"})
        CHECK(leads_into_layout(way));
    for (const char* other : {"up", "repos/foo.git/objects/pack", "runs/foo.git/42/workspace/src", "config.fnl",
                              "repos/foo.git/quire/config.fnl", "runs/foo.git/x"})
        CHECK(!leads_into_layout(other));
}

/// "name = \"value\"" of the constants of the header.
static std::vector<std::string> constants()
{
    std::ifstream file(QUIRE_TEST_DIR "/../../../libquire/store/paths.h");
    std::stringstream text;
    text << file.rdbuf();
    std::string source = text.str();
    std::regex constant(R"re(constexpr const char\* [a-z_]+ =\s+"([^"]+)";)re");
    std::vector<std::string> found;
    for (std::sregex_iterator match(source.begin(), source.end(), constant), end; match != end; ++match)
        if (std::string value = (*match)[1]; !value.starts_with('/'))
            found.push_back(value);
    REQUIRE(found.size() > 30);
    return found;
}

TEST_CASE("every constant of store/paths.h is in the table, or leads into it")
{
    for (const std::string& value : constants()) {
        bool known = find_in_layout(value) || leads_into_layout(value);
        for (const char* below : {"repos/foo.git/", "runs/foo.git/", "runs/foo.git/1/"})
            known = known || find_in_layout(below + value) || leads_into_layout(below + value);
        INFO(value << " has no row in store/layout.cc");
        CHECK(known);
    }
}

TEST_CASE("what the functions of store/paths.h make is in the table")
{
    RepoName name = RepoName::parse("work/bar").value();
    for (const std::string& path :
         {paths::next_number(name), paths::cancel_request(name, 1),
          paths::run(name, 7) + "/" + paths::job_outputs("a/b"),
          paths::run(name, 7) + "/" + paths::job_logs("a") + "/" + paths::command_log(0) + ".log",
          paths::repository_cache(name) + "/kept/x.tar", paths::trash_item(paths::trash_id(name, 0)) + "/HEAD"}) {
        INFO(path);
        CHECK(find_in_layout(path));
    }
}

TEST_CASE("quire-run(5) has the table, row for row")
{
    std::ifstream file(QUIRE_TEST_DIR "/../../../docs/man/quire-run.5");
    std::vector<std::string> shown, rows;
    for (std::string line; std::getline(file, line);)
        if (line.starts_with(".It Pa ") && line.find(" Ta ") != std::string::npos)
            shown.push_back(line);
    for (const LayoutRow& row : layout())
        rows.push_back(fmt::format(".It Pa {} Ta {} Ta {}{}", row.path, row.writer, to_string(row.worth),
                                   row.privacy == Privacy::secret ? ", secret" : ""));
    CHECK(shown == rows);
}
