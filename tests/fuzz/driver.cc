// Runs a fuzz target without libFuzzer: fuzz_<name> [ITERATIONS [SEED [CORPUS]]]
//
// Damages the target's seeds, and the inputs in the file CORPUS, again and again, the same way for the same seed. What
// a target dies of is written to fuzz_<name>.crash in the current directory first.
//
//   fuzz_<name> --unpack DIRECTORY [CORPUS]   writes what it starts from, for libFuzzer to start from
//   fuzz_<name> --pack DIRECTORY              prints the smallest inputs that libFuzzer has left there, as a corpus
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "base/strings.h"
#include "fuzz/fuzz.h"
#include "support/random_data.h"

static std::string g_input;
static std::string g_crash_file;

extern "C" void keep_input(int signal)
{
    if (FILE* file = std::fopen(g_crash_file.c_str(), "w")) {
        std::fwrite(g_input.data(), 1, g_input.size(), file);
        std::fclose(file);
        std::fprintf(stderr, "the input is in %s\n", g_crash_file.c_str());
    }
    std::signal(signal, SIG_DFL);
    std::raise(signal);
}

static void try_input(const std::string& input)
{
    g_input = input;
    LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(input.data()), input.size());
}

using Inputs = std::vector<std::string>;

static std::string read_all(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        std::fprintf(stderr, "%s cannot be read\n", path.c_str());
        std::exit(2);
    }
    return {std::istreambuf_iterator<char>(file), {}};
}

/// A corpus has a line of hexadecimal digits for each input.
static Inputs starting_points(const char* corpus)
{
    Inputs inputs(quire::fuzz::seeds, quire::fuzz::seeds + quire::fuzz::seed_count);
    std::string lines = corpus ? read_all(corpus) : "";
    for (std::string_view line : quire::split(lines, '\n'))
        if (auto input = quire::from_hex(line); input && !line.empty())
            inputs.push_back(*input);
    return inputs;
}

static int unpack(const std::filesystem::path& directory, const Inputs& inputs)
{
    for (size_t i = 0; i < inputs.size(); ++i)
        std::ofstream(directory / ("start-" + std::to_string(i)), std::ios::binary) << inputs[i];
    return 0;
}

static int pack(const std::filesystem::path& directory)
{
    constexpr size_t most_bytes = 160, most_inputs = 100;
    Inputs inputs;
    for (const auto& file : std::filesystem::directory_iterator(directory))
        if (file.file_size() > 0 && file.file_size() <= most_bytes)
            inputs.push_back(read_all(file.path()));
    std::sort(inputs.begin(), inputs.end(), [](const std::string& a, const std::string& b) {
        return a.size() != b.size() ? a.size() < b.size() : a < b;
    });
    // Evenly from all sizes: the smallest alone would only be the beginnings of something.
    size_t kept = std::min(inputs.size(), most_inputs);
    for (size_t i = 0; i < kept; ++i)
        std::printf("%s\n", quire::to_hex(inputs[i * inputs.size() / kept]).c_str());
    return 0;
}

int main(int argc, char** argv)
{
    std::string first = argc > 1 ? argv[1] : "";
    if (first == "--unpack" && argc > 2)
        return unpack(argv[2], starting_points(argc > 3 ? argv[3] : nullptr));
    if (first == "--pack" && argc > 2)
        return pack(argv[2]);
    size_t iterations = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 20'000;
    quire::tests::Random random(argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1);
    g_crash_file = std::string(argv[0]).substr(std::string(argv[0]).rfind('/') + 1) + ".crash";
    for (int signal : {SIGABRT, SIGSEGV, SIGFPE, SIGBUS, SIGILL})
        std::signal(signal, keep_input);

    Inputs pool = starting_points(argc > 3 ? argv[3] : nullptr);
    const size_t lasting = pool.size(), most = lasting + 400;
    for (const std::string& input : pool)
        try_input(input);
    for (size_t i = 0; i < iterations; ++i) {
        std::string input = random.one_in(50) ? random.bytes(64) : pool[random.below(pool.size())];
        input = quire::tests::damage(random, std::move(input), quire::fuzz::alphabet);
        if (random.one_in(10)) // now and then two texts meet
            input += pool[random.below(pool.size())];
        try_input(input);
        // Damage on damage wanders further than damage on the seeds.
        if (input.size() < 4000 && random.one_in(20)) {
            if (pool.size() < most)
                pool.push_back(std::move(input));
            else
                pool[lasting + random.below(most - lasting)] = std::move(input);
        }
    }
    std::printf("%zu inputs\n", iterations);
    return 0;
}
