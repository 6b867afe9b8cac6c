// A case directory: plain files that say how a tool is started and what must come of it.
//
//   cmd      one argument to a line, the tool first; a line {input} of several words is several arguments
//   inputs   optional: pairs of "< input" and, below it, "> line" for {message}; the case is run for each
//   env      optional: NAME=value lines, beside PATH, HOME and QUIRE_ROOT; NAME alone takes one of those away
//   in       optional: standard input
//   code     the exit code; 0 without the file
//   out err  the exact outputs; none without the file; a last line {any} is what differs from machine to machine
//   becomes  optional: the program that the tool execs, and does so before it starts another; empty: starts none
//   refused  optional, empty: nothing may have been started, opened or changed but the audit log, and syslog must have
//            been told
//
// Beside the cases of a tool: setup (a script that fills the data root, run in it for every case, before a case's
// own setup) and bin/ (stand-ins for the programs beside the tool). In all of these: {root} {bin} {prefix} {input}
// {message}, {xHH} for a byte, {repeat N TEXT}, {|} between words, {file NAME} for the content of a file (of the
// case or beside it).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace quire::cases {

struct Input {
    std::string text;
    std::string message; ///< whole lines
};

struct Case {
    std::string name; ///< "quire-exec/quoting"
    std::string directory;
    std::vector<std::string> command;
    std::vector<Input> inputs; ///< at least one; empty where the case has no inputs
    std::vector<std::string> environment;
    std::string in, out, err;
    int code = 0;
    std::optional<std::string> becomes;
    bool refused = false;
};

Result<Case> read_case(const std::string& directory, const std::string& name);

struct Places {
    std::string root;
    std::string bin;
};

/// Replaces the placeholders; braces that are none stay.
std::string expand(std::string_view text, const Case& one, const Input& input, const Places& places);
/// As expand, split at {|}.
std::vector<std::string> expand_words(std::string_view text, const Case& one, const Input& input, const Places& places);

} // namespace quire::cases
