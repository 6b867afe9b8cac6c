// C and similar languages: braces, "//", and a preprocessor or attributes.
#include "text/highlight/line_lexer.h"

namespace quire::text {

using Frame = HighlightState::Frame;
constexpr uint8_t raw_string = mode::own, directive = mode::own + 1, attribute = mode::own + 2;

/// C++: a raw string up to ")", the mark that Frame::mark hashes, and '"'.
static bool raw_string_goes_on(LineLexer& line)
{
    for (size_t i = line.find(')', line.at); i < line.limit; i = line.find(')', i + 1)) {
        size_t quote = line.text.substr(0, std::min(line.limit, i + 18)).find('"', i);
        if (quote == std::string_view::npos || mark_of(line.text.substr(i + 1, quote - i - 1)) != line.top().mark)
            continue;
        line.take(Token::string, quote + 1);
        line.pop();
        line.value_before = true;
        return true;
    }
    line.take_rest(Token::string);
    return true;
}

static bool take_raw_string(LineLexer& line)
{
    size_t quote = line.text.find('"', line.at);
    size_t open = line.text.substr(0, std::min(line.limit, quote + 18)).find('(', quote);
    if (open == std::string_view::npos)
        return false;
    line.push({.language = &line.language(),
               .mode = raw_string,
               .mark = mark_of(line.text.substr(quote + 1, open - quote - 1))});
    line.take(Token::string, open + 1);
    return true;
}

/// A preprocessor line; its comments and what it includes are separate pieces.
static bool directive_goes_on(LineLexer& line)
{
    bool goes_on = line.text.ends_with('\\');
    size_t end = line.at;
    char quote = '\0';
    for (; end < line.limit; ++end) {
        char c = line.text[end];
        if (c == '\\')
            ++end;
        else if (quote != '\0' ? c == quote : c == '"' || c == '\'')
            quote = quote == '\0' ? c : '\0';
        else if (quote == '\0' && c == '/' && end + 1 < line.limit &&
                 (line.text[end + 1] == '/' || line.text[end + 1] == '*'))
            break;
    }
    line.take(Token::directive, end);
    if (line.sees("//")) {
        line.take_rest(Token::comment);
    } else if (line.sees("/*")) {
        if (goes_on && line.top().mode != directive)
            line.push(directive);
        line.push({.language = &line.language(), .mode = mode::comment, .count = 1});
        line.take(Token::comment, line.at + 2);
        return true;
    }
    if (!goes_on && line.top().mode == directive)
        line.pop();
    else if (goes_on && line.top().mode != directive)
        line.push(directive);
    return true;
}

static bool take_directive(LineLexer& line)
{
    size_t word = line.text.find_first_not_of(" \t", line.at + 1);
    size_t end = line.word_end(std::min(word, line.limit));
    if (word != std::string_view::npos && line.text.substr(word, end - word) == "include") {
        line.take(Token::directive, end);
        line.take_blanks();
        char open = line.peek();
        if (open == '<' || open == '"')
            line.take(Token::string, line.find(open == '<' ? '>' : '"', line.at + 1) + 1);
    }
    return directive_goes_on(line);
}

static bool c_special(LineLexer& line)
{
    switch (line.top().mode) {
    case raw_string:
        return raw_string_goes_on(line);
    case directive:
        return directive_goes_on(line);
    default:
        break;
    }
    if (line.peek() == '#')
        return line.only_blanks_before() && take_directive(line);
    for (std::string_view prefix : {"R\"", "LR\"", "uR\"", "UR\"", "u8R\""})
        if (line.sees(prefix) && !is_word_byte(line.before()))
            return take_raw_string(line);
    for (std::string_view prefix : {"L\"", "u8\"", "u\"", "U\"", "L'", "u'", "U'"})
        if (line.sees(prefix) && !is_word_byte(line.before())) {
            line.open_quote(prefix.back() == '"' ? 0 : 1);
            line.take(Token::string, line.at + prefix.size() - 1);
            return true;
        }
    return false;
}

/// "@Name.Of.It" and, in Kotlin, "@file:Name".
static bool take_annotation(LineLexer& line)
{
    if (!line.is(line.at + 1, Language::begins_word))
        return false;
    size_t end = line.word_end(line.at + 1);
    while (end + 1 < line.limit && (line.text[end] == '.' || line.text[end] == ':') &&
           line.is(end + 1, Language::begins_word))
        end = line.word_end(end + 1);
    std::string_view word = line.text.substr(line.at + 1, end - line.at - 1);
    if (word == "interface") {
        line.take(Token::keyword, end);
        line.expects = Language::Defines::type;
        return true;
    }
    line.take(Token::directive, end);
    return true;
}

static bool java_special(LineLexer& line)
{
    if (line.peek() == '#')
        return line.only_blanks_before() && take_directive(line);
    return line.peek() == '@' && take_annotation(line);
}

/// Attributes "#[…]", raw strings, and what "'" means.
static bool rust_special(LineLexer& line)
{
    if (line.top().mode == raw_string) {
        for (size_t i = line.find('"', line.at); i < line.limit; i = line.find('"', i + 1)) {
            size_t end = i + 1;
            while (end < line.limit && line.text[end] == '#' && end - i - 1 < line.top().count)
                ++end;
            if (end - i - 1 < line.top().count)
                continue;
            line.take(Token::string, end);
            line.pop();
            return true;
        }
        line.take_rest(Token::string);
        return true;
    }
    if (line.top().mode == attribute) {
        for (size_t i = line.at; i < line.limit; ++i) {
            char c = line.text[i];
            if (c == '"') {
                line.take(Token::directive, i);
                line.open_quote(0);
                return true;
            }
            if (c == '[')
                ++line.top().count;
            else if (c == ']' && line.top().count-- == 1) {
                line.take(Token::directive, i + 1);
                line.pop();
                return true;
            }
        }
        line.take_rest(Token::directive);
        return true;
    }
    char c = line.peek();
    if (c == '#' && (line.peek(1) == '[' || (line.peek(1) == '!' && line.peek(2) == '['))) {
        line.push({.language = &line.language(), .mode = attribute, .count = 1});
        line.take(Token::directive, line.at + (line.peek(1) == '[' ? 2 : 3));
        return true;
    }
    if (c == '\'') {
        if (line.peek(1) == '\\') {
            size_t end = line.find('\'', line.at + 3);
            line.take(Token::string, std::min(end + 1, line.at + 14));
            return true;
        }
        size_t end = line.at + 2; // a character may have four bytes
        while (end < line.limit && (static_cast<unsigned char>(line.text[end]) & 0xc0) == 0x80)
            ++end;
        if (end < line.limit && line.text[end] == '\'') {
            line.take(Token::string, end + 1);
            return true;
        }
        if (!line.is(line.at + 1, Language::begins_word))
            return false;
        line.take(Token::key, line.word_end(line.at + 1)); // a lifetime
        return true;
    }
    if ((c == 'r' || c == 'b' || c == 'c') && !is_word_byte(line.before())) {
        size_t i = line.at + (c != 'r' && line.peek(1) == 'r' ? 2 : 1);
        bool is_raw = line.text[i - 1] == 'r';
        size_t hashes = i;
        while (is_raw && hashes < line.limit && line.text[hashes] == '#')
            ++hashes;
        if (hashes < line.limit && line.text[hashes] == '"') {
            if (is_raw) {
                line.push(
                    {.language = &line.language(), .mode = raw_string, .count = static_cast<uint16_t>(hashes - i)});
                line.take(Token::string, hashes + 1);
            } else {
                line.take(Token::string, i);
                line.open_quote(0);
            }
            return true;
        }
        if (c == 'b' && line.peek(1) == '\'') {
            line.take(Token::string, closing(line.text.substr(0, line.limit), line.at + 2, "'", '\\') + 1);
            return true;
        }
    }
    return false;
}

static Token rust_judge(LineLexer& line, std::string_view word)
{
    size_t end = line.at + word.size();
    bool is_macro = end + 1 < line.limit && line.text[end] == '!' && line.text[end + 1] != '=';
    if (is_macro)
        line.take(Token::function, end + 1);
    return is_macro ? Token::function : Token::plain;
}

/// "@import", and strings whose lines begin with "\\".
static bool zig_special(LineLexer& line)
{
    if (line.sees("\\\\")) {
        line.take_rest(Token::string);
        return true;
    }
    if (line.peek() == '@' && line.is(line.at + 1, Language::begins_word)) {
        line.take(Token::function, line.word_end(line.at + 1));
        return true;
    }
    return false;
}

/// The receiver of a method: "func (r *T) Name(". A "func(" further on in a line is a function without a name, or a
/// type.
static bool go_special(LineLexer& line)
{
    if (line.expects != Language::Defines::function)
        return false;
    if (!line.text.starts_with("func (")) {
        line.expects = Language::Defines::nothing;
        return false;
    }
    size_t close = line.find(')', line.at);
    line.take(Token::plain, close + 1);
    line.expects = Language::Defines::function;
    return true;
}

static Token kotlin_judge(LineLexer& line, std::string_view)
{
    (void)line;
    return Token::plain;
}

/// "fun <T> Some.Type<T>.name(": the name is the last one.
static bool kotlin_special(LineLexer& line)
{
    if (line.peek() == '@')
        return take_annotation(line);
    if (line.peek() == '`') {
        line.take(line.expects == Language::Defines::function ? Token::function : Token::plain,
                  line.find('`', line.at + 1) + 1);
        return true;
    }
    return false;
}

// Tables are laid out by hand.
// clang-format off
constexpr std::string_view c_keywords =
    "alignas alignof asm auto break case const continue default do else enum extern for goto if inline register "
    "restrict return sizeof static struct switch typedef typeof union volatile while _Alignas _Alignof _Atomic "
    "_Generic _Noreturn _Static_assert _Thread_local static_assert thread_local noreturn __attribute__ __inline "
    "__restrict __volatile__ __asm__ __inline__ __extension__ __typeof__";
constexpr std::string_view c_types =
    "bool char double float int long short signed unsigned void _Bool _Complex size_t ssize_t off_t wchar_t "
    "ptrdiff_t sig_atomic_t fpos_t clock_t time_t va_list jmp_buf FILE DIR div_t ldiv_t mbstate_t wctrans_t wint_t wctype_t "
    "int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t intptr_t uintptr_t intmax_t uintmax_t "
    "int_fast8_t int_fast16_t int_fast32_t int_fast64_t uint_fast8_t uint_fast16_t uint_fast32_t uint_fast64_t "
    "int_least8_t int_least16_t int_least32_t int_least64_t uint_least8_t uint_least16_t uint_least32_t uint_least64_t "
    "clockid_t cpu_set_t cpumask_t dev_t gid_t id_t ino_t key_t mode_t nfds_t pid_t rlim_t sigset_t suseconds_t "
    "timer_t uid_t useconds_t blkcnt_t blksize_t nlink_t sa_family_t socklen_t";
constexpr std::string_view c_constants = "NULL true false";
constexpr std::string_view c_expressions = "return else goto case sizeof do new delete throw co_return co_await co_yield if while switch for";
constexpr Words c_words[] = {{Token::keyword, c_keywords}, {Token::type, c_types}, {Token::constant, c_constants}};
constexpr Words cpp_words[] = {
    {Token::keyword, c_keywords},
    {Token::keyword,
     "and and_eq bitand bitor catch class co_await co_return co_yield compl concept const_cast consteval constexpr "
     "constinit decltype delete dynamic_cast explicit export final friend import module mutable namespace new "
     "noexcept not not_eq operator or or_eq override private protected public reinterpret_cast requires static_cast "
     "template this throw try typeid typename using virtual xor xor_eq"},
    {Token::type, c_types}, {Token::type, "char8_t char16_t char32_t"}, {Token::constant, c_constants}, {Token::constant, "nullptr"}};
constexpr Quote c_quotes[] = {{"\"", "\""}, {"'", "'"}};
constexpr Words csharp_words[] = {
    {Token::keyword,
     "abstract as async await base break case catch checked class const continue default delegate do else enum event "
     "explicit extern finally fixed for foreach get global goto if implicit in init interface internal is lock namespace new nameof "
     "operator out override params partial private protected public readonly record ref required return sealed set sizeof "
     "stackalloc static struct switch this throw try typeof unchecked unsafe using var virtual volatile when where while with yield"},
    {Token::type, "bool byte char decimal double dynamic float int long object sbyte short string uint ulong ushort void nint nuint"},
    {Token::constant, "true false null"}};
constexpr Quote csharp_quotes[] = {{"\"\"\"", "\"\"\"", 0, true}, {"$\"", "\"", '\\', false, Interpolation::brace}, {"@\"", "\"", 0, true, Interpolation::none, Token::string, true}, {"\"", "\""}, {"'", "'"}};
constexpr Words java_words[] = {
    {Token::keyword,
     "abstract assert break case catch class const continue default do else enum exports extends final finally for goto if "
     "implements import instanceof interface module native new non-sealed open opens package permits private protected "
     "provides public record requires return sealed static strictfp super switch synchronized this throw throws to transient "
     "transitive try uses var volatile while with yield"},
    {Token::type, "boolean byte char double float int long short void"}, {Token::constant, "true false null"}};
constexpr Quote java_quotes[] = {{"\"\"\"", "\"\"\"", '\\', true}, {"\"", "\""}, {"'", "'"}};
constexpr Words kotlin_words[] = {
    {Token::keyword,
     "abstract actual annotation as break by catch class companion const constructor continue crossinline data delegate do dynamic else "
     "enum expect external field file final finally for fun get if import in infix init inline inner interface internal is "
     "it lateinit noinline object open operator out override package param private property protected public receiver reified return "
     "sealed set setparam super suspend tailrec this throw try typealias typeof val value var vararg when where while"},
    {Token::type, "Boolean Byte Char Double Float Int Long Short String Any Unit Nothing UByte UInt ULong UShort"},
    {Token::constant, "true false null"}};
constexpr Quote kotlin_quotes[] = {{"\"\"\"", "\"\"\"", 0, true, Interpolation::dollar}, {"\"", "\"", '\\', false, Interpolation::dollar}, {"'", "'"}};
constexpr Words scala_words[] = {
    {Token::keyword,
     "abstract case catch class def derives do else end enum export extends extension final finally for forSome given if implicit "
     "import infix inline lazy macro match new object opaque open override package private protected return sealed super then this throw "
     "trait transparent try type using val var while with yield"},
    {Token::type, "Any AnyRef AnyVal Boolean Byte Char Double Float Int Long Nothing Short String Unit"}, {Token::constant, "true false null"}};
constexpr Quote scala_quotes[] = {{"\"\"\"", "\"\"\"", 0, true, Interpolation::dollar}, {"\"", "\"", '\\', false, Interpolation::dollar}};
constexpr Words swift_words[] = {
    {Token::keyword,
     "actor as associatedtype async await break case catch class continue convenience default defer deinit didSet do dynamic else enum "
     "extension fallthrough fileprivate final for func get guard if import in indirect infix init inout internal is lazy let "
     "mutating nonmutating open operator optional override postfix precedencegroup prefix private protocol public repeat required "
     "rethrows return self set some any static struct subscript super switch throw throws try typealias unowned var weak where while willSet yield"},
    {Token::type, "Any Array Bool Character Dictionary Double Float Int Int8 Int16 Int32 Int64 Never Optional Self Set String UInt UInt8 UInt16 UInt32 UInt64 Void"},
    {Token::constant, "true false nil"}};
constexpr Quote swift_quotes[] = {{"\"\"\"", "\"\"\"", '\\', true}, {"\"", "\""}};
constexpr Words go_words[] = {
    {Token::keyword,
     "break case chan const continue default defer else fallthrough for func go goto if import interface map package range return "
     "select struct switch type var"},
    {Token::type,
     "any bool byte comparable complex64 complex128 error float32 float64 int int8 int16 int32 int64 rune string uint uint8 uint16 uint32 uint64 "
     "uintptr"},
    {Token::function, "append cap clear close complex copy delete imag len make max min new panic print println real recover"},
    {Token::constant, "true false nil iota"}};
constexpr Quote go_quotes[] = {{"`", "`", 0, true}, {"\"", "\""}, {"'", "'"}};
constexpr Words rust_words[] = {
    {Token::keyword,
     "abstract as async auto await become box break const continue crate default do dyn else enum extern final fn for if impl in let loop macro "
     "macro_rules match mod move mut override priv pub raw ref return self Self static struct super trait try type typeof union unsafe unsized use "
     "virtual where while yield"},
    {Token::type,
     "bool char f32 f64 i8 i16 i32 i64 i128 isize str u8 u16 u32 u64 u128 usize Box Clone Copy Default DoubleEndedIterator Drop "
     "Eq Err ExactSizeIterator Extend Fn FnMut FnOnce From FromIterator Into IntoIterator Iterator None Ok Option Ord PartialEq PartialOrd Result "
     "Send Sized Some String Sync ToOwned ToString TryFrom TryInto Unpin Vec AsRef AsMut"},
    {Token::function, "drop"},
    {Token::constant, "true false"}};
constexpr Quote rust_quotes[] = {{"\"", "\"", '\\', true}};
constexpr Words zig_words[] = {
    {Token::keyword,
     "addrspace align allowzero and anyframe anytype asm async await break callconv catch comptime const continue defer else enum errdefer "
     "error export extern fn for if inline linksection noalias noinline nosuspend opaque or orelse packed pub resume return struct suspend switch "
     "test threadlocal try union unreachable usingnamespace var volatile while"},
    {Token::type,
     "anyerror anyopaque bool c_char c_int c_long c_longdouble c_longlong c_short c_uint c_ulong c_ulonglong c_ushort comptime_float "
     "comptime_int f16 f32 f64 f80 f128 i8 i16 i32 i64 i128 isize noreturn type u1 u2 u3 u4 u5 u6 u7 u8 u16 u21 u32 u64 u128 usize void"},
    {Token::constant, "true false null undefined"}};

constexpr LanguageTable tables[] = {
    {.name = "C", .files = ".c .h", .interpreters = "tcc", .aliases = "c h", .words = c_words, .line_comments = {"//"}, .block_comment = {"/*", "*/"},
     .quotes = c_quotes, .defines_type = "struct union enum", .begins_expression = c_expressions, .dot_is_member = true, .definitions = Definitions::prototypes,
     .special = c_special, .special_bytes = "#RLuU"},
    {.name = "C++", .files = ".cc .cpp .cxx .c++ .hpp .hh .hxx .ipp .inl .tcc .cu .cuh .ino .mm .m", .aliases = "cpp c++ cxx cc hpp objective-c objc",
     .words = cpp_words, .line_comments = {"//"}, .block_comment = {"/*", "*/"},
     .quotes = c_quotes, .defines_type = "class struct enum concept typename", .begins_expression = c_expressions, .dot_is_member = true,
     .definitions = Definitions::prototypes, .special = c_special, .special_bytes = "#RLuU"},
    {.name = "C#", .files = ".cs", .aliases = "c# cs csharp", .words = csharp_words, .line_comments = {"//"}, .block_comment = {"/*", "*/"},
     .quotes = csharp_quotes, .defines_type = "class struct enum interface record", .begins_expression = "return else new throw await case", .dot_is_member = true,
     .definitions = Definitions::prototypes, .special = java_special, .special_bytes = "#"},
    {.name = "Java", .files = ".java .groovy .gradle .jav", .aliases = "java groovy", .words = java_words, .line_comments = {"//"}, .block_comment = {"/*", "*/"},
     .quotes = java_quotes, .word_starts = "$", .defines_type = "class interface enum record", .begins_expression = "return else new throw case assert",
     .dot_is_member = true, .definitions = Definitions::prototypes, .special = java_special, .special_bytes = "@"},
    {.name = "Kotlin", .files = ".kt .kts", .interpreters = "kotlin", .aliases = "kotlin kt kts", .words = kotlin_words, .line_comments = {"//"}, .block_comment = {"/*", "*/"},
     .nests_comments = true, .quotes = kotlin_quotes, .defines_function = "fun", .defines_type = "class interface object typealias",
     .dot_is_member = true, .special = kotlin_special, .special_bytes = "@`", .judge = kotlin_judge},
    {.name = "Scala", .files = ".scala .sc .sbt", .interpreters = "scala", .aliases = "scala sbt", .words = scala_words, .line_comments = {"//"}, .block_comment = {"/*", "*/"},
     .nests_comments = true, .quotes = scala_quotes, .defines_function = "def", .defines_type = "class object trait enum type", .dot_is_member = true,
     .special = java_special, .special_bytes = "@"},
    {.name = "Swift", .files = ".swift", .interpreters = "swift", .aliases = "swift", .words = swift_words, .line_comments = {"//"}, .block_comment = {"/*", "*/"},
     .nests_comments = true, .quotes = swift_quotes, .defines_function = "func", .defines_type = "class struct enum protocol extension actor typealias",
     .dot_is_member = true, .special = java_special, .special_bytes = "@#"},
    {.name = "Go", .files = ".go", .aliases = "go golang", .words = go_words, .line_comments = {"//"}, .block_comment = {"/*", "*/"},
     .quotes = go_quotes, .defines_function = "func", .defines_type = "type", .dot_is_member = true, .special = go_special, .special_bytes = "("},
    {.name = "Rust", .files = ".rs", .aliases = "rust rs", .words = rust_words, .line_comments = {"//"}, .block_comment = {"/*", "*/"}, .nests_comments = true,
     .quotes = rust_quotes, .defines_function = "fn", .defines_type = "struct enum trait type union", .dot_is_member = true,
     .special = rust_special, .special_bytes = "#'rbc", .judge = rust_judge},
    {.name = "Zig", .files = ".zig .zon", .aliases = "zig", .words = zig_words, .line_comments = {"//"}, .quotes = c_quotes,
     .defines_function = "fn", .dot_is_member = true, .special = zig_special, .special_bytes = "@\\"},
};
// clang-format on

std::span<const LanguageTable> c_family() { return tables; }

} // namespace quire::text
