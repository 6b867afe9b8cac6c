// Ruby and Perl: strings and patterns with freely chosen delimiters, and heredocs.
#include "text/highlight/line_lexer.h"

namespace quire::text {

// The frame of a delimited string: quote is the closing byte, mark the opening one (0: it does not nest), count how
// many are open. The mode says whether further parts follow (s/…/…/).
constexpr uint8_t delimited = mode::own, delimited_code = mode::own + 1, two_parts = mode::own + 2,
                  document = mode::own + 3;

static char closing_of(char open)
{
    switch (open) {
    case '(':
        return ')';
    case '[':
        return ']';
    case '{':
        return '}';
    case '<':
        return '>';
    default:
        return open;
    }
}

static void take_flags(LineLexer& line)
{
    size_t end = line.at;
    while (end < line.limit && line.text[end] >= 'a' && line.text[end] <= 'z')
        ++end;
    line.take(Token::string, end);
    line.value_before = true;
}

static bool is_ruby(const LineLexer& line) { return line.table().name == "Ruby"; }

static bool delimited_goes_on(LineLexer& line)
{
    HighlightState::Frame& frame = line.top();
    char close = static_cast<char>(frame.quote), open = static_cast<char>(frame.mark);
    for (size_t i = line.at; i < line.limit; ++i) {
        char c = line.text[i];
        if (c == '\\') {
            ++i;
        } else if (c == '#' && frame.mode == delimited_code && is_ruby(line) && i + 1 < line.limit &&
                   line.text[i + 1] == '{') {
            line.take(Token::string, i);
            if (line.open_interpolation(2))
                return true;
        } else if (c == open && open != close) {
            frame.count = static_cast<uint16_t>(std::min(frame.count + 1, 60000));
        } else if (c == close && --frame.count == 0) {
            line.take(Token::string, i + 1);
            if (frame.mode == two_parts) {
                frame.mode = delimited;
                frame.count = 1;
                if (open == close || !line.peek())
                    return true;
                line.take_blanks();
                frame.quote = static_cast<uint8_t>(closing_of(line.peek()));
                frame.mark = static_cast<unsigned char>(line.peek());
                line.take(Token::string, line.at + 1);
                return true;
            }
            line.pop();
            take_flags(line);
            return true;
        }
    }
    line.take_rest(Token::string);
    return true;
}

static void open_delimited(LineLexer& line, size_t open, uint8_t kind)
{
    char mark = line.text[open];
    line.push({.language = &line.language(),
               .mode = kind,
               .quote = static_cast<uint8_t>(closing_of(mark)),
               .count = 1,
               .mark = static_cast<unsigned char>(mark)});
    line.take(Token::string, open + 1);
}

/// "=begin" up to "=end", "=head1" up to "=cut", and everything after "__END__".
static bool document_goes_on(LineLexer& line)
{
    bool ends = line.sees(line.top().mark == 2 ? "=end" : "=cut");
    bool is_last = line.top().mark == 1;
    line.take_rest(Token::comment);
    if (ends && !is_last)
        line.pop();
    return true;
}

static bool begin_document(LineLexer& line, uint32_t kind)
{
    line.push({.language = &line.language(), .mode = document, .mark = kind});
    line.take_rest(Token::comment);
    return true;
}

static bool take_heredoc(LineLexer& line, bool may_indent_always)
{
    size_t i = line.at + 2;
    bool may_indent = false;
    if (i < line.limit && (line.text[i] == '~' || line.text[i] == '-')) {
        may_indent = true;
        ++i;
    }
    char quote = i < line.limit ? line.text[i] : '\0';
    bool is_quoted = quote == '"' || quote == '\'';
    i += is_quoted ? 1 : 0;
    size_t end = is_quoted ? line.find(quote, i) : line.word_end(i);
    if (end == i || end >= line.limit + (is_quoted ? 0 : 1) ||
        (!is_quoted && !((line.text[i] >= 'A' && line.text[i] <= 'Z') || line.text[i] == '_')))
        return false;
    // Ruby's "a <<B" may append a constant, so the mark of a heredoc must be all upper case.
    for (size_t k = i; may_indent_always && !is_quoted && !may_indent && k < end; ++k)
        if (line.text[k] >= 'a' && line.text[k] <= 'z')
            return false;
    line.announce_heredoc(line.text.substr(i, end - i), quote == '\'' || is_ruby(line), may_indent);
    line.take(Token::string, end + (is_quoted ? 1 : 0));
    return true;
}

static bool may_begin_value(const LineLexer& line)
{
    if (!line.value_before)
        return true;
    // "puts /x/" but not "a / b"
    return is_blank(line.before()) && !line.word_before.empty() && !is_blank(line.peek(1)) && line.peek(1) != '=';
}

static bool take_regex(LineLexer& line)
{
    if (line.no_regex || !may_begin_value(line))
        return false;
    if (closing(line.text.substr(0, line.limit), line.at + 1, "/", '\\') == std::string_view::npos) {
        line.no_regex = true;
        if (line.value_before)
            return false;
    }
    open_delimited(line, line.at, delimited_code);
    return true;
}

static bool take_name_after_sigil(LineLexer& line, Token token)
{
    size_t end = line.at + 1;
    while (end < line.limit && end < line.at + 3 &&
           (line.text[end] == '@' || line.text[end] == '$' || line.text[end] == '#'))
        ++end;
    size_t word = line.word_end(end);
    while (word > end && word + 2 < line.limit && line.text[word] == ':' && line.text[word + 1] == ':' &&
           line.is(word + 2, Language::begins_word))
        word = line.word_end(word + 2);
    if (word == end && line.peek() == '$' && end == line.at + 1 && end < line.limit && !is_blank(line.text[end]))
        word = end + 1; // "$_", "$/", "$'"
    if (word == end)
        return false;
    line.take(token, word);
    line.value_before = true;
    line.word_before = {};
    return true;
}

static bool ruby_special(LineLexer& line)
{
    if (line.top().mode == document)
        return document_goes_on(line);
    if (line.top().mode >= mode::own)
        return delimited_goes_on(line);
    char c = line.peek(), next = line.peek(1);
    switch (c) {
    case '=':
        return line.at == 0 && line.sees("=begin") && begin_document(line, 2);
    case '_':
        return line.at == 0 && line.text == "__END__" && begin_document(line, 1);
    case '/':
        return take_regex(line);
    case '%': {
        bool has_kind = next != '\0' && std::string_view("qQwWiIrsx").find(next) != std::string_view::npos;
        char open = has_kind ? line.peek(2) : next;
        if (!may_begin_value(line) || open == '\0' || std::string_view("([{<|!/").find(open) == std::string_view::npos)
            return false;
        bool is_raw = next == 'q' || next == 'w' || next == 'i' || next == 's';
        open_delimited(line, line.at + (has_kind ? 2 : 1), is_raw ? delimited : delimited_code);
        return true;
    }
    case '<':
        return next == '<' &&
               (line.peek(2) == '~' || line.peek(2) == '-' || !line.value_before || is_blank(line.before())) &&
               take_heredoc(line, true);
    case '@':
    case '$':
        return take_name_after_sigil(line, Token::plain);
    case ':':
        if (next == ':')
            return line.take(Token::plain, line.at + 2), true;
        if (next == '"' && !line.value_before) {
            line.open_quote(0);
            line.take(Token::string, line.at + 1);
            return true;
        }
        if (line.is(line.at + 1, Language::begins_word) &&
            !(line.value_before && line.at > 0 && !is_blank(line.before()))) {
            size_t end = line.word_end(line.at + 1);
            end += end < line.limit && (line.text[end] == '?' || line.text[end] == '!' || line.text[end] == '=') &&
                           line.peek(end - line.at + 1) != '>'
                       ? 1
                       : 0;
            line.take(Token::string, end);
            line.value_before = true;
            return true;
        }
        return false;
    case '?':
        if (!line.value_before && next != '\0' && !is_blank(next) && !is_word_byte(line.peek(2)))
            return line.take(Token::string, line.at + 2), true;
        return false;
    default:
        return false;
    }
}

static Token ruby_judge(LineLexer& line, std::string_view word)
{
    size_t end = line.at + word.size();
    if (end + 1 <= line.limit && end < line.limit && line.text[end] == ':' && line.peek(word.size() + 1) != ':' &&
        line.before() != '?' && line.before() != ':')
        return Token::string; // the key of a hash
    return word[0] >= 'A' && word[0] <= 'Z' && line.next_code(end) != '(' ? Token::constant : Token::plain;
}

static bool perl_special(LineLexer& line)
{
    if (line.top().mode == document)
        return document_goes_on(line);
    if (line.top().mode >= mode::own)
        return delimited_goes_on(line);
    char c = line.peek(), next = line.peek(1);
    if (c == '=')
        return line.at == 0 && next >= 'a' && next <= 'z' && begin_document(line, 3);
    if (c == '/')
        return take_regex(line);
    if (c == '<')
        return next == '<' && !(line.value_before && line.word_before.empty()) && take_heredoc(line, false);
    if (c == '$' || c == '@')
        return take_name_after_sigil(line, Token::plain);
    if (c == '%' || c == '&')
        return !line.value_before && line.is(line.at + 1, Language::begins_word) &&
               take_name_after_sigil(line, Token::plain);
    if ((line.at > 0 && is_word_byte(line.before())) || line.before() == '{' || line.before() == '>')
        return false;
    size_t end = line.word_end(line.at);
    std::string_view word = line.text.substr(line.at, end - line.at);
    if (line.at == 0 && (line.text == "__END__" || line.text == "__DATA__"))
        return begin_document(line, 1);
    bool is_quote = word == "q" || word == "qq" || word == "qw" || word == "qr" || word == "m" || word == "s" ||
                    word == "tr" || word == "y" || word == "qx";
    if (!is_quote || line.expects != Language::Defines::nothing)
        return false;
    size_t open = end;
    while (open < line.limit && is_blank(line.text[open]))
        ++open;
    char mark = open < line.limit ? line.text[open] : '\0';
    if (mark == '\0' || is_word_byte(mark) || mark == ',' || mark == ';' || mark == ')' ||
        (mark == '=' && (open > end || line.text.substr(open).starts_with("=>"))) || (mark == '#' && open > end))
        return false;
    open_delimited(line, open, word == "s" || word == "tr" || word == "y" ? two_parts : delimited_code);
    return true;
}

// Tables are laid out by hand.
// clang-format off
constexpr Words ruby_words[] = {
    {Token::keyword,
     "BEGIN END alias and begin break case class def defined? do else elsif end ensure for if in module next not or redo rescue retry "
     "return self super then undef unless until when while yield raise loop lambda proc include extend prepend require require_relative load "
     "attr attr_reader attr_writer attr_accessor private protected public module_function catch throw new initialize private_constant refine using"},
    {Token::constant, "true false nil"},
    {Token::keyword, "__FILE__ __LINE__ __dir__ __method__ __ENCODING__"},
    {Token::function,
     "Array Float Integer String abort at_exit autoload binding block_given? caller eval exec exit exit! fork format freeze gets "
     "instance_variable_get instance_variable_set is_a? kind_of? method_missing nil? object_id open p print printf putc puts rand readline readlines "
     "respond_to? select send sleep sprintf srand system test to_a to_s trap warn class_eval instance_eval define_method const_get inspect instance_of? dup clone frozen? tap then"}};
constexpr Quote ruby_quotes[] = {{"\"", "\"", '\\', true, Interpolation::hash_brace}, {"'", "'", '\\', true}, {"`", "`", '\\', true, Interpolation::hash_brace}};
constexpr Words perl_words[] = {
    {Token::keyword,
     "BEGIN CHECK END INIT UNITCHECK and case cmp continue default do else elsif eq eval for foreach ge given gt if last le lt my ne next no not or our local state "
     "package print redo require reset return say sub then undef unless until use when while x xor isa try catch finally"},
    {Token::function,
     "abs accept alarm atan2 bind binmode bless caller chdir chmod chomp chop chown chr chroot close closedir connect cos crypt "
     "dbmclose dbmopen defined delete die dump each endgrent eof exec exists exit exp fcntl fileno flock fork format formline getc getlogin glob "
     "gmtime grep hex import index int ioctl join keys kill lc lcfirst length link listen localtime log lstat map mkdir oct open opendir ord pack "
     "pipe pop pos printf prototype push quotemeta rand read readdir readline readlink readpipe recv ref rename reverse rewinddir rindex rmdir scalar seek "
     "select send shift shutdown sin sleep socket sort splice split sprintf sqrt srand stat study substr symlink syscall sysopen sysread sysseek system syswrite tell "
     "tie tied time times truncate uc ucfirst umask unlink unpack unshift untie utime values vec wait waitpid wantarray warn write"}};
constexpr Quote perl_quotes[] = {{"\"", "\"", '\\', true, Interpolation::none}, {"'", "'", '\\', true}, {"`", "`", '\\', true}};

constexpr LanguageTable tables[] = {
    {.name = "Ruby", .files = ".rb .rake .gemspec .ru Rakefile Gemfile Vagrantfile Brewfile Podfile Guardfile", .interpreters = "ruby jruby", .aliases = "ruby rb irb",
     .words = ruby_words, .line_comments = {"#"}, .quotes = ruby_quotes, .word_ends = "?!", .defines_function = "def", .defines_type = "class module",
     .dot_is_member = true, .special = ruby_special, .special_bytes = "=_/%<@$:?", .judge = ruby_judge},
    {.name = "Perl", .files = ".pl .pm .t .perl .cgi .pod cpanfile", .interpreters = "perl", .aliases = "perl pl", .words = perl_words, .line_comments = {"#"}, .comment_needs_blank = true,
     .quotes = perl_quotes, .defines_function = "sub", .special = perl_special, .special_bytes = "=/<$@%&qmsty_"},
};
// clang-format on

std::span<const LanguageTable> quote_like_family() { return tables; }

} // namespace quire::text
