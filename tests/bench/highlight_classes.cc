// highlight_classes classes LANGUAGE FILE…: a letter for each byte of the files, its class, for tests/bench/highlight
// to compare. highlight_classes time LANGUAGE LINES FILE…: milliseconds that LINES lines of the files take, the best of
// some.
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>

#include "text/highlight.h"

using namespace quire::text;

static std::string read(const char* path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// The next line of `rest`, which loses it.
static std::string_view next_line(std::string_view& rest)
{
    size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return line;
}

static int print_classes(const Language* language, int count, char** paths)
{
    for (int i = 0; i < count; ++i) {
        std::string content = read(paths[i]), out;
        Highlighter highlighter(language);
        for (std::string_view rest = content; !rest.empty();) {
            for (const Piece& piece : highlighter.line(next_line(rest)))
                out.append(piece.text.size(), " csnkftoydhbe+-"[static_cast<size_t>(piece.token)]);
            out += '\n';
        }
        std::cout << out.size() << "\n" << out;
    }
    return 0;
}

static int print_time(const Language* language, size_t wanted, int count, char** paths)
{
    std::string content;
    for (int i = 0; i < count; ++i)
        content += read(paths[i]);
    double best = 1e9;
    size_t pieces = 0;
    for (int round = 0; round < 7; ++round) {
        Highlighter highlighter(language);
        auto start = std::chrono::steady_clock::now();
        std::string_view rest = content;
        for (size_t line = 0; line < wanted; ++line) {
            if (rest.empty())
                rest = content;
            pieces += highlighter.line(next_line(rest)).size();
        }
        best =
            std::min(best, std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
    }
    std::printf("%.3f\n", best);
    return pieces > 0 ? 0 : 1;
}

int main(int argc, char** argv)
{
    if (argc < 4)
        return 100;
    std::string verb = argv[1];
    const Language* language = language_named(argv[2]);
    if (!language)
        return 1;
    if (verb == "time")
        return print_time(language, std::stoul(argv[3]), argc - 4, argv + 4);
    return print_classes(language, argc - 3, argv + 3);
}
