// What a fuzz target is: one function that takes any bytes, and stops the program when a promise is broken.
//
// The same file serves libFuzzer (cmake -DQUIRE_LIBFUZZER=ON with clang; then bin/fuzz_<name> [DIRECTORY]) and the
// driver beside this (bin/fuzz_<name> [ITERATIONS [SEED]]), which is what `make test` runs.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace quire::fuzz {

/// Damage is drawn mostly from these bytes, and these texts are what it starts from. Each target defines both.
extern const std::string_view alphabet;
extern const char* const seeds[];
extern const size_t seed_count;

inline void require(bool promise, const char* what)
{
    if (promise)
        return;
    std::fprintf(stderr, "broken: %s\n", what);
    std::abort();
}

} // namespace quire::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

/// Defines the target: FUZZ_TARGET(input) { … } with `input` a string_view.
#define FUZZ_TARGET(input)                                                                                             \
    static void fuzz_one(std::string_view input);                                                                      \
    extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)                                            \
    {                                                                                                                  \
        fuzz_one(std::string_view(reinterpret_cast<const char*>(data), size));                                         \
        return 0;                                                                                                      \
    }                                                                                                                  \
    static void fuzz_one(std::string_view input)

/// Defines what the driver starts from: FUZZ_SEEDS(alphabet, text, text …)
#define FUZZ_SEEDS(bytes, ...)                                                                                         \
    namespace quire::fuzz {                                                                                            \
    const std::string_view alphabet = bytes;                                                                           \
    const char* const seeds[] = {__VA_ARGS__};                                                                         \
    const size_t seed_count = sizeof seeds / sizeof *seeds;                                                            \
    }
