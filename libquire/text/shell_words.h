// Shell words: splits the command line that ssh passes on as a shell would, but expands nothing.
//
// It understands blanks between words, 'single' and "double" quotes, and backslash escapes as in POSIX. Everything else
// that a shell would act on ($ ` ; & | < > ( ) * ? [ ~ # ! and so on) is an ordinary character, because the words never
// reach a shell. It refuses control bytes (NUL, newline and tab too), unbalanced quotes, a trailing backslash, and more
// than 4 KiB.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace quire::text {

constexpr size_t max_command_bytes = 4096;

Result<std::vector<std::string>> parse_shell_words(std::string_view line);

/// The word as it must be written for a POSIX shell: unchanged if it is plain, otherwise in single quotes.
std::string shell_quote(std::string_view word);

} // namespace quire::text
