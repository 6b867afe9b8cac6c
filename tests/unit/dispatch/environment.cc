#include "dispatch/environment.h"

#include <catch2/catch_test_macros.hpp>

#include <map>

using namespace quire;
using namespace quire::dispatch;

static Lookup from(std::map<std::string, std::string> variables)
{
    return [variables = std::move(variables)](const char* name) -> std::optional<std::string> {
        auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
}

TEST_CASE("an empty environment becomes a PATH and nothing else")
{
    CHECK(checked_environment(from({})) == sys::Environment{std::string("PATH=") + sys::default_path});
}

TEST_CASE("only known variables pass, and PATH is never taken over")
{
    auto environment = checked_environment(from({{"PATH", "/evil"},
                                                 {"GIT_DIR", "/x"},
                                                 {"LD_PRELOAD", "x"},
                                                 {"HOME", "/home/git"},
                                                 {"LANG", "C.UTF-8"},
                                                 {"TZ", "Europe/Berlin"},
                                                 {"GIT_PROTOCOL", "version=2"}}));
    CHECK(environment == sys::Environment{std::string("PATH=") + sys::default_path, "HOME=/home/git", "LANG=C.UTF-8",
                                          "TZ=Europe/Berlin", "GIT_PROTOCOL=version=2"});
}

TEST_CASE("a value that is not what its name says is left out")
{
    const std::pair<const char*, std::string> bad[] = {{"HOME", ""},
                                                       {"HOME", "relative"},
                                                       {"HOME", "/a\nb"},
                                                       {"HOME", "/" + std::string(1024, 'a')},
                                                       {"LANG", ""},
                                                       {"LANG", "../../x"},
                                                       {"LANG", "a b"},
                                                       {"LANG", std::string(65, 'a')},
                                                       {"LANG", "de\x1b"},
                                                       {"TZ", ""},
                                                       {"TZ", "/etc/passwd"},
                                                       {"TZ", ":/etc/passwd"},
                                                       {"TZ", "../x"},
                                                       {"TZ", "a/../../x"},
                                                       {"TZ", "a\n"},
                                                       {"GIT_PROTOCOL", ""},
                                                       {"GIT_PROTOCOL", "version=3"},
                                                       {"GIT_PROTOCOL", "version=2:x"},
                                                       {"GIT_PROTOCOL", " version=2"},
                                                       {"GIT_PROTOCOL", "version=2\n"},
                                                       {"GIT_PROTOCOL", "version=02"}};
    for (const auto& [name, value] : bad) {
        CAPTURE(name, value);
        CHECK(!sys::get_variable(checked_environment(from({{name, value}})), name));
    }
}

TEST_CASE("the client's address is shown only when it looks like one")
{
    CHECK(client_address(from({{"SSH_CONNECTION", "192.0.2.1 4 192.0.2.2 22"}})) == "192.0.2.1");
    CHECK(client_address(from({{"SSH_CONNECTION", "fe80::1%eth0 4 fe80::2 22"}})) == "fe80::1%eth0");
    CHECK(client_address(from({{"SSH_CONNECTION", "x\ny 4"}})).empty());
    CHECK(client_address(from({})).empty());
}
