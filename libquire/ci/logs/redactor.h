// The one redactor: no byte reaches a log, an event, an output or a listing without passing it.
//
//   Redactor redactor;
//   if (redactor.add(value) == Masking::too_short) ...    // say so once
//   RedactedStream stream(redactor);                      // one per stream of bytes
//   stream.feed(chunk, [&](std::string_view clean) { ... });
//   stream.finish(emit);
//
// It looks for every form that secret_forms knows, however the bytes are cut into chunks: in the bytes as they are,
// then in what a reader is shown of them (shown_text.h). Bytes are held back only while they are the beginning of a
// form; matches that overlap are masked as one. Memory per stream is bounded by the longest form. It is no wall against
// a program that means to get a secret out: it catches accidents.
#pragma once

#include <array>
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
    Redactor();

    /// Takes effect for what streams are fed from now on.
    Masking add(std::string_view value);
    bool empty() const { return m_forms.empty(); }

    /// A whole text at once.
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
        bool goes_on = false; ///< from an earlier text, which has its mark
    };
    struct Findings {
        std::vector<Masked> masked;                ///< in order; two may touch
        size_t undecided = std::string_view::npos; ///< where a form begins of which more may come
        size_t decided = 0;                        ///< how much of the text can be handed on or is masked
    };

    void rebuild();
    /// `front`: how many bytes at the text's front are behind an earlier text's mark.
    Findings scan(std::string_view text, size_t front, End end) const;
    void find_forms(std::string_view text, End end, Findings& findings) const;
    /// Looks at the window at `at`; false when it can't be decided yet.
    bool look_at(std::string_view text, size_t at, End end, Findings& findings) const;
    /// The longest form at the front of `text`. REQUIRES: text.size() >= 8.
    Found match_at(std::string_view text) const;
    /// Whether `text`, of fewer than eight bytes, is the beginning of a form.
    bool begins_form(std::string_view text) const;

    std::vector<SecretForm> m_forms; ///< sorted by text, no two alike
    /// For a hash of four bytes: the bits k for which some form has such bytes at its k-th byte, 0 to 4.
    std::array<uint8_t, 65536> m_blocks;
    /// Open addressing: the first eight bytes of a form → its place in m_forms, plus one. Size is a power of two.
    std::vector<std::pair<uint64_t, uint32_t>> m_prefixes;
};

class RedactedStream {
public:
    using Emit = std::function<void(std::string_view)>;

    explicit RedactedStream(const Redactor& redactor) : m_redactor(redactor) {}

    void feed(std::string_view chunk, const Emit& emit);
    /// No more bytes will come: what was held back is decided.
    void finish(const Emit& emit);

private:
    using End = ShownText::End;
    /// Hands on what is decided; yields where the undecided begins.
    size_t scan(std::string_view text, End end, const Emit& emit);
    /// The second look, at what a reader is shown of bytes without a form in them.
    void show(std::string_view bytes, const Emit& emit);
    void decide_shown(End end, const Emit& emit);

    const Redactor& m_redactor;
    std::string m_held;
    size_t m_masked = 0; ///< how many bytes at the front of m_held are behind a mark already
    std::string m_bytes; ///< of the second look: not handed on yet
    ShownText m_shown;   ///< what of m_bytes is shown
    size_t m_taken = 0;  ///< how much of m_bytes m_shown has seen
    size_t m_shown_masked = 0;
};

} // namespace quire::ci
