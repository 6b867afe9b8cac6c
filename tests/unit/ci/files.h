// Pipelines that lie beside the tests as files, and what comes of running them.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "ci/run/program.h"
#include "ci/run/scheduler.h"
#include "fake_host.h"

namespace quire::tests {

/// The *.fnl of a folder of tests/, by name.
inline std::vector<std::string> fennel_files(const std::string& folder)
{
    std::vector<std::string> names = sys::list_directory(AT_FDCWD, folder).value();
    std::erase_if(names, [](const std::string& name) { return !name.ends_with(".fnl"); });
    return names;
}

/// A sanitizer makes compiling many times slower.
inline const ci::ProgramOptions patient{.registration_limit = 120 * nanoseconds_per_second};

inline std::unique_ptr<ci::Program> load_source(std::string source, ci::ProgramOptions options = patient)
{
    ci::SourceTree tree;
    tree.files.emplace(ci::pipeline_file, std::move(source));
    return ci::Program::load(std::move(tree), options).value();
}

class Quiet final : public ci::ScheduleListener {
    void job_started(const ci::JobReport&) override {}
    void job_ended(const ci::JobReport&) override {}
};

/// Runs all jobs that a push fires; the loop may take ten seconds of nothing.
inline std::vector<ci::JobReport> run_jobs(ci::Program& program, FakeHost& host, sys::Loop& loop,
                                           ci::ScheduleOptions options = {})
{
    Quiet quiet;
    program.runtime().attach(host);
    ci::Scheduler scheduler(loop, program, host, quiet, std::move(options));
    bool done = false;
    scheduler.start([&] { done = true; });
    REQUIRE(loop.run_until([&] { return done; }));
    return scheduler.reports();
}

} // namespace quire::tests
