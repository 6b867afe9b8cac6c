// Fennel, Clojure and other Lisps: almost any byte can be in a word, and what follows "(" is called.
#include "text/highlight/line_lexer.h"

namespace quire::text {

/// ":key", "&", and what begins with "#".
static bool lisp_special(LineLexer& line)
{
    char c = line.peek(), next = line.peek(1);
    if (c == ':' && (line.at == 0 || !line.is(line.at - 1, Language::in_word))) {
        size_t end = line.word_end(line.at + 1);
        if (end == line.at + 1)
            return false;
        line.take(Token::string, end);
        line.word_before = {};
        return true;
    }
    if (c == '#' && next == '"') {
        line.take(Token::string, line.at + 1);
        line.open_quote(0);
        return true;
    }
    if (c == '\\') {
        size_t end = std::max(line.word_end(line.at + 1), line.at + 2);
        line.take(Token::string, end);
        return true;
    }
    if ((c == '-' || c == '+' || c == '.') && line.is(line.at + 1, Language::digit) &&
        (line.at == 0 || !line.is(line.at - 1, Language::in_word))) {
        line.take(Token::number, line.at + 1);
        line.take_number();
        return true;
    }
    return false;
}

static Token clojure_judge(LineLexer& line, std::string_view)
{
    return line.before() == '(' ? Token::function : Token::plain;
}

/// A name after a defining word is a function if parameters follow it.
static Token fennel_judge(LineLexer& line, std::string_view word)
{
    (void)line;
    (void)word;
    return Token::plain;
}

// Tables are laid out by hand.
// clang-format off
constexpr Words fennel_words[] = {
    {Token::keyword,
     "# % * + - -> ->> -?> -?>> . .. / // : < <= = > >= ?. ^ accumulate and band bnot bor bxor case case-try collect comment coroutine do doto each "
     "eval-compiler faccumulate fcollect fn for global hashfn icollect if import-macros include lambda length let local lshift lua macro macrodebug "
     "macros match match-try not not= or partial pick-args pick-values quote require-macros rshift set set-forcibly! tail! tset unquote unless "
     "values var when while with-open ~= λ"},
    {Token::constant, "true false nil"},
    {Token::function,
     "_G _VERSION arg assert bit32 collectgarbage coroutine debug dofile error getfenv getmetatable io ipairs load loadfile loadstring math next os package "
     "pairs pcall print rawequal rawget rawlen rawset require select setfenv setmetatable string table tonumber tostring type unpack xpcall"}};
constexpr Quote lisp_quotes[] = {{"\"", "\"", '\\', true}};
constexpr Words clojure_words[] = {
    {Token::keyword,
     ". def do fn if let new quote var loop recur throw try catch finally set! monitor-enter monitor-exit def- defn defn- defmacro defmulti defmethod defstruct "
     "defonce declare definline definterface defprotocol defrecord deftype defproject ns"},
    {Token::constant, "true false nil"},
    {Token::function,
     "* + - -> ->> / < <= = == > >= .. accessor agent agent-errors aget alength all-ns alter and append-child apply array-map aset assert assoc await bean binding "
     "bit-and bit-not bit-or bit-shift-left bit-shift-right bit-xor boolean branch? butlast byte cast char children class clear-agent-errors comment comp "
     "comparator complement concat conj cons constantly cond if-not construct-proxy contains? count create-ns create-struct cycle dec deref "
     "difference disj dissoc distinct doall doc dorun doseq dosync dotimes doto double down drop drop-while edit end? ensure eval every? false? ffirst file-seq "
     "filter find find-doc find-ns find-var first float flush for fnseq frest gensym get-proxy-class get hash-map hash-set identical? identity if-let import "
     "in-ns inc index insert-child insert-left insert-right inspect-table inspect-tree instance? int interleave intersection into into-array iterate join key keys "
     "keyword keyword? last lazy-cat lazy-cons left lefts line-seq list* list load load-file locking long macroexpand macroexpand-1 make-array make-node map map-invert "
     "map? mapcat max max-key memfn merge merge-with meta min min-key name namespace neg? newline next nil? node not not-any? not-every? not= ns-imports "
     "ns-interns ns-map ns-name ns-publics ns-refers ns-resolve ns-unmap nth nthrest or parse partial path peek pop pos? pr pr-str print print-str println "
     "println-str prn prn-str project proxy proxy-mappings quot rand rand-int range re-find re-groups re-matcher re-matches re-pattern re-seq read read-line reduce ref "
     "ref-set refer rem remove remove-method remove-ns rename rename-keys repeat replace replicate resolve rest resultset-seq reverse rfirst right rights root rrest "
     "rseq second select select-keys send send-off seq seq-zip seq? set short slurp some sort sort-by sorted-map sorted-map-by sorted-set special-symbol? split-at "
     "split-with str string? struct struct-map subs subvec symbol symbol? sync take take-nth take-while test time to-array to-array-2d tree-seq true? union up "
     "update-proxy val vals var-get var-set var? vector vector-zip vector? when when-first when-let when-not with-local-vars with-meta with-open with-out-str "
     "xml-seq xml-zip zero? zipmap zipper lazy-seq"}};
constexpr Words lisp_words[] = {
    {Token::keyword,
     "and begin case cond def define define-record-type define-syntax defclass defconst defcustom defgeneric defgroup defmacro defmethod defn defpackage defparameter "
     "defstruct defsubst defun defvar delay do do-list dolist dotimes else eval-when export flet fn fun function if if-let import in-package interactive labels lambda let let* "
     "let-syntax let-values letrec letrec* loop macro macrolet match module multiple-value-bind or progn provide quasiquote quote require return return-from set! setf setq syntax-rules "
     "unless unquote unwind-protect use-modules use-package var when while with-slots λ"},
    {Token::constant, "true false nil t #t #f"}};

constexpr LanguageTable tables[] = {
    {.name = "Fennel", .files = ".fnl .fnlm", .interpreters = "fennel", .aliases = "fennel fnl", .words = fennel_words, .line_comments = {";"}, .quotes = lisp_quotes,
     .word_extra = "-?!*+<>=/&~:.%^|$#@", .word_starts = "-?!*+<>=/&~:.%^|$#@", .defines_function = "fn lambda λ macro", .special = lisp_special, .special_bytes = ":-+.#\\", .judge = fennel_judge},
    {.name = "Clojure", .files = ".clj .cljs .cljc .edn .bb .boot", .interpreters = "bb clojure", .aliases = "clojure clj cljs edn", .words = clojure_words, .line_comments = {";"},
     .quotes = lisp_quotes, .word_extra = "-?!*+<>=/&:.|$'#%", .word_starts = "-?!*+<>=/&.|$%", .defines_function = "",
     .special = lisp_special, .special_bytes = ":-+.#\\", .judge = clojure_judge},
    {.name = "Lisp", .files = ".lisp .lsp .cl .asd .el .scm .ss .sld .rkt .janet .hy .dune dune dune-project", .interpreters = "sbcl guile emacs racket", .aliases = "lisp elisp scheme racket common-lisp emacs-lisp janet scm el",
     .words = lisp_words, .line_comments = {";"}, .block_comment = {"#|", "|#"}, .nests_comments = true, .quotes = lisp_quotes,
     .word_extra = "-?!*+<>=/&:.%$@", .word_starts = "-?!*+<>=/&.%$", .defines_function = "defun defmacro define defn defmethod defgeneric defsubst", .special = lisp_special, .special_bytes = ":-+.\\"},
};
// clang-format on

std::span<const LanguageTable> lisp_family() { return tables; }

} // namespace quire::text
