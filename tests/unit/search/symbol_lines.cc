#include "search/symbol_lines.h"

#include <catch2/catch_test_macros.hpp>

#include "base/result.h"

using namespace quire;
using namespace quire::search;

/// "3-9" for each definition.
static std::string lines_of(std::string_view path, std::string_view text, std::string_view name)
{
    std::string said;
    for (const SymbolLines& one : find_symbol_lines(path, text, name))
        said += fmt::format("{}{}-{}", said.empty() ? "" : " ", one.symbol.line, one.last);
    return said;
}

TEST_CASE("a definition ends where its brackets are closed")
{
    const char* c = "static int f(int a,\n"
                    "\t     int b)\n"
                    "{\n"
                    "\tif (a) {\n"
                    "#ifdef X\n"
                    "\t\tputs(\"}\"); /* } */\n"
                    "#endif\n"
                    "out:\n"
                    "\t\treturn '}';\n"
                    "\t}\n"
                    "\treturn b;\n"
                    "}\n"
                    "\n"
                    "int g(void) { return 1; }\n";
    CHECK(lines_of("a.c", c, "f") == "1-12");
    CHECK(lines_of("a.c", c, "g") == "14-14");
    CHECK(lines_of("a.rs",
                   "impl A {\n    pub fn f(&self) -> u8\n    where\n        A: B,\n    {\n        1\n    }\n}\n",
                   "f") == "2-7");
    CHECK(lines_of("A.java", "class A {\n  int f(\n      int a) {\n    return a;\n  }\n}\n", "f") == "2-5");
    CHECK(lines_of("a.go", "func f(a int) int {\n\treturn map[int]int{1: a}[1]\n}\n\nfunc g() {}\n", "f") == "1-3");
    CHECK(lines_of("a.fnl", "(fn f [a]\n  (let [b {:a \")\"}]\n    b))\n\n(fn g [] 1)\n", "f") == "1-3");
}

TEST_CASE("or, where bodies have none, with what is further in")
{
    CHECK(lines_of("a.py", "def f(\n    a,\n):\n    b = {1: a}\n\n    return b\n\n\ndef g():\n    pass\n", "f") ==
          "1-6");
    CHECK(lines_of("a.rb", "class A\n  def f(a)\n    a.each do |b|\n      p b\n    end\n  end\n\n  def g; end\nend\n",
                   "f") == "2-6");
    CHECK(lines_of("a.lua", "local function f(a)\n   if a then\n      return {1}\n   end\nend\n\nreturn f\n", "f") ==
          "1-5");
    CHECK(lines_of("a.hs", "f :: Int -> Int\nf 0 = 1\nf n =\n  n * 2\n\ng :: Int\ng = 1\n", "f").starts_with("1-4"));
    CHECK(lines_of("README.md", "# A\n\ntext\n\n# B\n", "A") == "1-3");
}

TEST_CASE("a name may be defined more than once, or not at all")
{
    const char* java = "class A {\n  int f() {\n    return 1;\n  }\n  int f(int a) {\n    return a;\n  }\n}\n";
    CHECK(lines_of("A.java", java, "f") == "2-4 5-7");
    CHECK(lines_of("A.java", java, "h").empty());
    CHECK(lines_of("A.java", "", "f").empty());
    const char* c = "int parse_line(void)\n{\n}\n";
    CHECK(nearest_symbol("a.c", c, "parse_lne") == "parse_line");
    CHECK(nearest_symbol("a.c", c, "something_else") == std::nullopt);
}

TEST_CASE("a hostile text has limited definitions, of limited lengths")
{
    std::string text;
    for (int i = 0; i < 20'000; ++i)
        text += "void f(\n";
    std::vector<SymbolLines> found = find_symbol_lines("a.c", text, "f");
    CHECK(found.size() <= most_definitions);
    for (const SymbolLines& one : found)
        CHECK((one.last >= one.symbol.line && one.last <= 20'000));
}
