#include "web/code/range_diff.h"

#include "base/strings.h"
#include "git/repository.h"
#include "web/html/parts.h"

namespace quire::web {

/// "3:" or "-:", and the id or as many dashes; nullopt where they are not there.
static std::optional<std::string> take_side(std::string_view& line)
{
    line = trim(line);
    std::string_view number = take_until(line, ':');
    if (number != "-" && !parse_decimal(number))
        return std::nullopt;
    line = trim(line);
    std::string_view id = take_until(line, ' ');
    if (id.size() == GIT_OID_HEXSZ && id.find_first_not_of('-') == std::string_view::npos)
        return std::string();
    return git::parse_oid(id) ? std::optional(std::string(id)) : std::nullopt;
}

static std::optional<RangePair> parse_pair(std::string_view line)
{
    RangePair pair;
    auto old_id = take_side(line);
    if (!old_id)
        return std::nullopt;
    line = trim(line);
    std::string_view sign = take_until(line, ' ');
    auto new_id = take_side(line);
    constexpr std::string_view signs = "=!<>";
    if (!new_id || sign.size() != 1 || signs.find(sign[0]) == std::string_view::npos)
        return std::nullopt;
    pair.fate = static_cast<RangePair::Fate>(signs.find(sign[0]));
    pair.old_id = *old_id;
    pair.new_id = *new_id;
    pair.subject = line;
    return pair;
}

std::vector<RangePair> parse_range_diff(std::string_view output)
{
    std::vector<RangePair> pairs;
    while (!output.empty()) {
        std::string_view line = take_until(output, '\n');
        // A diff is indented by four, whatever it holds; numbers of pairs are by less, up to thousands of them.
        if (strip_prefix(line, "    ")) {
            if (!pairs.empty())
                pairs.back().lines.push_back(line);
        } else if (auto pair = parse_pair(line)) {
            pairs.push_back(std::move(*pair));
        }
    }
    return pairs;
}

static const char* word_of(RangePair::Fate fate)
{
    switch (fate) {
    case RangePair::Fate::same:
        return "same";
    case RangePair::Fate::changed:
        return "changed";
    case RangePair::Fate::dropped:
        return "dropped";
    case RangePair::Fate::added:
        break;
    }
    return "new";
}

/// Without links, since it may be what opens the pair's lines.
static Html pair_line(const RangePair& pair)
{
    Html html;
    std::string subject = shown_subject(pair.subject);
    html.add("<span class=\"label\">{}</span> {} <span class=\"status\">", word_of(pair.fate),
             subject.empty() ? "(no message)" : subject);
    bool has_both = !pair.old_id.empty() && !pair.new_id.empty();
    return html.add("<code>{}</code>{}<code>{}</code></span>", pair.old_id.substr(0, 8), has_both ? " → " : "",
                    pair.new_id.substr(0, 8));
}

static Html commit_links(const store::RepoName& name, const RangePair& pair)
{
    Html html;
    html.add("<span class=\"whole\">");
    for (const auto& [id, word] : {std::pair(pair.old_id, "before"), {pair.new_id, "after"}})
        if (!id.empty())
            html.add("<a href=\"{}\">{}</a> ", Url::view(name, "commit", id), word);
    return html.add("</span>\n");
}

/// Outer signs say what came and went between the versions; they are what is coloured.
static void add_lines(Html& html, const std::vector<std::string_view>& lines)
{
    html.add("<div class=\"scroll\" tabindex=\"0\"><table class=\"diff\"><tbody>\n");
    for (std::string_view line : lines) {
        char sign = line.empty() ? ' ' : line[0];
        std::string_view text = line.empty() ? line : line.substr(1);
        if (line.starts_with("@@"))
            html.add("<tr class=\"hunk\"><td>{}</td></tr>\n", source(line));
        else
            html.add("<tr class=\"{}\"><td>{}</td></tr>\n",
                     sign == '+'   ? "add"
                     : sign == '-' ? "del"
                                   : "same",
                     source(text));
    }
    html.add("</tbody></table></div>\n");
}

Html render_range_diff(const store::RepoName& name, const std::vector<RangePair>& pairs)
{
    Html html;
    for (const RangePair& pair : pairs) {
        if (pair.lines.empty()) {
            html.add("<div class=\"file pair\">{} {}</div>\n", pair_line(pair), commit_links(name, pair));
            continue;
        }
        html.add("<details class=\"file\" open><summary>{}</summary>\n{}", pair_line(pair), commit_links(name, pair));
        add_lines(html, pair.lines);
        html.add("</details>\n");
    }
    return html;
}

} // namespace quire::web
