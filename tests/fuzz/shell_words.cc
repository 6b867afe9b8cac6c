#include "text/shell_words.h"

#include "fuzz/fuzz.h"

using namespace quire::text;

FUZZ_SEEDS("ab'\"\\ $`\n", "git-upload-pack '/foo.git'", "git-receive-pack 'it'\\''s.git'", "quire new \"a b\" c\\ d",
           "'' \"\" \\\\", "\"\\\"\\$\\`\\\\\\a\"")

FUZZ_TARGET(input)
{
    auto words = parse_shell_words(input);
    if (!words) {
        quire::fuzz::require(!words.error().message.empty(), "a refusal has a reason");
        return;
    }
    quire::fuzz::require(input.size() <= max_command_bytes, "nothing longer than the limit is read");
    size_t bytes = 0;
    std::string line;
    for (const std::string& word : *words) {
        bytes += word.size();
        line += shell_quote(word) + " ";
        for (unsigned char c : word)
            quire::fuzz::require(c >= 0x20 && c != 0x7f, "no word holds a control byte");
    }
    quire::fuzz::require(bytes <= input.size(), "nothing is expanded");
    if (line.size() > max_command_bytes)
        return;
    auto again = parse_shell_words(line);
    quire::fuzz::require(again && *again == *words, "quoted words are the same words");
}
