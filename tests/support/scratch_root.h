// A data root of a test's own, prepared and empty.
#pragma once

#include <catch2/catch_test_macros.hpp>

#include "store/root.h"
#include "support/scratch.h"

namespace quire::tests {

class ScratchRoot : public Scratch {
public:
    ScratchRoot() : root(store::Root::open(path()).value()) { REQUIRE(root.prepare().has_value()); }
    store::Root root;
};

inline store::RepoName repo(const char* name) { return store::RepoName::parse(name).value(); }

} // namespace quire::tests
