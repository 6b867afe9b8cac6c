#include "ci/logs/redactor.h"

#include <algorithm>
#include <cstring>

namespace quire::ci {

namespace {

constexpr size_t window = shortest_masked_secret;

// If blocks of four bytes are taken at every fifth position, from any starting point, every window of eight bytes
// contains exactly one of them.
constexpr size_t block = 4;
constexpr size_t stride = window - block + 1;

size_t block_slot(const char* at)
{
    uint32_t bytes;
    static_assert(sizeof bytes == block);
    std::memcpy(&bytes, at, sizeof bytes);
    return bytes * 0x9E3779B1u >> (32 - 16);
}

uint64_t load_window(const char* at)
{
    uint64_t bytes;
    static_assert(sizeof bytes == window);
    std::memcpy(&bytes, at, sizeof bytes);
    return bytes;
}

size_t slot_of(uint64_t prefix, size_t slots)
{
    return static_cast<size_t>(prefix * 0x9E3779B97F4A7C15u >> 32) & (slots - 1);
}

bool is_line_break(char c) { return c == '\n' || c == '\r'; }

} // namespace

Masking Redactor::add(std::string_view value)
{
    std::vector<SecretForm> forms = secret_forms(value);
    if (forms.empty())
        return Masking::too_short;
    m_forms.insert(m_forms.end(), forms.begin(), forms.end());
    std::sort(m_forms.begin(), m_forms.end());
    m_forms.erase(std::unique(m_forms.begin(), m_forms.end()), m_forms.end());
    rebuild();
    return Masking::masked;
}

void Redactor::rebuild()
{
    m_blocks.assign(65536, 0);
    size_t slots = 16;
    while (slots < m_forms.size() * 4)
        slots *= 2;
    m_prefixes.assign(slots, {0, 0});
    for (size_t i = 0; i < m_forms.size(); ++i) {
        const char* text = m_forms[i].text.data();
        for (size_t k = 0; k < stride; ++k)
            m_blocks[block_slot(text + k)] |= static_cast<uint8_t>(1u << k);
        uint64_t prefix = load_window(text);
        size_t slot = slot_of(prefix, slots);
        while (m_prefixes[slot].second != 0 && m_prefixes[slot].first != prefix)
            slot = (slot + 1) & (slots - 1);
        if (m_prefixes[slot].second == 0)
            m_prefixes[slot] = {prefix, static_cast<uint32_t>(i + 1)};
    }
}

Redactor::Found Redactor::match_at(std::string_view text) const
{
    uint64_t prefix = load_window(text.data());
    size_t slot = slot_of(prefix, m_prefixes.size());
    while (m_prefixes[slot].second != 0 && m_prefixes[slot].first != prefix)
        slot = (slot + 1) & (m_prefixes.size() - 1);
    if (m_prefixes[slot].second == 0)
        return {};

    Found longest;
    for (size_t i = m_prefixes[slot].second - 1; i < m_forms.size(); ++i) {
        const SecretForm& form = m_forms[i];
        if (load_window(form.text.data()) != prefix)
            break;
        size_t at = window, matched = window, breaks = 0;
        for (; matched < form.text.size() && at < text.size(); ++at) {
            if (text[at] == form.text[matched])
                ++matched, breaks = 0;
            else if (!form.wrapped || !is_line_break(text[at]) || ++breaks > 2)
                break;
        }
        if (matched == form.text.size())
            longest = {longest.match == Match::needs_more ? Match::needs_more : Match::yes,
                       std::max(longest.length, at)};
        else if (at == text.size())
            longest.match = Match::needs_more;
    }
    return longest;
}

bool Redactor::begins_form(std::string_view text) const
{
    auto place = std::lower_bound(m_forms.begin(), m_forms.end(), text,
                                  [](const SecretForm& form, std::string_view t) { return form.text < t; });
    return place != m_forms.end() && place->text.starts_with(text);
}

Redactor::Findings Redactor::scan(std::string_view text, size_t front, End end) const
{
    Findings findings;
    if (front > 0)
        findings.masked.push_back({0, front, true});
    find_forms(text, end, findings);
    if (findings.undecided != std::string_view::npos) {
        findings.decided = findings.undecided;
        return findings;
    }
    findings.decided = text.size();
    if (end == End::more_may_come) { // the last bytes may be the beginning of a form
        findings.decided -= std::min(text.size(), window - 1);
        while (findings.decided < text.size() && !begins_form(text.substr(findings.decided)))
            ++findings.decided;
    }
    return findings;
}

void Redactor::find_forms(std::string_view text, End end, Findings& findings) const
{
    if (m_forms.empty())
        return;
    constexpr size_t at_once = 4; // independent look-ups, which the processor can overlap
    size_t place = stride - 1;
    while (place + block <= text.size()) {
        const char* at = text.data() + place;
        if (place + at_once * stride + block <= text.size() &&
            (m_blocks[block_slot(at)] | m_blocks[block_slot(at + stride)] | m_blocks[block_slot(at + 2 * stride)] |
             m_blocks[block_slot(at + 3 * stride)]) == 0) {
            place += at_once * stride;
            continue;
        }
        unsigned offsets = m_blocks[block_slot(at)];
        for (size_t k = stride; offsets != 0 && k-- > 0;)
            if ((offsets >> k & 1u) != 0 && !look_at(text, place - k, end, findings))
                return;
        place += stride;
    }
}

bool Redactor::look_at(std::string_view text, size_t at, End end, Findings& findings) const
{
    if (at + window > text.size())
        return true;
    Found found = match_at(text.substr(at));
    if (found.match == Match::needs_more && end == End::more_may_come) {
        findings.undecided = at;
        return false;
    }
    if (found.length == 0)
        return true;
    if (findings.masked.empty() || at >= findings.masked.back().end)
        findings.masked.push_back({at, at + found.length});
    else
        findings.masked.back().end = std::max(findings.masked.back().end, at + found.length);
    return true;
}

std::string Redactor::redact(std::string_view text) const
{
    std::string result;
    auto append = [&](std::string_view part) { result += part; };
    RedactedStream stream(*this);
    stream.feed(text, append);
    stream.finish(append);
    return result;
}

void RedactedStream::feed(std::string_view chunk, const Emit& emit)
{
    if (m_redactor.empty() && m_held.empty() && m_bytes.empty()) {
        emit(chunk);
        return;
    }
    auto second = [&](std::string_view bytes) { show(bytes, emit); };
    if (m_held.empty()) {
        m_held = chunk.substr(scan(chunk, End::more_may_come, second));
        return;
    }
    m_held += chunk;
    m_held.erase(0, scan(m_held, End::more_may_come, second));
}

void RedactedStream::finish(const Emit& emit)
{
    scan(m_held, End::final, [&](std::string_view bytes) { show(bytes, emit); });
    m_held.clear();
    m_masked = 0;
    decide_shown(End::final, emit);
    m_shown = {};
    m_shown_masked = 0;
}

/// How many bytes after `decided` are covered by the last mark.
static size_t masked_beyond(const auto& masked, size_t decided)
{
    return masked.empty() || masked.back().end < decided ? 0 : masked.back().end - decided;
}

/// Hands on the text between the marks, up to `decided`.
static void emit_around(std::string_view text, const auto& masked, size_t decided, const RedactedStream::Emit& emit)
{
    size_t at = 0;
    for (const auto& range : masked) {
        if (range.begin > at)
            emit(text.substr(at, range.begin - at));
        if (!range.goes_on)
            emit(redaction_mark);
        at = range.end;
    }
    if (decided > at)
        emit(text.substr(at, decided - at));
}

size_t RedactedStream::scan(std::string_view text, End end, const Emit& emit)
{
    Redactor::Findings findings = m_redactor.scan(text, m_masked, end);
    emit_around(text, findings.masked, findings.decided, emit);
    m_masked = masked_beyond(findings.masked, findings.decided);
    return findings.decided;
}

void RedactedStream::show(std::string_view bytes, const Emit& emit)
{
    // If these bytes ended in the beginning of a form, the first search would have held that back.
    if (m_bytes.empty() && !m_shown.in_sequence() && !ShownText::has_hidden(bytes)) {
        emit(bytes);
        return;
    }
    m_bytes += bytes;
    decide_shown(End::more_may_come, emit);
}

void RedactedStream::decide_shown(End end, const Emit& emit)
{
    constexpr size_t most_held = 256u << 10; // bytes with controls in the middle of a possible secret
    m_taken = m_shown.take(m_bytes, m_taken, end);
    End text_end = m_bytes.size() > most_held ? End::final : end;
    Redactor::Findings findings = m_redactor.scan(m_shown.text, m_shown_masked, text_end);
    size_t decided = findings.decided < m_shown.text.size() ? m_shown.places[findings.decided] : m_taken;
    m_shown_masked = masked_beyond(findings.masked, findings.decided);
    for (auto& range : findings.masked) {
        range.begin = range.goes_on ? 0 : m_shown.places[range.begin];
        range.end = m_shown.places[range.end - 1] + 1;
    }
    emit_around(m_bytes, findings.masked, decided, emit);
    m_bytes.erase(0, decided);
    m_taken -= decided;
    m_shown.drop(findings.decided, decided);
}

} // namespace quire::ci
