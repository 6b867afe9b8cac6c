#include "web/html/parts.h"

#include <algorithm>

#include "base/log.h"
#include "base/strings.h"
#include "text/controls.h"
#include "web/html/rewritten.h"

namespace quire::web {

static Html time_element(Instant instant, size_t length)
{
    if (instant == git::no_date)
        return Html().add("<span class=\"status\" title=\"the date can’t be read\">no date</span>");
    std::string full = format_instant(instant).substr(0, 19) + "Z";
    std::string text = full.substr(0, length);
    if (text.size() > 10)
        text[10] = ' ';
    Html html;
    html.add("<time datetime=\"{}\" title=\"{}\">{}</time>", full, full, text);
    return html;
}

Html date(Instant instant) { return time_element(instant, 10); }
Html time_of_day(Instant instant)
{
    std::string full = format_instant(instant).substr(0, 19) + "Z";
    return Html().add("<time datetime=\"{}\" title=\"{}\">{}</time>", full, full, full.substr(11, 5));
}
Html date_and_time(Instant instant) { return time_element(instant, 16); }

std::string shown_size(uint64_t bytes)
{
    constexpr uint64_t kibibyte = 1024;
    if (bytes < kibibyte)
        return fmt::format("{} bytes", bytes);
    double value = static_cast<double>(bytes) / kibibyte;
    for (const char* unit : {"KiB", "MiB"}) {
        if (value < kibibyte)
            return fmt::format("{:.{}f} {}", value, value < 10 ? 1 : 0, unit);
        value /= kibibyte;
    }
    return fmt::format("{:.1f} GiB", value);
}

std::string grouped(uint64_t number)
{
    std::string text = std::to_string(number);
    for (size_t at = text.size(); at > 3; at -= 3)
        text.insert(at - 3, ",");
    return text;
}

constexpr size_t max_name = 1000;
constexpr size_t max_subject = 300;

std::string shown(std::string_view bytes) { return text::show_controls(bytes); }

/// Cuts before spelling out, so that only the visible part is spelled out.
static std::string shown_line(std::string_view bytes, size_t size)
{
    return text::cut(visible(bytes.substr(0, size + 4)), size);
}

std::string shown_name(std::string_view bytes) { return shown_line(bytes, max_name); }
std::string shown_subject(std::string_view subject) { return shown_line(subject, max_subject); }

static const char* name_of(std::string_view control)
{
    constexpr std::pair<std::string_view, const char*> names[] = {
        {"\x1b", "escape"},
        {"\x07", "bell"},
        {"\x08", "backspace"},
        {"\r", "carriage return"},
        {"\u202a", "left-to-right embedding"},
        {"\u202b", "right-to-left embedding"},
        {"\u202c", "end of embedding or override"},
        {"\u202d", "left-to-right override"},
        {"\u202e", "right-to-left override"},
        {"\u2066", "left-to-right isolate"},
        {"\u2067", "right-to-left isolate"},
        {"\u2068", "first strong isolate"},
        {"\u2069", "end of isolate"},
        {"\u200e", "left-to-right mark"},
        {"\u200f", "right-to-left mark"},
        {"\u061c", "Arabic letter mark"},
        {"\ufeff", "byte order mark"},
    };
    for (const auto& [bytes, name] : names)
        if (bytes == control)
            return name;
    return "control character";
}

Html source(std::string_view bytes)
{
    Html html;
    text::split_controls(
        bytes, [&](std::string_view plain) { html.text(plain); },
        [&](std::string_view control) {
            html.add("<span class=\"odd\" title=\"{}\">{}</span>", name_of(control), text::show_control(control));
        });
    return html;
}

std::string shown_prose(std::string_view bytes)
{
    std::string out;
    text::split_controls(
        bytes, [&](std::string_view plain) { out += plain; },
        [&](std::string_view control) {
            constexpr std::string_view turning_marks[] = {"\u200e", "\u200f", "\u061c"};
            bool stays =
                std::find(std::begin(turning_marks), std::end(turning_marks), control) != std::end(turning_marks);
            out += stays ? std::string(control) : text::show_control(control);
        });
    return out;
}

std::string shown_lines(std::string_view bytes)
{
    std::string text;
    for (std::string_view line : split(bytes, '\n')) {
        text += text.empty() ? "" : "\n";
        text += visible(line);
    }
    return text;
}

bool is_short_lived(std::string_view branch)
{
    // "name/push-…" where several people push.
    return branch.starts_with("push/") || branch.substr(branch.rfind('/') + 1).starts_with("push-");
}

std::string short_id(const git_oid& id) { return git::to_string(id).substr(0, 8); }

std::string_view state_mark(std::string_view state)
{
    if (state == "succeeded")
        return "✓";
    if (state == "failed" || state == "errored" || state == "timed-out")
        return "✗";
    if (state == "running" || state == "active")
        return "●";
    if (state == "skipped" || state == "superseded" || state == "canceled")
        return "–";
    return "○";
}

Html run_mark(const Visit& visit, const git_oid& commit)
{
    Html html;
    auto run = visit.run_marks ? visit.run_marks->newest(commit) : std::nullopt;
    if (!run)
        return html;
    std::string_view state = store::to_string(run->state);
    std::string title = fmt::format("run #{} {}", run->number, state);
    return html.add("<a class=\"ran {}\" href=\"{}\" title=\"{}\" aria-label=\"{}\">{}</a>", state,
                    Url::run(visit.name(), run->number), title, title, state_mark(state));
}

std::string shown_ref(std::string_view ref)
{
    auto id = git::parse_oid(ref);
    return id ? short_id(*id) : shown_name(ref);
}

std::string shown_ref(const git::Place& place) { return shown_ref(place.ref); }

Html path_line(const store::RepoName& name, const git::Place& place)
{
    Html html;
    std::string_view own = name.str();
    own.remove_prefix(own.find('/') + 1);
    if (place.path.empty())
        return html.add("<h1 class=\"path\"><b>{}</b></h1>\n", own);
    html.add("<h1 class=\"path\"><a href=\"{}\">{}</a>", Url::view(name, "tree", place.ref), own);
    std::vector<std::string_view> parts = split(place.path, '/');
    std::string so_far;
    for (size_t i = 0; i < parts.size(); ++i) {
        so_far += (i > 0 ? "/" : "") + std::string(parts[i]);
        if (i + 1 < parts.size())
            html.add("<span class=\"slash\">/</span><a href=\"{}\">{}</a>", Url::view(name, "tree", place.ref, so_far),
                     shown_name(parts[i]));
        else
            html.add("<span class=\"slash\">/</span><b>{}</b>", shown_name(parts[i]));
    }
    return html.add("</h1>\n");
}

Result<git::Place> find_place(const Visit& visit, const git::Repository& repository)
{
    if (auto place = repository.resolve(visit.rest))
        return std::move(*place);
    if (visit.rest.empty())
        return fail(ErrorKind::not_found,
                    "The default branch has no commit yet. The repository’s home page says how to push one.");
    std::string known = rewritten_text(visit, visit.rest[0]);
    return fail(ErrorKind::not_found, "No branch, tag or commit is called '{}'. {}", shown_name(join(visit.rest, "/")),
                known.empty() ? "It may have been deleted, or rewritten and pushed again." : known);
}

} // namespace quire::web
