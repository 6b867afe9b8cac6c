#include "git/object_reader.h"

#include <signal.h>

#include <algorithm>
#include <deque>
#include <set>

#include "base/strings.h"
#include "sys/file.h"
#include "sys/loop.h"

namespace quire::git {

/// How many requests are sent before the answers are read. They all fit into the pipe, so neither side blocks.
constexpr size_t group_size = 64;
/// How much is read at once.
constexpr size_t piece_size = 65536;
/// Commit objects are small. A larger one is an attack; its beginning and this much of its end are kept.
constexpr size_t max_commit_bytes = 4u << 20;
constexpr size_t kept_end_bytes = 64u << 10;

sys::Environment repository_environment()
{
    sys::Environment environment = sys::base_environment();
    sys::set_variable(environment, "GIT_DIR", ".");
    return environment;
}

Result<ObjectReader> ObjectReader::create(int repository, const sys::Environment& environment)
{
    return ObjectReader(TRY(sys::duplicate(repository)), environment);
}

Result<void> ObjectReader::start()
{
    sys::Pipe requests = TRY(sys::make_pipe());
    sys::Pipe replies = TRY(sys::make_pipe());
    // git complains about tags of blobs, but its answer says enough.
    UniqueFd quiet = TRY(sys::open_at(AT_FDCWD, "/dev/null", O_WRONLY));
    m_process = TRY(sys::spawn({.argv = {"git", "cat-file", "--batch-command"},
                                .environment = m_environment,
                                .directory = m_repository.get(),
                                .input = requests.reader.get(),
                                .output = replies.writer.get(),
                                .error = quiet.get()}));
    m_requests = std::move(requests.writer);
    m_replies = std::move(replies.reader);
    return m_deadline > 0 ? sys::set_nonblocking(m_replies.get()) : Result<void>();
}

ObjectReader::~ObjectReader()
{
    if (!m_requests)
        return; // moved from, or nothing was asked
    m_requests.reset();
    m_replies.reset();
    if (m_deadline > 0) // it may wait for something that never comes
        (void)m_process->signal(SIGKILL);
    (void)m_process->wait();
}

Result<void> ObjectReader::limit_time(int64_t deadline)
{
    if (std::exchange(m_deadline, deadline) == 0 && m_process)
        return sys::set_nonblocking(m_replies.get());
    return {};
}

/// read_some() for a reader whose time is limited.
Result<std::string> ObjectReader::read_in_time()
{
    std::string piece(piece_size, '\0');
    sys::Loop loop;
    for (;;) {
        if (auto got = TRY(sys::read_ready(m_replies.get(), piece.data(), piece.size()))) {
            piece.resize(*got);
            return piece;
        }
        int64_t left = m_deadline - monotonic_now();
        if (left <= 0)
            return fail(ErrorKind::busy, "git cat-file took too long");
        auto watch = loop.watch(m_replies.get(), sys::Interest::readable, [] {});
        TRY(loop.turn(left));
        loop.cancel(watch);
    }
}

Result<void> ObjectReader::fill()
{
    std::string piece = m_deadline > 0 ? TRY(read_in_time()) : TRY(sys::read_some(m_replies.get(), piece_size));
    m_buffer += piece;
    if (!piece.empty())
        return {};
    // A signal comes from the machine, and another try may work. Otherwise git died of an object that it can't read.
    int status = TRY(m_process->wait());
    return fail(status > 128 ? ErrorKind::system : ErrorKind::invalid,
                "git cat-file ended before it had answered, with status {}", status);
}

Result<void> ObjectReader::skip(size_t size)
{
    while (m_buffer.size() < size) {
        size -= m_buffer.size();
        m_buffer.clear();
        TRY(fill());
    }
    m_buffer.erase(0, size);
    return {};
}

Result<std::string> ObjectReader::read_commit(size_t size)
{
    if (size <= max_commit_bytes)
        return read_exactly(size);
    std::string content = TRY(read_exactly(max_commit_bytes - kept_end_bytes));
    content.resize(content.rfind('\n') + 1); // half a header would be read wrongly
    TRY(skip(size - max_commit_bytes));
    return content + "\n\n" + TRY(read_exactly(kept_end_bytes));
}

Result<std::string> ObjectReader::read_exactly(size_t size)
{
    while (m_buffer.size() < size)
        TRY(fill());
    std::string content = m_buffer.substr(0, size);
    m_buffer.erase(0, size);
    return content;
}

Result<ObjectReader::Header> ObjectReader::read_header()
{
    size_t end = 0;
    while ((end = m_buffer.find('\n')) == std::string::npos)
        TRY(fill());
    std::string line = TRY(read_exactly(end + 1));
    line.pop_back();
    // "<id> <type> <size>", or "<request> missing" (or ambiguous, or a dangling symlink).
    std::vector<std::string_view> fields = split(line, ' ');
    auto size = fields.size() == 3 ? parse_decimal(fields[2]) : std::nullopt;
    if (!size)
        return Header{};
    return Header{std::string(fields[0]), std::string(fields[1]), *size};
}

Result<void> ObjectReader::ask(const std::vector<std::string>& items,
                               const std::function<std::string(const std::string&)>& request_of,
                               const std::function<Result<void>(Header)>& take)
{
    if (!items.empty() && !m_process)
        TRY(start());
    for (size_t begin = 0; begin < items.size(); begin += group_size) {
        size_t end = std::min(items.size(), begin + group_size);
        std::string requests;
        for (size_t i = begin; i < end; ++i)
            requests += request_of(items[i]) + "\n";
        TRY(sys::write_all(m_requests.get(), requests));
        for (size_t i = begin; i < end; ++i)
            TRY(take(TRY(read_header())));
    }
    return {};
}

Result<std::vector<std::optional<ObjectReader::Object>>> ObjectReader::objects(const std::vector<std::string>& ids,
                                                                               size_t most_bytes)
{
    std::vector<std::optional<Object>> found;
    auto request_of = [](const std::string& id) { return "contents " + id; };
    TRY(ask(ids, request_of, [&](Header header) -> Result<void> {
        if (header.type.empty()) {
            found.emplace_back();
            return {};
        }
        if (header.size > most_bytes)
            return fail(ErrorKind::refused, "{} has {} bytes, more than are left", header.id, header.size);
        most_bytes -= header.size;
        std::string content = TRY(read_exactly(header.size));
        found.push_back(Object{std::move(header.type), std::move(content)});
        return skip(1); // the newline after it
    }));
    return found;
}

std::optional<Commit> ObjectReader::find_quickly(const std::string& id)
{
    auto object = m_quick.read(id);
    bool is_commit = object && object->type() == GIT_OBJECT_COMMIT;
    return is_commit ? std::optional(parse_commit(id, object->content())) : std::nullopt;
}

Result<void> ObjectReader::ask_unknown(const std::vector<std::string>& items,
                                       const std::function<bool(size_t)>& is_known,
                                       const std::function<std::string(const std::string&)>& request_of,
                                       const std::function<Result<void>(size_t, const Header&)>& take)
{
    std::vector<std::string> unknown;
    std::vector<size_t> places; // of the unknown ones
    for (size_t i = 0; i < items.size(); ++i) {
        if (is_known(i))
            continue;
        unknown.push_back(items[i]);
        places.push_back(i);
    }
    auto place = places.begin();
    return ask(unknown, request_of, [&](const Header& header) { return take(*place++, header); });
}

Result<std::vector<std::optional<Commit>>> ObjectReader::commits(const std::vector<std::string>& ids)
{
    std::vector<std::optional<Commit>> found(ids.size());
    auto is_known = [&](size_t place) {
        found[place] = find_quickly(ids[place]);
        return found[place].has_value();
    };
    auto request_of = [](const std::string& id) { return "contents " + id + "^{commit}"; };
    TRY(ask_unknown(ids, is_known, request_of, [&](size_t place, const Header& header) -> Result<void> {
        if (header.type.empty())
            return {};
        found[place] = parse_commit(header.id, TRY(read_commit(header.size)));
        return skip(1); // the newline after it
    }));
    return found;
}

Result<std::vector<bool>> ObjectReader::are_files(const std::vector<std::string>& expressions)
{
    std::vector<bool> answers(expressions.size());
    auto is_known = [&](size_t place) {
        const std::string& expression = expressions[place];
        size_t colon = expression.find(':');
        auto known = m_quick.is_file(expression.substr(0, colon), expression.substr(colon + 1));
        answers[place] = known.value_or(false);
        return known.has_value();
    };
    auto request_of = [](const std::string& expression) { return "info " + expression; };
    TRY(ask_unknown(expressions, is_known, request_of, [&](size_t place, const Header& header) -> Result<void> {
        answers[place] = header.type == "blob";
        return {};
    }));
    return answers;
}

Commit parse_commit(std::string id, std::string_view content)
{
    Commit commit;
    commit.id = std::move(id);
    while (!content.empty()) {
        std::string_view line = take_until(content, '\n');
        if (line.empty())
            break; // the message follows the headers
        if (strip_prefix(line, "tree "))
            commit.tree = line;
        else if (strip_prefix(line, "parent "))
            commit.parents.emplace_back(line);
        else if (line.starts_with("jj:trees ") || line.starts_with("jj:conflict-labels "))
            commit.conflicted = true;
    }
    commit.message = trim(content);
    return commit;
}

Result<bool> is_ancestor(ObjectReader& reader, int repository, const std::string& ancestor, const std::string& tip)
{
    // Most pushes add a few commits, so a short walk through the open reader is faster than a new process.
    constexpr size_t short_walk = 64;
    std::deque<std::string> pending{tip};
    std::set<std::string> seen{tip};
    for (size_t steps = 0; steps < short_walk; ++steps) {
        if (pending.empty())
            return false;
        std::string id = std::move(pending.front());
        pending.pop_front();
        if (id == ancestor)
            return true;
        auto commit = TRY(reader.commits({id}));
        if (!commit[0])
            return false;
        if (commit[0]->id == ancestor)
            return true;
        for (const std::string& parent : commit[0]->parents)
            if (seen.insert(parent).second)
                pending.push_back(parent);
    }
    sys::Output output = TRY(sys::run({.argv = {"git", "merge-base", "--is-ancestor", ancestor, tip},
                                       .environment = repository_environment(),
                                       .directory = repository}));
    if (output.status > 1)
        return fail(ErrorKind::invalid, "git merge-base: {}", trim(output.err));
    return output.status == 0;
}

} // namespace quire::git
