#include "deliver/mail_message.h"

#include <time.h>

#include <algorithm>

#include "base/log.h"
#include "base/sha256.h"
#include "base/strings.h"
#include "text/escape.h"

namespace quire::deliver {

/// RFC 2047's limit for lines with encoded words; a good width for other lines too.
constexpr size_t line_width = 76;
/// As many bytes as fit into an encoded word after the longest name of our headers.
constexpr size_t encoded_bytes = 36;

/// Makes one line: blanks of all kinds become one space, and invisible characters are spelled out.
static std::string one_line(std::string_view text)
{
    std::string line;
    for (char c : text) {
        bool is_blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
        if (!is_blank)
            line += c;
        else if (!line.empty() && line.back() != ' ')
            line += ' ';
    }
    return visible(trim(line));
}

static bool is_plain(std::string_view line)
{
    if (line.find("=?") != std::string_view::npos)
        return false;
    size_t word = 0;
    for (char c : line) {
        word = c == ' ' ? 0 : word + 1;
        if (c < 0x20 || c > 0x7e || word > line_width - 10)
            return false;
    }
    return true;
}

static std::string fold(std::string_view name, std::string_view line)
{
    std::string out;
    size_t column = name.size() + 2;
    for (std::string_view word : split(line, ' ')) {
        bool is_first = out.empty();
        if (!is_first && column + 1 + word.size() > line_width) {
            out += "\n ";
            column = 1;
        } else if (!is_first) {
            out += ' ';
            ++column;
        }
        out += word;
        column += word.size();
    }
    return out;
}

std::string encode_header(std::string_view name, std::string_view text)
{
    constexpr size_t enough = 400;
    std::string line = one_line(text);
    if (line.size() > enough) {
        size_t end = enough;
        while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xc0) == 0x80)
            --end;
        line = line.substr(0, end) + "…";
    }
    if (is_plain(line))
        return fold(name, line);
    std::string out;
    for (std::string_view rest = line; !rest.empty();) {
        size_t size = 0;
        while (size < rest.size()) {
            size_t next = std::max<size_t>(utf8_length(rest.substr(size)), 1);
            if (size + next > encoded_bytes)
                break;
            size += next;
        }
        out += out.empty() ? "" : "\n ";
        out += fmt::format("=?UTF-8?B?{}?=", text::base64_encode(rest.substr(0, size)));
        rest.remove_prefix(size);
    }
    return out;
}

static std::string quoted_line(std::string_view line)
{
    constexpr std::string_view hex = "0123456789ABCDEF";
    std::string out;
    size_t column = 0;
    for (size_t i = 0; i < line.size(); ++i) {
        auto byte = static_cast<unsigned char>(line[i]);
        bool is_blank = byte == ' ' || byte == '\t';
        bool is_last = i + 1 == line.size();
        bool is_literal = (byte > 0x20 && byte < 0x7f && byte != '=') || (is_blank && !is_last);
        // Some mailboxes change "From " at the beginning of a line, and for some programs a lone dot ends the message.
        if (i == 0 && (byte == '.' || line.starts_with("From ")))
            is_literal = false;
        size_t width = is_literal ? 1 : 3;
        if (column + width > line_width - 1) {
            out += "=\n";
            column = 0;
        }
        if (is_literal)
            out += line[i];
        else
            out.append({'=', hex[byte >> 4], hex[byte & 15]});
        column += width;
    }
    return out;
}

std::string quoted_printable(std::string_view text)
{
    std::string out;
    while (!text.empty())
        out += quoted_line(take_until(text, '\n')) + "\n";
    return out;
}

/// Whether the body contains nothing that a mail server or a mailbox would change.
static bool is_safe_as_it_is(std::string_view body)
{
    for (std::string_view line : split(body, '\n')) {
        bool is_ascii =
            std::all_of(line.begin(), line.end(), [](char c) { return c == '\t' || (c >= 0x20 && c < 0x7f); });
        if (!is_ascii || line.size() > line_width || line.starts_with('.') || line.starts_with("From ") ||
            line.ends_with(' '))
            return false;
    }
    return true;
}

std::string mail_date(Instant at)
{
    constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    time_t seconds = at / nanoseconds_per_second;
    struct tm parts{};
    ::gmtime_r(&seconds, &parts);
    return fmt::format("{}, {} {} {} {:02}:{:02}:{:02} +0000", days[parts.tm_wday % 7], parts.tm_mday,
                       months[parts.tm_mon % 12], parts.tm_year + 1900, parts.tm_hour, parts.tm_min, parts.tm_sec);
}

std::string_view domain_of(std::string_view address)
{
    size_t at = address.rfind('@');
    return at == std::string_view::npos ? std::string_view("localhost") : address.substr(at + 1);
}

std::string id_word(std::string_view text)
{
    std::string word;
    bool is_changed = false;
    for (char c : text) {
        bool is_fit = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
        bool is_dot = (c == '.' || c == '/') && !word.empty() && word.back() != '.';
        is_changed |= !is_fit && c != '.' && c != '/';
        word += is_fit ? c : is_dot ? '.' : '-';
    }
    constexpr size_t longest = 80;
    if (word.size() > longest || is_changed) // otherwise two texts could give the same word
        word = word.substr(0, longest) + "-" + sha256_hex(text).substr(0, 8);
    while (word.ends_with('.'))
        word.pop_back();
    return word.empty() ? "x" : word;
}

std::string write_mail(const Mail& mail)
{
    std::string body = text::to_utf8(mail.body);
    if (!body.ends_with('\n'))
        body += '\n';
    bool is_plain = is_safe_as_it_is(body);
    std::string_view domain = domain_of(mail.from);
    std::string out;
    auto add = [&](std::string_view name, std::string_view value) { out += fmt::format("{}: {}\n", name, value); };
    add("From", fmt::format("quire <{}>", mail.from));
    add("To", mail.to);
    add("Subject", encode_header("Subject", mail.subject));
    add("Date", mail_date(mail.at));
    add("Message-ID", fmt::format("<{}>", mail.id));
    if (!mail.thread.empty()) {
        add("In-Reply-To", fmt::format("<{}>", mail.thread));
        add("References", fmt::format("<{}>", mail.thread));
    }
    add("List-Id", fmt::format("{} <{}.quire.{}>", encode_header("List-Id", mail.list), id_word(mail.list), domain));
    add("Auto-Submitted", "auto-generated");
    add("X-Auto-Response-Suppress", "All");
    add("X-Quire-Event", mail.event);
    add("MIME-Version", "1.0");
    add("Content-Type", "text/plain; charset=utf-8");
    add("Content-Transfer-Encoding", is_plain ? "7bit" : "quoted-printable");
    return out + "\n" + (is_plain ? body : quoted_printable(body));
}

} // namespace quire::deliver
