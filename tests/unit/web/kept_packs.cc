#include "web/keep/kept_packs.h"

#include <signal.h>

#include <atomic>
#include <filesystem>
#include <random>
#include <thread>

#include "support/scratch.h"
#include "sys/file.h"
#include "unit/http/client.h"

using namespace quire;
using http::eventually;
using http::Pull;
using web::KeptPacks;

constexpr int64_t second = nanoseconds_per_second, patience = 60 * second;

namespace {

/// A directory, and what is kept in it.
struct Shelf : tests::Scratch {
    explicit Shelf(const web::KeptPacksLimits& limits = {})
        : packs(sys::open_directory(AT_FDCWD, path()).value(), limits)
    {}

    KeptPacks::Body make(const std::string& key, const std::string& script, uint64_t most = 1u << 20)
    {
        return packs.make(key, {.command = {.argv = {"sh", "-c", script}}, .most = most}, patience);
    }
    /// The script goes on when `name` is there.
    std::string until(const std::string& name) const
    {
        return "; until [ -e '" + path() + "/" + name + "' ]; do sleep 0.01; done; ";
    }
    void let(const std::string& name) const { REQUIRE(sys::append_file(fd(), name, "")); }
    /// How many files without a name this process has open there.
    size_t open_files() const
    {
        size_t count = 0;
        for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
            std::error_code gone;
            std::string target = std::filesystem::read_symlink(entry.path(), gone).string();
            count += target.starts_with(path() + "/") && target.ends_with(" (deleted)") ? 1u : 0u;
        }
        return count;
    }

    KeptPacks packs;
};

} // namespace

/// What comes until `enough`, or the end; "<broken>" stands for an error.
static std::string take(const KeptPacks::Body& body, std::string_view enough = "")
{
    std::string all;
    char block[1000];
    int64_t end = monotonic_now() + 60 * second;
    while (monotonic_now() < end) {
        auto pulled = body->pull(block, sizeof block);
        if (!pulled)
            return all + "<broken>";
        if (pulled->state == Pull::State::end)
            return all;
        all.append(block, pulled->size);
        if (!enough.empty() && all.find(enough) != std::string::npos)
            return all;
        if (pulled->state == Pull::State::wait)
            ::poll(nullptr, 0, 1);
    }
    return all + "<late>";
}

static bool is_gone(pid_t pid) { return ::kill(pid, 0) != 0 && errno == ESRCH; }

TEST_CASE("kept packs: only what is asked for again, and soon, is worth keeping")
{
    Shelf shelf({.most_remembered = 2, .lifetime = second / 5});
    CHECK_FALSE(shelf.packs.find("a", patience));
    CHECK_FALSE(shelf.packs.is_asked_again("a"));
    CHECK_FALSE(shelf.packs.find("a", patience));
    CHECK_FALSE(shelf.packs.is_asked_again("b"));
    CHECK(shelf.packs.is_asked_again("a"));
    for (int i = 0; i < 50; ++i)
        CHECK_FALSE(shelf.packs.is_asked_again("other" + std::to_string(i)));
    CHECK_FALSE(shelf.packs.is_asked_again("b")); // too many others came since
    ::poll(nullptr, 0, 250);
    CHECK_FALSE(shelf.packs.is_asked_again("a"));
}

TEST_CASE("kept packs: who joins in the middle, or comes later, gets all of it")
{
    Shelf shelf;
    auto first = shelf.make("key", "echo one" + shelf.until("go") + "echo two");
    REQUIRE(first);
    CHECK(take(first, "one\n") == "one\n");
    auto joining = shelf.packs.find("key", patience);
    REQUIRE(joining);
    CHECK_FALSE(joining->size());
    CHECK(take(joining, "one\n") == "one\n");
    CHECK_FALSE(shelf.packs.find("ke", patience));
    CHECK_FALSE(shelf.packs.find("key ", patience));
    CHECK_FALSE(shelf.packs.find("", patience));
    shelf.let("go");
    CHECK(take(first) == "two\n");
    CHECK(take(joining) == "two\n");
    auto later = shelf.packs.find("key", patience);
    REQUIRE(later);
    CHECK(later->size() == 8);
    CHECK(take(later) == "one\ntwo\n");
    // Nobody makes anew what is there.
    CHECK(take(shelf.make("key", "echo another")) == "one\ntwo\n");
    CHECK(take(shelf.make("other", "echo another")) == "another\n");
}

TEST_CASE("kept packs: where git fails, all readers fail, and it is not tried for them again")
{
    Shelf shelf;
    CHECK_FALSE(shelf.packs.is_asked_again("key"));
    CHECK(shelf.packs.is_asked_again("key"));
    auto first = shelf.make("key", "echo part" + shelf.until("go") + "exit 3");
    auto joining = shelf.packs.find("key", patience), slow = shelf.packs.find("key", patience);
    CHECK(take(first, "part\n") == "part\n");
    shelf.let("go");
    CHECK(take(first) == "<broken>");
    CHECK(take(joining) == "part\n<broken>");
    CHECK_FALSE(shelf.packs.find("key", patience));
    CHECK_FALSE(shelf.packs.is_asked_again("key"));
    CHECK_FALSE(shelf.packs.is_asked_again("key"));
    // Another one that is made meanwhile is not mixed into what is left of the first.
    auto anew = shelf.make("key", "echo whole");
    CHECK(take(slow) == "part\n<broken>");
    CHECK(take(anew) == "whole\n");
}

TEST_CASE("kept packs: a git that is killed, writes too much or can't start breaks off or is not kept")
{
    Shelf shelf;
    CHECK(take(shelf.make("killed", "echo part; kill -9 $$")).ends_with("<broken>"));
    auto large = shelf.packs.make(
        "large",
        {.command = {.argv = {"prlimit", "--fsize=1000", "--core=0", "head", "-c", "5000", "/dev/zero"}}, .most = 1000},
        patience);
    REQUIRE(large);
    std::string sent = take(large);
    CHECK(sent == std::string(1000, '\0') + "<broken>");
    auto missing = shelf.packs.make("missing", {.command = {.argv = {"/nosuch"}}, .most = 1000}, patience);
    CHECK((!missing || take(missing) == "<broken>"));
    for (const char* key : {"killed", "large", "missing"})
        CHECK_FALSE(shelf.packs.find(key, patience));
}

TEST_CASE("kept packs: the last reader who leaves ends git, and the one before does not")
{
    Shelf shelf;
    CHECK_FALSE(shelf.packs.is_asked_again("key"));
    auto first = shelf.make("key", "sleep 1000 & echo pid=$!'#'; wait");
    auto second_one = shelf.packs.find("key", patience);
    std::string text = take(first, "#");
    pid_t pid = std::stoi(text.substr(4));
    first.reset();
    CHECK(take(second_one, "#") == text);
    CHECK_FALSE(is_gone(pid));
    CHECK(shelf.packs.find("key", patience));
    second_one.reset();
    CHECK(eventually([&] { return is_gone(pid); }));
    CHECK_FALSE(shelf.packs.find("key", patience));
    CHECK(eventually([&] { return shelf.open_files() == 0; }));
    CHECK(shelf.packs.is_asked_again("key")); // git did not fail by itself
}

TEST_CASE("kept packs: what has too little room is not kept")
{
    Shelf shelf({.most_bytes = 1000});
    CHECK_FALSE(shelf.make("large", "echo x", 1001));
    auto first = shelf.make("first", "echo 1" + shelf.until("go"), 600);
    REQUIRE(first);
    CHECK_FALSE(shelf.make("second", "echo 2", 600)); // the first may still grow
    shelf.let("go");
    CHECK(take(first) == "1\n");
    auto second_one = shelf.make("second", "head -c 600 /dev/zero", 600);
    REQUIRE(second_one);
    CHECK(take(second_one).size() == 600);
    CHECK_FALSE(shelf.make("third", "echo 3", 600)); // both are being read
    first.reset();
    CHECK_FALSE(shelf.make("third", "echo 3", 600));
    CHECK(shelf.packs.find("first", patience)); // it would not have been enough to drop it
    second_one.reset();
    CHECK(take(shelf.make("third", "echo 3", 600)) == "3\n");
    CHECK_FALSE(shelf.packs.find("second", patience));
    CHECK(eventually([&] { return shelf.open_files() == 2; }));
    CHECK(take(shelf.make("fourth", "echo 4", 1000)) == "4\n");
    CHECK_FALSE(shelf.packs.find("first", patience));
    CHECK_FALSE(shelf.packs.find("third", patience));
    CHECK(eventually([&] { return shelf.open_files() == 1; }));
}

TEST_CASE("kept packs: a small part of the free space, few, and none without a place")
{
    Shelf none({.part_of_space = 4'000'000'000});
    CHECK_FALSE(none.make("key", "echo x", 1u << 20));
    Shelf few({.most_packs = 2});
    auto a = few.make("a", "echo a");
    CHECK(take(a) == "a\n");
    CHECK(take(few.make("b", "echo b")) == "b\n");
    auto c = few.make("c", "echo c"); // in the place of b, which nobody reads
    CHECK(take(c) == "c\n");
    CHECK_FALSE(few.packs.find("b", patience));
    CHECK_FALSE(few.make("d", "echo d"));
    KeptPacks nowhere(UniqueFd{});
    CHECK_FALSE(nowhere.is_asked_again("key"));
    CHECK_FALSE(nowhere.is_asked_again("key"));
    CHECK_FALSE(nowhere.make("key", {.command = {.argv = {"true"}}, .most = 1}, patience));
    // Where no file can be made.
    KeptPacks in_proc(sys::open_directory(AT_FDCWD, "/proc/self").value(), {.part_of_space = 1});
    CHECK_FALSE(in_proc.is_asked_again("key"));
    CHECK(in_proc.is_asked_again("key"));
    CHECK_FALSE(in_proc.make("key", {.command = {.argv = {"true"}}, .most = 0}, patience));
    CHECK_FALSE(in_proc.is_asked_again("key")); // it is not tried at each request
}

TEST_CASE("kept packs: nothing has a name, and what nobody has asked for is gone")
{
    Shelf shelf({.lifetime = second / 5});
    auto first = shelf.make("key", "echo x");
    CHECK(take(first) == "x\n");
    CHECK(sys::list_directory(shelf.fd(), ".").value().empty());
    CHECK(shelf.open_files() == 1);
    ::poll(nullptr, 0, 250);
    CHECK(shelf.open_files() == 1); // it is being read
    CHECK_FALSE(shelf.packs.find("key", patience));
    first.reset();
    CHECK(eventually([&] { return shelf.open_files() == 0; }));
    CHECK(take(shelf.make("key", "echo new")) == "new\n");
    CHECK(eventually([&] { return shelf.open_files() == 0; }));
}

TEST_CASE("kept packs: what is asked for again and again gets old all the same")
{
    Shelf shelf({.lifetime = 100 * second, .most_age = second / 2});
    CHECK(take(shelf.make("key", "echo x")) == "x\n");
    CHECK(eventually([&] { return !shelf.packs.find("key", patience); }));
    CHECK(eventually([&] { return shelf.open_files() == 0; }));
}

TEST_CASE("kept packs: what is held is released when git has ended, whoever still reads")
{
    Shelf shelf;
    auto place = std::make_shared<int>();
    auto body = shelf.packs.make(
        "key", {.command = {.argv = {"sh", "-c", "echo x" + shelf.until("go")}}, .most = 100, .held = place}, patience);
    CHECK(take(body, "x\n") == "x\n");
    CHECK(place.use_count() == 2);
    shelf.let("go");
    CHECK(eventually([&] { return place.use_count() == 1; }));
    CHECK(take(body).empty());
}

TEST_CASE("kept packs: a reader's time ends for that reader alone")
{
    Shelf shelf;
    auto first = shelf.make("key", "echo x" + shelf.until("go"));
    auto hasty = shelf.packs.find("key", 0);
    CHECK(take(hasty) == "<broken>");
    shelf.let("go");
    CHECK(take(first) == "x\n");
}

TEST_CASE("kept packs: through the server, twenty at once get what a single git prints")
{
    Shelf shelf;
    std::string expected, script = "printf x >>'" + shelf.path() + "/made'; seq 1 300000";
    for (int i = 1; i <= 300000; ++i)
        expected += std::to_string(i) + "\n";
    http::TestServer server([&](const http::Request&) {
        http::Response response;
        response.stream = shelf.make("key", script, 10u << 20);
        return response;
    });
    for (int round = 0; round < 2; ++round) {
        std::vector<std::thread> readers;
        std::atomic<int> whole = 0;
        for (int i = 0; i < 20; ++i)
            readers.emplace_back([&] {
                http::Client client(server.port());
                client.get("/", "Connection: close\r\n");
                std::string answer = client.receive_all();
                bool has_size = answer.find("Content-Length: ") != std::string::npos;
                whole += (has_size ? answer.substr(answer.find("\r\n\r\n") + 4) : http::unchunk(answer)) == expected;
            });
        for (std::thread& reader : readers)
            reader.join();
        CHECK(whole == 20);
    }
    CHECK(sys::read_file(shelf.fd(), "made").value() == "x");
}

TEST_CASE("kept packs: readers that come and go at any time get all, or are broken off, and never a mix")
{
    // Each git that is started prints lines of its own number, and a part of them fails.
    Shelf shelf({.most_bytes = 3u << 20, .lifetime = second / 50});
    std::atomic<int> number = 0, wrong = 0, whole = 0;
    auto read_some = [&](unsigned seed) {
        std::mt19937 random(seed);
        for (int round = 0; round < 40; ++round) {
            std::string key = "key" + std::to_string(random() % 3);
            auto body = shelf.packs.find(key, patience);
            int own = number++;
            std::string script = "i=0; while [ $i -lt 300 ]; do echo " + std::to_string(own) +
                                 "; i=$((i + 1)); done; exit " + (own % 4 == 0 ? "1" : "0");
            if (!body)
                body = shelf.make(key, script);
            if (!body)
                continue;
            bool leaves = random() % 5 == 0;
            std::string text = take(body, leaves ? "\n" : "");
            bool is_broken = text.ends_with("<broken>");
            std::string line = text.substr(0, text.find('\n') + 1), repeated;
            for (int i = 0; i < 300; ++i)
                repeated += line;
            if (!leaves && !is_broken && text == repeated && !line.empty())
                ++whole;
            else if (!leaves && !is_broken)
                ++wrong;
            if (is_broken && !repeated.starts_with(text.substr(0, text.size() - 8)))
                ++wrong;
        }
    };
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < 6; ++i)
        threads.emplace_back(read_some, i);
    for (std::thread& thread : threads)
        thread.join();
    CHECK(wrong == 0);
    CHECK(whole > 0);
    CHECK(eventually([&] { return shelf.open_files() == 0; }));
}
