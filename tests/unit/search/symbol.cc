#include "search/symbol.h"

#include <catch2/catch_test_macros.hpp>

using namespace quire::search;

/// "name:line:kind" of each, by blanks.
static std::string symbols(std::string_view path, std::string_view text)
{
    std::string out;
    for (const Symbol& symbol : find_symbols(path, text))
        out += (out.empty() ? "" : " ") + symbol.name + ":" + std::to_string(symbol.line) + ":" +
               std::string(name_of(symbol.kind)).substr(0, 1);
    return out;
}

TEST_CASE("symbols of C: definitions, not declarations or uses")
{
    CHECK(symbols("a.c",
                  "int declared(int a);\nstatic struct foo *defined(struct foo *f,\n\t\tint b)\n{\n\tcall(f);\n}\n") ==
          "defined:2:f");
    CHECK(symbols("a.c", "#include \"x.h\"\nstruct only;\nstruct foo {\n\tint a, b[3];\n\tunsigned bit : 3;\n\tint "
                         "(*call)(int);\n};\n") == "foo:3:t a:4:f b:4:f bit:5:f call:6:f");
    CHECK(symbols("a.h",
                  "#define MAX(a) do { /* x */ } while (0)\n#  define LOW 1\nextern int no;\nint yes = 3, no_too;\n") ==
          "MAX:1:c LOW:2:c yes:4:c");
    CHECK(symbols("a.c",
                  "enum kind { ONE, TWO = 2,\n THREE };\ntypedef struct bar { int x; } bar_t;\ntypedef int "
                  "(*handler)(int);\n") == "kind:1:t ONE:1:c TWO:1:c THREE:2:c bar:3:t x:3:f bar_t:3:t handler:4:t");
    CHECK(symbols("a.c", "#ifdef A\nint f(int a) {\n#else\nint f(void) {\n#endif\n\treturn 1;\n}\nint g(void) { return "
                         "\"}\"[0]; }\n") == "f:2:f f:4:f g:8:f");
    CHECK(symbols("a.c", "const char *names[] = { \"a\", \"b\" };\nint after(void)\n{\n}\n") == "names:1:c after:2:f");
}

TEST_CASE("symbols of C++")
{
    CHECK(symbols("a.cc", "namespace a::b {\nclass Foo : public Bar {\npublic:\n    Foo();\n    int inline_one() const "
                          "{ return 1; }\n"
                          "private:\n    int m_x = 0;\n};\nFoo::Foo() : m_x(1)\n{\n}\n} // namespace\n") ==
          "Foo:2:t inline_one:5:f m_x:7:f Foo:9:f");
    CHECK(
        symbols("a.cc",
                "template <class T>\nstruct Holder {};\nusing Name = std::string;\nenum class Kind : int { one };\n") ==
        "Holder:2:t Name:3:t Kind:4:t one:4:c");
    CHECK(symbols("a.cc", "using namespace std;\nclass Forward;\nint x;\n") == "x:3:c");
}

TEST_CASE("symbols of other languages")
{
    CHECK(symbols("a.py", "LIMIT = 3\nclass Foo(Bar):\n    def method(self):\n        print(len(x))\n") ==
          "LIMIT:1:c Foo:2:t method:3:f");
    CHECK(symbols("a.rs",
                  "pub struct Foo {\n    publish: u32,\n    pub(crate) b: u8,\n}\nenum E {\n    One(u8),\n    Two,\n}\n"
                  "impl Foo {\n    pub fn new() -> Self { format!(\"\") }\n}\nmacro_rules! mine {\n}\n") ==
          "Foo:1:t publish:2:f b:3:f E:5:t One:6:c Two:7:c new:10:f mine:12:f");
    CHECK(symbols("a.go", "func (r *Repo) Open(path string) error {\n}\ntype Repo struct {\n\tname string\n}\n") ==
          "Open:1:f Repo:3:t name:4:f");
    CHECK(symbols("a.go",
                  "type Options struct {\n\tPrinter func(string) string\n}\nconst (\n\tA = iota\n\tB\n)\nvar x = "
                  "func(a int) int {\n\tvar local int\n}\n") == "Options:1:t Printer:2:f A:5:c B:6:c x:8:c");
    CHECK(
        symbols("a.clj",
                "(ns a.b)\n(def ^:declared later)\n(def\n ^{:arglists '([x & seq])\n   :doc \"Makes (a list)\"}\n cons "
                "(fn* ^:static cons [x seq] (. clojure.lang.RT (cons x seq))))\n(defn- f \"doc\" [x]\n  (let [y (first "
                "x)] y))\n(defprotocol P\n  (m [this]))\n(defmacro w [] `(def ~x 1))\n(defrecord R [a])\n") ==
        "cons:6:f f:7:f P:9:t m:10:f w:11:f R:12:t");
    CHECK(symbols("A.java",
                  "interface Codes {\n  int ADD = 1; // -\n  void run(int a);\n}\nclass A {\n  private final "
                  "Map<String, Integer> map = new HashMap<>();\n  void f() {\n    int local = 3;\n    return;\n  }\n  "
                  "enum Kind {\n    ONE(1),\n    TWO;\n    private int x;\n  }\n}\n")
              .find("local") == std::string::npos);
    CHECK(symbols("A.java",
                  "interface Codes {\n  int ADD = 1; // -\n}\nclass A {\n  private int map = 1;\n  enum Kind {\n    "
                  "ONE(1),\n    TWO;\n    private int x;\n  }\n}\n") ==
          "Codes:1:t ADD:2:c A:4:t map:5:f Kind:6:t ONE:7:c TWO:8:c x:9:f");
    CHECK(symbols("a.ts", "export const top = 1\nlet other = 2\nfunction f() {\n  const inner = 3\n}\n") ==
          "top:1:c other:2:f f:3:f");
    CHECK(symbols("a.php", "<?php\nclass A\n{\n    public const ONE = 1;\n    const TWO = 2;\n}\n") ==
          "A:2:t ONE:4:c TWO:5:c");
    CHECK(
        symbols("a.fnl", "(fn greet [name]\n  (print name))\n(local limit 3)\n(λ strict [x] x)\n(macro m [] nil)\n") ==
        "greet:1:f limit:3:c strict:4:f m:5:f");
    CHECK(symbols("a.sh", "echo a\nX=$(printf b)\necho() {\n}\n") == "echo:3:f");
    CHECK(symbols("a.lua", "local x = require \"y\"\nlocal function print(a)\nend\n") == "print:2:f");
    CHECK(symbols("a.fnl", "(local {: f} (require :x))\n(fn g [] (let [x (assert y)] x))\n").find("require") ==
          std::string::npos);
    CHECK(symbols("a.sh", "start() {\n  stop\n}\nfunction other {\n}\n") == "start:1:f other:4:f");
    CHECK(symbols("README.md", "# Title\ntext\n## Part two ##\n```sh\n# no title\n```\n") == "Title:1:s Part two:3:s");
    CHECK(symbols("a.unknown", "int main(void) {}").empty());
}

TEST_CASE("hostile texts take linear time and few symbols")
{
    std::string deep(100'000, '{'), open, lines;
    for (int i = 0; i < 100'000; ++i)
        open += "struct a" + std::to_string(i) + "(";
    for (int i = 0; i < 50'000; ++i)
        lines += "int f" + std::to_string(i) + "(void) {}\n";
    CHECK(find_symbols("a.c", deep).empty());
    CHECK(find_symbols("a.c", open).size() < 10);
    CHECK(find_symbols("a.c", lines).size() <= 20'000);
}
