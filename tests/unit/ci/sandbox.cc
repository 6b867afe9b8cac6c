// Every file of tests/sandbox is one way out that must fail. Its first line says how: ";; refused: TEXT" for one that
// the registration must refuse with that text, ";; job: TEXT" for one whose job must fail with it.
#include "base/strings.h"
#include "files.h"

using namespace quire;
using namespace quire::tests;

static std::string attempt(const std::string& source, bool in_job, bool by_clock)
{
    // Only what the clock is to end gets little time: the machine may be busy.
    int64_t allowance = by_clock ? nanoseconds_per_second / 4 : 60 * nanoseconds_per_second;
    ci::ProgramOptions options{.registration_limit = allowance, .slice_limit = allowance, .memory_limit = 16u << 20};
    auto program = load_source(source, options);
    if (!in_job) {
        std::string all;
        for (const ci::Diagnostic& diagnostic : program->diagnostics())
            all += format_diagnostic(diagnostic);
        return all;
    }
    for (const ci::Diagnostic& diagnostic : program->diagnostics())
        FAIL(format_diagnostic(diagnostic));
    sys::Loop loop;
    FakeHost host(loop);
    REQUIRE(sys::symlink_at("/", host.directory.fd(), "link-to-root"));
    std::vector<ci::JobReport> reports = run_jobs(*program, host, loop);
    REQUIRE(reports.size() == 1);
    CHECK(reports[0].state == ci::JobReport::State::failed);
    CHECK(host.commands.empty());
    return reports[0].reason;
}

TEST_CASE("no way out of the sandbox")
{
    const std::string folder = QUIRE_TEST_DIR "/../../sandbox";
    std::vector<std::string> files = fennel_files(folder);
    REQUIRE(files.size() >= 60);
    for (const std::string& file : files) {
        std::string source = sys::read_file(AT_FDCWD, folder + "/" + file).value();
        std::string_view expected = std::string_view(source).substr(0, source.find('\n'));
        bool in_job = strip_prefix(expected, ";; job:");
        REQUIRE((in_job || strip_prefix(expected, ";; refused:")));
        int64_t begin = monotonic_now();
        bool by_clock = expected.find("longer") != expected.npos || expected.find("endless") != expected.npos;
        std::string result = attempt(source, in_job, by_clock);
        INFO(file << ": " << result);
        CHECK(!result.empty());
        CHECK(result.find("ESCAPED\n") == std::string::npos);
        CHECK(!result.ends_with("ESCAPED"));
        CHECK(result.find(trim(expected)) != std::string::npos);
        CHECK(result.find(".quire/ci.fnl") != std::string::npos);
        CHECK(monotonic_now() - begin < 60 * nanoseconds_per_second);
    }
}
