// The chain in a push log: each record holds its number and the digest of the line before it. Altering, dropping,
// moving or adding a record breaks the chain at that place.
//
//   {…,"n":17,"prev":"<sha256 of line 16 with its newline>"}
//
// The chain's first record holds the digest of everything before it: either of nothing, or of records from the time
// before there were chains. A line torn by a crash stays where it is, has no number, and is covered by the digest in
// the next record. The chain alone can't show that its end was cut off or that all of it was rewritten. Compare it for
// that with heads that were noted elsewhere (quire/pushes.head, a backup).
//
// All functions work on bytes; store/push_log.h handles the files.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace quire::store {

/// The head of a chain at some time: the number of lines and the digest of the last one.
struct ChainHead {
    uint64_t lines = 0;
    std::string digest; ///< sha256 in hex

    bool operator==(const ChainHead&) const = default;
};

/// "<20 digits> <digest>\n"; its length never varies.
std::string to_text(const ChainHead& head);
/// nullopt for anything else.
std::optional<ChainHead> parse_chain_head(std::string_view text);

/// The head of a log, even of one without a chain: what the next record must name.
ChainHead chain_head_of(std::string_view log);

/// The number of a record in the chain; nullopt for a line without one. `prev` is the digest that it gives for the line
/// before it.
struct ChainLink {
    uint64_t number;
    std::string prev;
};
std::optional<ChainLink> chain_link(std::string_view line);

struct ChainVerdict {
    ChainHead head;
    uint64_t before_chain = 0;       ///< records from before there was a chain
    uint64_t torn = 0;               ///< lines that a crash cut short
    std::vector<std::string> faults; ///< one line each; empty: nothing was tampered with
};

/// `noted` holds heads that the log is known to have had.
ChainVerdict verify_chain(std::string_view log, std::span<const ChainHead> noted);

} // namespace quire::store
