#include "text/highlight.h"

#include "fuzz/fuzz.h"

using namespace quire::text;

FUZZ_SEEDS("c\nint a = R\"x(1)x\"; /* b\n*/ #define A \\\n 'c'",
           "rust\nfn f<'a>() { r#\"x\"# /* /* */ */ #[a = \"]\"] }", "js\n`a ${b(`c ${d}`)}` /e[/]/g 1e+3",
           "py\nf\"{a!r:>{b}}\" '''c\n''' @d\n", "sh\ncat <<A <<-'B'\n$x ${y}\nA\n\tB\n\"$(a)\"",
           "rb\n%w[a [b]] <<~C\n#{d}\nC\n:e =begin\n=end", "pl\ns{a}{b}g; tr/a/b/; qw(c)\n=head1\n=cut\n<<\"E\";\nE",
           "php\n<p><?php $a = <<<B\n$c\nB;\n?></p>", "html\n<script>'</script>\n<style>a{b:c}</style><!-- d -->",
           "md\n# a\n```c\n/* b\n```\n**c** [d](e)", "make\na: b\n\tc $(d) \\\n\te\nf := $(g h,$(i))",
           "docker\nRUN a \\\n # b\n c", "nix\n''a ${b ''c''} ''$''", "yaml\na: |\n  b\nc: [d, \"e\", {f: g}]",
           "toml\n[a]\nb = '''c\n''' [[d]]", "css\n@media (a: b) { c[d=e]:f { g: url(h); } }",
           "ocaml\n(* (* *) *) {a|b|a} 'c'", "haskell\n{- {- -} -} 'a' f' --> b", "lua\n--[==[ a\n]==] [[b]]",
           "cmake\n#[[ a\n]] \"${b}\" [=[c]=]")

/// The first line names the language; the rest is the source.
FUZZ_TARGET(input)
{
    using quire::fuzz::require;
    size_t end = std::min(input.find('\n'), input.size());
    Highlighter whole(language_named(input.substr(0, end)));
    Highlighter resumed(language_named(input.substr(0, end)));
    std::string_view rest = input.substr(std::min(end + 1, input.size()));
    while (!rest.empty()) {
        end = std::min(rest.find('\n'), rest.size());
        resumed.resume(whole.state());
        std::string_view line = rest.substr(0, end);
        const char* at = line.data();
        for (const Piece& piece : whole.line(line)) {
            require(piece.text.data() == at && !piece.text.empty(), "pieces follow each other");
            require(static_cast<size_t>(piece.token) < token_count, "a class that there is");
            at += piece.text.size();
        }
        require(at == line.data() + line.size(), "the pieces are the line");
        (void)resumed.line(line);
        require(resumed.state() == whole.state(), "the state is all that a line leaves");
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
}
