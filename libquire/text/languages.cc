#include "text/languages.h"

#include <algorithm>

#include "base/strings.h"
#include "text/highlight.h"

namespace quire::text {

using Words = std::string_view[];

// Tables are laid out by hand.
// clang-format off
static constexpr std::string_view c_words[] = {
    "NULL", "alignas", "alignof", "asm", "auto", "bool", "break", "case", "char", "const", "constexpr",
    "continue", "default", "do", "double", "else", "enum", "extern", "false", "float", "for", "goto", "if",
    "inline", "int", "int16_t", "int32_t", "int64_t", "int8_t", "long", "nullptr", "register", "restrict",
    "return", "short", "signed", "size_t", "sizeof", "static", "static_assert", "struct", "switch", "true",
    "typedef", "typeof", "uint16_t", "uint32_t", "uint64_t", "uint8_t", "union", "unsigned", "void", "volatile",
    "while"};
static constexpr std::string_view cpp_words[] = {
    "alignas", "alignof", "asm", "auto", "bool", "break", "case", "catch", "char", "class", "co_await",
    "co_return", "co_yield", "concept", "const", "const_cast", "consteval", "constexpr", "constinit",
    "continue", "decltype", "default", "delete", "do", "double", "dynamic_cast", "else", "enum", "explicit",
    "export", "extern", "false", "final", "float", "for", "friend", "goto", "if", "inline", "int", "long",
    "mutable", "namespace", "new", "noexcept", "nullptr", "operator", "override", "private", "protected",
    "public", "register", "reinterpret_cast", "requires", "return", "short", "signed", "size_t", "sizeof",
    "static", "static_assert", "static_cast", "struct", "switch", "template", "this", "thread_local", "throw",
    "true", "try", "typedef", "typeid", "typename", "union", "unsigned", "using", "virtual", "void", "volatile",
    "wchar_t", "while"};
static constexpr std::string_view python_words[] = {
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "case", "class", "continue",
    "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is",
    "lambda", "match", "nonlocal", "not", "or", "pass", "raise", "return", "self", "try", "while", "with",
    "yield"};
static constexpr std::string_view js_words[] = {
    "async", "await", "break", "case", "catch", "class", "const", "continue", "debugger", "default", "delete",
    "do", "else", "enum", "export", "extends", "false", "finally", "for", "from", "function", "get", "if",
    "implements", "import", "in", "instanceof", "interface", "let", "new", "null", "of", "private", "protected",
    "public", "return", "set", "static", "super", "switch", "this", "throw", "true", "try", "type", "typeof",
    "undefined", "var", "void", "while", "with", "yield"};
static constexpr std::string_view rust_words[] = {
    "Option", "Result", "Self", "String", "Vec", "as", "async", "await", "bool", "break", "char", "const",
    "continue", "crate", "dyn", "else", "enum", "extern", "f32", "f64", "false", "fn", "for", "i16", "i32",
    "i64", "i8", "if", "impl", "in", "isize", "let", "loop", "match", "mod", "move", "mut", "pub", "ref",
    "return", "self", "static", "str", "struct", "super", "trait", "true", "type", "u16", "u32", "u64", "u8",
    "unsafe", "use", "usize", "where", "while"};
static constexpr std::string_view go_words[] = {
    "any", "bool", "break", "byte", "case", "chan", "const", "continue", "default", "defer", "else", "error",
    "fallthrough", "false", "float64", "for", "func", "go", "goto", "if", "import", "int", "int64", "interface",
    "iota", "len", "make", "map", "nil", "package", "range", "return", "rune", "select", "string", "struct",
    "switch", "true", "type", "uint", "var"};
static constexpr std::string_view java_words[] = {
    "abstract", "assert", "boolean", "break", "byte", "case", "catch", "char", "class", "const", "continue",
    "default", "do", "double", "else", "enum", "extends", "false", "final", "finally", "float", "for", "fun",
    "if", "implements", "import", "in", "instanceof", "int", "interface", "is", "long", "native", "new", "null",
    "object", "override", "package", "private", "protected", "public", "record", "return", "sealed", "short",
    "static", "super", "switch", "synchronized", "this", "throw", "throws", "transient", "true", "try", "val",
    "var", "void", "volatile", "when", "while"};
static constexpr std::string_view sh_words[] = {
    "break", "case", "continue", "do", "done", "elif", "else", "esac", "eval", "exec", "exit", "export", "fi",
    "for", "function", "if", "in", "local", "readonly", "return", "set", "shift", "source", "then", "trap",
    "unset", "until", "while"};
static constexpr std::string_view lua_words[] = {
    "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if", "in", "local",
    "nil", "not", "or", "repeat", "return", "self", "then", "true", "until", "while"};
static constexpr std::string_view fennel_words[] = {
    "*", "+", "-", "->", "->>", "-?>", "-?>>", "..", "/", "<", "<=", "=", ">", ">=", "?.", "accumulate", "and",
    "case", "collect", "comment", "do", "doto", "each", "eval-compiler", "faccumulate", "false", "fcollect",
    "fn", "for", "global", "hashfn", "icollect", "if", "import-macros", "include", "lambda", "length", "let",
    "local", "lua", "macro", "macros", "match", "nil", "not", "not=", "or", "pick-values", "quote",
    "require-macros", "rshift", "set", "tail!", "true", "tset", "unless", "unquote", "values", "var", "when",
    "while", "with-open", "λ"};
static constexpr std::string_view lisp_words[] = {
    "and", "begin", "case", "cond", "def", "define", "defmacro", "defn", "defun", "do", "else", "false", "fn",
    "if", "import", "in-ns", "lambda", "let", "let*", "letrec", "loop", "macro", "nil", "not", "ns", "or",
    "quote", "recur", "require", "setq", "true", "unless", "when"};
static constexpr std::string_view ruby_words[] = {
    "BEGIN", "END", "alias", "and", "attr_reader", "begin", "break", "case", "class", "def", "defined?", "do",
    "else", "elsif", "end", "ensure", "false", "for", "if", "in", "module", "next", "nil", "not", "or", "redo",
    "require", "rescue", "retry", "return", "self", "super", "then", "true", "undef", "unless", "until", "when",
    "while", "yield"};
static constexpr std::string_view perl_words[] = {
    "and", "cmp", "else", "elsif", "eq", "for", "foreach", "ge", "gt", "if", "last", "le", "local", "lt", "my",
    "ne", "next", "no", "not", "or", "our", "package", "qw", "redo", "require", "return", "sub", "undef",
    "unless", "until", "use", "while", "xor"};
static constexpr std::string_view sql_words[] = {
    "ADD", "ALL", "ALTER", "AND", "AS", "ASC", "BEGIN", "BETWEEN", "BY", "CASE", "COMMIT", "CREATE", "DEFAULT",
    "DELETE", "DESC", "DISTINCT", "DROP", "ELSE", "END", "EXISTS", "FALSE", "FOREIGN", "FROM", "GROUP",
    "HAVING", "IN", "INDEX", "INNER", "INSERT", "INTO", "IS", "JOIN", "KEY", "LEFT", "LIKE", "LIMIT", "NOT",
    "NULL", "ON", "OR", "ORDER", "OUTER", "PRIMARY", "REFERENCES", "RIGHT", "ROLLBACK", "SELECT", "SET",
    "TABLE", "THEN", "TRUE", "UNION", "UNIQUE", "UPDATE", "VALUES", "VIEW", "WHEN", "WHERE", "WITH", "add",
    "all", "alter", "and", "as", "asc", "begin", "between", "by", "case", "commit", "create", "default",
    "delete", "desc", "distinct", "drop", "else", "end", "exists", "false", "foreign", "from", "group",
    "having", "in", "index", "inner", "insert", "into", "is", "join", "key", "left", "like", "limit", "not",
    "null", "on", "or", "order", "outer", "primary", "references", "right", "rollback", "select", "set",
    "table", "then", "true", "union", "unique", "update", "values", "view", "when", "where", "with"};
static constexpr std::string_view cmake_words[] = {
    "add_compile_options", "add_custom_command", "add_custom_target", "add_executable", "add_library",
    "add_subdirectory", "add_test", "cmake_minimum_required", "else", "elseif", "endforeach", "endfunction",
    "endif", "endmacro", "endwhile", "find_library", "find_package", "find_path", "find_program", "foreach",
    "function", "if", "include", "install", "list", "macro", "message", "option", "project", "return", "set",
    "set_property", "string", "target_compile_definitions", "target_compile_options",
    "target_include_directories", "target_link_libraries", "target_link_options", "while"};
static constexpr std::string_view haskell_words[] = {
    "case", "class", "data", "default", "deriving", "do", "else", "forall", "foreign", "if", "import", "in",
    "infix", "infixl", "infixr", "instance", "let", "module", "newtype", "of", "qualified", "then", "type",
    "where"};
static constexpr std::string_view nix_words[] = {
    "assert", "else", "false", "if", "import", "in", "inherit", "let", "null", "or", "rec", "then", "true",
    "with"};
static constexpr std::string_view zig_words[] = {
    "align", "and", "anytype", "break", "catch", "comptime", "const", "continue", "defer", "else", "enum",
    "errdefer", "error", "export", "extern", "false", "fn", "for", "if", "inline", "null", "orelse", "pub",
    "return", "struct", "switch", "test", "true", "try", "undefined", "union", "unreachable", "usingnamespace",
    "var", "void", "while"};
static constexpr std::string_view data_words[] = {
    "false", "nil", "no", "null", "off", "on", "true", "yes"};
static constexpr std::string_view css_words[] = {
    "from", "import", "important", "media", "supports", "to"};
static constexpr std::string_view make_words[] = {
    "define", "else", "endef", "endif", "export", "ifdef", "ifeq", "ifndef", "ifneq", "include", "override",
    "vpath"};
static constexpr std::string_view docker_words[] = {
    "ADD", "ARG", "AS", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "RUN",
    "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"};

static constexpr std::string_view files_0[] = {".c", ".h"};
static constexpr std::string_view files_1[] = {".cc", ".cpp", ".cxx", ".hpp", ".hh", ".hxx", ".ipp", ".inl"};
static constexpr std::string_view files_2[] = {".py", ".pyi", "SConstruct"};
static constexpr std::string_view files_3[] = {".js", ".mjs", ".cjs", ".ts", ".tsx", ".jsx"};
static constexpr std::string_view files_4[] = {".rs"};
static constexpr std::string_view files_5[] = {".go"};
static constexpr std::string_view files_6[] = {".java", ".kt", ".kts", ".scala", ".cs", ".swift"};
static constexpr std::string_view files_7[] = {".sh", ".bash", ".zsh", ".ksh", ".bats", "PKGBUILD", "configure"};
static constexpr std::string_view files_8[] = {".fnl", ".fnlm"};
static constexpr std::string_view files_9[] = {".lua", ".rockspec"};
static constexpr std::string_view files_10[] = {".lisp", ".el", ".clj", ".cljs", ".scm", ".ss", ".rkt", ".janet", ".edn"};
static constexpr std::string_view files_11[] = {".rb", "Rakefile", "Gemfile", ".gemspec"};
static constexpr std::string_view files_12[] = {".pl", ".pm", ".t"};
static constexpr std::string_view files_13[] = {".sql"};
static constexpr std::string_view files_14[] = {"CMakeLists.txt", ".cmake"};
static constexpr std::string_view files_15[] = {".hs"};
static constexpr std::string_view files_16[] = {".nix"};
static constexpr std::string_view files_17[] = {".zig"};
static constexpr std::string_view files_18[] = {".json", ".jsonl", ".webmanifest", ".jsonc"};
static constexpr std::string_view files_19[] = {".yml", ".yaml", ".clang-format", ".clang-tidy"};
static constexpr std::string_view files_20[] = {".toml", ".lock"};
static constexpr std::string_view files_21[] = {".ini", ".conf", ".cfg", ".desktop", ".service", ".socket", ".timer", ".gitconfig", ".gitattributes", ".gitignore", ".editorconfig", ".gitmodules"};
static constexpr std::string_view files_22[] = {".css", ".scss", ".less"};
static constexpr std::string_view files_23[] = {".html", ".htm", ".xml", ".svg", ".xhtml", ".xsl"};
static constexpr std::string_view files_24[] = {"Makefile", "GNUmakefile", "makefile", ".mk"};
static constexpr std::string_view files_25[] = {"Dockerfile", "Containerfile", ".dockerfile"};
static constexpr std::string_view files_26[] = {".1", ".2", ".3", ".5", ".7", ".8", ".mdoc"};

static constexpr Language table[] = {
    {.name = "C", .files = files_0, .keywords = c_words,
     .line_comments = {"//"}, .block_comments = {Pair{"/*", "*/"}},
     .quotes = {Quote{"\"", true, false}, Quote{"'", true, false}}, .has_directives = true},
    {.name = "C++", .files = files_1, .keywords = cpp_words,
     .line_comments = {"//"}, .block_comments = {Pair{"/*", "*/"}},
     .quotes = {Quote{"\"", true, false}, Quote{"'", true, false}}, .has_directives = true},
    {.name = "Python", .files = files_2, .keywords = python_words,
     .line_comments = {"#"}, .block_comments = {},
     .quotes = {Quote{"\"\"\"", true, true}, Quote{"'''", true, true}, Quote{"\"", true, false}, Quote{"'", true, false}},
     .interpreter = "python"},
    {.name = "JavaScript", .files = files_3, .keywords = js_words,
     .line_comments = {"//"}, .block_comments = {Pair{"/*", "*/"}},
     .quotes = {Quote{"`", true, true}, Quote{"\"", true, false}, Quote{"'", true, false}},
     .word_extra = "$",
     .interpreter = "node"},
    {.name = "Rust", .files = files_4, .keywords = rust_words,
     .line_comments = {"//"}, .block_comments = {Pair{"/*", "*/"}},
     .quotes = {Quote{"\"", true, true}}},
    {.name = "Go", .files = files_5, .keywords = go_words,
     .line_comments = {"//"}, .block_comments = {Pair{"/*", "*/"}},
     .quotes = {Quote{"`", false, true}, Quote{"\"", true, false}, Quote{"'", true, false}}},
    {.name = "Java", .files = files_6, .keywords = java_words,
     .line_comments = {"//"}, .block_comments = {Pair{"/*", "*/"}},
     .quotes = {Quote{"\"\"\"", true, true}, Quote{"\"", true, false}, Quote{"'", true, false}}},
    {.name = "shell", .files = files_7, .keywords = sh_words,
     .line_comments = {"#"}, .block_comments = {},
     .quotes = {Quote{"\"", true, true}, Quote{"'", false, true}},
     .word_extra = "-",
     .interpreter = "sh", .comment_needs_blank = true},
    {.name = "Fennel", .files = files_8, .keywords = fennel_words,
     .line_comments = {";"}, .block_comments = {},
     .quotes = {Quote{"\"", true, true}},
     .word_extra = "-?!*+<>=/&~:.λ",
     .interpreter = "fennel", .colon_words = true},
    {.name = "Lua", .files = files_9, .keywords = lua_words,
     .line_comments = {"--"}, .block_comments = {Pair{"--[[", "]]"}},
     .quotes = {Quote{"[[", false, true}, Quote{"\"", true, false}, Quote{"'", true, false}},
     .interpreter = "lua"},
    {.name = "Lisp", .files = files_10, .keywords = lisp_words,
     .line_comments = {";"}, .block_comments = {Pair{"#|", "|#"}},
     .quotes = {Quote{"\"", true, true}},
     .word_extra = "-?!*+<>=/&:", .colon_words = true},
    {.name = "Ruby", .files = files_11, .keywords = ruby_words,
     .line_comments = {"#"}, .block_comments = {},
     .quotes = {Quote{"\"", true, true}, Quote{"'", true, true}},
     .word_extra = "?",
     .interpreter = "ruby"},
    {.name = "Perl", .files = files_12, .keywords = perl_words,
     .line_comments = {"#"}, .block_comments = {},
     .quotes = {Quote{"\"", true, true}, Quote{"'", true, true}},
     .interpreter = "perl", .comment_needs_blank = true},
    {.name = "SQL", .files = files_13, .keywords = sql_words,
     .line_comments = {"--"}, .block_comments = {Pair{"/*", "*/"}},
     .quotes = {Quote{"'", true, true}, Quote{"\"", true, false}}},
    {.name = "CMake", .files = files_14, .keywords = cmake_words,
     .line_comments = {"#"}, .block_comments = {Pair{"#[[", "]]"}},
     .quotes = {Quote{"\"", true, true}}},
    {.name = "Haskell", .files = files_15, .keywords = haskell_words,
     .line_comments = {"--"}, .block_comments = {Pair{"{-", "-}"}},
     .quotes = {Quote{"\"", true, false}}},
    {.name = "Nix", .files = files_16, .keywords = nix_words,
     .line_comments = {"#"}, .block_comments = {Pair{"/*", "*/"}},
     .quotes = {Quote{"''", false, true}, Quote{"\"", true, true}}},
    {.name = "Zig", .files = files_17, .keywords = zig_words,
     .line_comments = {"//"}, .block_comments = {},
     .quotes = {Quote{"\"", true, false}, Quote{"'", true, false}}},
    {.name = "JSON", .files = files_18, .keywords = data_words,
     .line_comments = {"//"}, .block_comments = {},
     .quotes = {Quote{"\"", true, false}}},
    {.name = "YAML", .files = files_19, .keywords = data_words,
     .line_comments = {"#"}, .block_comments = {},
     .quotes = {Quote{"\"", true, false}, Quote{"'", false, false}}, .comment_needs_blank = true},
    {.name = "TOML", .files = files_20, .keywords = data_words,
     .line_comments = {"#"}, .block_comments = {},
     .quotes = {Quote{"\"\"\"", true, true}, Quote{"\"", true, false}, Quote{"'", false, false}}},
    {.name = "config", .files = files_21, .keywords = data_words,
     .line_comments = {"#", ";"}, .block_comments = {},
     .quotes = {Quote{"\"", true, false}}, .comment_needs_blank = true},
    {.name = "CSS", .files = files_22, .keywords = css_words,
     .line_comments = {}, .block_comments = {Pair{"/*", "*/"}},
     .quotes = {Quote{"\"", true, false}, Quote{"'", true, false}},
     .word_extra = "-@"},
    {.name = "HTML", .files = files_23, .keywords = data_words,
     .line_comments = {}, .block_comments = {Pair{"<!--", "-->"}},
     .quotes = {Quote{"\"", false, true}}},
    {.name = "make", .files = files_24, .keywords = make_words,
     .line_comments = {"#"}, .block_comments = {},
     .quotes = {Quote{"\"", true, false}}, .comment_needs_blank = true},
    {.name = "Dockerfile", .files = files_25, .keywords = docker_words,
     .line_comments = {"#"}, .block_comments = {},
     .quotes = {Quote{"\"", true, false}, Quote{"'", false, false}}, .comment_needs_blank = true},
    {.name = "roff", .files = files_26, .keywords = data_words,
     .line_comments = {".\\\""}, .block_comments = {},
     .quotes = {}},
};
// clang-format on

std::span<const Language> languages() { return table; }

std::string_view language_name(const Language& language) { return language.name; }

static bool is_for_file(const Language& language, std::string_view name)
{
    for (std::string_view known : language.files) {
        bool is_ending = known.starts_with('.') && name.size() >= known.size();
        if (is_ending ? name.ends_with(known) : name == known)
            return true;
    }
    return false;
}

const Language* find_language(std::string_view file_name, std::string_view content)
{
    for (const Language& language : table)
        if (is_for_file(language, file_name))
            return &language;
    std::string_view first = content.substr(0, std::min(content.find('\n'), size_t{200}));
    if (!strip_prefix(first, "#!"))
        return nullptr;
    for (const Language& language : table)
        if (!language.interpreter.empty() && first.find(language.interpreter) != std::string_view::npos)
            return &language;
    return nullptr;
}

} // namespace quire::text
