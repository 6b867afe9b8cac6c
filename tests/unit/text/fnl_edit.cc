#include <catch2/catch_test_macros.hpp>

#include "support/random_data.h"
#include "text/fnl.h"

using namespace quire;
using namespace quire::text;

static std::string edit(std::string_view source, const std::vector<std::string>& path, const Data& value)
{
    auto result = edit_fnl(source, "config.fnl", path, value);
    INFO(source);
    if (!result)
        FAIL(result.error().message);
    return std::move(result).value();
}

static std::string edit_error(std::string_view source, const std::vector<std::string>& path, const Data& value)
{
    auto result = edit_fnl(source, "config.fnl", path, value);
    return result ? "no error: " + *result : result.error().message;
}

static const std::string settings = "; the forge's settings\n"
                                    "{:host \"git.example.org\"   ; as in the clone URL\n"
                                    "\n"
                                    " ;; notices\n"
                                    " :notifications {:to [\"a@example.org\"]\n"
                                    "                 :on [:ci-failed]} ; both\n"
                                    " :port 22}  ; end\n";

TEST_CASE("replacing a value touches nothing else")
{
    std::string expected = settings;
    expected.replace(expected.find("22"), 2, "2222");
    CHECK(edit(settings, {"port"}, 2222) == expected);

    expected = settings;
    expected.replace(expected.find("[:ci-failed]"), 12, "[:ci-failed :ci-fixed]");
    Data on(Data::Sequence{Keyword{"ci-failed"}, Keyword{"ci-fixed"}});
    CHECK(edit(settings, {"notifications", "on"}, on) == expected);
    CHECK(edit("{:a \"x\" \"b\" 1}", {"b"}, true) == "{:a \"x\" \"b\" true}");
    CHECK(edit("{:a nil}", {"a"}, 1) == "{:a 1}");
}

TEST_CASE("a new key goes behind the last one, and below comments that belong to it")
{
    std::string expected = settings;
    expected.insert(expected.find("}  ; end"), "\n :url \"https://x\"");
    CHECK(edit(settings, {"url"}, "https://x") == expected);
    CHECK(edit("{:a 1 ; one\n}\n", {"b"}, 2) == "{:a 1 ; one\n :b 2\n}\n");
    CHECK(edit("{\n  :a 1\n  :b 2\n}\n", {"c"}, 3) == "{\n  :a 1\n  :b 2\n  :c 3\n}\n");
    CHECK(edit("{:a 1 :b 2}", {"c"}, 3) == "{:a 1 :b 2 :c 3}");
    CHECK(edit("{:a 1}", {"c"}, 3) == "{:a 1\n :c 3}");
    CHECK(edit("{}", {"a"}, 1) == "{:a 1}");
    CHECK(edit("{;note\n}", {"a"}, 1) == "{:a 1 ;note\n}");
    CHECK(edit("{ ; note\n}", {"a"}, 1) == "{:a 1 ; note\n}");
}

TEST_CASE("tables on the way are made")
{
    CHECK(edit("{}", {"smtp", "host"}, "mx") == "{:smtp {:host \"mx\"}}");
    CHECK(edit("{:smtp {}}", {"smtp", "host"}, "mx") == "{:smtp {:host \"mx\"}}");
    CHECK(edit("{:a 1\n :smtp {:port 25}}", {"smtp", "host"}, "mx") ==
          "{:a 1\n :smtp {:port 25\n        :host \"mx\"}}");
    CHECK(edit("", {"host"}, "x") == "{:host \"x\"}\n");
    CHECK(edit("; settings\n", {"host"}, "x") == "; settings\n{:host \"x\"}\n");
    CHECK(edit("; settings", {"host"}, "x") == "; settings\n{:host \"x\"}\n");
}

TEST_CASE("a removed key takes its own line and the comment behind it along")
{
    CHECK(edit("{:a 1 :b 2 :c 3}", {"a"}, {}) == "{:b 2 :c 3}");
    CHECK(edit("{:a 1 :b 2 :c 3}", {"b"}, {}) == "{:a 1 :c 3}");
    CHECK(edit("{:a 1 :b 2 :c 3}", {"c"}, {}) == "{:a 1 :b 2}");
    CHECK(edit("{:a 1}", {"a"}, {}) == "{}");
    CHECK(edit("{:a 1 ; one\n :b 2 ; two\n :c 3}", {"a"}, {}) == "{:b 2 ; two\n :c 3}");
    CHECK(edit("{:a 1 ; one\n :b 2 ; two\n :c 3}", {"b"}, {}) == "{:a 1 ; one\n :c 3}");
    CHECK(edit("{:a 1 ; one\n :b 2}", {"b"}, {}) == "{:a 1 ; one\n }");
    CHECK(edit("{:a 1 ; one\n :b 2 ; two\n}\n", {"b"}, {}) == "{:a 1 ; one\n}\n");
    CHECK(edit("{:a 1\n ;; about b\n :b 2\n ;; about c\n :c 3}", {"b"}, {}) ==
          "{:a 1\n ;; about b\n ;; about c\n :c 3}");
    CHECK(edit(settings, {"notifications", "to"}, {}).find("{:on [:ci-failed]} ; both") != std::string::npos);
}

TEST_CASE("removing what is not there changes nothing")
{
    CHECK(edit(settings, {"nothing"}, {}) == settings);
    CHECK(edit(settings, {"smtp", "host"}, {}) == settings);
    CHECK(edit("; empty\n", {"a"}, {}) == "; empty\n");
}

TEST_CASE("a long value is laid out where it stands")
{
    Data values{Data::Sequence()};
    for (int i = 0; i < 4; ++i)
        values.sequence()->push_back(std::string(30, 'x'));
    std::string edited = edit("{:a 1\n :pinned []}", {"pinned"}, values);
    CHECK(edited.find("\n          \"xxx") != std::string::npos);
    CHECK(edited.starts_with("{:a 1\n :pinned [\"xxx"));
}

TEST_CASE("an edit that can't be made is refused with the place")
{
    CHECK(edit_error("{:a 1}", {"a", "b"}, 1) == "config.fnl:1:5: :a is no table, so :b can't be set in it");
    CHECK(edit_error("[1]", {"a"}, 1) == "config.fnl:1:1: this is no table, so :a can't be set in it");
    CHECK(edit_error("{:a [1]\n :b {:c :x}}", {"b", "c", "d"}, 1) ==
          "config.fnl:2:9: :c is no table, so :d can't be set in it");
    CHECK(edit_error("{:a", {"a"}, 1) == "config.fnl:1:1: this { is never closed; add }");
    CHECK(edit_error("{:a 1}", {}, 1) == "config.fnl: no key to set");
    auto code = edit_fnl("(local x 1)\n{:a x}", "config.fnl", {"a"}, 1);
    REQUIRE_FALSE(code);
    CHECK(is_code(code.error()));
}

/// Random Fennel with comments and odd layout.
static std::string decorated(tests::Random& random, const Data& data)
{
    auto gap = [&] {
        std::string out = random.pick(std::array<std::string_view, 4>{" ", "\n", "\n  ", "  "}).data();
        if (random.one_in(4))
            out += "; } \" note\n ";
        return out;
    };
    std::string out;
    if (const Data::Table* entries = data.table()) {
        for (const auto& [key, value] : *entries)
            out += (out.empty() && random.one_in(2) ? "" : gap()) + format_fnl(Data(Keyword{key}), 0) + gap() +
                   decorated(random, value);
        return "{" + out + (random.one_in(2) ? gap() : "") + "}";
    }
    return format_fnl(data, 0);
}

TEST_CASE("any key of any table can be set and removed, and every comment stays readable")
{
    tests::Random random(2);
    for (int i = 0; i < 3000; ++i) {
        Data data{Data::Table()};
        for (size_t n = random.below(4); n > 0; --n)
            data.set(random.text("abcd", 1), tests::random_data(random, 2));
        std::string source = decorated(random, data);
        std::vector<std::string> path = {random.text("abcde", 1)};
        if (random.one_in(3))
            path.push_back(random.text("abcde", 1));
        const Data* outer = data.find(path[0]);
        if (path.size() > 1 && outer && !outer->table())
            continue;
        Data value = random.one_in(3) ? Data() : tests::random_data(random, 2);
        INFO(source << "\nset " << path[0] << " to " << write_fnl(value));
        // edit_fnl reads what it wrote and compares; a failure here is a place it did not know.
        auto result = edit_fnl(source, "t.fnl", path, value);
        if (!result)
            FAIL(result.error().message);
    }
}
