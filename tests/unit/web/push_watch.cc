#include "web/site/push_watch.h"

#include <catch2/catch_test_macros.hpp>

#include <filesystem>
#include <fstream>
#include <semaphore>

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

TEST_CASE("push watch: where there is nothing to watch it does no harm")
{
    tests::ScratchRoot forge;
    fs::remove_all(forge.path() + "/runs/.queue");
    web::PushWatch watch(forge.root, [] {});
}
