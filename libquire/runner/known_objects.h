// KnownObjects: objects of the repositories that had a run lately, from one git for each that stays and is asked, and
// from memory.
//
// It saves the runner from starting git for what takes git a moment. Whatever it can't tell at once, because there is
// too much of it, because it is broken or because git is slow, is an error, and the caller starts git for it, which may
// take its time. A repository is known by its inode, never by its name, and what is remembered of one is never told of
// another.
#pragma once

#include <deque>
#include <map>
#include <memory>

#include "git/object_reader.h"
#include "sys/stamp.h"

namespace quire::runner {

class KnownObjects {
public:
    using Content = std::shared_ptr<const std::string>;

    /// From now on git has a fifth of a second for all that is asked. The loop waits meanwhile, so what takes longer is
    /// left to a git of its own.
    void start_clock();
    /// Their contents, in the order of `ids`. ErrorKind::refused: there is too much of it.
    Result<std::vector<Content>> get(int repository, const std::string& type, const std::vector<std::string>& ids);
    /// The same for one.
    Result<Content> get(int repository, const std::string& type, const std::string& id);
    /// Lets go of what was not used for a while.
    void forget_unused();

private:
    struct Known {
        sys::Stamp repository;
        git::ObjectReader reader;
        std::map<std::string, Content> objects; ///< by "<type> <id>"
        size_t bytes = 0;
        int64_t used_at = 0; ///< by the monotonic clock
    };
    Result<Known*> know(int repository);

    int64_t m_deadline = 0;
    std::deque<std::unique_ptr<Known>> m_known; ///< the one used last at the front
};

} // namespace quire::runner
