// The list of repositories is looked at when the server starts, and never says what is no longer so: who may see a
// repository least of all.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <filesystem>
#include <fstream>

#include "base/time.h"
#include "support/scratch_root.h"
#include "web/site/site.h"

using namespace quire;
namespace fs = std::filesystem;

namespace {

struct Forge : tests::ScratchRoot {
    Forge()
    {
        add("r10", "{:description \"ten\"}");
        add("r9", "{:description \"nine\"}");
        add("work/open", "{}");
        add("work/secret", "{:private true}");
    }

    std::string at(const std::string& name) const { return path() + "/repos/" + name + ".git"; }
    void add(const std::string& name, const std::string& config) const
    {
        fs::create_directories(at(name) + "/quire");
        fs::create_directories(at(name) + "/refs/heads");
        configure(name, config);
    }
    void configure(const std::string& name, const std::string& config) const
    {
        std::ofstream(at(name) + "/quire/config.fnl") << config << "\n";
    }
};

/// "name description" of each.
std::string listed(web::Site& site, const std::string& user = "")
{
    http::Request request;
    request.user = user;
    std::string text;
    std::vector<web::Listed> all = site.list(request).value();
    for (const web::Listed& one : all)
        text += one.name.str() + (one.is_private ? " private " : " ") + one.description + ";";
    return text;
}

} // namespace

TEST_CASE("site list: in natural order, to each reader what he may see")
{
    Forge forge;
    web::Site site(store::Root::open(forge.path()).value());
    for (int i = 0; i < 2; ++i) {
        CHECK(listed(site) == "r9 nine;r10 ten;work/open ;");
        CHECK(listed(site, "owner") == "r9 nine;r10 ten;work/open ;work/secret private ;");
    }
}

TEST_CASE("site list: what is changed is never listed as it was")
{
    Forge forge;
    web::Site site(store::Root::open(forge.path()).value());
    CHECK(listed(site) == "r9 nine;r10 ten;work/open ;");
    auto change =
        GENERATE(as<std::string>(), "private", "broken", "public", "renamed", "exchanged", "removed", "added");
    INFO(change);
    std::string expected = "r9 nine;r10 ten;";
    if (change == "private")
        forge.configure("work/open", "{:private true}");
    if (change == "broken")
        forge.configure("work/open", "{:private");
    if (change == "removed")
        fs::remove_all(forge.at("work/open"));
    if (change == "public") {
        forge.configure("work/secret", "{:description \"no more\"}");
        expected += "work/open ;work/secret no more;";
    }
    if (change == "renamed") {
        fs::rename(forge.at("work/open"), forge.at("r11"));
        expected += "r11 ;";
    }
    if (change == "exchanged") {
        fs::rename(forge.at("work/open"), forge.at("work/other"));
        fs::rename(forge.at("work/secret"), forge.at("work/open"));
        expected += "work/other ;";
    }
    if (change == "added") {
        forge.add("work/new", "{}");
        expected += "work/new ;work/open ;";
    }
    for (int i = 0; i < 3; ++i)
        CHECK(listed(site) == expected);
    // Until all is looked at again, and after that.
    int64_t end = monotonic_now() + 20 * nanoseconds_per_second;
    while (!site.states().of(web::DependsOn::repositories) && monotonic_now() < end)
        CHECK(listed(site) == expected);
    CHECK(site.states().of(web::DependsOn::repositories));
    CHECK(listed(site) == expected);
}

TEST_CASE("site list: a push is seen at once, and so is a run")
{
    Forge forge;
    forge.configure("r9", "{:public-runs true}");
    web::Site site(store::Root::open(forge.path()).value());
    CHECK(site.list({}).value()[0].pushed_at == 0);
    std::ofstream(forge.at("r9") + "/quire/pushes.jsonl") << "{}\n";
    CHECK(site.list({}).value()[0].pushed_at != 0);
    CHECK_FALSE(site.list({}).value()[0].last_run);
}
