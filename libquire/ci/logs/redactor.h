// The one redactor: every byte passes it before it reaches a log, an event, an output or a listing.
//
//   Redactor redactor;
//   if (redactor.add(value) == Masking::too_short) ...    // warn once
//   RedactedStream stream(redactor);                      // one per stream of bytes
//   stream.feed(chunk, [&](std::string_view clean) { ... });
//   stream.finish(emit);
//
// It looks for every form that secret_forms knows, however the bytes are cut into chunks: first in the bytes
// themselves, then in what a reader is shown of them (shown_text.h). Bytes are held back only while they may be the
// beginning of a form. Overlapping matches become one mark. Memory per stream is bounded by the longest form. It
// catches accidents; it can't stop a program that wants to leak a secret.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "ci/logs/secret_forms.h"
#include "ci/logs/shown_text.h"

namespace quire::ci {

constexpr std::string_view redaction_mark = "<redacted>";

enum class Masking { masked, too_short };

class Redactor {
public:
    /// Adds a secret. It is looked for in everything that streams receive from now on.
    Masking add(std::string_view value);
    bool empty() const { return m_forms.empty(); }

    /// Redacts a complete text.
    std::string redact(std::string_view text) const;

private:
    friend class RedactedStream;
    enum class Match { no, yes, needs_more };
    struct Found {
        Match match = Match::no;
        size_t length = 0;
    };

    using End = ShownText::End;
    struct Masked {
        size_t begin, end;
        bool goes_on = false; ///< it began in an earlier text, where its mark is
    };
    struct Findings {
        std::vector<Masked> masked;                ///< in order; two may touch
        size_t undecided = std::string_view::npos; ///< where a form may begin that is not complete yet
        size_t decided = 0;                        ///< how much of the text has been masked or can be handed on
    };

    void rebuild();
    /// The first `front` bytes of the text are covered by a mark that was written already.
    Findings scan(std::string_view text, size_t front, End end) const;
    void find_forms(std::string_view text, End end, Findings& findings) const;
    /// Examines the text at `at`; false if more bytes are needed to decide.
    bool look_at(std::string_view text, size_t at, End end, Findings& findings) const;
    /// The longest form at the front of `text`. REQUIRES: text.size() >= 8.
    Found match_at(std::string_view text) const;
    /// Whether `text`, which has fewer than eight bytes, is the beginning of a form.
    bool begins_form(std::string_view text) const;

    std::vector<SecretForm> m_forms; ///< sorted by text, without duplicates
    /// For each hash of four bytes: bit k is set if some form has such bytes at position k, from 0 to 4.
    std::vector<uint8_t> m_blocks;
    /// Open addressing: maps a form's first eight bytes to its index in m_forms plus one. The size is a power of two.
    std::vector<std::pair<uint64_t, uint32_t>> m_prefixes;
};

class RedactedStream {
public:
    using Emit = std::function<void(std::string_view)>;

    explicit RedactedStream(const Redactor& redactor) : m_redactor(redactor) {}

    void feed(std::string_view chunk, const Emit& emit);
    /// Decides about what was held back; no more bytes will come.
    void finish(const Emit& emit);

private:
    using End = ShownText::End;
    /// Hands on what is decided; returns where the undecided part begins.
    size_t scan(std::string_view text, End end, const Emit& emit);
    /// Searches again, in what a reader is shown of bytes that contain no form themselves.
    void show(std::string_view bytes, const Emit& emit);
    void decide_shown(End end, const Emit& emit);

    const Redactor& m_redactor;
    std::string m_held;
    size_t m_masked = 0; ///< how many bytes at the front of m_held are already covered by a mark
    std::string m_bytes; ///< for the second search: bytes that were not handed on yet
    ShownText m_shown;   ///< what a reader is shown of m_bytes
    size_t m_taken = 0;  ///< how much of m_bytes has been added to m_shown
    size_t m_shown_masked = 0;
};

} // namespace quire::ci
