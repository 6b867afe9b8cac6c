// JUnit: what a page shows of a test report: how many tests there were, and which ones failed.
//
// Reads <testsuites> and <testsuite> at any depth, and <testcase> with <failure>, <error>, <skipped>. It counts the
// elements and ignores attributes that claim a number. At most most_failures are kept, and their texts are cut.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace quire::text {

struct JunitFailure {
    std::string suite, name;
    std::string message; ///< the attribute, or the first line of the text
    std::string details;
    bool is_error = false; ///< the test could not be run; it did not run and fail
};

enum class JunitResult { passed, failed, skipped };

struct JunitCase {
    std::string suite, name;
    JunitResult result = JunitResult::passed;
    double seconds = 0;
};

struct JunitReport {
    static constexpr size_t most_failures = 200;
    size_t tests = 0, failed = 0, errors = 0, skipped = 0;
    double seconds = 0;
    std::vector<JunitFailure> failures; ///< at most most_failures
};

/// `each` is told of every test case, in the order of the report.
Result<JunitReport> read_junit(std::string_view source, const std::function<void(const JunitCase&)>& each = {});

} // namespace quire::text
