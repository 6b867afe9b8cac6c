#include "web/runs/run_graph.h"

#include <algorithm>
#include <map>

#include "web/html/parts.h"

namespace quire::web {

constexpr size_t most_drawn = 120;
constexpr int box_width = 168, box_height = 34, gap_x = 44, gap_y = 14, margin = 6;
constexpr int gap_down = 26; ///< between layers that stand below each other
constexpr int aside = 5;     ///< how far from a box a line passes it; less than the margin
constexpr int per_row = 2;
/// Room for a label, in tenths of a pixel.
constexpr int label_room = (box_width - 29 - 8) * 10;

namespace {

struct Box {
    int x = 0, y = 0;
};

/// How wide a character of 13 pixels is at most, in tenths of a pixel, in the usual fonts.
int width_of(std::string_view character)
{
    constexpr int narrow = 56, usual = 84, wide = 110, widest = 132;
    if (character.size() > 1)
        return character.size() == 2 ? wide : widest; // Chinese, Japanese and Korean are as wide as high
    char c = character[0];
    if (std::string_view("fijlrtI .,:;|!'()[]-").find(c) != std::string_view::npos)
        return narrow;
    if (std::string_view("mwMW@%").find(c) != std::string_view::npos)
        return widest;
    return c >= 'A' && c <= 'Z' ? wide : usual;
}

/// As much of a label as has room in its box.
std::string fitted(const std::string& label)
{
    size_t fits = 0; // as many bytes, with an ellipsis behind them
    int width = 0;
    for (size_t begin = 0, end = 0; begin < label.size(); begin = end) {
        for (++end; end < label.size() && (static_cast<unsigned char>(label[end]) & 0xc0) == 0x80;)
            ++end;
        width += width_of(std::string_view(label).substr(begin, end - begin));
        if (width > label_room)
            return label.substr(0, fits) + "…";
        if (width + width_of("…") <= label_room)
            fits = end;
    }
    return label;
}

/// On a wide page, jobs follow each other from left to right; on a phone from top to bottom, two beside each other.
enum class Layout { across, down };

class Drawing {
public:
    Drawing(const RunStory& story, Layout layout) : m_jobs(story.jobs), m_layout(layout)
    {
        for (size_t i = 0; i < m_jobs.size(); ++i)
            m_index[m_jobs[i].id] = i;
        place();
    }

    int width() const
    {
        int columns = m_layout == Layout::across ? m_layers : std::min(m_rows, per_row);
        int gap = m_layout == Layout::across ? gap_x : gap_y;
        return margin * 2 + columns * box_width + (columns - 1) * gap;
    }
    int height() const { return m_height; }

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
            m_boxes.push_back({column, row});
            m_layers = std::max(m_layers, column + 1);
            m_rows = std::max(m_rows, row + 1);
        }
        m_layout == Layout::across ? put_across() : put_down(rows);
    }

    void put_across()
    {
        for (Box& box : m_boxes)
            box = {margin + box.x * (box_width + gap_x), margin + box.y * (box_height + gap_y)};
        m_height = margin * 2 + m_rows * box_height + (m_rows - 1) * gap_y;
    }

    /// `counts`: how many jobs each layer has.
    void put_down(const std::map<int, int>& counts)
    {
        std::map<int, int> tops;
        int top = margin;
        for (const auto& [layer, count] : counts) {
            tops[layer] = top;
            int lines = (count + per_row - 1) / per_row;
            top += lines * (box_height + gap_y) + gap_down - gap_y;
        }
        for (Box& box : m_boxes)
            box = {margin + box.y % per_row * (box_width + gap_y),
                   tops[box.x] + box.y / per_row * (box_height + gap_y)};
        m_height = top - gap_down + margin;
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

    /// Whether no box touches the rectangle from `low` to `high`.
    bool is_clear(Box low, Box high) const
    {
        return std::none_of(m_boxes.begin(), m_boxes.end(), [&](Box box) {
            return box.x <= high.x && box.x + box_width >= low.x && box.y <= high.y && box.y + box_height >= low.y;
        });
    }

    /// At which height a line passes what stands between: its own, that of its end, or between two rows.
    int lane_across(int x1, int y1, int x2, int y2) const
    {
        for (int y : {y1, y2})
            if (is_clear({x1, y}, {x2, y}))
                return y;
        constexpr int beside = box_height / 2 + aside;
        return y2 < y1 ? y1 - beside : y1 + beside;
    }

    /// Where a line that goes down passes what stands between: at last between the two columns.
    int lane_down(int x1, int y1, int x2, int y2) const
    {
        for (int x : {x1, x2})
            if (is_clear({x, y1}, {x, y2}))
                return x;
        return margin + box_width + aside;
    }

    /// A line curves only where no box is: between two layers that follow each other, else beside its ends.
    std::string way_across(Box from, Box to) const
    {
        int x1 = from.x + box_width, y1 = from.y + box_height / 2, x2 = to.x, y2 = to.y + box_height / 2;
        constexpr int bend = gap_x / 2;
        if (x2 - x1 <= gap_x)
            return fmt::format("M{} {}C{} {} {} {} {} {}", x1, y1, x1 + bend, y1, x2 - bend, y2, x2, y2);
        int begin = x1 + gap_x, end = x2 - gap_x, lane = lane_across(begin, y1, end, y2);
        return fmt::format("M{} {}C{} {} {} {} {} {}H{}C{} {} {} {} {} {}", x1, y1, x1 + bend, y1, begin - bend, lane,
                           begin, lane, end, end + bend, lane, x2 - bend, y2, x2, y2);
    }

    std::string way_down(Box from, Box to) const
    {
        int x1 = from.x + box_width / 2, y1 = from.y + box_height, x2 = to.x + box_width / 2, y2 = to.y;
        int bend = gap_down / 2;
        if (y2 - y1 <= gap_down)
            return fmt::format("M{} {}C{} {} {} {} {} {}", x1, y1, x1, y1 + bend, x2, y2 - bend, x2, y2);
        bend = gap_y / 2;
        int begin = y1 + gap_y, end = y2 - gap_y, lane = lane_down(x1, begin, x2, end);
        return fmt::format("M{} {}C{} {} {} {} {} {}V{}C{} {} {} {} {} {}", x1, y1, x1, y1 + bend, lane, begin - bend,
                           lane, begin, end, lane, end + bend, x2, y2 - bend, x2, y2);
    }

    void draw_edge(Html& html, Box from, Box to) const
    {
        html.add("<path class=\"edge\" d=\"{}\"></path>\n",
                 m_layout == Layout::down ? way_down(from, to) : way_across(from, to));
    }

    static void draw_box(Html& html, const store::RunRecord& run, const StoryJob& job, Box box)
    {
        std::string whole = shown_name(job.id), label = fitted(whole);
        html.add("<a href=\"{}\"><title>{}: {}</title>"
                 "<rect class=\"box {}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"4\"></rect>"
                 "<text class=\"mark {}\" x=\"{}\" y=\"{}\">{}</text><text x=\"{}\" y=\"{}\">{}</text></a>\n",
                 Url::run_view(run.repo, run.number, "log", job.id), whole, job.state, job.state, box.x, box.y,
                 box_width, box_height, job.state, box.x + 11, box.y + 22, std::string(state_mark(job.state)),
                 box.x + 29, box.y + 22, label);
    }

    const std::vector<StoryJob>& m_jobs;
    Layout m_layout;
    int m_height = 0;
    std::map<std::string_view, size_t> m_index;
    std::vector<Box> m_boxes;
    int m_layers = 1, m_rows = 1;
};

} // namespace

Html run_graph(const store::RunRecord& run, const RunStory& story)
{
    Html html;
    // Where no job waits for another, boxes would say only what the list says.
    bool has_edges = std::any_of(story.jobs.begin(), story.jobs.end(), [&](const StoryJob& job) {
        return std::any_of(job.inputs.begin(), job.inputs.end(), [&](const std::string& input) {
            return std::any_of(story.jobs.begin(), story.jobs.end(),
                               [&](const StoryJob& other) { return other.id == input; });
        });
    });
    if (!has_edges || story.jobs.size() > most_drawn)
        return html;
    html.add("<section class=\"graph\" tabindex=\"0\" aria-label=\"the jobs as a graph; the same is in the list\">");
    for (Layout layout : {Layout::across, Layout::down}) {
        Drawing drawing(story, layout);
        html.add("<svg class=\"{}\" xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" viewBox=\"0 0 {} "
                 "{}\">\n",
                 layout == Layout::across ? "across" : "down", drawing.width(), drawing.height(), drawing.width(),
                 drawing.height());
        drawing.draw(html, run);
        html.add("</svg>");
    }
    return html.add("</section>\n");
}

} // namespace quire::web
