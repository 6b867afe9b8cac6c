#include "git/ref_files.h"

#include <algorithm>
#include <iterator>

#include "base/strings.h"
#include "git/repository.h"
#include "sys/file.h"

namespace quire::git {

constexpr int max_symbolic = 5, max_depth = 32;
constexpr size_t max_ref_file = 4096;

/// A line of packed-refs, together with the "^" line that may follow it.
struct PackedLine {
    std::string_view name;
    RefFiles::Found found;
    size_t end = 0; ///< where the next line begins
    bool is_ref = false;
};

static PackedLine read_packed_line(std::string_view packed, size_t begin)
{
    PackedLine line;
    std::string_view rest = packed.substr(begin);
    std::string_view text = take_until(rest, '\n');
    line.end = packed.size() - rest.size();
    auto target = parse_oid(text.substr(0, GIT_OID_HEXSZ));
    line.is_ref = target && text.size() > GIT_OID_HEXSZ + 1 && text[GIT_OID_HEXSZ] == ' ';
    if (!line.is_ref)
        return line;
    line.name = text.substr(GIT_OID_HEXSZ + 1);
    line.found.target = *target;
    if (!rest.starts_with('^'))
        return line;
    line.found.peeled = parse_oid(take_until(rest, '\n').substr(1));
    line.end = packed.size() - rest.size();
    return line;
}

/// Where the line of the ref at a position begins; a "^" line belongs to the one above it.
static size_t line_start(std::string_view packed, size_t at)
{
    for (;;) {
        size_t newline = at == 0 ? std::string_view::npos : packed.rfind('\n', at - 1);
        at = newline == std::string_view::npos ? 0 : newline + 1;
        if (at == 0 || packed[at] != '^')
            return at;
        --at;
    }
}

/// What git has done to the file, it says in the first line.
static bool says(std::string_view packed, std::string_view word)
{
    return packed.starts_with('#') && packed.substr(0, packed.find('\n')).find(word) != std::string_view::npos;
}

/// A file that does not say so is searched from the top.
static bool is_sorted(std::string_view packed) { return says(packed, " sorted"); }

/// The position of the first ref that does not come before `name`, in a sorted file.
static size_t lower_bound(std::string_view packed, std::string_view name)
{
    size_t low = 0, high = is_sorted(packed) ? packed.size() : 0;
    while (low < high) {
        size_t begin = line_start(packed, low + (high - low) / 2);
        PackedLine line = read_packed_line(packed, begin);
        if (!line.is_ref || line.name < name)
            low = line.end;
        else
            high = begin;
    }
    return low;
}

std::string_view RefFiles::packed() const
{
    // The stamp is taken before the file is opened: if the file is replaced in between, the next stamp differs.
    auto stamp = sys::stamp_at(m_directory, "packed-refs");
    if (!stamp || !*stamp) {
        m_packed.reset();
        return {};
    }
    if (!m_packed || **stamp != m_packed_stamp) {
        m_packed.reset();
        auto file = sys::open_at(m_directory, "packed-refs", O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
        auto mapped = file ? sys::Mapping::map(file->get(), "packed-refs") : Unexpected(std::move(file).error());
        if (mapped)
            m_packed = std::move(*mapped);
        m_packed_stamp = **stamp;
    }
    return m_packed ? m_packed->content() : std::string_view();
}

/// The content of a ref's own file; nullopt if it has none.
static std::optional<std::string> read_loose(int directory, const std::string& name)
{
    auto file = sys::open_beneath(directory, name, O_RDONLY | O_NONBLOCK);
    auto text = file ? sys::read_all(file->get(), max_ref_file, name) : Unexpected(std::move(file).error());
    return text ? std::optional(std::string(trim(*text))) : std::nullopt;
}

std::optional<RefFiles::Found> RefFiles::find_through(const std::string& name, int depth) const
{
    if (auto loose = read_loose(m_directory, name)) {
        std::string_view target = *loose;
        if (strip_prefix(target, "ref:"))
            return depth < max_symbolic ? find_through(std::string(trim(target)), depth + 1) : std::nullopt;
        auto id = parse_oid(target);
        return id ? std::optional(Found{*id, {}}) : std::nullopt;
    }
    std::string_view all = packed();
    for (size_t at = lower_bound(all, name); at < all.size();) {
        PackedLine line = read_packed_line(all, at);
        if (line.is_ref && line.name == name)
            return line.found;
        if (line.is_ref && is_sorted(all))
            break;
        at = line.end;
    }
    return std::nullopt;
}

std::optional<RefFiles::Found> RefFiles::find(const std::string& name) const
{
    bool is_safe = name == "HEAD" || (name.starts_with("refs/") && git_reference_is_valid_name(name.c_str()) != 0);
    return is_safe ? find_through(name, 0) : std::nullopt;
}

std::string RefFiles::head_name() const
{
    std::string head = read_loose(m_directory, "HEAD").value_or("");
    std::string_view target = head;
    if (!strip_prefix(target, "ref:"))
        return {};
    target = trim(target);
    return target.starts_with("refs/") ? std::string(target) : std::string();
}

void RefFiles::list_loose(const std::string& directory, int depth, size_t limit, std::vector<Named>& found) const
{
    for (const std::string& entry : sys::list_directory(m_directory, directory).value_or({})) {
        if (found.size() >= limit)
            return;
        std::string name = directory + "/" + entry;
        if (entry.ends_with(".lock"))
            continue;
        auto status = sys::stat_at(m_directory, name);
        if (status && *status && S_ISDIR((*status)->st_mode)) {
            if (depth < max_depth)
                list_loose(name, depth + 1, limit, found);
        } else if (auto ref = find(name)) {
            found.push_back({*ref, name});
        }
    }
}

std::vector<RefFiles::Named> RefFiles::list(const std::string& below, size_t limit, const Choice& is_chosen) const
{
    std::vector<Named> loose;
    list_loose(below, 0, limit, loose);
    auto is_before = [](const Named& a, const Named& b) { return a.name < b.name; };
    std::sort(loose.begin(), loose.end(), is_before);
    std::vector<Named> all;
    std::copy_if(loose.begin(), loose.end(), std::back_inserter(all),
                 [&](const Named& ref) { return !is_chosen || is_chosen(ref); });
    std::string prefix = below + "/";
    std::string_view lines = packed();
    bool is_peeled = says(lines, " peeled") || says(lines, " fully-peeled"), in_order = is_sorted(lines);
    size_t seen = loose.size();
    for (size_t at = lower_bound(lines, prefix); at < lines.size() && seen < limit;) {
        PackedLine line = read_packed_line(lines, at);
        line.found.is_peeled = is_peeled;
        at = line.end;
        if (!line.is_ref || !line.name.starts_with(prefix)) {
            if (line.is_ref && in_order)
                break;
            continue;
        }
        if (is_chosen && !is_chosen(line.found)) {
            ++seen;
            continue;
        }
        Named ref{line.found, std::string(line.name)};
        bool has_own_file = std::binary_search(loose.begin(), loose.end(), ref, is_before);
        if (!has_own_file && git_reference_is_valid_name(ref.name.c_str()) != 0) {
            all.push_back(std::move(ref));
            ++seen;
        }
    }
    std::sort(all.begin(), all.end(), is_before);
    return all;
}

} // namespace quire::git
