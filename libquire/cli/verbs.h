// The verbs of `quire`, described once. Help, arity, what ssh may ask for, shell completions and the synopses of the
// man pages all come from this table (verb_table.h), or are held to it by a test.
//
// `quire` itself holds a command line against it through Options::parse; quire-exec holds what a client sent against
// the kinds of the words and against `reach`. A verb or an option that does not say over_ssh does not exist there.
//
// To add a verb: a line in verb_table.h, a function in tools/quire (the compiler asks for it), its words in quire(1).
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "cli/options.h"

namespace quire::cli {

/// How many words an operand may be.
enum class Count {
    one,
    optional, ///< taken from the left where there are enough words
    repeated, ///< none or more; only at the end
};

struct Operand {
    const char* shown = ""; ///< "": a second word of the one before it
    Kind kind = Kind::none;
    Count count = Count::one;
};

struct Verb {
    const char* name; ///< of one word, or of two with a blank between them
    std::span<const Operand> operands;
    std::span<const Flag> flags;
    const char* help;
    Reach reach = Reach::box;

    Arity arity() const;
};

/// More words than that are no repeated operand.
constexpr size_t most_repeated = 32;

std::span<const Verb> verbs();

/// The verb that is called so; nullptr when there is none. Also a hidden one.
const Verb* find_verb(std::string_view name);
/// The verb in front of these words ("config get" is two of them); nullptr when there is none.
const Verb* verb_in_front(std::span<const std::string> words);
/// How many words its name is.
size_t words_in_name(const Verb& verb);
/// "'quire lsit' is no verb; did you mean 'list'?", for words that verb_in_front does not know. `narrowest` says
/// which verbs may be named: over_ssh names only what can be used there.
std::string no_such_verb(std::span<const std::string> words, Reach narrowest);

/// "new NAME [--private] …": what there is at this reach.
std::string usage_line(const Verb& verb, Reach narrowest);
/// What `quire help VERB` prints.
std::string help_of(const Verb& verb, Reach narrowest);
/// What `quire help TOPIC...` prints, where the topic is a verb or the first word of some ("config").
Result<std::string> help_on(std::span<const std::string> topic, Reach narrowest);
/// Every verb within reach with its operands and what it is for, a line each.
std::string list_of_verbs(Reach narrowest);

} // namespace quire::cli
