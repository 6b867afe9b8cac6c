// "/NAME/runs/times": how long each job took over the newest runs, as plots, and with which commit that changed.
#include <algorithm>

#include "forge/job_times.h"
#include "web/html/head.h"
#include "web/html/layout.h"
#include "web/html/parts.h"
#include "web/pages/pages.h"

namespace quire::web {

namespace {

constexpr size_t most_runs = 120;
constexpr size_t most_plots = 40;
constexpr int width = 720, height = 150, left = 8, right = 72, top = 10, bottom = 20;

std::string seconds_text(double seconds) { return format_duration(static_cast<int64_t>(seconds * 1e9)); }

/// A scale that ends at or above it, whose end and middle are short to say: 600 ms and 1.2 s, or 3 min and 6 min.
double end_of_scale(double most)
{
    double unit = most > 60 ? 60 : 0.001;
    while (most > 10 * unit && unit < 1e9)
        unit *= 10;
    for (double end : {1.0, 1.2, 1.6, 2.0, 3.0, 4.0, 6.0, 8.0})
        if (most <= end * unit)
            return end * unit;
    return 10 * unit;
}

/// The times of one job, oldest on the left, the scale beside the newest; each dot is a link to its run.
class Plot {
public:
    Plot(const store::RepoName& repo, const std::vector<forge::JobTime>& times) : m_repo(repo), m_times(times)
    {
        for (const forge::JobTime& time : times)
            m_most = std::max(m_most, time.seconds);
        m_most = end_of_scale(m_most);
    }

    Html draw(const forge::Usual& usual, const std::optional<forge::TimeChange>& change) const
    {
        Html html;
        html.add("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {}\" width=\"{}\" height=\"{}\">\n", width,
                 height, width, height);
        for (double part : {0.0, 0.5, 1.0}) {
            double seconds = m_most * part;
            html.add("<path class=\"axis\" d=\"M{} {}H{}\"></path><text x=\"{}\" y=\"{}\">{}</text>\n", left,
                     y(seconds), width - right, width - right + 10, y(seconds) + 4,
                     seconds > 0 ? seconds_text(seconds) : "0");
        }
        if (usual.seconds > 0)
            html.add("<path class=\"middle\" d=\"M{} {}H{}\"></path>\n", left, y(usual.seconds), width - right);
        for (size_t i = 0; i < m_times.size(); ++i) { // the newest first
            const forge::JobTime& time = m_times[i];
            if (change && time.run == change->first.run)
                html.add("<path class=\"turn\" d=\"M{} {}V{}\"></path>\n", x(i), top, height - bottom);
            html.add("<a href=\"{}\"><title>#{}, {}: {}{}</title><circle class=\"{}\" cx=\"{}\" cy=\"{}\" "
                     "r=\"3\"></circle></a>\n",
                     Url::run(m_repo, time.run), time.run, time.sha.substr(0, 8), seconds_text(time.seconds),
                     time.is_well ? "" : ", failed", time.is_well ? "" : "failed", x(i), y(time.seconds));
        }
        if (m_times.size() > 1)
            html.add("<text x=\"{}\" y=\"{}\">#{}</text>", left, height - 4, m_times.back().run);
        return html.add("<text x=\"{}\" y=\"{}\" text-anchor=\"end\">#{}</text>\n</svg>\n", width - right, height - 4,
                        m_times.front().run);
    }

private:
    int x(size_t index) const
    {
        auto last = static_cast<double>(std::max<size_t>(m_times.size() - 1, 1));
        return width - right - static_cast<int>(static_cast<double>(index) / last * (width - left - right));
    }
    int y(double seconds) const
    {
        double part = m_most > 0 ? seconds / m_most : 0;
        return height - bottom - static_cast<int>(part * (height - top - bottom));
    }

    const store::RepoName& m_repo;
    const std::vector<forge::JobTime>& m_times;
    double m_most = 0;
};

/// "since #42, a1b2c3d4, it takes 12.0 s instead of 8.0 s", with the commits in between.
Html said_of(const store::RepoName& repo, const forge::TimeChange& change)
{
    Html html;
    return html.add(
        "<p>Since <a href=\"{}\">#{}</a>, <a href=\"{}\"><code>{}</code></a>, it takes {} instead of {} · <a "
        "href=\"{}\">what changed</a></p>\n",
        Url::run(repo, change.first.run), change.first.run, Url::view(repo, "commit", change.first.sha),
        change.first.sha.substr(0, 8), seconds_text(change.after), seconds_text(change.before),
        Url::view(repo, "compare", change.last_before.sha + ".." + change.first.sha));
}

} // namespace

Page run_times_page(const Visit& visit)
{
    auto runs = visit.site.open_runs(*visit.repository);
    if (!runs && runs.error().kind != ErrorKind::not_found)
        return Unexpected(std::move(runs).error());
    forge::JobTimes times;
    if (runs)
        times = TRY(forge::job_times(runs->get(), visit.name(), most_runs));
    Html body;
    body.append(page_head("how long jobs take", Html(), Tools()));
    if (times.empty())
        body.add("<p class=\"empty\">No job has ended here yet.</p>\n");
    else
        body.add("<p class=\"facts\">Up to {} runs, the newest on the right. The dashed line is the median of "
                 "those in which the job succeeded.</p>\n",
                 most_runs);
    size_t plots = 0;
    for (const auto& [job, list] : times) {
        if (plots++ == most_plots)
            break;
        forge::Usual usual = forge::usual_of(list);
        auto change = forge::find_change(list);
        body.add("<h2>{}{}</h2>\n", shown_name(job),
                 usual.seconds > 0 ? fmt::format(", usually {}", seconds_text(usual.seconds)) : "");
        if (change)
            body.append(said_of(visit.name(), *change));
        body.add("<section class=\"plot\" tabindex=\"0\" aria-label=\"{}\">{}</section>\n",
                 fmt::format("times of {}", shown_name(job)), Plot(visit.name(), list).draw(usual, change));
    }
    if (times.size() > most_plots)
        body.add("<p class=\"empty\">{} more jobs are not drawn.</p>\n", times.size() - most_plots);
    return render(visit, {.title = "how long jobs take", .tab = Tab::runs}, body);
}

} // namespace quire::web
