// The cache of jobs: keys, hits and misses, concurrent writers, eviction, and workspaces that may be hostile.
#include "ci/keeping/cache_store.h"

#include <sys/stat.h>

#include <catch2/catch_test_macros.hpp>

#include "base/time.h"
#include "support/scratch.h"
#include "sys/lock.h"
#include "sys/process.h"

using namespace quire;
using namespace quire::ci;
using quire::tests::Scratch;

namespace {

using Names = std::vector<std::string>;

struct Box {
    explicit Box(uint64_t limit = 1u << 20) : store(CacheStore::open(cache.path() + "/kept", limit).value()) {}

    void file(const std::string& path, std::string_view content)
    {
        if (size_t slash = path.rfind('/'); slash != std::string::npos)
            REQUIRE(sys::make_directories(work.fd(), path.substr(0, slash)).has_value());
        REQUIRE(sys::append_file(work.fd(), path, content).has_value());
    }
    std::string read(const std::string& path) { return sys::read_file(work.fd(), path).value_or("(gone)"); }
    Names kept() { return sys::list_directory(cache.fd(), "kept").value(); }
    void empty_workspace()
    {
        Names names = sys::list_directory(work.fd(), ".").value();
        for (const std::string& name : names)
            REQUIRE(sys::remove_tree(work.fd(), name).has_value());
    }
    CacheOutcome save(const std::string& key, const Names& paths = {"target"})
    {
        auto outcome = store.save(work.fd(), key, paths);
        INFO((outcome ? "" : outcome.error().message));
        REQUIRE(outcome.has_value());
        return *outcome;
    }
    CacheOutcome restore(const std::string& key, const Names& paths = {"target"})
    {
        auto outcome = store.restore(work.fd(), key, paths);
        INFO((outcome ? "" : outcome.error().message));
        REQUIRE(outcome.has_value());
        return *outcome;
    }
    /// As if it had been used so many seconds ago.
    void age(const std::string& key, int64_t seconds)
    {
        UniqueFd fd = sys::open_at(cache.fd(), "kept/" + key + ".tar", O_RDONLY).value();
        REQUIRE(sys::set_modified(fd.get(), now() - seconds * nanoseconds_per_second, key).has_value());
    }

    Scratch cache, work;
    CacheStore store;
};

} // namespace

TEST_CASE("what was kept under a key comes back as it was")
{
    Box box;
    std::string deep = "target/" + std::string(120, 'd') + "/" + std::string(130, 'f') + "\xff";
    box.file("target/a", "one");
    box.file("target/empty", "");
    box.file(deep, std::string(700'000, 'x'));
    box.file("other", "mine");
    REQUIRE(sys::make_directory(box.work.fd(), "target/hollow").has_value());
    REQUIRE(sys::symlink_at("/nowhere/at all", box.work.fd(), "target/link").has_value());
    UniqueFd a = sys::open_at(box.work.fd(), "target/a", O_RDONLY).value();
    REQUIRE(::fchmod(a.get(), 0755) == 0);
    Instant then = 1'700'000'000'000'000'001;
    REQUIRE(sys::set_modified(a.get(), then, "a").has_value());
    CHECK(box.restore("k").why == "nothing is kept under this key");
    CHECK(box.save("k").done);
    CHECK(box.kept() == Names{"k.tar"});

    box.empty_workspace();
    box.file("target/a", "changed");
    box.file("target/new", "stays");
    CacheOutcome outcome = box.restore("k");
    CHECK(outcome.done);
    CHECK(outcome.why == "4 files, 700003 bytes");
    CHECK(box.read("target/a") == "one");
    CHECK(box.read("target/empty").empty());
    CHECK(box.read(deep) == std::string(700'000, 'x'));
    CHECK(box.read("target/new") == "stays");
    CHECK(box.read("other") == "(gone)");
    CHECK(sys::list_directory(box.work.fd(), "target/hollow").value().empty());
    CHECK(sys::read_link(box.work.fd(), "target/link").value() == "/nowhere/at all");
    auto status = sys::stat_at(box.work.fd(), "target/a").value();
    CHECK((status->st_mode & 0777) == 0755);
    CHECK(sys::modified_at(*status) == then);
}

TEST_CASE("tar can list and unpack what is kept")
{
    Box box;
    box.file("target/" + std::string(150, 'n'), "long");
    box.file("target/a", "text");
    REQUIRE(box.save("k").done);
    auto listed = sys::run_ok({.argv = {"tar", "tf", box.cache.path() + "/kept/k.tar"}});
    REQUIRE(listed.has_value());
    CHECK(*listed == "target\ntarget/a\ntarget/" + std::string(150, 'n') + "\n");
    CHECK(sys::run_ok({.argv = {"tar", "xOf", box.cache.path() + "/kept/k.tar", "target/a"}}).value() == "text");
}

TEST_CASE("an entry belongs to its paths, in any order")
{
    Box box;
    box.file("a", "1");
    box.file("b/c", "2");
    CacheOutcome saved = box.save("k", {"a", "b/c", "gone"});
    CHECK(saved.done);
    CHECK(saved.why.ends_with("; not there: gone"));
    CHECK(box.restore("k", {"gone", "b/c", "a"}).done);
    CHECK(box.restore("k", {"a", "b/c"}).why == "what is kept under this key is of other paths");
    CHECK(box.save("none", {"x", "y"}).why == "none of its paths is there");
    CHECK(box.kept() == Names{"k.tar"});
}

TEST_CASE("names of entries")
{
    auto name = [](const std::string& key) { return CacheStore::name_of(key, CacheStore::Key::plain); };
    CHECK(name("cargo-1.76/linux") == "cargo-1.76%2Flinux");
    for (const std::string& key :
         {std::string(".."), std::string(".x.saving"), std::string(300, 'k'), std::string(70, '\xff')}) {
        CHECK(name(key).size() == 71);
        CHECK(name(key).starts_with("sha256-"));
    }
    CHECK(CacheStore::name_of("token", CacheStore::Key::secret).find("token") == std::string::npos);
    CHECK(check_cache_paths({"a/b", "c"}).has_value());
    for (const char* bad : {"", "/", "/etc", "..", "a/../b", ".", "./a", "a/", "a//b", ".git", ".git/config"}) {
        INFO(bad);
        CHECK_FALSE(check_cache_paths({"a", bad}).has_value());
    }
}

TEST_CASE("one at a time makes an entry, and what the dead left is swept")
{
    Box box;
    box.file("target/a", "new");
    auto held = sys::FileLock::acquire(box.cache.fd(), "kept/.k.saving").value();
    CHECK(box.save("k").why == "another run is keeping it");
    CHECK(box.save("other").done);
    CHECK(box.kept() == Names{".k.saving", "other.tar"}); // it is held, so it stays
    held = sys::FileLock::acquire(box.cache.fd(), "kept/.elsewhere").value();
    REQUIRE(sys::append_file(box.cache.fd(), "kept/.k.saving", "half").has_value());
    REQUIRE(sys::append_file(box.cache.fd(), "kept/.dead.saving", "half").has_value());
    CHECK(box.save("k").done);
    CHECK(box.kept() == Names{".elsewhere", "k.tar", "other.tar"});
    CHECK(box.restore("k").done);
}

TEST_CASE("what was not used for longest makes room")
{
    Box box(120'000);
    for (const char* key : {"a", "b", "c"}) {
        box.empty_workspace();
        box.file("target/x", std::string(30'000, *key));
        REQUIRE(box.save(key).done);
    }
    box.age("a", 300);
    box.age("b", 200);
    box.age("c", 100);
    REQUIRE(box.restore("a").done); // now b is the oldest
    REQUIRE(box.save("d").done);
    CHECK(box.kept() == Names{"a.tar", "c.tar", "d.tar"});
    box.file("target/y", std::string(120'000, 'y'));
    CHECK(box.save("a").why == "it is larger than the cache may be, 120000 bytes");
    CHECK(box.kept() == Names{"a.tar", "c.tar", "d.tar"}); // what was there stays
}

TEST_CASE("an entry that is evicted while it is read is read to its end")
{
    Box box;
    box.file("target/a", "text");
    REQUIRE(box.save("k").done);
    UniqueFd open = sys::open_at(box.cache.fd(), "kept/k.tar", O_RDONLY).value();
    box.file("target/b", "more");
    REQUIRE(box.save("k").done); // replaced
    CHECK(sys::read_all(open.get(), 1u << 20, "k").value().find("target/b") == std::string::npos);
}

TEST_CASE("a damaged entry is a miss, goes, and touches nothing outside")
{
    Box box;
    Scratch outside;
    box.file("target/a", std::string(5000, 'a'));
    REQUIRE(box.save("k").done);
    std::string good = sys::read_file(box.cache.fd(), "kept/k.tar").value();
    auto put = [&](std::string content) {
        REQUIRE(sys::remove_tree(box.cache.fd(), "kept/k.tar").has_value());
        REQUIRE(sys::append_file(box.cache.fd(), "kept/k.tar", content).has_value());
    };
    for (size_t cut = 0; cut < good.size() - 1024; cut += 509) {
        INFO(cut);
        put(good.substr(0, cut));
        CacheOutcome outcome = box.restore("k");
        CHECK_FALSE(outcome.done);
        CHECK(outcome.why.starts_with("it is damaged"));
        CHECK(box.kept().empty());
        put(good);
    }
    // A name that leads elsewhere, with its checksum made right, as somebody might who can write the cache.
    std::string evil = good;
    for (size_t at = evil.find("path=target/a"); at != std::string::npos; at = evil.find("path=target/a", at))
        evil.replace(at, 13, "path=../../ev");
    put(evil);
    CHECK(box.restore("k").why == "it is damaged: an entry that does not belong");
}

TEST_CASE("a hostile workspace neither gives nor takes what is outside")
{
    Box box;
    Scratch outside;
    REQUIRE(sys::append_file(outside.fd(), "a", "secret").has_value());
    REQUIRE(sys::symlink_at(outside.path(), box.work.fd(), "target").has_value());
    CHECK(box.save("link").done); // the symlink itself
    CHECK_FALSE(box.store.save(box.work.fd(), "through", {"target/a"}).has_value());
    CHECK(sys::read_file(box.cache.fd(), "kept/link.tar").value().find("secret") == std::string::npos);

    box.empty_workspace();
    box.file("target/a", "mine");
    REQUIRE(::mkfifoat(box.work.fd(), "target/fifo", 0666) == 0);
    REQUIRE(box.save("k", {"target/a"}).done);
    REQUIRE(box.save("fifo").done); // is passed over
    box.empty_workspace();
    REQUIRE(sys::symlink_at(outside.path(), box.work.fd(), "target").has_value());
    auto restored = box.store.restore(box.work.fd(), "k", {"target/a"});
    REQUIRE_FALSE(restored.has_value());
    CHECK(sys::read_file(outside.fd(), "a").value() == "secret");
    box.empty_workspace();
    REQUIRE(sys::make_directory(box.work.fd(), "target").has_value());
    REQUIRE(sys::symlink_at(outside.path() + "/a", box.work.fd(), "target/a").has_value());
    CHECK(box.restore("k", {"target/a"}).done); // takes the symlink's place
    CHECK(box.read("target/a") == "mine");
    CHECK(sys::read_file(outside.fd(), "a").value() == "secret");
}
