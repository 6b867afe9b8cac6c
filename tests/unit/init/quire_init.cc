// The program itself, with requests that it must refuse. What it does for good ones: tests/executors.
#include <catch2/catch_test_macros.hpp>

#include "init/protocol.h"
#include "sys/process.h"

using namespace quire;
using namespace quire::init;

static sys::Output run_init(std::vector<std::string> options, std::string input)
{
    sys::Command command;
    command.argv = {QUIRE_INIT_PATH};
    command.argv.insert(command.argv.end(), options.begin(), options.end());
    sys::RunOptions limits;
    limits.input = std::move(input);
    limits.timeout = 60 * nanoseconds_per_second;
    return sys::run(command, limits).value();
}

static std::vector<FrameType> frame_types(std::string_view bytes)
{
    std::vector<FrameType> types;
    while (bytes.size() >= header_size) {
        auto header = parse_header(bytes);
        REQUIRE(header.has_value());
        types.push_back(header->type);
        bytes.remove_prefix(header_size + header->length);
    }
    CHECK(bytes.empty());
    return types;
}

TEST_CASE("it says that it is ready, and leaves when its input ends")
{
    for (const std::vector<std::string>& options :
         {std::vector<std::string>{}, std::vector<std::string>{"--isolate"}, std::vector<std::string>{"--guard"}}) {
        sys::Output output = run_init(options, "");
        CHECK(output.status == 0);
        CHECK(frame_types(output.out) == std::vector{FrameType::ready});
        CHECK(output.err.empty());
    }
}

TEST_CASE("options may come together, in any order")
{
    std::vector<std::string> limits = {"--limits", "0", "50", "0"}, group = {"--group", "/nonexistent"},
                             most = {"--most-processes", "114"};
    std::vector<std::vector<std::string>> orders = {{"--seal"}, {"--guard"}};
    for (const auto& more : {most, limits, group})
        for (std::vector<std::string>& order : orders)
            order.insert(&order == &orders[0] ? order.end() : order.begin(), more.begin(), more.end());
    for (const std::vector<std::string>& options : orders) {
        sys::Output output = run_init(options, "");
        CHECK(output.status == 0);
        CHECK(frame_types(output.out) == std::vector{FrameType::ready});
    }
}

TEST_CASE("what is no request ends it, loudly, and nothing of it is run")
{
    std::string run = make_frame(FrameType::run, 1, encode_run({{"touch", "/tmp/quire-init-must-not-run"}, {}, ""}));
    std::string bad_type = run;
    bad_type[4] = static_cast<char>(FrameType::exited);
    std::string huge = run;
    huge[3] = 0x7F;
    for (const std::string& input : {std::string("hello, is it me you are looking for"), bad_type, huge,
                                     make_frame(FrameType::signal, 1), make_frame(FrameType::signal, 1, "ab")}) {
        sys::Output output = run_init({}, input);
        CHECK(output.status == 100);
        CHECK(frame_types(output.out) == std::vector{FrameType::ready});
        CHECK(output.err == "quire-init: what came on stdin is no request\n");
    }
}

TEST_CASE("a request that is cut off is not run")
{
    std::string run = make_frame(FrameType::run, 1, encode_run({{"true"}, {}, ""}));
    for (size_t size : {1ul, header_size - 1, header_size, run.size() - 1}) {
        sys::Output output = run_init({}, run.substr(0, size));
        CHECK(output.status == 0);
        CHECK(frame_types(output.out) == std::vector{FrameType::ready});
    }
}

TEST_CASE("a request whose inside is broken fails by itself; unknown ids are no error")
{
    std::string input = make_frame(FrameType::run, 1, "not a request") + make_frame(FrameType::kill, 99) +
                        make_frame(FrameType::signal, 98, "\x0F") + make_frame(FrameType::discard, 97);
    sys::Output output = run_init({}, input);
    CHECK(output.status == 0);
    CHECK(frame_types(output.out) ==
          std::vector{FrameType::ready, FrameType::failed, FrameType::end, FrameType::end, FrameType::gone});
}

TEST_CASE("options are checked; --help and --version answer")
{
    CHECK(run_init({"--nonsense"}, "").status == 100);
    CHECK(run_init({"--isolate", "--guard"}, "").status == 100);
    CHECK(run_init({"--isolate", "--fence"}, "").status == 100);
    for (const char* option : {"--group", "--most-processes", "--limits"})
        CHECK(run_init({option}, "").status == 100);
    CHECK(run_init({"--limits", "1", "2"}, "").status == 100);
    CHECK(run_init({"--help"}, "").out.starts_with("usage: quire-init"));
    CHECK(run_init({"--version"}, "").out.starts_with("quire-init "));
}
