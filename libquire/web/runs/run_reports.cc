#include "web/runs/run_reports.h"

#include "base/time.h"
#include "sys/file.h"
#include "text/tap.h"
#include "web/code/markdown.h"
#include "web/html/parts.h"

namespace quire::web {

constexpr size_t largest_report = 8u << 20;
constexpr size_t most_reports = 60; ///< on a page, because reading them takes time
constexpr size_t most_bytes = 24u << 20;
constexpr int levels_above = 2; ///< a summary stands below an h2
constexpr size_t largest_summary = 256u << 10;

Result<UniqueFd> open_run_file(int directory, std::string_view kind, std::string_view job, std::string_view path)
{
    std::string below = fmt::format("{}/{}/{}", kind, store::paths::job_directory(job), path);
    auto file = sys::open_regular_beneath(directory, below);
    if (!file && file.error().kind == ErrorKind::invalid)
        return fail(ErrorKind::not_found, "'{}' is no file.", shown_name(path));
    return file;
}

namespace {

class Reports {
public:
    Reports(const store::RunRecord& run, int directory) : m_run(run), m_directory(directory) {}

    void take(const StoryJob& job, const StoryFile& report)
    {
        if (m_taken >= most_reports || m_bytes > most_bytes) {
            ++m_passed_over;
            return;
        }
        ++m_taken;
        auto file = open_run_file(m_directory, store::paths::run_reports, job.id, report.path);
        auto source =
            file ? sys::read_all(file->get(), largest_report, report.path) : Unexpected(std::move(file).error());
        if (!source)
            m_faults.add("<p class=\"fault\">{}, <code>{}</code>: {}</p>\n", shown_name(job.id),
                         shown_name(report.path), shown_name(source.error().message));
        else if (m_bytes += source->size(); report.note == "summary")
            add_summary(job, *source);
        else
            add_junit(job, report, *source);
    }

    Html take_html()
    {
        Html html;
        if (m_tests > 0 || !m_faults.empty()) {
            html.add("<h2 id=\"tests\">tests</h2>\n{}", m_faults);
        }
        if (m_tests > 0) {
            html.add("<p class=\"counts\">{} tests", m_tests);
            for (const auto& [count, word] :
                 {std::pair(m_failed, "failed"), {m_errors, "could not run"}, {m_skipped, "skipped"}})
                if (count > 0)
                    html.add(", <span class=\"{}\">{} {}</span>", word[0] == 's' ? "" : "minus", count, word);
            html.add("{}, {}</p>\n", m_failed + m_errors == 0 ? ", none failed" : "",
                     format_duration(static_cast<int64_t>(m_seconds * 1e9)));
        }
        if (!m_rows.empty())
            html.add("<section class=\"scroll\" tabindex=\"0\" aria-label=\"tests that failed\"><table "
                     "class=\"tests\"><thead><tr>"
                     "<th>test</th><th>what it says</th></tr></thead><tbody>\n{}</tbody></table></section>\n",
                     m_rows);
        if (m_rows_cut > 0)
            html.add("<p class=\"empty\">{} more failed.</p>\n", m_rows_cut);
        if (m_passed_over > 0)
            html.add("<p class=\"empty\">{} more reports are not read here.</p>\n", m_passed_over);
        return html.append(m_summaries);
    }

private:
    void add_summary(const StoryJob& job, const std::string& source)
    {
        m_summaries.add("<h2>summary of {}</h2>\n<article class=\"prose\">\n{}</article>\n", shown_name(job.id),
                        render_markdown(m_run.repo, m_run.sha, "",
                                        shown_prose(std::string_view(source).substr(0, largest_summary)),
                                        levels_above));
    }

    void add_junit(const StoryJob& job, const StoryFile& file, const std::string& source)
    {
        auto report = file.note == "tap" ? text::read_tap(source) : text::read_junit(source);
        if (!report) {
            m_faults.add("<p class=\"fault\">{}, <code>{}</code>: {}</p>\n", shown_name(job.id), shown_name(file.path),
                         shown_name(report.error().message));
            return;
        }
        m_tests += report->tests;
        m_failed += report->failed;
        m_errors += report->errors;
        m_skipped += report->skipped;
        m_seconds += report->seconds;
        m_rows_cut += report->failed + report->errors - report->failures.size();
        for (const text::JunitFailure& failure : report->failures)
            add_row(job, failure);
    }

    void add_row(const StoryJob& job, const text::JunitFailure& failure)
    {
        if (m_row_count++ >= text::JunitReport::most_failures) {
            ++m_rows_cut;
            return;
        }
        m_rows.add("<tr><td><a href=\"{}\">{}</a><span class=\"by\">{}</span></td><td>{}",
                   Url::run_view(m_run.repo, m_run.number, "log", job.id), shown_name(failure.name),
                   shown_name(failure.suite), shown_name(failure.message));
        if (!failure.details.empty() && failure.details != failure.message)
            m_rows.add("<details><summary>details</summary><pre tabindex=\"0\">{}</pre></details>",
                       shown(failure.details));
        m_rows.add("</td></tr>\n");
    }

    const store::RunRecord& m_run;
    int m_directory;
    Html m_rows, m_faults, m_summaries;
    size_t m_taken = 0, m_passed_over = 0, m_bytes = 0, m_row_count = 0, m_rows_cut = 0, m_tests = 0, m_failed = 0,
           m_errors = 0, m_skipped = 0;
    double m_seconds = 0;
};

} // namespace

Html run_reports(const store::RunRecord& run, int directory, const RunStory& story)
{
    Reports reports(run, directory);
    for (const StoryJob& job : story.jobs)
        for (const StoryFile& report : job.reports)
            reports.take(job, report);
    return reports.take_html();
}

} // namespace quire::web
