// TAP, the Test Anything Protocol, read into what pages and the memory of tests know of a JUnit report.
//
// Versions 12 to 14: "ok" and "not ok" with or without numbers and names, "# SKIP" and "# TODO" (whose failures do not
// count), YAML blocks, subtests (their parent's own line only sums them up, and is left out), plans and "Bail out!". A
// report that ran fewer tests than it planned, or none, has an error that says so.
#pragma once

#include "text/junit.h"

namespace quire::text {

/// Whether the text begins as TAP does: with its version, a plan, a test or a comment before one.
bool is_tap(std::string_view source);

/// Never fails for what is TAP at all: lines that are nothing of it are passed over, as TAP says.
Result<JunitReport> read_tap(std::string_view source, const std::function<void(const JunitCase&)>& each = {});

/// Reads TAP or JUnit, whichever it is.
Result<JunitReport> read_test_report(std::string_view source, const std::function<void(const JunitCase&)>& each = {});

} // namespace quire::text
