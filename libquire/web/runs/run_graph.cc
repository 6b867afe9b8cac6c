#include "web/runs/run_graph.h"

#include <algorithm>
#include <map>

#include "web/html/parts.h"

namespace quire::web {

constexpr size_t most_drawn = 120;
constexpr int box_width = 168, box_height = 34, gap_x = 44, gap_y = 14, margin = 6;
constexpr size_t longest_label = 19;

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

namespace {

struct Box {
    int x = 0, y = 0;
};

class Drawing {
public:
    explicit Drawing(const RunStory& story) : m_jobs(story.jobs)
    {
        for (size_t i = 0; i < m_jobs.size(); ++i)
            m_index[m_jobs[i].id] = i;
        place();
    }

    int width() const { return margin * 2 + m_layers * box_width + (m_layers - 1) * gap_x; }
    int height() const { return margin * 2 + m_rows * box_height + (m_rows - 1) * gap_y; }

    void draw(Html& html, const store::RunRecord& run) const
    {
        for (size_t i = 0; i < m_jobs.size(); ++i)
            for (const std::string& input : m_jobs[i].inputs)
                if (auto from = m_index.find(input); from != m_index.end())
                    draw_edge(html, m_boxes[from->second], m_boxes[i]);
        for (size_t i = 0; i < m_jobs.size(); ++i)
            draw_box(html, run, m_jobs[i], m_boxes[i]);
    }

private:
    /// Places each job to the right of all its inputs. quire-ci refuses cycles; in case the file has one anyway, the
    /// number of rounds is limited.
    void place()
    {
        std::vector<int> layer(m_jobs.size(), 0);
        bool moved = true;
        for (size_t round = 0; moved && round < m_jobs.size(); ++round) {
            moved = false;
            for (size_t i = 0; i < m_jobs.size(); ++i)
                for (const std::string& input : m_jobs[i].inputs)
                    if (auto from = m_index.find(input); from != m_index.end() && layer[i] <= layer[from->second]) {
                        layer[i] = layer[from->second] + 1;
                        moved = true;
                    }
        }
        pull_roots(layer);
        std::map<int, int> rows;
        for (size_t i = 0; i < m_jobs.size(); ++i) {
            int column = std::min(layer[i], static_cast<int>(m_jobs.size()) - 1);
            int row = rows[column]++;
            m_boxes.push_back({margin + column * (box_width + gap_x), margin + row * (box_height + gap_y)});
            m_layers = std::max(m_layers, column + 1);
            m_rows = std::max(m_rows, row + 1);
        }
    }

    /// Places a job without inputs just before the first job that waits for it, so that its line crosses nothing.
    void pull_roots(std::vector<int>& layer) const
    {
        std::vector<int> first(m_jobs.size(), 0);
        for (size_t i = 0; i < m_jobs.size(); ++i)
            for (const std::string& input : m_jobs[i].inputs)
                if (auto from = m_index.find(input); from != m_index.end()) {
                    int& earliest = first[from->second];
                    earliest = earliest == 0 ? layer[i] : std::min(earliest, layer[i]);
                }
        for (size_t i = 0; i < m_jobs.size(); ++i)
            if (layer[i] == 0 && first[i] > 1)
                layer[i] = first[i] - 1;
    }

    static void draw_edge(Html& html, Box from, Box to)
    {
        int x1 = from.x + box_width, y1 = from.y + box_height / 2, x2 = to.x, y2 = to.y + box_height / 2;
        int bend = std::max(16, (x2 - x1) / 2);
        html.add("<path class=\"edge\" d=\"M{} {}C{} {} {} {} {} {}\"></path>\n", x1, y1, x1 + bend, y1, x2 - bend, y2,
                 x2, y2);
    }

    static void draw_box(Html& html, const store::RunRecord& run, const StoryJob& job, Box box)
    {
        std::string label = shown_name(job.id);
        std::string whole = label;
        size_t characters = 0, end = 0;
        while (end < label.size() && characters < longest_label) {
            do
                ++end;
            while (end < label.size() && (static_cast<unsigned char>(label[end]) & 0xc0) == 0x80);
            ++characters;
        }
        if (end < label.size())
            label = label.substr(0, end) + "…";
        html.add("<a href=\"{}\"><title>{}: {}</title>"
                 "<rect class=\"box {}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"4\"></rect>"
                 "<text class=\"mark {}\" x=\"{}\" y=\"{}\">{}</text><text x=\"{}\" y=\"{}\">{}</text></a>\n",
                 Url::run_view(run.repo, run.number, "log", job.id), whole, job.state, job.state, box.x, box.y,
                 box_width, box_height, job.state, box.x + 11, box.y + 22, std::string(state_mark(job.state)),
                 box.x + 29, box.y + 22, label);
    }

    const std::vector<StoryJob>& m_jobs;
    std::map<std::string_view, size_t> m_index;
    std::vector<Box> m_boxes;
    int m_layers = 1, m_rows = 1;
};

} // namespace

Html run_graph(const store::RunRecord& run, const RunStory& story)
{
    Html html;
    if (story.jobs.size() < 2 || story.jobs.size() > most_drawn)
        return html;
    Drawing drawing(story);
    html.add("<section class=\"graph\" tabindex=\"0\" aria-label=\"the jobs as a graph; the same is in the list\">"
             "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" viewBox=\"0 0 {} {}\">\n",
             drawing.width(), drawing.height(), drawing.width(), drawing.height());
    drawing.draw(html, run);
    return html.add("</svg></section>\n");
}

} // namespace quire::web
