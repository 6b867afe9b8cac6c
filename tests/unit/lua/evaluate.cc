#include "lua/evaluate.h"

#include <catch2/catch_test_macros.hpp>

using namespace quire;

static std::string refusal(const char* source)
{
    auto value = lua::evaluate(source, "config.fnl");
    INFO(source);
    REQUIRE(!value);
    CHECK(value.error().kind == ErrorKind::invalid);
    CHECK(value.error().message.find('\x01') == std::string::npos);
    return value.error().message;
}

TEST_CASE("a file that computes its settings yields them as data")
{
    auto value = lua::evaluate(
        "(local name \"example.org\")\n(fn at [who] (.. who \"@\" name))\n"
        "{:host (at :git) :env (collect [_ k (ipairs [:A :B])] k (string.lower k)) :max-concurrent-runs (+ 1 1)}",
        "config.fnl");
    REQUIRE(value.has_value());
    CHECK(value->string_or("host", "") == "git@example.org");
    CHECK(value->integer_or("max-concurrent-runs", 0) == 2);
    CHECK(value->find("env")->string_or("B", "") == "b");
}

TEST_CASE("what is wrong with it is named with file and line")
{
    CHECK(refusal("{:host\n (nosuch 1)}").starts_with("config.fnl:2:"));
    CHECK(refusal("(local x nil)\n\n{:host x.y.z}").starts_with("config.fnl:3"));
    CHECK(refusal("(error \"no\")").starts_with("config.fnl:1"));
    CHECK(refusal("(fn f []").starts_with("config.fnl:1:"));
    CHECK(refusal("(+ 1 1)").find("must yield a table") != std::string::npos);
    CHECK(refusal("{:host (fn [] 1)}").find("function") != std::string::npos);
}

TEST_CASE("it computes and does nothing else")
{
    for (const char* source :
         {"{:host (io.open \"/etc/passwd\")}", "{:host (os.getenv \"HOME\")}", "{:host (require :os)}",
          "(local i (. _G :io)) {:host (i.open \"/etc/passwd\")}", "{:host (. _G :os :getenv)}", "(include :secret) {}",
          "(import-macros m :secret) {}", "{:host (load \"return 1\")}",
          "(macro m [] (io.open \"/etc/passwd\")) {:host (m)}", "{:host (print 1)}",
          "((. (getmetatable \"\") :__index :rep) :x 3) {:host (debug.getinfo 1)}"})
        refusal(source);
}

TEST_CASE("it may not take forever, nor all memory")
{
    CHECK(refusal("(while true nil) {}").find("2.0 s") != std::string::npos);
    CHECK(refusal("(while true (pcall #(while true nil))) {}").find("takes longer") != std::string::npos);
    refusal("(macro m [] (while true nil)) {:host (m)}");
    CHECK(refusal("(var s \"x\") (while true (set s (.. s s))) {}").find("64 MiB") != std::string::npos);
}
