// What is inside what in the outline of a file, told by indentation and by the levels of headings.
#include "web/code/outline.h"

#include <catch2/catch_test_macros.hpp>

using namespace quire;

/// Each symbol below what it is in: "Plan(run stop) main".
static std::string outlined(std::string_view path, std::string_view text)
{
    auto symbols = search::find_symbols(path, text);
    auto depths = web::nesting(text, symbols);
    REQUIRE(depths.size() == symbols.size());
    std::string shape;
    for (size_t i = 0; i < symbols.size(); ++i) {
        uint32_t before = i == 0 ? 0 : depths[i - 1];
        for (uint32_t depth = depths[i]; depth < before; ++depth)
            shape += ')';
        if (i > 0)
            shape += depths[i] > before ? '(' : ' ';
        shape += symbols[i].name;
    }
    return symbols.empty() ? shape : shape + std::string(depths.back(), ')');
}

TEST_CASE("what is indented below a type is in it, and what follows its end is not")
{
    CHECK(outlined("plan.py", "class Plan:\n    def run(self):\n        pass\n\n    def stop(self):\n        pass\n\n"
                              "def main():\n    pass\n") == "Plan(run stop) main");
    CHECK(outlined("Plan.java",
                   "class Plan\n{\n    void run()\n    {\n    }\n}\nclass Other {\n    void stop() {}\n}\n") ==
          "Plan(run) Other(stop)");
    CHECK(outlined("two.py",
                   "def outer():\n    def inner():\n        pass\nx = 1\nif x:\n    def late():\n        pass\n")
              .starts_with("outer(inner)"));
}

TEST_CASE("a declaration that has ended holds nothing of what follows it")
{
    CHECK(outlined("a.rs", "struct A;\n\nfn help() {\n    work();\n}\n\nimpl B {\n    fn run(&self) {\n    }\n}\n") ==
          "A help run");
    CHECK(outlined("a.rs", "struct A {\n    a: u8,\n}\n\nimpl A {\n    fn run(&self) {\n    }\n}\n\nimpl Drop for A "
                           "{\n    fn drop(&mut self) {\n    }\n}\n\nfn help() {}\n")
              .ends_with("run drop) help"));
}

TEST_CASE("sections are nested by the levels of their headings")
{
    CHECK(outlined("a.md", "# one\n\n## two\n\ntext\n\n### three\n\n## four\n\n# five\n") ==
          "one(two(three) four) five");
    CHECK(outlined("a.md", "### deep\n\n# high\n") == "deep high");
}

TEST_CASE("a text without lines for its symbols nests nothing")
{
    CHECK(web::nesting("", {{"f", search::SymbolKind::function, 7}}) == std::vector<uint32_t>{0});
}
