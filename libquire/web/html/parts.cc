#include "web/html/parts.h"

#include <algorithm>

#include "base/log.h"
#include "base/strings.h"
#include "text/escape.h"
#include "web/html/rewritten.h"

namespace quire::web {

static Html time_element(Instant instant, size_t length)
{
    std::string full = format_instant(instant).substr(0, 19) + "Z";
    std::string text = full.substr(0, length);
    if (text.size() > 10)
        text[10] = ' ';
    Html html;
    html.add("<time datetime=\"{}\" title=\"{}\">{}</time>", full, full, text);
    return html;
}

Html date(Instant instant) { return time_element(instant, 10); }
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

std::string shown(std::string_view bytes) { return text::to_utf8(bytes); }
std::string shown_name(std::string_view bytes) { return visible(bytes); }

std::string shown_lines(std::string_view bytes)
{
    std::string text;
    for (std::string_view line : split(bytes, '\n')) {
        text += text.empty() ? "" : "\n";
        text += visible(line);
    }
    return text;
}

bool is_short_lived(std::string_view branch) { return branch.starts_with("push-") || branch.starts_with("push/"); }

std::string cut(std::string text, size_t size)
{
    if (text.size() <= size)
        return text;
    while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80)
        --size;
    return text.substr(0, size) + "…";
}

std::string short_id(const git_oid& id) { return git::to_string(id).substr(0, 8); }

Html commit_list(const store::RepoName& name, const std::vector<git::CommitInfo>& commits)
{
    Html html;
    html.add("<ol class=\"commits\">\n");
    for (const git::CommitInfo& commit : commits) {
        std::string subject = shown(commit.subject());
        html.add("<li><a class=\"subject\" href=\"{}\">{}</a>", Url::view(name, "commit", git::to_string(commit.id)),
                 subject.empty() ? "(no message)" : subject);
        if (commit.parents.size() > 1)
            html.add(" <span class=\"label\">merge</span>");
        html.add("<span class=\"by\">{}</span>{}", shown_name(commit.author.name), date(commit.author.when));
        if (!commit.change_id.empty())
            html.add("<code class=\"change-id\">{}</code>", shown_name(commit.change_id.substr(0, 8)));
        html.add("<code>{}</code></li>\n", short_id(commit.id));
    }
    return html.add("</ol>\n");
}

Html path_line(const store::RepoName& name, const git::Place& place)
{
    Html html;
    std::string_view own = name.str();
    own.remove_prefix(own.find('/') + 1);
    html.add("<h1 class=\"path\"><a href=\"{}\">{}</a>", Url::view(name, "tree", place.ref), own);
    std::vector<std::string_view> parts = place.path.empty() ? std::vector<std::string_view>() : split(place.path, '/');
    std::string so_far;
    for (size_t i = 0; i < parts.size(); ++i) {
        so_far += (i > 0 ? "/" : "") + std::string(parts[i]);
        if (i + 1 < parts.size())
            html.add("<span class=\"slash\">/</span><a href=\"{}\">{}</a>", Url::view(name, "tree", place.ref, so_far),
                     shown_name(parts[i]));
        else
            html.add("<span class=\"slash\">/</span>{}", shown_name(parts[i]));
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
                known.empty() ? "It may have been deleted, or rewritten and pushed anew." : known);
}

} // namespace quire::web
