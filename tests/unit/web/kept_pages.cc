// A page that lacks something, because time was up or its reader left, is never what the next reader gets.
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <filesystem>
#include <sys/socket.h>
#include <thread>

#include "base/strings.h"
#include "store/push_log.h"
#include "support/scratch_root.h"
#include "sys/atomic_file.h"
#include "sys/file.h"
#include "sys/process.h"
#include "web/pages/routes.h"

using namespace quire;

namespace {

/// A forge with one repository: 2,500 commits, then one of jj's on its second try, then a last one.
struct Forge : tests::ScratchRoot {
    Forge()
    {
        std::filesystem::create_directories(path() + "/repos/foo.git");
        git({"init", "-q", "--bare", "--initial-branch=main", "."});
        std::string history;
        constexpr int count = 2500;
        for (int i = 0; i < count; ++i)
            history += fmt::format("commit refs/heads/main\ncommitter t <t@t> {} +0000\ndata 3\nold\n"
                                   "M 644 inline file.c\ndata {}\n{}\n",
                                   1'600'000'000 + i, std::to_string(i).size(), i);
        git({"fast-import", "--quiet"}, history);
        std::string below = git({"rev-parse", "main"});
        first_try = commit(below, "change-id zsuskulnrvyrovkzqrwmxqlsskqntxvp\n", "first try");
        second_try = commit(below, "change-id zsuskulnrvyrovkzqrwmxqlsskqntxvp\n", "second try");
        git({"update-ref", "refs/heads/main", commit(second_try, "", "the last")});
        oldest = git({"rev-list", "--max-parents=0", "main"});
    }

    std::string git(std::vector<std::string> arguments, std::string input = "") const
    {
        UniqueFd fd = sys::open_directory(AT_FDCWD, path() + "/repos/foo.git").value();
        arguments.insert(arguments.begin(), "git");
        auto out = sys::run_ok({.argv = arguments, .directory = fd.get()}, {.input = std::move(input)});
        INFO(arguments[1] << (out ? "" : out.error().message));
        REQUIRE(out);
        return std::string(trim(*out));
    }
    std::string commit(const std::string& parent, const std::string& header, const std::string& message) const
    {
        return git({"hash-object", "-w", "--stdin", "-t", "commit"},
                   fmt::format("tree {}\nparent {}\nauthor t <t@t> 1700000000 +0000\n"
                               "committer t <t@t> 1700000000 +0000\n{}\n{}\n",
                               git({"rev-parse", parent + "^{tree}"}), parent, header, message));
    }

    std::string first_try, second_try, oldest;
};

/// The connection of a reader who has hung up, for whom no work has any patience.
class Gone {
public:
    Gone()
    {
        int ends[2];
        REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
        m_socket = UniqueFd(ends[0]);
        ::close(ends[1]);
    }
    int get() const { return m_socket.get(); }

private:
    UniqueFd m_socket;
};

} // namespace

constexpr web::DependsOn all_refs = web::DependsOn::refs | web::DependsOn::notes;

/// A page that is sent in pieces, as the server would write it; `body` is all of it.
static http::Response written(http::Response response, bool has_left)
{
    http::Writer writer(http::Writer::Coding::plain);
    auto body = writer.body();
    if (has_left)
        body.reset();
    REQUIRE(response.rest(writer));
    writer.finish();
    std::string text;
    char block[4096];
    for (bool goes_on = body != nullptr; goes_on;) {
        http::Pull pulled = body->pull(block, sizeof block).value();
        goes_on = pulled.state == http::Pull::State::some;
        text.append(block, pulled.size);
    }
    response.body = std::make_shared<const std::string>(std::move(text));
    response.caching = has_left ? http::Caching::none : response.caching;
    return response;
}

static http::Response ask(web::Site& site, const std::string& target, int socket = -1)
{
    http::Request request;
    request.raw_target = target;
    request.target = http::parse_target(target).value();
    request.socket = socket;
    http::Response response = web::dispatch(site, request);
    return response.rest ? written(std::move(response), request.has_left()) : response;
}

static bool is_kept(web::Site& site, const std::string& target)
{
    http::Request request;
    request.raw_target = target;
    request.target = http::parse_target(target).value();
    return web::dispatch_kept(site, request).has_value();
}

TEST_CASE("kept pages: what was cut short for one reader is made whole for the next")
{
    Forge forge;
    web::Site site(store::Root::open(forge.path()).value());
    UniqueFd directory = forge.root.open_repository(tests::repo("foo")).value();
    int64_t end = monotonic_now() + 20 * nanoseconds_per_second;
    while (!site.states().of(all_refs, directory.get()) && monotonic_now() < end)
        std::this_thread::yield(); // nothing is kept while a file of the repository is this new
    struct {
        std::string target, in_a_whole_one;
    } pages[] = {
        {"/foo/-/log?q=nobody", "No commits."},
        {"/foo/-/log/main?q=nobody&author=t", "No commits."},
        {"/foo?languages=1", "<h2>languages</h2>"},
        {"/foo/-/tree/main?changes=1", ">old<"},
        {"/foo/-/search?q=second&in=messages", ">second try<"},
        {"/foo/-/blame/main/file.c", "2499"},
        {"/foo/-/commit/" + forge.oldest + "?refs=1", ">main</a>"},
        {"/foo/-/commit/" + forge.first_try, "It is now <a href=\"/foo/-/commit/" + forge.second_try},
        {"/foo/-/follow/main/file.c?lines=1", "introduced"},
        {"/foo/-/compare/" + forge.oldest + ".." + forge.second_try, "second try"},
    };
    Gone gone;
    for (const auto& page : pages) {
        INFO(page.target);
        http::Response cut = ask(site, page.target, gone.get());
        CHECK((cut.status != 200 || cut.caching == http::Caching::none));
        CHECK(cut.body->find(page.in_a_whole_one) == std::string::npos);
        CHECK_FALSE(site.page_cache().has("a" + page.target));
        http::Response whole = ask(site, page.target);
        CHECK(whole.status == 200);
        CHECK(whole.body->find(page.in_a_whole_one) != std::string::npos);
        CHECK(site.page_cache().has("a" + page.target));
        CHECK(ask(site, page.target, gone.get()).body->find(page.in_a_whole_one) != std::string::npos);
    }
}

TEST_CASE("kept pages: a push leaves what it can't have changed")
{
    Forge forge;
    web::Site site(store::Root::open(forge.path()).value());
    UniqueFd directory = forge.root.open_repository(tests::repo("foo")).value();
    auto settle = [&] {
        int64_t end = monotonic_now() + 20 * nanoseconds_per_second;
        while (!site.states().of(all_refs, directory.get()) && monotonic_now() < end)
            std::this_thread::yield();
    };
    settle();
    const std::string of_objects[] = {"/foo/-/tree/" + forge.oldest, "/foo/-/file/" + forge.second_try + "/file.c",
                                      "/foo/-/raw/" + forge.oldest + "/file.c", "/foo/-/log/" + forge.second_try};
    const std::string of_refs[] = {"/foo", "/foo/-/tree/main", "/foo/-/log/" + forge.oldest + "?all=1",
                                   "/foo/-/commit/" + forge.second_try, "/foo/-/refs"};
    // A second time, where the first left something to find out.
    for (const auto& target : of_objects)
        for (int i = 0; i < 100 && !is_kept(site, target); ++i)
            CHECK(ask(site, target).status == 200);
    for (const auto& target : of_refs)
        for (int i = 0; i < 100 && !is_kept(site, target); ++i)
            CHECK(ask(site, target).status == 200);
    for (const auto& target : of_objects) {
        INFO(target);
        CHECK(is_kept(site, target));
        auto headers = ask(site, target).headers;
        std::pair<std::string, std::string> robots("X-Robots-Tag", "noindex, nofollow");
        CHECK(std::find(headers.begin(), headers.end(), robots) != headers.end());
    }
    forge.git({"update-ref", "refs/heads/other", forge.oldest});
    settle();
    for (const auto& target : of_objects) {
        INFO(target);
        CHECK(is_kept(site, target));
    }
    for (const auto& target : of_refs) {
        INFO(target);
        CHECK_FALSE(is_kept(site, target));
    }
}

TEST_CASE("kept pages: a note, a push log and a config each spoil the pages that declare them, and no others")
{
    Forge forge;
    web::Site site(store::Root::open(forge.path()).value());
    UniqueFd directory = forge.root.open_repository(tests::repo("foo")).value();
    auto settle = [&] {
        int64_t end = monotonic_now() + 20 * nanoseconds_per_second;
        auto all = all_refs | web::DependsOn::config | web::DependsOn::push_log;
        while (!site.states().of(all, directory.get()) && monotonic_now() < end)
            std::this_thread::yield();
    };
    const std::string by_id = "/foo/-/raw/" + forge.oldest + "/file.c", by_name = "/foo/-/raw/main/file.c",
                      commit = "/foo/-/commit/" + forge.second_try, pushes = "/foo/-/pushes";
    auto keep_all = [&] {
        settle();
        for (const auto& target : {by_id, by_name, commit, pushes})
            for (int i = 0; i < 100 && !is_kept(site, target); ++i)
                CHECK(ask(site, target).status == 200);
    };
    auto kept = [&] {
        settle();
        std::string all;
        for (const auto& target : {by_id, by_name, commit, pushes})
            all += is_kept(site, target) ? '+' : '-';
        return all;
    };
    keep_all();
    CHECK(kept() == "++++");
    forge.git({"notes", "add", "-m", "a note on it", forge.second_try});
    CHECK(kept() == "++-+");
    CHECK(ask(site, commit).body->find("a note on it") != std::string::npos);
    keep_all();
    REQUIRE(store::append_push_log(directory.get(), {{.ref = "refs/heads/main", .new_id = forge.oldest}}));
    CHECK(kept() == "+++-");
    keep_all();
    forge.git({"update-ref", "refs/heads/other", forge.oldest});
    CHECK(kept() == "+--+");
    keep_all();
    UniqueFd settings = sys::open_directory(directory.get(), store::paths::repository_settings).value();
    REQUIRE(sys::replace_file(settings.get(), "config.fnl", "{:description \"new\"}\n"));
    CHECK(kept() == "----");
}

TEST_CASE("kept pages: who asks for what another reader is being made waits for that")
{
    Forge forge;
    web::Site site(store::Root::open(forge.path()).value());
    UniqueFd directory = forge.root.open_repository(tests::repo("foo")).value();
    const std::string target = "/foo/-/raw/main/file.c", key = "a" + target;
    auto what = web::DependsOn::settings | web::DependsOn::config | web::DependsOn::named_ref;
    std::optional<std::string> state;
    int64_t end = monotonic_now() + 20 * nanoseconds_per_second;
    while (!(state = site.states().of(what, directory.get())) && monotonic_now() < end)
        std::this_thread::yield();
    REQUIRE(state);
    web::Turns& turns = site.page_cache().turns();
    http::Response answers[2];
    {
        auto turn = turns.take(key, Patience());
        REQUIRE(turn);
        std::thread asking([&] { answers[0] = ask(site, target); });
        while (turns.waiting() == 0 && monotonic_now() < end)
            std::this_thread::yield();
        CHECK(turns.waiting() == 1);
        CHECK(ask(site, "/foo/-/raw/" + forge.oldest + "/file.c").status == 200); // of another page nobody waits
        http::Response page = http::text_response(200, "made by another");
        page.caching = http::Caching::revalidate;
        site.page_cache().keep(key, *state, page, {});
        turn.reset();
        asking.join();
    }
    CHECK(*answers[0].body == "made by another");
    // Where nothing came of it, who waited makes the page. So does who has no time left to wait.
    const std::string other = "/foo/-/raw/main/file.c?plain";
    auto turn = turns.take("a" + other, Patience());
    std::thread asking([&] { answers[1] = ask(site, other); });
    while (turns.waiting() == 0 && monotonic_now() < end)
        std::this_thread::yield();
    CHECK_FALSE(turns.take("a" + other, Patience(monotonic_now())));
    turn.reset();
    asking.join();
    CHECK(*answers[1].body == "2499");
}

TEST_CASE("states: what git answers a fetch by changes with every ref but quire's own, with settings and packs")
{
    Forge forge;
    web::Site site(store::Root::open(forge.path()).value());
    UniqueFd directory = forge.root.open_repository(tests::repo("foo")).value();
    auto settled = [&] {
        std::optional<std::string> state;
        int64_t end = monotonic_now() + 20 * nanoseconds_per_second;
        while (!(state = site.states().of(web::DependsOn::fetched, directory.get())) && monotonic_now() < end)
            std::this_thread::yield();
        REQUIRE(state);
        return *state;
    };
    forge.git({"update-ref", "refs/quire/kept/one", forge.oldest});
    std::string last = settled();
    CHECK(settled() == last);
    forge.git({"update-ref", "refs/quire/kept/two", forge.first_try});
    CHECK(settled() == last);
    const std::vector<std::string> changes[] = {
        {"update-ref", "refs/heads/a/b/c", forge.oldest},
        {"update-ref", "refs/heads/a/b/c", forge.first_try},
        {"update-ref", "-d", "refs/heads/a/b/c"},
        {"update-ref", "refs/tags/v1", forge.oldest},
        {"update-ref", "refs/notes/commits", forge.oldest},
        {"update-ref", "refs/changes/01/1/1", forge.oldest},
        {"update-ref", "-d", "refs/changes/01/1/1"},
        {"symbolic-ref", "HEAD", "refs/heads/other"},
        {"pack-refs", "--all"},
        {"config", "uploadpack.allowFilter", "false"},
        {"repack", "-q", "-a", "-d"},
    };
    for (const auto& change : changes) {
        INFO(change[0] << " " << change[1]);
        forge.git(change);
        if (change[0] == "update-ref" || change[0] == "pack-refs") // at once, it can't be told
            CHECK(site.states().of(web::DependsOn::fetched, directory.get()).value_or("") != last);
        std::string next = settled();
        CHECK(next != last);
        last = next;
    }
}
