// QuickObjects: the small objects of one repository, for a program that neither starts git for them, which takes longer
// than all else that a hook does, nor links libgit2.
//
// It reads packs (git/packs.h) and files that hold one object each. What it does not know, git may know all the same:
// an object that another repository lends, a large one, one with an id of SHA-256. Damaged ones are git's to judge,
// too.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "git/inflater.h"
#include "git/object.h"
#include "git/packs.h"

namespace quire::git {

class QuickObjects {
public:
    /// `repository` must stay open as long as the object lives.
    explicit QuickObjects(int repository) : m_repository(repository), m_packs(repository) {}

    /// `id` has 40 hex digits, or is not known.
    std::optional<Object> read(std::string_view id);
    /// Whether "<commit>:<path>" is a file.
    std::optional<bool> is_file(std::string_view commit, std::string_view path);

private:
    std::optional<Object> read_loose(const std::string& path);

    int m_repository;
    Packs m_packs;
    Inflater m_inflater;
};

} // namespace quire::git
