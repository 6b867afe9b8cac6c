// Runs a fuzz target without libFuzzer: fuzz_<name> [ITERATIONS [SEED]]
//
// Damages the target's seeds again and again, the same way for the same seed. What a target dies of is
// written to fuzz_<name>.crash in the current directory first.
#include <unistd.h>

#include <csignal>
#include <string>
#include <vector>

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

int main(int argc, char** argv)
{
    size_t iterations = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 20'000;
    quire::tests::Random random(argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1);
    g_crash_file = std::string(argv[0]).substr(std::string(argv[0]).rfind('/') + 1) + ".crash";
    for (int signal : {SIGABRT, SIGSEGV, SIGFPE, SIGBUS, SIGILL})
        std::signal(signal, keep_input);

    std::vector<std::string> pool(quire::fuzz::seeds, quire::fuzz::seeds + quire::fuzz::seed_count);
    for (size_t i = 0; i < iterations; ++i) {
        std::string input = random.one_in(50) ? random.bytes(64) : pool[random.below(pool.size())];
        input = quire::tests::damage(random, std::move(input), quire::fuzz::alphabet);
        if (random.one_in(10)) // now and then two texts meet
            input += pool[random.below(pool.size())];
        g_input = input;
        LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(input.data()), input.size());
        // Damage on damage wanders further than damage on the seeds.
        if (input.size() < 4000 && random.one_in(20)) {
            if (pool.size() < 500)
                pool.push_back(std::move(input));
            else
                pool[quire::fuzz::seed_count + random.below(500 - quire::fuzz::seed_count)] = std::move(input);
        }
    }
    std::printf("%zu inputs\n", iterations);
    return 0;
}
