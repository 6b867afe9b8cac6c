// What is kept on disk: what stays, what goes, and that nothing is taken for something else.
#include "web/keep/page_store.h"

#include <catch2/catch_test_macros.hpp>

#include <filesystem>
#include <fstream>

#include "support/scratch_root.h"

using namespace quire;
using namespace quire::web;

static http::Response page_of(const std::string& text)
{
    http::Response page;
    page.content_type = "text/html; charset=utf-8";
    page.etag = "\"0123\"";
    page.headers.emplace_back("X-Robots-Tag", "noindex, nofollow");
    page.body = std::make_shared<const std::string>(text);
    page.gzipped = std::make_shared<const std::string>("zipped " + text);
    return page;
}

static std::vector<std::filesystem::path> files_in(const store::Root& root)
{
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root.absolute(store::paths::kept_pages)))
        if (entry.is_regular_file())
            files.push_back(entry.path());
    return files;
}

TEST_CASE("page store: a page comes back as it was, in the form that its reader takes, after a new start too")
{
    tests::ScratchRoot scratch;
    store::Root& root = scratch.root;
    PageStore(root).keep("a/foo", "state 1", page_of("text\n\nof it"), now());
    PageStore store(root);
    auto plain = store.find("a/foo", "state 1", false);
    REQUIRE(plain);
    CHECK(*plain->body == "text\n\nof it");
    CHECK(plain->content_type == "text/html; charset=utf-8");
    CHECK(plain->etag == "\"0123\"");
    CHECK(plain->headers == page_of("").headers);
    auto zipped = store.find("a/foo", "state 1", true);
    REQUIRE(zipped);
    CHECK(*zipped->gzipped == "zipped text\n\nof it");
    CHECK_FALSE(store.find("a/foo", "state 2", true));
    CHECK_FALSE(store.find("u/foo", "state 1", true));
    store.keep("a/foo", "state 2", page_of("newer"), now());
    CHECK(*store.find("a/foo", "state 2", false)->body == "newer");
    CHECK(files_in(root).size() == 1);
    for (const auto& file : files_in(root))
        CHECK((std::filesystem::status(file).permissions() & std::filesystem::perms(077)) == std::filesystem::perms());
}

TEST_CASE("page store: what was used last stays within the bound, and damage is a page that is not kept")
{
    tests::ScratchRoot scratch;
    store::Root& root = scratch.root;
    PageStore store(root, 100'000);
    constexpr size_t large = 10'000;
    for (int i = 0; i < 30; ++i) {
        store.keep("page " + std::to_string(i), "s", page_of(std::string(large / 2, 'x')), now());
        CHECK(store.find("page 0", "s", false));
    }
    CHECK_FALSE(store.find("page 1", "s", false));
    CHECK(store.find("page 29", "s", false));
    uintmax_t bytes = 0;
    for (const auto& file : files_in(root))
        bytes += std::filesystem::file_size(file);
    CHECK(bytes <= 100'000);
    for (const auto& file : files_in(root))
        std::filesystem::resize_file(file, 300);
    CHECK_FALSE(store.find("page 29", "s", false));
    for (const auto& file : files_in(root))
        std::ofstream(file) << "quire page 1\nkey page 29\nstate s\nplain 99999999999\n\nx";
    CHECK_FALSE(store.find("page 29", "s", false));
    std::filesystem::remove_all(root.absolute(store::paths::kept_pages));
    CHECK_FALSE(store.find("page 29", "s", false));
    store.keep("page 40", "s", page_of("x"), now()); // nowhere to put it: no harm
}
