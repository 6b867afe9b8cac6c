// The lines beside a log: where each commit stands, and which lines pass it.
#include "web/html/lanes.h"

#include <catch2/catch_test_macros.hpp>

#include "git/repository.h"

using namespace quire;
using web::lay_out_lanes;

namespace {

git_oid id_of(int number)
{
    git_oid id{};
    id.id[0] = static_cast<unsigned char>(number);
    id.id[1] = static_cast<unsigned char>(number >> 8);
    return id;
}

git::CommitInfo commit(int number, const std::vector<int>& parents)
{
    git::CommitInfo info;
    info.id = id_of(number);
    for (int parent : parents)
        info.parents.push_back(id_of(parent));
    return info;
}

using Lanes = std::vector<size_t>;

} // namespace

TEST_CASE("a line of commits stands in one lane")
{
    auto rows = lay_out_lanes({commit(3, {2}), commit(2, {1}), commit(1, {})});
    REQUIRE(rows.size() == 3);
    CHECK(rows[0].from.empty());
    CHECK(rows[0].to == Lanes{0});
    CHECK(rows[1].from == Lanes{0});
    CHECK(rows[2].from == Lanes{0});
    CHECK(rows[2].to.empty());
    CHECK(rows[1].width == 1);
    CHECK(lay_out_lanes({}).empty());
}

TEST_CASE("a merge opens a lane, which ends where both come from")
{
    // 4 merges 2 and 3, both of which have 1 as parent; 5 is another tip.
    auto rows = lay_out_lanes({commit(4, {2, 3}), commit(5, {3}), commit(3, {1}), commit(2, {1}), commit(1, {})});
    CHECK(rows[0].to == Lanes{0, 1});
    CHECK(rows[1].own == 2);
    CHECK(rows[1].passing == Lanes{0, 1});
    CHECK(rows[1].to == Lanes{1}); // its parent is waited for already
    CHECK(rows[2].own == 1);
    CHECK(rows[2].from == Lanes{1});
    CHECK(rows[2].passing == Lanes{0});
    CHECK(rows[3].own == 0);
    CHECK(rows[3].to == Lanes{1});
    CHECK(rows[4].from == Lanes{1});
    CHECK(rows[4].own == 1);
    CHECK(rows[4].passing.empty());
}

TEST_CASE("however many parents a page holds, its lanes are limited")
{
    std::vector<git::CommitInfo> commits;
    for (int i = 0; i < 200; ++i)
        commits.push_back(commit(i, {1000 + 3 * i, 1001 + 3 * i, 1002 + 3 * i}));
    std::vector<int> many;
    for (int i = 0; i < 500; ++i)
        many.push_back(2000 + i);
    commits.push_back(commit(300, many));
    for (const web::LaneRow& row : lay_out_lanes(commits)) {
        CHECK(row.width <= web::max_lanes);
        CHECK(row.own < web::max_lanes);
        for (const Lanes* lanes : {&row.from, &row.to, &row.passing})
            for (size_t lane : *lanes)
                CHECK(lane < web::max_lanes);
    }
}
