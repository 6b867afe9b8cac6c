// weigh_moves REPOSITORY: for each move on its standard input (tests/bench/moves/README.md) that REPOSITORY holds,
// what speaks for the likeliest source, told or not: its strength and certainty (history/certainty.h), what they are
// made of, and whether it is right. tests/bench/moves/fit makes the table of certainties from it.
#include <fcntl.h>

#include <algorithm>
#include <iostream>

#include "base/strings.h"
#include "cli/tool.h"
#include "history/block_elsewhere.h"
#include "sys/file.h"
#include "text/json.h"

using namespace quire;
using history::LineRange;

namespace {

struct Case {
    git_oid commit{};
    std::string repository, path;
    LineRange lines;
    std::vector<std::pair<std::string, LineRange>> sources;
};

Result<LineRange> read_lines(const text::Data& data)
{
    const text::Data *first = data.find("first"), *last = data.find("last");
    if (!first || !last || !first->integer() || !last->integer())
        return fail(ErrorKind::invalid, "a move has no lines");
    return LineRange{static_cast<uint32_t>(*first->integer() - 1), static_cast<uint32_t>(*last->integer())};
}

Result<Case> read_case(const std::string& line)
{
    text::Data data = TRY(text::read_json(line, "moves"));
    auto text = [&](const char* key) {
        const text::Data* value = data.find(key);
        return value && value->string() ? *value->string() : std::string();
    };
    auto commit = git::parse_oid(text("commit"));
    const text::Data* sources = data.find("sources");
    if (!commit || !sources || !sources->sequence())
        return fail(ErrorKind::invalid, "no move: {}", line);
    Case one{*commit, text("repository"), text("path"), TRY(read_lines(data)), {}};
    for (const text::Data& source : *sources->sequence()) {
        const text::Data* path = source.find("path");
        if (!path || !path->string())
            return fail(ErrorKind::invalid, "a source has no path");
        one.sources.emplace_back(*path->string(), TRY(read_lines(source)));
    }
    return one;
}

/// As in tests/bench/trails: the path, and lines that overlap by half of the shorter stretch.
bool is_right(const Case& one, const history::BlockElsewhere& said)
{
    return std::ranges::any_of(one.sources, [&](const auto& source) {
        int64_t common =
            int64_t{std::min(source.second.end, said.lines.end)} - std::max(source.second.begin, said.lines.begin);
        return source.first == said.path && 2 * common >= std::min(source.second.size(), said.lines.size());
    });
}

/// nullopt: the block was in its own file before, and nobody would look elsewhere.
std::optional<history::BlockElsewhere> find_source(const git::Repository& repository, const Case& one)
{
    auto commit = repository.commit(one.commit);
    if (!commit || commit->parents.empty())
        return std::nullopt;
    auto parent = repository.commit(commit->parents[0]);
    auto entry = repository.find(one.commit, one.path), old_entry = repository.find(commit->parents[0], one.path);
    if (!parent || !entry)
        return std::nullopt;
    Patience patience;
    history::Texts texts(repository.objects());
    history::Changes changes(repository.objects(), parent->tree, commit->tree, patience);
    std::optional<history::TextMatch> own;
    std::shared_ptr<history::Text> before, after = texts.read(entry->id, one.path);
    if (old_entry)
        before = texts.read(old_entry->id, one.path);
    if (before && after) {
        own.emplace(before->lines(), after->lines());
        if (history::find_block(*own, one.lines))
            return std::nullopt;
    }
    return history::find_block_elsewhere(texts, changes, one.path, entry->id, one.lines, own ? &*own : nullptr,
                                         patience);
}

Result<int> body(const cli::Arguments& arguments)
{
    if (arguments.size() != 1)
        return fail(ErrorKind::usage, "weigh_moves REPOSITORY <MOVES");
    auto repository =
        TRY(git::Repository::open(std::make_shared<const UniqueFd>(TRY(sys::open_directory(AT_FDCWD, arguments[0])))));
    for (std::string line; std::getline(std::cin, line);) {
        Case one = TRY(read_case(line));
        auto found = find_source(repository, one);
        if (!found)
            continue;
        const history::Evidence& evidence = found->evidence;
        text::Data data;
        data.set("repository", one.repository);
        data.set("right", is_right(one, *found));
        data.set("moved", !one.sources.empty());
        data.set("strength", history::strength_of(evidence));
        data.set("certainty", history::certainty_of(evidence));
        data.set("evidence",
                 text::Data::Sequence{evidence.words, evidence.lines, evidence.common, evidence.moved, evidence.rival});
        TRY(cli::print(text::write_json(data) + "\n"));
    }
    return cli::exit_yes;
}

} // namespace

int main(int argc, char** argv) { return cli::run_tool("weigh_moves", argc, argv, body); }
