#include "text/highlight.h"

#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

using namespace quire::text;

/// Each piece as "[letter:piece]", plain ones as they are; a newline ends a line.
static std::string shown(Highlighter& highlighter, std::string_view source)
{
    std::string out;
    for (bool is_first = true; is_first || !source.empty(); is_first = false) {
        size_t end = std::min(source.find('\n'), source.size());
        std::string_view line = source.substr(0, end);
        std::string all;
        for (const Piece& piece : highlighter.line(line)) {
            all += piece.text;
            CHECK_FALSE(piece.text.empty());
            if (piece.token == Token::plain)
                out += piece.text;
            else
                out += std::string("[") + " csnkftoydhbe+-"[static_cast<size_t>(piece.token)] + ":" +
                       std::string(piece.text) + "]";
        }
        CHECK(all == line); // nothing is lost or added
        source.remove_prefix(std::min(end + 1, source.size()));
        if (!source.empty())
            out += '\n';
    }
    return out;
}

static std::string shown(std::string_view file, std::string_view source)
{
    Highlighter highlighter(find_language(file, source));
    return shown(highlighter, source);
}

TEST_CASE("Fennel is known")
{
    CHECK(shown("a.fnl", "(fn f [x] ; y\n  (. x :key) \"s\\\"t\" 42)") ==
          "([k:fn] [f:f] [x] [c:; y]\n  ([k:.] x [s::key]) [s:\"s\\\"t\"] [n:42])");
}

TEST_CASE("comments, strings and directives end where they should")
{
    CHECK(shown("a.c", "#include <x>\nint a = '\\''; /* b\nc */ return 1; // d") ==
          "[d:#include] [s:<x>]\n[t:int] a = [s:'\\'']; [c:/* b]\n[c:c */] [k:return] [n:1]; [c:// d]");
    CHECK(shown("a.c", "#define A \"x//y\" \\\n  b // c\nd") == "[d:#define A \"x//y\" \\]\n[d:  b ][c:// c]\nd");
    CHECK(shown("a.py", "x = \"\"\"a\nb\"\"\" # c") == "x = [s:\"\"\"a]\n[s:b\"\"\"] [c:# c]");
    CHECK(shown("a.lua", "--[==[ a\n]] b ]==] local x -- c") == "[c:--[==[ a]\n[c:]] b ]==]] [k:local] x [c:-- c]");
    CHECK(shown("a.sh", "echo a#b # c") == "[f:echo] a#b [c:# c]");
    CHECK(shown("a.c", "\"never closed\nint") == "[s:\"never closed]\n[t:int]");
}

TEST_CASE("strings with delimiters of one's choice")
{
    CHECK(shown("a.cc", "x = R\"ab(1)\" )a\"\n)ab\"; int") == "x = [s:R\"ab(1)\" )a\"]\n[s:)ab\"]; [t:int]");
    CHECK(shown("a.rs", "let s = r#\"a\"b\nc\"#; let t = br\"d\";") ==
          "[k:let] s = [s:r#\"a\"b]\n[s:c\"#]; [k:let] t = [s:br\"d\"];");
    CHECK(shown("a.rb", "a = %w[b [c] d]\ne") == "a = [s:%w[b [c] d]]\ne");
    CHECK(shown("a.pl", "$a =~ s{b}{c}g; my @d = qw(e f);") == "$a =~ [s:s{b}{c}g]; [k:my] @d = [s:qw(e f)];");
    CHECK(shown("a.ml", "let x = {a|b \" |b} c|a} d") == "[k:let] x = [s:{a|b \" |b} c|a}] d");
    CHECK(shown("a.nix", "a = ''b ''${c} ${d} e'';") == "[y:a] = [s:''b ''${c} ${]d[s:} e''];");
    CHECK(shown("a.cs", "var s = @\"a\"\"b\";") == "[k:var] s = [s:@\"a\"\"b\"];");
}

TEST_CASE("heredocs begin on the next line, as many as were announced")
{
    CHECK(shown("a.sh", "cat <<A <<'B' | if x\na $y\nA\nb $z\nB\nfi") ==
          "cat [s:<<A <<'B'] | [k:if] x\n[s:a ]$y\n[s:A]\n[s:b $z]\n[s:B]\n[k:fi]");
    CHECK(shown("a.sh", "cat <<-A\n\tx\n\tA\nfi") == "cat [s:<<-A]\n[s:\tx]\n[s:\tA]\n[k:fi]");
    CHECK(shown("a.rb", "x = <<~SQL\n  a\n  SQL\nend") == "x = [s:<<~SQL]\n[s:  a]\n[s:  SQL]\n[k:end]");
    CHECK(shown("a.php", "<?php $x = <<<A\n  b $c\n  A;") == "[d:<?php] $x = [s:<<<A]\n[s:  b ]$c\n[s:  A];");
    CHECK(shown("a.rb", "list << item") == "list << item");
}

TEST_CASE("code within strings is code")
{
    CHECK(shown("a.js", "`a ${f({b: 1})} c`; if") == "[s:`a ${]f({b: [n:1]})[s:} c`]; [k:if]");
    CHECK(shown("a.js", "`a ${`b ${c}`}`") == "[s:`a ${`b ${]c[s:}`}`]");
    CHECK(shown("a.py", "f\"a {b['c']} {{d}}\" if") == "[s:f\"a {]b[[s:'c']][s:} {{d}}\"] [k:if]");
    CHECK(shown("a.rb", "\"a #{b ? \"c\" : d} e\"") == "[s:\"a #{]b ? [s:\"c\"] : d[s:} e\"]");
    CHECK(shown("a.kt", "\"a $b ${c.d} e\"") == "[s:\"a ]$b[s: ${]c.d[s:} e\"]");
    CHECK(shown("a.sh", "x=\"a $(ls \"$b\") ${c}\"") == "x=[s:\"a ][k:$(]ls [s:\"]$b[s:\"][k:)][s: ${]c[s:}\"]");
    CHECK(shown("a.py", "f\"{\nif") == "[s:f\"{]\n[k:if]"); // an open one ends with its line
}

TEST_CASE("comments nest where the language lets them")
{
    CHECK(shown("a.rs", "/* a /* b */ c */ if") == "[c:/* a /* b */ c */] [k:if]");
    CHECK(shown("a.c", "/* a /* b */ if") == "[c:/* a /* b */] [k:if]");
    CHECK(shown("a.hs", "{- a {- b -} -} x") == "[c:{- a {- b -} -}] x");
    CHECK(shown("a.ml", "(* (* *) *) x") == "[c:(* (* *) *)] x");
}

TEST_CASE("characters are told from lifetimes, names and divisions")
{
    CHECK(shown("a.rs", "fn f<'a>(x: &'a str) -> char { 'b' }") ==
          "[k:fn] [f:f]<[y:'a]>(x: &[y:'a] [t:str]) -> [t:char] { [s:'b'] }");
    CHECK(shown("a.hs", "f' x = 'y'") == "[f:f'] x = [s:'y']");
    CHECK(shown("a.js", "a / b / c; d = /e\\/[/]f/g.test(h)") == "a / b / c; d = [s:/e\\/[/]f/g].test(h)");
    CHECK(shown("a.cc", "1'000'000 + 0x1fp-3") == "[n:1'000'000] + [n:0x1fp-3]");
}

TEST_CASE("what is defined, and attributes and macros")
{
    CHECK(shown("a.cc", "static int f(A *a);\n  return g(1);") ==
          "[k:static] [t:int] [f:f](A *a);\n  [k:return] g([n:1]);");
    CHECK(shown("a.cc", "int A::f(B b);\n  c::g(1);") == "[t:int] A::[f:f](B b);\n  c::g([n:1]);");
    CHECK(shown("a.cc", "namespace a { class B : C {};") == "[k:namespace] a { [k:class] [t:B] : C {};");
    CHECK(shown("a.go", "func (r *T) Name(x int) {") == "[k:func] (r *T) [f:Name](x [t:int]) {");
    CHECK(shown("a.py", "@a.b\nclass C:\n  def __init__(self): pass") ==
          "[d:@a.b]\n[k:class] [t:C]:\n  [k:def] [f:__init__]([k:self]): [k:pass]");
    CHECK(shown("a.rs", "#[derive(A, b = \"]\")]\nprintln!(\"x\")") ==
          "[d:#[derive(A, b = ][s:\"]\"][d:)]]\n[f:println!]([s:\"x\"])");
    CHECK(shown("A.java", "@Override public void f() { x.class.get(); }") ==
          "[d:@Override] [k:public] [t:void] [f:f]() { x.class.get(); }");
}

TEST_CASE("keys are told from values")
{
    CHECK(shown("a.json", "{\"a\": \"b\", \"c\": [1, true]}") ==
          "{[y:\"a\"]: [s:\"b\"], [y:\"c\"]: [[n:1], [o:true]]}");
    CHECK(shown("a.yml", "a: b # c\nd: |\n  e: f\n\n  g\nh: [i, 1]") ==
          "[y:a]: b [c:# c]\n[y:d]: |\n[s:  e: f]\n\n[s:  g]\n[y:h]: [i, [n:1]]");
    CHECK(shown("a.toml", "[a.b]\nc = 1 # d\n\"e\" = [\n  'f', # g\n]") ==
          "[k:[a.b]]\n[y:c] = [n:1] [c:# d]\n[y:\"e\"] = [\n  [s:'f'], [c:# g]\n]");
    CHECK(shown("a.css", "a.b:hover { color: red; }") == "[k:a].[t:b]:[d:hover] { [y:color]: [o:red]; }");
    CHECK(shown("a.ini", "[a]\nb = c") == "[k:[a]]\n[y:b ]= [s:c]");
}

TEST_CASE("languages stand in others")
{
    CHECK(shown("a.html", "<p class=\"a\">b &lt;</p><script>if (a < 1) '</p>'</script><i>") ==
          "<[k:p] [y:class]=[s:\"a\"]>b [o:&lt;]</[k:p]><[k:script]>[k:if] (a < [n:1]) [s:'</p>']</[k:script]><[k:i]>");
    CHECK(shown("a.md", "# A\n```c\nint x;\n```\n`b` **c**") ==
          "[h:# A]\n[s:```c]\n[t:int] x;\n[s:```]\n[s:`b`] [b:**c**]");
    CHECK(shown("a.md", "~~~sh\ncat <<A\n```\n~~~\nif") == "[s:~~~sh]\ncat [s:<<A]\n[s:```]\n[s:~~~]\nif");
    CHECK(shown("Makefile", "a: b\n\tif [ \"$x\" ]; then \\\n\t fi\nc := \"d\"") ==
          "[f:a]: b\n\t[k:if] [ [s:\"]$x[s:\"] ]; [k:then] [s:\\]\n\t [k:fi]\nc := [s:\"d\"]");
    CHECK(shown("Dockerfile", "FROM a AS b\nRUN if x; \\\n  fi\nENV a=1") ==
          "[k:FROM] [s:a ][k:AS][s: b]\n[k:RUN if] x; [s:\\]\n  [k:fi]\n[k:ENV] a=1");
}

TEST_CASE("a file is known by its name, or its first line")
{
    CHECK(shown("run", "#!/usr/bin/env -S bash -e\nif x") == "[c:#!/usr/bin/env -S bash -e]\n[k:if] x");
    CHECK(find_language("notes", "if 1") == nullptr);
    CHECK(shown("notes", "if 1 \"a") == "if 1 \"a");
    auto name = [](std::string_view file, std::string_view content = "") {
        const Language* language = find_language(file, content);
        return language ? language_name(*language) : "none";
    };
    CHECK(name("CMakeLists.txt") == "CMake");
    CHECK(name("Dockerfile.test") == "Dockerfile");
    CHECK(name("config.h.in") == "C");
    CHECK(name("x.tar.gz") == "none");
    CHECK(name("x", "#!/usr/bin/python3.11 -u\n") == "Python");
    CHECK(name("x", "#!") == "none");
    CHECK(language_name(*language_named("C++")) == "C++");
    CHECK(language_named("nothing") == nullptr);
}

TEST_CASE("a far line begins in the state that was kept")
{
    Highlighter first(find_language("a.c", ""));
    first.skip("int a; /* b\nc\n");
    HighlightState state = first.state();
    Highlighter later(find_language("a.c", ""));
    CHECK(shown(later, "d */ int") == "d */ [t:int]");
    later.resume(state);
    CHECK(shown(later, "d */ int") == "[c:d */] [t:int]");
}

constexpr std::string_view files_of_all_languages[] = {
    "a.c",   "a.cc",    "a.rs",    "a.go",       "a.py",  "a.js",  "a.ts",   "A.java", "a.kt",  "a.rb",
    "a.php", "a.pl",    "a.lua",   "a.fnl",      "a.clj", "a.hs",  "a.ml",   "a.zig",  "a.sh",  "Makefile",
    "a.yml", "a.cmake", "a.patch", "Dockerfile", "a.css", "a.sql", "a.toml", "a.json", "a.nix", "a.html",
    "a.md",  "a.cs",    "a.swift", "a.scala",    "a.xml", "a.el",  "a.scss", "a.ini",  "a.1"};

TEST_CASE("lines that are skipped leave the state that reading them leaves")
{
    constexpr std::string_view parts[] = {
        "x", "r",  "b",  "u",   "R",  "if", "for", "def ", "word", "1",  "0x", "9u",     " ",     "  ", "\t",    "=",
        "+", "-",  "--", "/",   "//", "/*", "*/",  "#",    "$",    "{",  "}",  "(",      ")",     "[",  "]",     "<",
        ">", "<<", "\"", "'",   "`",  "@",  "%",   "q",    "s",    ":",  ";",  ",",      ".",     "?",  "!",     "~",
        "^", "&",  "|",  "EOF", "\\", "\r", "é",   "=~",   "::",   "->", "_",  "print ", "<<EOF", "r#", "class "};
    uint32_t seed = 1;
    auto random = [&](size_t below) {
        seed = seed * 1664525 + 1013904223;
        return (seed >> 8) % below;
    };
    for (std::string_view file : files_of_all_languages) {
        const Language* language = find_language(file, "");
        Highlighter read(language), skipped(language);
        for (int i = 0; i < 4000; ++i) {
            if (random(8) == 0) // most texts are not deep in anything
                for (Highlighter* one : {&read, &skipped})
                    one->resume(Highlighter(language).state());
            std::string line;
            for (size_t count = random(7) + 1; count > 0; --count)
                line += parts[random(std::size(parts))];
            read.line(line);
            skipped.skip(line);
            INFO(file << ": " << line);
            REQUIRE(read.state() == skipped.state());
        }
    }
}

TEST_CASE("nothing is lost, however deep and long it is")
{
    std::vector<std::string> hostile = {std::string(100'000, '{'), std::string(100'000, '"'),
                                        std::string(100'000, '\\'), std::string(100'000, ' ')};
    for (std::string_view part :
         {"${", "\"${",    "`${", "#{", "$(", "R\"(", "r#\"", "<<A ", "<script>", "[a](", "/*",
          "(*", "<a b=\"", "%q(", "s/", "'",  "\xff", "@",    "$",    "{a:",      "--[",  "<?php "}) {
        std::string& line = hostile.emplace_back();
        while (line.size() < 100'000)
            line += part;
    }
    for (std::string_view file : files_of_all_languages) {
        const Language* language = find_language(file, "");
        REQUIRE(language);
        for (const std::string& line : hostile) {
            Highlighter highlighter(language);
            for (int round = 0; round < 2; ++round) {
                size_t bytes = 0;
                for (const Piece& piece : highlighter.line(line))
                    bytes += piece.text.size();
                REQUIRE(bytes == line.size());
            }
        }
    }
}

/// The last line of a text that is opened there.
static std::string last_line(std::string_view file, std::string_view text)
{
    const Language* language = find_language(file, text);
    size_t at = text.rfind('\n') + 1;
    Highlighter highlighter(language);
    highlighter.resume(likely_state(language, text, at));
    return shown(highlighter, text.substr(at));
}

TEST_CASE("a text that is opened in its middle has the colours that it has from the beginning")
{
    CHECK(last_line("a.c", "/* one\n * two\n * return") == "[c: * return]");
    CHECK(last_line("a.c", "/* one */\nint a;\nreturn") == "[k:return]");
    CHECK(last_line("a.c", "// as in src/*\nreturn") == "[k:return]");
    CHECK(last_line("a.go", "glob := \"src/*\"\nreturn") == "[k:return]");
    CHECK(last_line("a.py", "def f():\n    \"\"\"What it does.\n    return") == "[s:    return]");
    CHECK(last_line("a.py", "def f():\n    \"\"\"\n    What it does.\n    return") == "[s:    return]");
    CHECK(last_line("a.py", "def f():\n    \"\"\"What it does.\n    \"\"\"\n    return") == "    [k:return]");
    CHECK(last_line("a.py", "x = r\"\"\"\nreturn") == "[s:return]");
    CHECK(last_line("a.py", "x = \"\"\"text\nmore\"\"\"\nreturn") == "[k:return]");
    CHECK(last_line("a.php", "<?php\n\nreturn 1;") == "[k:return] [n:1];");
    CHECK(last_line("a.c", std::string(3'000'000, 'x') + "/*" + std::string(100, '*') + "\nreturn") == "[c:return]");
    std::string hostile;
    for (int i = 0; i < 100'000; ++i)
        hostile += "\"/*";
    CHECK(last_line("a.c", hostile + "\nreturn") == "[c:return]");
}
