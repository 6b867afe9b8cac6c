#include "ci/logs/log_writer.h"

#include <fcntl.h>

#include <cstring>

#include "sys/file.h"

namespace quire::ci {

namespace {

constexpr size_t buffer_size = 256u << 10;
constexpr std::string_view stream_names[] = {" stdout ", " stderr "};

size_t index_of(Stream stream) { return stream == Stream::out ? 0 : 1; }

} // namespace

LogBudget LogBudget::of_run(uint64_t bytes)
{
    LogBudget budget(bytes);
    budget.m_left = bytes / 2;
    return budget;
}

bool LogBudget::take(uint64_t bytes)
{
    if (m_run && m_run->take(bytes))
        return true;
    if (bytes > m_left)
        return false;
    m_left -= bytes;
    return true;
}

LogWriter::LogWriter(UniqueFd directory, std::string name, UniqueFd log, LogBudget& budget)
    : m_directory(std::move(directory)), m_name(std::move(name)), m_log(std::move(log)), m_budget(&budget)
{}

constexpr int new_file = O_WRONLY | O_CREAT | O_EXCL | O_APPEND;

Result<LogWriter> LogWriter::create(int directory, const std::string& name, LogBudget& budget)
{
    UniqueFd log = TRY(sys::open_at(directory, name + ".log", new_file, 0644));
    return LogWriter(TRY(sys::duplicate(directory)), name, std::move(log), budget);
}

void LogWriter::open_index()
{
    auto index = sys::open_at(m_directory.get(), m_name + ".idx", new_file, 0644);
    if (index)
        m_index = std::move(*index);
    else if (!m_error)
        m_error = std::move(index).error();
}

void LogWriter::write(Stream stream, std::string_view bytes, Instant at)
{
    size_t which = index_of(stream);
    while (!bytes.empty() && !m_full) {
        size_t end = bytes.find('\n');
        if (end == std::string_view::npos) {
            m_partial[which] += bytes;
            while (m_partial[which].size() > longest_text) {
                append_entry(which, 'P', std::string_view(m_partial[which]).substr(0, longest_text), at);
                m_partial[which].erase(0, longest_text);
            }
            return;
        }
        if (m_partial[which].empty()) {
            append_line(which, bytes.substr(0, end), at);
        } else {
            m_partial[which] += bytes.substr(0, end);
            append_line(which, m_partial[which], at);
            m_partial[which].clear();
        }
        bytes.remove_prefix(end + 1);
    }
}

void LogWriter::note(std::string_view text, Instant at)
{
    show_partial(at);
    if (m_open_line[1])
        append_entry(1, 'F', {}, at);
    append_line(1, text, at);
}

void LogWriter::append_line(size_t stream, std::string_view text, Instant at)
{
    while (text.size() > longest_text) {
        append_entry(stream, 'P', text.substr(0, longest_text), at);
        text.remove_prefix(longest_text);
    }
    append_entry(stream, 'F', text, at);
}

void LogWriter::append_entry(size_t stream, char tag, std::string_view text, Instant at)
{
    constexpr size_t around_text = 41; // the time, the stream, the tag and the newline
    if (m_full || m_error)
        return;
    if (!m_budget->take(text.size() + around_text)) {
        stop_at_limit(at);
        return;
    }
    append_unchecked(stream, tag, text, at);
}

void LogWriter::append_unchecked(size_t stream, char tag, std::string_view text, Instant at)
{
    if (at != m_stamp_of) {
        m_stamp = format_instant(at);
        m_stamp_of = at;
    }
    size_t before = m_buffer.size();
    m_buffer += m_stamp;
    m_buffer += stream_names[stream];
    m_buffer += tag;
    m_buffer += ' ';
    m_buffer += text;
    m_buffer += '\n';
    m_open_line[stream] = tag == 'P';
    m_size += m_buffer.size() - before;
    ++m_entries;
    if (m_size >= m_next_mark) {
        m_index_buffer += fmt::format("{:015} {:015}\n", m_size, m_entries + 1);
        m_next_mark = (m_size / index_step + 1) * index_step;
    }
    if (m_buffer.size() >= buffer_size)
        flush();
}

void LogWriter::stop_at_limit(Instant at)
{
    m_full = true;
    m_partial[0].clear();
    m_partial[1].clear();
    if (m_open_line[1])
        append_unchecked(1, 'F', {}, at);
    append_unchecked(1, 'F',
                     fmt::format("quire: the logs of this run have reached their limit of {} MiB; what follows "
                                 "is not kept",
                                 m_budget->limit() >> 20),
                     at);
}

void LogWriter::flush()
{
    write_out(m_log, m_buffer);
    if (!m_index_buffer.empty() && !m_index)
        open_index();
    write_out(m_index, m_index_buffer); // after the log, so that no record points past its end
}

void LogWriter::write_out(const UniqueFd& fd, std::string& buffer)
{
    if (!buffer.empty() && !m_error)
        if (auto written = sys::write_all(fd.get(), buffer); !written)
            m_error = with_context(written.error(), "write a log").error();
    buffer.clear();
}

void LogWriter::show_partial(Instant at)
{
    for (size_t stream : {0u, 1u}) {
        if (!m_partial[stream].empty())
            append_entry(stream, 'P', m_partial[stream], at);
        m_partial[stream].clear();
    }
}

void LogWriter::finish(Instant at)
{
    show_partial(at);
    flush();
    for (UniqueFd* fd : {&m_log, &m_index})
        if (auto closed = *fd ? sys::close_checked(std::move(*fd), "a log") : Result<void>(); !closed && !m_error)
            m_error = closed.error();
}

} // namespace quire::ci
