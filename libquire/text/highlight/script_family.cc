// Python, Lua and SQL. Ruby and Perl, which quote in many ways, are in quote_like.cc.
#include "text/highlight/line_lexer.h"

namespace quire::text {

/// Strings may have letters before them, "rb'…'"; with an "f" they contain code.
static bool python_special(LineLexer& line)
{
    if (line.peek() == '@') {
        if (!line.only_blanks_before() || !line.is(line.at + 1, Language::begins_word))
            return false;
        size_t end = line.word_end(line.at + 1);
        while (end < line.limit && line.text[end] == '.')
            end = line.word_end(end + 1);
        line.take(Token::directive, end);
        return true;
    }
    if (is_word_byte(line.before()) && line.at > 0)
        return false;
    size_t end = line.at;
    bool is_code = false;
    while (end < line.limit && end - line.at < 3 &&
           std::string_view("rRbBuUfFtT").find(line.text[end]) != std::string_view::npos) {
        char letter = static_cast<char>(line.text[end] | 0x20);
        is_code = is_code || letter == 'f' || letter == 't';
        ++end;
    }
    if (end >= line.limit || (line.text[end] != '"' && line.text[end] != '\''))
        return false;
    size_t prefix = end - line.at;
    for (size_t i = 0; i < 4; ++i) {
        std::string_view mark = line.table().quotes[i].open;
        if (!line.text.substr(end, line.limit - end).starts_with(mark))
            continue;
        line.push(
            {.language = &line.language(), .mode = mode::quoted, .quote = static_cast<uint8_t>(is_code ? i + 4 : i)});
        line.take(Token::string, line.at + prefix + mark.size());
        return true;
    }
    return false;
}

static Token python_judge(LineLexer& line, std::string_view word)
{
    bool is_soft = word == "match" || word == "case" || word == "type";
    if (is_soft && line.only_blanks_before()) {
        char next = line.next_code(line.at + word.size());
        bool has_colon = line.text.find(':', line.at) != std::string_view::npos;
        return next != '=' && next != '.' && next != ',' && next != ')' && next != '\0' && has_colon ? Token::keyword
                                                                                                     : Token::plain;
    }
    bool is_magic = word.size() > 4 && word.starts_with("__") && word.ends_with("__");
    return is_magic && line.next_code(line.at + word.size()) == '(' ? Token::function : Token::plain;
}

static bool lua_special(LineLexer& line)
{
    if (line.top().mode < mode::own) {
        if (line.sees("#!") && line.at == 0)
            return line.take_rest(Token::comment), true;
        if (line.peek() == '.' && line.expects == Language::Defines::function)
            return line.take(Token::function, line.at + 1), true;
    }
    return line.take_long_bracket("--");
}

static Token lua_judge(LineLexer& line, std::string_view word)
{
    // In "function a.b:c", all parts up to the "(" belong to the name.
    if (line.word_before.empty() && line.at > 1 && line.at < 300 && (line.before() == '.' || line.before() == ':') &&
        line.next_code(line.at + word.size()) == '(' &&
        line.text.substr(0, line.at).find("function ") != std::string_view::npos &&
        line.text.substr(0, line.at).find('(') == std::string_view::npos)
        return Token::function;
    return Token::plain;
}

// Tables are laid out by hand.
// clang-format off
constexpr Words python_words[] = {
    {Token::keyword,
     "and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not "
     "or pass raise return self cls try while with yield"},
    {Token::constant, "True False None NotImplemented Ellipsis"},
    {Token::function,
     "abs aiter all any ascii bin bool breakpoint bytearray bytes callable chr classmethod compile complex delattr dict dir divmod "
     "enumerate eval filter float format frozenset getattr globals hasattr hash hex id input int isinstance issubclass iter len list locals "
     "map max memoryview min next object oct open ord pow print property range repr reversed round set setattr slice sorted staticmethod str "
     "sum super tuple type vars zip __import__"},
    {Token::type,
     "ArithmeticError AssertionError AttributeError BaseException BlockingIOError BrokenPipeError BufferError BytesWarning ChildProcessError "
     "ConnectionAbortedError ConnectionError ConnectionRefusedError ConnectionResetError DeprecationWarning EOFError EnvironmentError "
     "Exception FileExistsError FileNotFoundError FloatingPointError FutureWarning GeneratorExit IOError ImportError ImportWarning "
     "IndentationError IndexError InterruptedError IsADirectoryError KeyError KeyboardInterrupt LookupError MemoryError ModuleNotFoundError "
     "NameError NotADirectoryError NotImplementedError OSError OverflowError PendingDeprecationWarning PermissionError ProcessLookupError "
     "RecursionError ReferenceError ResourceWarning RuntimeError RuntimeWarning StopAsyncIteration StopIteration SyntaxError SyntaxWarning "
     "SystemError SystemExit TabError TimeoutError TypeError UnboundLocalError UnicodeDecodeError UnicodeEncodeError UnicodeError "
     "UnicodeTranslateError UnicodeWarning UserWarning ValueError Warning ZeroDivisionError"}};
constexpr Quote python_quotes[] = {
    {"\"\"\"", "\"\"\"", '\\', true}, {"'''", "'''", '\\', true}, {"\"", "\""}, {"'", "'"},
    {"", "\"\"\"", '\\', true, Interpolation::brace}, {"", "'''", '\\', true, Interpolation::brace},
    {"", "\"", '\\', false, Interpolation::brace}, {"", "'", '\\', false, Interpolation::brace}};
constexpr Words lua_words[] = {
    {Token::keyword, "and break do else elseif end for function goto if in local not or repeat return then until while"},
    {Token::constant, "true false nil"},
    {Token::function,
     "_G _VERSION assert collectgarbage dofile error getmetatable ipairs load loadfile loadstring next pairs pcall print rawequal rawget rawlen rawset "
     "require select setmetatable tonumber tostring type unpack xpcall coroutine debug io math os package string table utf8 module setfenv getfenv"}};
constexpr Quote lua_quotes[] = {{"\"", "\""}, {"'", "'"}};
constexpr Words sql_words[] = {
    {Token::keyword,
     "abort add after aggregate all alter analyze and any as asc assertion at atomic attach authorization autoincrement before begin between by cache "
     "call called cascade case cast catalog check checkpoint class close cluster coalesce collate collation column comment commit "
     "committed concurrently conflict connect constraint constraints continue conversion copy create cross current current_date current_role "
     "current_time current_timestamp current_user cursor cycle database deallocate declare default deferrable deferred definer delete delimiter desc "
     "detach disable distinct do domain drop each else elsif enable encoding encrypted end escape except exception exclude exclusive execute exists explain extension external "
     "fetch filter first for force foreign forward found from full function generated global grant group grouping having if ignore ilike immediate immutable in increment index "
     "inherits initially inner inout input insensitive insert instead intersect into invoker is isolation isnull join key language large last lateral leading left "
     "level like limit list listen load local location lock loop materialized match maxvalue method minvalue mode move names natural new next no none not nothing notify notnull "
     "nulls of off offset old on only open operator option or order out outer over overlaps overlay owner partial partition password perform position pragma "
     "preceding prepare preserve primary prior privileges procedural procedure public raise range read recheck recursive ref references reindex release rename "
     "replace reset restrict result return returning returns revoke right role rollback row rows rowid rule savepoint schema scroll search security select sequence server "
     "session session_user set setof share show similar simple stable start statement statistics stdin stdout storage strict substring symmetric sysid system table "
     "tables temp template temporary then to trailing transaction trigger trim truncate trusted type unbounded uncommitted union unique unlisten "
     "until update user using vacuum valid validator value values verbose version view virtual volatile when where window with within without work write zone "
     "cost parallel safe setting owned array_agg procedures routine elseif exit foreach while alias constant diagnostics get query stacked"},
    {Token::constant, "true false null"},
    {Token::type,
     "array bigint binary bit blob boolean bool bytea char character clob date dec decimal double float float4 float8 int int2 int4 int8 integer interval json jsonb "
     "number numeric precision real serial bigserial smallint text time timestamp timestamptz tinyint uuid varchar varying regclass name oid record"}};
constexpr Quote sql_quotes[] = {{"'", "'", 0, true, Interpolation::none, Token::string, true}, {"\"", "\"", 0, false}, {"`", "`", 0, false}};

constexpr LanguageTable tables[] = {
    {.name = "Python", .files = ".py .pyi .pyw .pyx .bzl .star SConstruct SConscript BUILD WORKSPACE wscript", .interpreters = "python pypy", .aliases = "python py python3 starlark pycon",
     .words = python_words, .line_comments = {"#"}, .quotes = python_quotes, .defines_function = "def", .defines_type = "class", .dot_is_member = true,
     .special = python_special, .special_bytes = "@rRbBuUfFtT", .judge = python_judge},
    {.name = "Lua", .files = ".lua .rockspec .luau", .interpreters = "lua luajit texlua", .aliases = "lua", .words = lua_words, .line_comments = {"--"},
     .quotes = lua_quotes, .defines_function = "function", .dot_is_member = true, .special = lua_special, .special_bytes = "-[#", .judge = lua_judge},
    {.name = "SQL", .files = ".sql .psql .ddl .mysql", .aliases = "sql postgres postgresql mysql sqlite plpgsql", .words = sql_words, .line_comments = {"--"}, .block_comment = {"/*", "*/"},
     .nests_comments = true, .quotes = sql_quotes, .ignores_case = true},
};
// clang-format on

std::span<const LanguageTable> script_family() { return tables; }

} // namespace quire::text
