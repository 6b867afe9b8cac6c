// RawTree: a directory in git's own format, walked without parsing it first.
//
// For walks over history that compare one directory in many commits: finding the entry in which two trees differ is as
// fast as memcmp.
#pragma once

#include "git/repository.h"

namespace quire::git {

class RawTree {
public:
    struct Item {
        std::string_view mode, name, id; ///< mode as octal digits, id as 20 bytes
        bool is_same(const Item& other) const { return mode == other.mode && id == other.id; }
        bool is_directory() const { return mode == "40000"; }
        git_oid oid() const;
    };
    /// Which one git puts first: less than 0 is `a`. It sorts a directory as if its name ended in a slash.
    static int compare(const Item& a, const Item& b);

    RawTree() = default;
    /// Empty if the tree does not exist or is larger than max_tree_bytes.
    RawTree(const Objects& objects, const git_oid& id);
    bool is_too_large() const { return m_is_too_large; }
    bool is_read() const { return m_object.type() == GIT_OBJECT_TREE; }

    /// Takes one entry off the front of `rest`, which starts as content(); nullopt at the end.
    static std::optional<Item> next(std::string_view& rest);
    std::optional<Item> find(std::string_view name) const;
    std::string_view content() const;

private:
    Object m_object;
    bool m_is_too_large = false;
};

/// Looks up one path in the trees of many commits, and remembers the results for the latest trees.
class PathFinder {
public:
    PathFinder(const Repository& repository, std::string_view path);

    struct Found {
        git_oid id{};
        std::string mode;
        bool operator==(const Found& other) const { return is_same(id, other.id) && mode == other.mode; }
    };
    /// What is at the path below the tree; nullopt if there is nothing.
    std::optional<Found> find(const git_oid& tree);
    const Objects& objects() const { return *m_objects; }

private:
    std::optional<Found> look_up(const git_oid& tree) const;

    const Objects* m_objects;
    std::vector<std::string> m_parts;
    std::vector<std::pair<git_oid, std::optional<Found>>> m_last;
    size_t m_next = 0;
};

} // namespace quire::git
