#include "web/site/push_watch.h"

#include <catch2/catch_test_macros.hpp>

#include <filesystem>
#include <fstream>
#include <semaphore>

#include "store/audit.h"
#include "support/scratch_root.h"

using namespace quire;
namespace fs = std::filesystem;

TEST_CASE("push watch: an accepted push, a recorded run and a claimed one are told")
{
    tests::ScratchRoot forge;
    std::string queue = forge.path() + "/runs/.queue";
    for (const char* name : {"intent", "new", "active"})
        fs::create_directories(queue + "/" + name);
    std::counting_semaphore<> told(0);
    web::PushWatch watch(forge.root, [&] { told.release(); });
    auto is_told = [&] { return told.try_acquire_for(std::chrono::seconds(60)); };
    std::ofstream(queue + "/intent/one") << "{}\n";
    CHECK(is_told());
    std::ofstream(queue + "/entry") << "";
    fs::rename(queue + "/entry", queue + "/new/entry");
    CHECK(is_told());
    fs::rename(queue + "/new/entry", queue + "/active/entry");
    CHECK(is_told());
    fs::remove(queue + "/active/entry");
    fs::remove(queue + "/intent/one");
    CHECK_FALSE(told.try_acquire()); // nobody need make way for the end of a run
}

TEST_CASE("push watch: what is asked for over ssh is told when it begins")
{
    tests::ScratchRoot forge;
    std::string queue = forge.path() + "/runs/.queue";
    for (const char* name : {"intent", "new", "active"})
        fs::create_directories(queue + "/" + name);
    std::counting_semaphore<> told(0);
    auto is_told = [&] { return told.try_acquire_for(std::chrono::seconds(60)); };
    store::AuditEntry push{.command = "git-receive-pack 'foo'", .verdict = "served"};
    {
        web::PushWatch watch(forge.root, [&] { told.release(); });
        REQUIRE(store::append_audit(forge.root, push)); // makes the log's directory, which nobody could watch yet
        std::ofstream(queue + "/intent/one") << "{}\n";
        CHECK(is_told());
        // It is watched soon after that was told.
        bool is_noticed = false;
        for (int i = 0; i < 6000 && !is_noticed; ++i) {
            REQUIRE(store::append_audit(forge.root, push));
            is_noticed = told.try_acquire_for(std::chrono::milliseconds(10));
        }
        CHECK(is_noticed);
    }
    while (told.try_acquire())
        ;
    web::PushWatch watch(forge.root, [&] { told.release(); });
    REQUIRE(store::append_audit(forge.root, push));
    CHECK(is_told());
}

TEST_CASE("push watch: where there is nothing to watch it does no harm")
{
    tests::ScratchRoot forge;
    fs::remove_all(forge.path() + "/runs/.queue");
    web::PushWatch watch(forge.root, [] {});
}
