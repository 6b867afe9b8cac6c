#include "ci/redactor.h"

#include <algorithm>
#include <cstring>

namespace quire::ci {

namespace {

constexpr size_t window = shortest_masked_secret;

uint16_t load_pair(const char* at)
{
    uint16_t pair;
    std::memcpy(&pair, at, sizeof pair);
    return pair;
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

bool is_line_break(char c)
{
    return c == '\n' || c == '\r';
}

} // namespace

Redactor::Redactor()
{
    rebuild();
}

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
    // The search of Wu and Manber, with the first eight bytes of each form as its window.
    m_shift.fill(window - 1);
    size_t slots = 16;
    while (slots < m_forms.size() * 4)
        slots *= 2;
    m_prefixes.assign(slots, {0, 0});
    for (size_t i = 0; i < m_forms.size(); ++i) {
        const char* text = m_forms[i].text.data();
        for (size_t j = 0; j + 2 <= window; ++j) {
            uint8_t& shift = m_shift[load_pair(text + j)];
            shift = std::min(shift, static_cast<uint8_t>(window - 2 - j));
        }
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
    if (m_redactor.empty() && m_held.empty()) {
        emit(chunk);
        return;
    }
    if (m_held.empty()) {
        m_held = chunk.substr(scan(chunk, End::more_may_come, emit));
        return;
    }
    m_held += chunk;
    m_held.erase(0, scan(m_held, End::more_may_come, emit));
}

void RedactedStream::finish(const Emit& emit)
{
    scan(m_held, End::final, emit);
    m_held.clear();
    m_masked = 0;
}

size_t RedactedStream::scan(std::string_view text, End end, const Emit& emit)
{
    size_t shown = m_masked; // everything before it is emitted or behind a mark
    size_t at = 0;           // where a form may begin
    bool undecided = false;
    while (at + window <= text.size()) {
        uint8_t shift = m_redactor.m_shift[load_pair(text.data() + at + window - 2)];
        if (shift != 0) {
            at += shift;
            continue;
        }
        Redactor::Found found = m_redactor.match_at(text.substr(at));
        if (found.match == Redactor::Match::needs_more && end == End::more_may_come) {
            undecided = true;
            break;
        }
        if (found.length > 0) {
            if (at > shown)
                emit(text.substr(shown, at - shown));
            if (at >= shown)
                emit(redaction_mark);
            shown = std::max(shown, at + found.length);
        }
        ++at;
    }
    if (end == End::final)
        at = text.size();
    else if (!undecided)
        while (at < text.size() && !m_redactor.begins_form(text.substr(at)))
            ++at;
    at = std::min(at, text.size());
    if (at > shown) {
        emit(text.substr(shown, at - shown));
        shown = at;
    }
    m_masked = shown - at;
    return at;
}

} // namespace quire::ci
