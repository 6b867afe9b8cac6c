// The verbs of `quire`, described once. The table (verb_table.h) determines help, the number of operands, what ssh
// clients may ask for, and shell completions; a test compares the synopses in the man pages with it.
//
// `quire` checks a command line against it through Options::parse. quire-exec checks a client's words against the kinds
// and against `reach`: a verb or option that is not marked over_ssh does not exist there.
//
// It also says which verbs write to the data root: those are refused where it is a replica.
//
// To add a verb: a line in verb_table.h, a function in tools/quire (the compiler asks for it), a paragraph in quire(1).
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "cli/options.h"

namespace quire::cli {

/// How many words an operand takes.
enum class Count {
    one,
    optional, ///< taken if there are enough words, from the left
    repeated, ///< any number of words; only at the end
};

struct Operand {
    const char* shown = ""; ///< "": a second word of the operand before it
    Kind kind = Kind::none;
    Count count = Count::one;
    Effect effect = Effect::of_verb; ///< of the verb when this one is given
};

/// What a key that has bounds (store/key_rights.h) must be allowed, for the repository that is the first operand.
enum class Need {
    operate, ///< a key without bounds
    read,
    push,
};

/// Whether a client may have a terminal for it over ssh.
enum class Terminal { none, wanted };

struct Verb {
    const char* name; ///< one word, or two separated by a blank
    std::span<const Operand> operands;
    std::span<const Flag> flags;
    const char* help;
    Reach reach = Reach::box;
    Need need = Need::operate;
    Effect effect = Effect::writes;
    Terminal terminal = Terminal::none;

    Arity arity() const;
};

/// Whether it writes to the data root, said so. What can't be parsed has no effect, and the verb says why.
Effect effect_of(const Verb& verb, const Arguments& arguments);

/// A repeated operand takes at most this many words.
constexpr size_t most_repeated = 32;

std::span<const Verb> verbs();

/// The verb of that name, hidden or not; nullptr if there is none.
const Verb* find_verb(std::string_view name);
/// The verb at the front of these words ("config get" takes two); nullptr if there is none.
const Verb* verb_in_front(std::span<const std::string> words);
/// The number of words in its name.
size_t words_in_name(const Verb& verb);
/// "'quire lsit' is no verb; did you mean 'list'?", for words that verb_in_front does not know. `narrowest` limits the
/// verbs that may be suggested: over_ssh suggests only what works there.
std::string no_such_verb(std::span<const std::string> words, Reach narrowest);

/// "new NAME [--private] …", with the options within this reach.
std::string usage_line(const Verb& verb, Reach narrowest);
/// What `quire help VERB` prints.
std::string help_of(const Verb& verb, Reach narrowest);
/// What `quire help TOPIC...` prints. The topic is a verb or the first word of several ("config").
Result<std::string> help_on(std::span<const std::string> topic, Reach narrowest);
/// All verbs within reach, one a line, with their operands and what they do.
std::string list_of_verbs(Reach narrowest);

} // namespace quire::cli
