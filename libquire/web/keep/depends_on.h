// DependsOn: what a page shows besides objects, which never change. A page is kept as long as all of it stays.
//
// Each page declares it, once, in the route table; states.h tells how that stands. What is not declared must not be
// shown.
#pragma once

namespace quire::web {

enum class DependsOn : unsigned {
    nothing = 0,        ///< but the program: the page is the same for ever
    settings = 1 << 0,  ///< the forge's config.fnl
    config = 1 << 1,    ///< the repository's
    refs = 1 << 2,      ///< branches and tags, and which branch is the default
    named_ref = 1 << 3, ///< like refs, but not if the address has an object's id in place of a ref
    notes = 1 << 4,     ///< git's, of commits
    mirrors = 1 << 5,   ///< which there are, and how each stands
    push_log = 1 << 6,
    runs = 1 << 7,         ///< how the runs of commits stand, which a page asks through Visit::run_marks
    repositories = 1 << 8, ///< which there are, and what the list shows of each
    more = 1 << 9,         ///< what nothing tells of: the page is not kept
    fetched = 1 << 10, ///< by what git answers a fetch: all refs but quire's own, its settings, which packs there are
};

constexpr DependsOn operator|(DependsOn a, DependsOn b)
{
    return static_cast<DependsOn>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}

constexpr DependsOn without(DependsOn all, DependsOn one)
{
    return static_cast<DependsOn>(static_cast<unsigned>(all) & ~static_cast<unsigned>(one));
}

constexpr bool has(DependsOn all, DependsOn one)
{
    return (static_cast<unsigned>(all) & static_cast<unsigned>(one)) != 0;
}

} // namespace quire::web
