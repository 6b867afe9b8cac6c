// make_moves REPOSITORY NAME COUNT SEED: makes blocks of code whose source is known by construction, and writes what
// tests/bench/trails reads: a line for each, about the repository that NAME says.
//
// It looks through random commits for blocks that left one file and arrived in another as they were: their whole text
// is gone from the one, is nowhere else in what the commit changed, and is new in the other. From each such move it
// makes commits of its own in REPOSITORY, which must be a clone to throw away:
//   edited N %   the same move, with the block's lines changed, dropped, added and laid out anew, the more the higher N
//   absent       the source never had the block, so that it is new among neighbours that did move
//   another      a block of some other commit stands in the place of the one that moved
#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "base/strings.h"
#include "cli/tool.h"
#include "git/repository.h"
#include "git/tree_diff.h"
#include "move_edits.h"
#include "sys/file.h"
#include "sys/process.h"
#include "text/json.h"

using namespace quire;
using namespace quire::tests;

namespace {

constexpr size_t max_file = 400'000, max_files = 40;

std::string text_of(const Lines& lines)
{
    std::string text;
    for (const std::string& line : lines)
        text += line + "\n";
    return text;
}

size_t count_of(const std::string& text, const std::string& part)
{
    size_t count = 0;
    for (size_t at = text.find(part); at != std::string::npos && count < 2; at = text.find(part, at + 1))
        ++count;
    return count;
}

struct File {
    std::string path;
    git::TreeChange change;
    std::string before, after;
};

struct Move {
    git_oid commit{}, parent{};
    std::vector<File> files;
    size_t from = 0, to = 0; ///< of `files`
    Lines before, after;     ///< the lines of both
    Stretch source, block;
};

class Maker {
public:
    Maker(git::Repository repository, int directory, std::string name, unsigned seed)
        : m_repository(std::move(repository)), m_directory(directory), m_name(std::move(name)), m_random(seed)
    {}

    Result<void> make(size_t count)
    {
        std::string list =
            TRY(sys::run_ok({.argv = {"git", "rev-list", "--no-merges", "--min-parents=1", "--parents", "HEAD"},
                             .directory = m_directory},
                            {.limit = size_t{1} << 28}));
        std::vector<std::string_view> commits = split(list, '\n');
        std::shuffle(commits.begin(), commits.end(), m_random);
        for (std::string_view line : commits) {
            if (m_moves == count)
                break;
            auto commit = git::parse_oid(take_until(line, ' ')), parent = git::parse_oid(line);
            if (commit && parent)
                look_at(*commit, *parent);
        }
        return write();
    }

private:
    std::string read(const std::optional<git::TreeSide>& side) const
    {
        if (!side || side->mode == GIT_FILEMODE_COMMIT || side->mode == GIT_FILEMODE_LINK)
            return "";
        std::string text = m_repository.blob(side->id, max_file).value_or("");
        return text.find('\0') == std::string::npos && text.find('\r') == std::string::npos ? text : "";
    }

    static bool is_code(const std::string& path)
    {
        static const std::set<std::string, std::less<>> others = {
            "md", "txt", "json", "xml", "lock", "html", "svg", "po", "rst", "adoc", "yml", "yaml", "css", "csv", "map"};
        size_t dot = path.rfind('.');
        return dot != std::string::npos && !others.contains(path.substr(dot + 1));
    }

    void look_at(const git_oid& commit, const git_oid& parent)
    {
        auto tree = m_repository.commit(commit), old_tree = m_repository.commit(parent);
        if (!tree || !old_tree)
            return;
        git::TreeDiff diff =
            git::diff_names(m_repository.objects(), old_tree->tree, tree->tree, {.paths = max_files + 1});
        if (diff.is_cut || diff.changes.size() < 2 || diff.changes.size() > max_files)
            return;
        Move move{commit, parent, {}, 0, 0, {}, {}, {}, {}};
        for (git::TreeChange& change : diff.changes) {
            std::string path = change.path;
            std::string before = is_code(path) ? read(change.before) : "",
                        after = is_code(path) ? read(change.after) : "";
            move.files.push_back({path, std::move(change), std::move(before), std::move(after)});
        }
        collect_others(move);
        if (find_move(move))
            tell(move);
    }

    /// Blocks for "another", from commits that were looked at before.
    void collect_others(const Move& move)
    {
        const File& file = move.files[m_random() % move.files.size()];
        Lines lines = lines_of(file.after);
        std::vector<Stretch> blocks = blocks_of(lines);
        if (blocks.empty())
            return;
        const Stretch& one = blocks[m_random() % blocks.size()];
        m_others.push_back(
            {file.path.substr(file.path.rfind('.') + 1), Lines(lines.begin() + static_cast<ptrdiff_t>(one.first),
                                                               lines.begin() + static_cast<ptrdiff_t>(one.last))});
    }

    /// A block at random that left one file for another.
    bool find_move(Move& move)
    {
        std::vector<size_t> order(move.files.size());
        for (size_t i = 0; i < order.size(); ++i)
            order[i] = i;
        std::shuffle(order.begin(), order.end(), m_random);
        for (size_t to : order) {
            if (move.files[to].after.empty())
                continue;
            std::set<std::string, std::less<>> old_lines;
            for (const std::string& line : lines_of(move.files[to].before))
                old_lines.insert(line);
            Lines after = lines_of(move.files[to].after);
            std::vector<Stretch> blocks = blocks_of(after);
            std::shuffle(blocks.begin(), blocks.end(), m_random);
            for (const Stretch& block : blocks) {
                if (old_lines.contains(after[block.first]) && old_lines.contains(after[block.first + 1]))
                    continue;
                Lines lines(after.begin() + static_cast<ptrdiff_t>(block.first),
                            after.begin() + static_cast<ptrdiff_t>(block.last));
                if (is_move(move, to, text_of(lines))) {
                    move.after = std::move(after);
                    move.block = block;
                    return true;
                }
            }
        }
        return false;
    }

    static bool is_move(Move& move, size_t to, const std::string& text)
    {
        if (count_of(move.files[to].after, text) != 1)
            return false;
        std::optional<size_t> from;
        for (size_t i = 0; i < move.files.size(); ++i) {
            size_t before = count_of(move.files[i].before, text);
            bool is_source = before == 1 && i != to && !from && count_of(move.files[i].after, text) == 0;
            if (before > 0 && !is_source)
                return false;
            if (is_source)
                from = i;
        }
        if (!from || is_rename(move.files[*from], move.files[to]))
            return false;
        const std::string& source = move.files[*from].before;
        size_t at = source.find(text);
        if (at > 0 && source[at - 1] != '\n')
            return false;
        move.from = *from;
        move.to = to;
        move.before = lines_of(source);
        size_t first =
            static_cast<size_t>(std::count(source.begin(), source.begin() + static_cast<ptrdiff_t>(at), '\n'));
        move.source = {first, first + static_cast<size_t>(std::count(text.begin(), text.end(), '\n'))};
        return true;
    }

    /// A file that only has another name is no move of code.
    static bool is_rename(const File& from, const File& to)
    {
        return !from.change.after && !to.change.before && 2 * to.after.size() > from.before.size();
    }

    static Lines with(const Lines& lines, const Stretch& at, const Lines& block)
    {
        Lines result(lines.begin(), lines.begin() + static_cast<ptrdiff_t>(at.first));
        result.insert(result.end(), block.begin(), block.end());
        result.insert(result.end(), lines.begin() + static_cast<ptrdiff_t>(at.last), lines.end());
        return result;
    }

    void tell(const Move& move)
    {
        Lines block(move.after.begin() + static_cast<ptrdiff_t>(move.block.first),
                    move.after.begin() + static_cast<ptrdiff_t>(move.block.last));
        Lines around = with(move.after, move.block, {});
        around.insert(around.end(), move.before.begin(), move.before.end());
        auto little = static_cast<int>(m_random() % 4 * 10), much = static_cast<int>(40 + m_random() % 5 * 10);
        auto absent = static_cast<int>(m_random() % 9 * 10);
        add(move, edited(m_random, block, around, little / 100.0), fmt::format("edited {} %", little), true, true);
        add(move, edited(m_random, block, around, much / 100.0), fmt::format("edited {} %", much), true, true);
        add(move, edited(m_random, block, around, absent / 100.0), "absent", false, false);
        if (auto other = another(move))
            add(move, edited(m_random, *other, around, 0), "another", true, false);
        ++m_moves;
    }

    /// A block of a file of that kind, of which no file of the commit had three lines in a row.
    std::optional<Lines> another(const Move& move)
    {
        std::string kind = move.files[move.to].path.substr(move.files[move.to].path.rfind('.') + 1);
        for (int i = 0; i < 200 && !m_others.empty(); ++i) {
            const auto& [path, lines] = m_others[m_random() % m_others.size()];
            bool is_new = path == kind;
            for (size_t at = 0; is_new && at + 3 <= lines.size(); ++at)
                for (const File& file : move.files)
                    is_new &=
                        count_of(file.before, lines[at] + "\n" + lines[at + 1] + "\n" + lines[at + 2] + "\n") == 0;
            if (is_new)
                return lines;
        }
        return std::nullopt;
    }

    void add_commit(int number, std::string_view from, const std::string& files)
    {
        m_import +=
            fmt::format("commit refs/heads/moves\nmark :{}\ncommitter c <c@x> 2000000000 +0000\ndata 0\nfrom {}\n{}\n",
                        number, from, files);
    }
    static std::string inline_file(const std::string& path, const std::string& text)
    {
        return fmt::format("M 100644 inline {}\ndata {}\n{}\n", path, text.size(), text);
    }

    /// One case: the commit that moved, with `block` in the place of the moved one.
    void add(const Move& move, const Lines& block, const std::string& what, bool has_source, bool is_moved)
    {
        std::string parent = git::to_string(move.parent);
        if (!has_source) {
            add_commit(++m_marks, parent,
                       inline_file(move.files[move.from].path, text_of(with(move.before, move.source, {}))));
            parent = fmt::format(":{}", m_marks);
        }
        std::string files;
        for (size_t i = 0; i < move.files.size(); ++i) {
            const File& file = move.files[i];
            if (i == move.to)
                files += inline_file(file.path, text_of(with(move.after, move.block, block)));
            else if (file.change.after)
                files += fmt::format("M {:o} {} {}\n", static_cast<unsigned>(file.change.after->mode),
                                     git::to_string(file.change.after->id), file.path);
            else
                files += fmt::format("D {}\n", file.path);
        }
        add_commit(++m_marks, parent, files);
        text::Data data;
        data.set("repository", m_name);
        data.set("path", move.files[move.to].path);
        data.set("first", static_cast<int64_t>(move.block.first) + 1);
        data.set("last", static_cast<int64_t>(move.block.first + block.size()));
        text::Data::Sequence sources;
        if (is_moved) {
            text::Data source;
            source.set("path", move.files[move.from].path);
            source.set("first", static_cast<int64_t>(move.source.first) + 1);
            source.set("last", static_cast<int64_t>(move.source.last));
            sources.push_back(std::move(source));
        }
        data.set("sources", std::move(sources));
        data.set("what", what);
        m_cases.emplace_back(m_marks, std::move(data));
    }

    Result<void> write()
    {
        TRY(sys::run_ok({.argv = {"git", "fast-import", "--quiet", "--force", "--export-marks=moves.marks"},
                         .directory = m_directory},
                        {.input = m_import}));
        std::string marks = TRY(sys::read_file(m_directory, "moves.marks", 1u << 26));
        std::map<int, std::string> ids;
        for (std::string_view line : split(marks, '\n'))
            if (strip_prefix(line, ":")) {
                auto number = parse_decimal(take_until(line, ' '));
                ids[static_cast<int>(number.value_or(0))] = std::string(line);
            }
        for (auto& [mark, data] : m_cases) {
            data.set("commit", ids[mark]);
            TRY(cli::print(text::write_json(data) + "\n"));
        }
        return {};
    }

    git::Repository m_repository;
    int m_directory;
    std::string m_name;
    Random m_random;
    std::vector<std::pair<std::string, Lines>> m_others; ///< by kind of file
    std::vector<std::pair<int, text::Data>> m_cases;
    std::string m_import;
    size_t m_moves = 0;
    int m_marks = 0;
};

Result<int> body(const cli::Arguments& arguments)
{
    if (arguments.size() != 4)
        return fail(ErrorKind::usage, "make_moves REPOSITORY NAME COUNT SEED");
    auto count = parse_decimal(arguments[2]), seed = parse_decimal(arguments[3]);
    if (!count || !seed)
        return fail(ErrorKind::usage, "make_moves: COUNT and SEED are numbers");
    auto directory = std::make_shared<const UniqueFd>(TRY(sys::open_directory(AT_FDCWD, arguments[0])));
    Maker maker(TRY(git::Repository::open(directory)), directory->get(), arguments[1], static_cast<unsigned>(*seed));
    TRY(maker.make(*count));
    return cli::exit_yes;
}

} // namespace

int main(int argc, char** argv) { return cli::run_tool("make_moves", argc, argv, body); }
