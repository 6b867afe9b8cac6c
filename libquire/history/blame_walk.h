// BlameWalk passes the lines of a file from version to version, until each has reached the one that it comes from.
#pragma once

#include <map>
#include <queue>
#include <unordered_map>

#include "history/blame.h"

namespace quire::history {

/// Lines of the blamed file, with their place in a version.
struct Piece {
    uint32_t final_line = 0, line = 0, count = 0;
};
using Pieces = std::vector<Piece>;

/// What happened to pieces on the way to an ancestor.
struct Passed {
    Pieces unchanged; ///< with their place in the ancestor
    Pieces changed;   ///< with their old place
};
/// Each changed piece lies within one hunk.
Passed pass(const Pieces& pieces, const Hunks& hunks);
/// The hunk whose new lines include the line; null: none.
const git::Hunk* hunk_at(const Hunks& hunks, uint32_t line);

class BlameWalk {
public:
    BlameWalk(Lineage& lineage, const BlameOptions& options) : m_lineage(lineage), m_options(options) {}

    Blame run(const Version& version, uint32_t lines);

private:
    using Key = std::pair<uint32_t, std::string>; ///< commit and path
    struct Suspect {
        Version version;
        Pieces pieces;
    };
    void hand_on(const Version& version, Pieces pieces);
    void visit(Suspect suspect);
    bool settle_from_kept(const Suspect& suspect);
    Pieces pass_ignored(const Suspect& suspect, const Ancestors& ancestors, Pieces pieces);
    void settle(const Version& version, const Pieces& pieces, const Ancestors* ancestors);
    uint32_t origin_of(const Version& version, const Ancestors* ancestors);
    uint32_t path_number(const std::string& path);
    void finish();

    Lineage& m_lineage;
    const BlameOptions& m_options;
    Blame m_blame;
    std::map<Key, Suspect> m_suspects;
    std::priority_queue<git::Turn> m_queue;              ///< a commit is in it once for each of its suspects
    std::unordered_map<std::string, uint32_t> m_origins; ///< by commit and path
    bool m_is_late = false;
};

} // namespace quire::history
