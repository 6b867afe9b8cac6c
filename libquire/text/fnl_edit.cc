// edit_fnl finds the place with FnlReader, cuts or inserts there, and reads the result again to be sure.
#include <algorithm>

#include "base/strings.h"
#include "text/fnl_reader.h"

namespace quire::text {

namespace {

/// Where an entry of a table is in the source.
struct Entry {
    size_t gap_begin; ///< after the opening bracket or the value before
    bool gap_has_comment;
    size_t key_begin, value_begin, value_end;
    std::string key;
    Position value_position;
};

struct TableLayout {
    size_t opener = 0, closer = 0;
    std::vector<Entry> entries;

    const Entry* find(std::string_view key) const
    {
        for (const Entry& entry : entries)
            if (entry.key == key)
                return &entry;
        return nullptr;
    }
};

class Editor {
public:
    Editor(std::string_view source, std::string_view name, const std::vector<std::string>& path, const Data& value)
        : m_source(source), m_name(name), m_path(path), m_value(value)
    {}

    Result<std::string> edit()
    {
        size_t offset = 0;
        Position position;
        for (size_t level = 0;; ++level) {
            TableLayout table = TRY(read_layout(offset, level, position));
            const Entry* entry = table.find(m_path[level]);
            if (!entry)
                return m_value.is_nil() ? std::string(m_source) : add(table, level);
            if (level + 1 == m_path.size())
                return m_value.is_nil() ? remove(*entry) : replace(*entry);
            offset = entry->value_begin;
            position = entry->value_position;
        }
    }

private:
    Result<TableLayout> read_layout(size_t offset, size_t level, Position position) const
    {
        FnlReader reader(m_source, m_name);
        if (level == 0) {
            reader.skip_blanks();
            position = reader.position();
        } else {
            reader.skip_to(offset);
        }
        if (!reader.at('{'))
            return reader.fail_at(position, ErrorKind::invalid, "{} is no table, so {} can't be set in it",
                                  level == 0 ? "this" : ":" + m_path[level - 1], ":" + m_path[level]);
        TableLayout table;
        table.opener = reader.offset();
        reader.take_bracket();
        for (;;) {
            size_t gap = reader.offset();
            bool comment = reader.skip_blanks() == FnlReader::Met::comment;
            table.closer = reader.offset();
            if (reader.at('}'))
                return table;
            size_t key_begin = reader.offset();
            Data key = TRY(reader.read_key(0));
            reader.skip_blanks();
            size_t value_begin = reader.offset();
            Data value = TRY(reader.read_value(0));
            table.entries.push_back(
                {gap, comment, key_begin, value_begin, reader.offset(), *key.string(), value.position});
        }
    }

    /// How many bytes of its line come before the offset.
    size_t column(size_t offset) const { return offset - (m_source.substr(0, offset).rfind('\n') + 1); }

    std::string splice(size_t begin, size_t end, std::string_view replacement) const
    {
        return fmt::format("{}{}{}", m_source.substr(0, begin), replacement, m_source.substr(end));
    }

    std::string replace(const Entry& entry) const
    {
        return splice(entry.value_begin, entry.value_end, format_fnl(m_value, column(entry.value_begin)));
    }

    /// The new value, inside those tables of `path` below `level` that don't exist yet.
    Data nested(size_t level) const
    {
        Data value = m_value;
        for (size_t i = m_path.size(); i-- > level;)
            value = Data(Data::Table{{m_path[i], std::move(value)}});
        return value;
    }

    /// ":key value" as it is written in a table whose entries begin `at` bytes into the line.
    std::string entry_text(size_t level, size_t at) const
    {
        std::string table = format_fnl(nested(level), at == 0 ? 0 : at - 1);
        return table.substr(1, table.size() - 2);
    }

    std::string add(const TableLayout& table, size_t level) const
    {
        if (table.entries.empty()) {
            std::string text = entry_text(level, column(table.opener) + 1);
            bool touches = table.opener + 1 != table.closer && m_source[table.opener + 1] == ';';
            return splice(table.opener + 1, table.opener + 1, touches ? text + " " : text);
        }
        const Entry& last = table.entries.back();
        size_t indent = column(table.entries.front().key_begin);
        std::string_view line = m_source.substr(0, m_source.find('\n', last.value_end));
        bool one_line = m_source.substr(table.opener, table.closer - table.opener).find('\n') == std::string_view::npos;
        if (one_line && table.entries.size() > 1) {
            std::string text = " " + entry_text(level, column(last.value_end) + 1);
            if (column(line.size()) + text.size() <= 96 && text.find('\n') == std::string::npos)
                return splice(last.value_end, last.value_end, text);
        }
        // After the comment on the last entry's line, or directly after its value.
        size_t at = trailing_comment_end(last.value_end);
        return splice(at, at, "\n" + std::string(indent, ' ') + entry_text(level, indent));
    }

    /// The end of the comment that follows on the same line; `offset` if there is none.
    size_t trailing_comment_end(size_t offset) const
    {
        size_t at = std::min(m_source.find_first_not_of(" \t", offset), m_source.size());
        if (at == m_source.size() || m_source[at] != ';')
            return offset;
        return std::min(m_source.find('\n', at), m_source.size());
    }

    std::string remove(const Entry& entry) const
    {
        size_t begin = entry.key_begin;
        size_t end = trailing_comment_end(entry.value_end);
        size_t next = std::min(m_source.find_first_not_of(" \t\r\n\v\f", end), m_source.size());
        bool first = m_source[entry.gap_begin - 1] == '{' && !entry.gap_has_comment;
        bool last = next < m_source.size() && m_source[next] == '}';
        if (first) // the next entry takes its place
            return splice(begin, next, "");
        if (!entry.gap_has_comment)
            return splice(entry.gap_begin, end, "");
        // Comments precede the entry. They keep their place and their newline.
        if (!last)
            return splice(begin, next, "");
        bool alone = end < m_source.size() && m_source[end] == '\n';
        return alone ? splice(begin - column(begin), end + 1, "") : splice(begin, end, "");
    }

    std::string_view m_source;
    std::string_view m_name;
    const std::vector<std::string>& m_path;
    const Data& m_value;
};

} // namespace

/// Makes the same change to the value.
static void apply(Data& data, const std::vector<std::string>& path, size_t level, const Data& value)
{
    bool innermost = level + 1 == path.size();
    if (value.is_nil() && (innermost || !data.find(path[level]))) {
        data.remove(path[level]);
        return;
    }
    Data inner = innermost ? value : data.find(path[level]) ? *data.find(path[level]) : Data(Data::Table());
    if (!innermost)
        apply(inner, path, level + 1, value);
    data.set(path[level], std::move(inner));
}

Result<std::string> edit_fnl(std::string_view source, std::string_view name, const std::vector<std::string>& path,
                             const Data& value)
{
    if (path.empty())
        return fail(ErrorKind::usage, "{}: no key to set", name);
    FnlReader reader(source, name);
    reader.skip_blanks();
    std::string filled(source);
    if (reader.at_end() && value.is_nil())
        return filled;
    if (reader.at_end())
        filled += filled.empty() || filled.ends_with('\n') ? "{}\n" : "\n{}\n";
    Data expected = TRY(read_fnl(filled, name));
    std::string edited = TRY(Editor(filled, name, path, value).edit());
    apply(expected, path, 0, value);
    Result<Data> result = read_fnl(edited, name);
    if (!result)
        return with_context(std::move(result).error(), "after the change");
    if (*result != expected && write_fnl(*result) != write_fnl(expected))
        return fail(ErrorKind::system, "{}: the change can't be made without harm; edit the file by hand", name);
    return edited;
}

} // namespace quire::text
