#include "store/push_chain.h"

#include <algorithm>

#include "base/sha256.h"
#include "base/strings.h"
#include "store/root.h"
#include "text/json.h"

#include <fmt/format.h>

namespace quire::store {

constexpr size_t digest_digits = 64;
/// The most faults to report for one log; nobody needs one for each of a hundred thousand missing lines.
constexpr size_t most_faults = 20;

static bool is_digest(std::string_view text) { return text.size() == digest_digits && from_hex(text); }

std::string to_text(const ChainHead& head) { return fmt::format("{:020} {}\n", head.lines, head.digest); }

std::optional<ChainHead> parse_chain_head(std::string_view text)
{
    constexpr size_t digits = 20;
    if (text.size() != digits + 1 + digest_digits + 1 || text[digits] != ' ' || text.back() != '\n')
        return std::nullopt;
    std::string_view number = text.substr(0, digits);
    size_t zeros = std::min(number.find_first_not_of('0'), digits - 1);
    auto lines = parse_decimal(number.substr(zeros));
    std::string_view digest = text.substr(digits + 1, digest_digits);
    if (!lines || !is_digest(digest))
        return std::nullopt;
    return ChainHead{*lines, std::string(digest)};
}

std::optional<ChainLink> chain_link(std::string_view line)
{
    auto data = text::read_json(line, paths::push_log);
    if (!data || !data->table())
        return std::nullopt;
    ChainLink link{static_cast<uint64_t>(std::max<int64_t>(data->integer_or("n", 0), 0)), data->string_or("prev", "")};
    if (link.number == 0 || !is_digest(link.prev))
        return std::nullopt;
    return link;
}

/// Whether the line is a whole JSON object, as every record is, with or without a chain.
static bool is_record(std::string_view line)
{
    auto data = text::read_json(line, paths::push_log);
    return data && data->table() && data->find("ref");
}

/// Takes the next line with its newline off the front. The last line may lack a newline.
static std::string_view take_line(std::string_view& rest)
{
    size_t end = rest.find('\n');
    std::string_view line = rest.substr(0, end == std::string_view::npos ? rest.size() : end + 1);
    rest.remove_prefix(line.size());
    return line;
}

static std::string_view without_newline(std::string_view line)
{
    strip_suffix(line, "\n");
    return line;
}

static std::string digest_of(std::string_view line)
{
    Sha256 hash;
    hash.update(line);
    if (!line.ends_with('\n'))
        hash.update("\n"); // the next writer adds it
    return to_hex(hash.finish());
}

ChainHead chain_head_of(std::string_view log)
{
    ChainHead head;
    bool begun = false;
    std::string_view last;
    for (std::string_view rest = log; !rest.empty(); ++head.lines) {
        last = take_line(rest);
        begun = begun || chain_link(without_newline(last));
    }
    head.digest = head.lines == 0 ? sha256_hex("") : digest_of(begun ? last : log);
    return head;
}

namespace {

class Walk {
public:
    Walk(std::string_view log, std::span<const ChainHead> noted) : m_log(log), m_noted(noted) {}

    ChainVerdict verify()
    {
        for (std::string_view rest = m_log; !rest.empty();) {
            std::string_view line = take_line(rest);
            ++m_verdict.head.lines;
            look_at(line);
            note(line);
            compare_with_noted(line);
        }
        m_verdict.head.digest = m_digest;
        for (const ChainHead& head : m_noted)
            if (head.lines > m_verdict.head.lines)
                fault(fmt::format("{} of {} lines are missing at the end", head.lines - m_verdict.head.lines,
                                  head.lines));
        return std::move(m_verdict);
    }

private:
    void look_at(std::string_view line)
    {
        uint64_t number = m_verdict.head.lines;
        if (auto link = chain_link(without_newline(line))) {
            if (link->number != number)
                fault(fmt::format("line {} says that it is number {}", number, link->number));
            else if (link->prev != m_digest)
                fault(fmt::format("line {} does not follow what stands before it", number));
            m_begun = true;
        } else if (!is_record(without_newline(line))) {
            ++m_verdict.torn;
        } else if (m_begun) {
            fault(fmt::format("line {} is no part of the chain", number));
        } else {
            ++m_verdict.before_chain;
        }
    }

    /// Remembers what the record after this line must name.
    void note(std::string_view line)
    {
        if (m_begun) {
            m_digest = digest_of(line);
            return;
        }
        m_before.update(line);
        Sha256 so_far = m_before;
        if (!line.ends_with('\n'))
            so_far.update("\n");
        m_digest = to_hex(so_far.finish());
    }

    void compare_with_noted(std::string_view line)
    {
        for (const ChainHead& head : m_noted) {
            if (head.lines != m_verdict.head.lines)
                continue;
            if (head.digest != m_digest)
                fault(fmt::format("line {} is another than it was", head.lines));
            else if (!line.ends_with('\n'))
                fault(fmt::format("line {} has lost its end", head.lines));
        }
    }

    void fault(std::string text)
    {
        if (m_verdict.faults.size() < most_faults)
            m_verdict.faults.push_back(std::move(text));
    }

    std::string_view m_log;
    std::span<const ChainHead> m_noted;
    ChainVerdict m_verdict;
    Sha256 m_before; ///< of everything before the chain
    std::string m_digest = sha256_hex("");
    bool m_begun = false;
};

} // namespace

ChainVerdict verify_chain(std::string_view log, std::span<const ChainHead> noted) { return Walk(log, noted).verify(); }

} // namespace quire::store
