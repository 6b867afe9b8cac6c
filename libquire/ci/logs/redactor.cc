#include "ci/logs/redactor.h"

#include <algorithm>
#include <cstring>

namespace quire::ci {

namespace {

constexpr size_t window = shortest_masked_secret;

// Every window of eight bytes holds exactly one block of four bytes whose place is a multiple of five, counted from
// anywhere.
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

Redactor::Redactor() { rebuild(); }

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
    m_blocks.fill(0);
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
    Progress progress{m_masked, std::string_view::npos};
    mask_forms(text, end, emit, progress);
    size_t decided = text.size();
    if (progress.undecided != std::string_view::npos) {
        decided = progress.undecided;
    } else if (end == End::more_may_come) { // the last bytes may begin a form
        decided = text.size() - std::min(text.size(), window - 1);
        while (decided < text.size() && !m_redactor.begins_form(text.substr(decided)))
            ++decided;
    }
    if (decided > progress.shown) {
        emit(text.substr(progress.shown, decided - progress.shown));
        progress.shown = decided;
    }
    m_masked = progress.shown - decided;
    return decided;
}

void RedactedStream::mask_forms(std::string_view text, End end, const Emit& emit, Progress& progress) const
{
    const auto& blocks = m_redactor.m_blocks;
    constexpr size_t at_once = 4; // look-ups that don't wait for each other
    size_t place = stride - 1;
    while (place + block <= text.size()) {
        const char* at = text.data() + place;
        if (place + at_once * stride + block <= text.size() &&
            (blocks[block_slot(at)] | blocks[block_slot(at + stride)] | blocks[block_slot(at + 2 * stride)] |
             blocks[block_slot(at + 3 * stride)]) == 0) {
            place += at_once * stride;
            continue;
        }
        unsigned offsets = blocks[block_slot(at)];
        for (size_t k = stride; offsets != 0 && k-- > 0;)
            if ((offsets >> k & 1u) != 0 && !look_at(text, place - k, end, emit, progress))
                return;
        place += stride;
    }
}

bool RedactedStream::look_at(std::string_view text, size_t at, End end, const Emit& emit, Progress& progress) const
{
    if (at + window > text.size())
        return true;
    Redactor::Found found = m_redactor.match_at(text.substr(at));
    if (found.match == Redactor::Match::needs_more && end == End::more_may_come) {
        progress.undecided = at;
        return false;
    }
    if (found.length > 0) {
        if (at > progress.shown)
            emit(text.substr(progress.shown, at - progress.shown));
        if (at >= progress.shown)
            emit(redaction_mark);
        progress.shown = std::max(progress.shown, at + found.length);
    }
    return true;
}

} // namespace quire::ci
