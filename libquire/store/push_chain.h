// The chain in a push log: each record names its number and the digest of the line before it, so that a record that
// was altered, dropped, moved or added breaks the chain at that place.
//
//   {…,"n":17,"prev":"<sha256 of line 16 with its newline>"}
//
// The first record of the chain holds the digest of everything before it: of nothing, or of the records of a log that
// began before there was a chain. A line that a crash tore stays where it is, has no number of its own, and is covered
// by the record after it. What a chain alone can't show is that its end was cut off, or that all of it was written
// anew: for that it is held against heads that were noted elsewhere (quire/pushes.head, a backup).
//
// All functions work on bytes; store/push_log.h has the files.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace quire::store {

/// Where a chain ended at some time: so many lines, the last one with that digest.
struct ChainHead {
    uint64_t lines = 0;
    std::string digest; ///< sha256 in hex

    bool operator==(const ChainHead&) const = default;
};

/// "<20 digits> <digest>\n", always of one length.
std::string to_text(const ChainHead& head);
/// nullopt for anything else.
std::optional<ChainHead> parse_chain_head(std::string_view text);

/// Where the chain stands at the end of a log, which may be one without chain: what the next record has to name.
ChainHead chain_head_of(std::string_view log);

/// The number in a record that is a link of the chain; nullopt for any other line. `prev`: what it says of the line
/// before it.
struct ChainLink {
    uint64_t number;
    std::string prev;
};
std::optional<ChainLink> chain_link(std::string_view line);

struct ChainVerdict {
    ChainHead head;
    uint64_t before_chain = 0;       ///< records from before the chain began
    uint64_t torn = 0;               ///< lines that a crash cut short
    std::vector<std::string> faults; ///< one line each; empty: nothing was tampered with
};

/// `noted`: heads that the log is known to have had.
ChainVerdict verify_chain(std::string_view log, std::span<const ChainHead> noted);

} // namespace quire::store
