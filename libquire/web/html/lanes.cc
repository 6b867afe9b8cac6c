#include "web/html/lanes.h"

#include <algorithm>
#include <optional>

#include "git/repository.h"

namespace quire::web {

namespace {

class Layout {
public:
    LaneRow add(const git::CommitInfo& commit)
    {
        LaneRow row;
        for (size_t lane = 0; lane < m_waits_for.size(); ++lane)
            if (waits(lane, commit.id))
                row.from.push_back(lane);
        row.own = row.from.empty() ? free_lane() : row.from[0];
        for (size_t lane : row.from)
            m_waits_for[lane].reset();
        for (size_t lane = 0; lane < m_waits_for.size(); ++lane)
            if (m_waits_for[lane])
                row.passing.push_back(lane);
        m_is_own = row.own;
        for (size_t i = 0; i < commit.parents.size() && row.to.size() < max_lanes; ++i)
            row.to.push_back(lane_of(commit.parents[i], i == 0));
        m_is_own.reset();
        return row;
    }
    size_t width() const { return std::max<size_t>(m_waits_for.size(), 1); }

private:
    bool waits(size_t lane, const git_oid& id) const
    {
        return m_waits_for[lane] && git::is_same(*m_waits_for[lane], id);
    }

    size_t lane_of(const git_oid& parent, bool is_first)
    {
        for (size_t lane = 0; lane < m_waits_for.size(); ++lane)
            if (waits(lane, parent))
                return lane;
        size_t lane = is_first ? *m_is_own : free_lane();
        m_waits_for[lane] = parent;
        return lane;
    }

    size_t free_lane()
    {
        size_t lane = 0;
        while (lane < m_waits_for.size() && (m_waits_for[lane] || m_is_own == lane))
            ++lane;
        if (lane == m_waits_for.size() && lane < max_lanes)
            m_waits_for.emplace_back();
        return std::min(lane, max_lanes - 1);
    }

    std::vector<std::optional<git_oid>> m_waits_for; ///< the commit to which the lane leads
    std::optional<size_t> m_is_own;
};

} // namespace

std::vector<LaneRow> lay_out_lanes(const std::vector<git::CommitInfo>& commits)
{
    Layout layout;
    std::vector<LaneRow> rows;
    for (const git::CommitInfo& commit : commits)
        rows.push_back(layout.add(commit));
    for (LaneRow& row : rows)
        row.width = layout.width();
    return rows;
}

Html render_lanes(const LaneRow& row)
{
    constexpr size_t step = 14, middle = 12, height = 24;
    auto x = [](size_t lane) { return lane * step + step / 2; };
    size_t width = row.width * step;
    Html html;
    html.add(
        "<svg class=\"lanes\" width=\"{}\" viewBox=\"0 0 {} {}\" preserveAspectRatio=\"none\" aria-hidden=\"true\">",
        width, width, height);
    for (size_t lane : row.passing)
        html.add("<path d=\"M{} 0V{}\"></path>", x(lane), height);
    for (size_t lane : row.from)
        html.add("<path d=\"M{} 0L{} {}\"></path>", x(lane), x(row.own), middle);
    for (size_t lane : row.to)
        html.add("<path d=\"M{} {}L{} {}\"></path>", x(row.own), middle, x(lane), height);
    return html.add("<path class=\"dot\" d=\"M{} {}h0\"></path></svg>", x(row.own), middle);
}

} // namespace quire::web
