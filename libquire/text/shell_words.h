// Shell words: splits the command line that ssh hands over, as a shell would, and expands nothing.
//
// Known: blanks between words, 'single' and "double" quotes, backslash escapes as in POSIX. Everything that a
// shell would act on ($ ` ; & | < > ( ) * ? [ ~ # ! and so on) is an ordinary character here: no program that
// gets these words ever sees a shell. Refused: NUL, newline and every other control byte (tab too), unbalanced
// quotes, a trailing backslash, more than 4 KiB.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace quire::text {

constexpr size_t max_command_bytes = 4096;

Result<std::vector<std::string>> parse_shell_words(std::string_view line);

/// The word as a POSIX shell must be given it: unchanged when it is plain, else in single quotes.
std::string shell_quote(std::string_view word);

} // namespace quire::text
