// What a job in a sandbox can reach: the outside, and nothing of this machine. tests/lib/machine makes both, with
// servers on every address of either; without it these cases have nothing to show and say so.
#include <catch2/catch_test_macros.hpp>

#include "base/strings.h"
#include "executors/fixture.h"
#include "sys/file.h"

using namespace quire;
using namespace quire::ci;
using namespace quire::tests;

static std::vector<std::string> words_of(const char* variable)
{
    std::vector<std::string> words;
    std::string text = sys::process_variable(variable).value();
    for (std::string_view word : split(text, ' '))
        if (!word.empty())
            words.emplace_back(word);
    return words;
}

static std::string reach(World& world, const std::string& arguments)
{
    return std::string(trim(world.shell("./reach " + arguments)->out));
}

static void bring_reach(World& world)
{
    std::string program = sys::read_file(AT_FDCWD, sys::process_variable("QUIRE_TEST_REACH").value()).value();
    UniqueFd workspace = sys::open_directory(AT_FDCWD, world.workspace()).value();
    REQUIRE(sys::append_file(workspace.get(), "reach", program).has_value());
    REQUIRE(world.shell("chmod 755 reach 2>/dev/null; cp reach r && chmod 755 r && mv r reach")->result.exit == 0);
}

TEST_CASE("a job reaches the outside by name and address", "[.network]")
{
    World world;
    bring_reach(world);
    std::string port = sys::process_variable("QUIRE_TEST_PORT").value();
    CHECK(reach(world, "resolve") == "192.0.2.1");
    for (const std::string& address : words_of("QUIRE_TEST_OUTSIDE")) {
        INFO(address);
        CHECK(reach(world, "tcp " + address + " " + port) == "reached");
        CHECK(reach(world, "udp " + address + " " + port) == "reached");
    }
}

TEST_CASE("a job reaches nothing of the machine that it runs on", "[.network]")
{
    World world;
    bring_reach(world);
    std::string port = sys::process_variable("QUIRE_TEST_PORT").value();
    for (const std::string& address : words_of("QUIRE_TEST_MACHINE"))
        for (const char* kind : {"tcp", "udp"})
            for (const std::string& at : {port, std::string("53")}) {
                if (std::string_view(kind) == "tcp" && at == "53")
                    continue;
                INFO(kind << " " << address << " " << at);
                CHECK(reach(world, fmt::format("{} {} {}", kind, address, at)).starts_with("not reached"));
            }
    CHECK(reach(world, "abstract quire-test-machine").starts_with("not reached"));
}

TEST_CASE("nor what it comes to have while the job runs", "[.network]")
{
    World world;
    bring_reach(world);
    std::string port = sys::process_variable("QUIRE_TEST_PORT").value();
    std::string late = sys::process_variable("QUIRE_TEST_LATE").value();
    REQUIRE(reach(world, "tcp 127.0.0.1 " + port).starts_with("not reached")); // it is up
    REQUIRE(sys::run_ok({.argv = {"/bin/sh", "-c", sys::process_variable("QUIRE_TEST_ADD_LATE").value()}}).has_value());
    std::string answer;
    // Until then the address was somewhere outside, and did not answer.
    world.wait_for(
        [&] { return (answer = reach(world, "tcp " + late + " " + port)).find("No route") != std::string::npos; },
        "the fence to hear of it");
    CHECK(answer == "not reached: No route to host");
}

TEST_CASE("a job has no right to step around that", "[.network]")
{
    World world;
    // Neither a raw socket nor a change of routes: the effective capabilities lack both, and so does what it may get.
    auto command = world.shell("grep -E 'Cap(Prm|Eff|Bnd)' /proc/self/status | while read -r _ bits; do "
                               "echo $(( 0x${bits#????????} & 0x3000 )); done");
    CHECK(command->out == "0\n0\n0\n");
}
