#include <algorithm>
#include <cmath>

#include "base/strings.h"
#include "text/fnl.h"

namespace quire::text {

constexpr size_t line_width = 96;

/// Whether the text can surely be written as a keyword. Other strings are quoted, which means the same.
static bool is_plain_word(std::string_view text)
{
    auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    return !text.empty() && is_letter(text[0]) && std::all_of(text.begin(), text.end(), [&](char c) {
        return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '/';
    });
}

static std::string quoted(std::string_view text)
{
    std::string out = "\"";
    while (!text.empty()) {
        char c = text[0];
        size_t length = std::max<size_t>(printable_length(text), 1);
        if (c == '"' || c == '\\')
            (out += '\\') += c;
        else if (c == '\n')
            out += "\\n";
        else if (c == '\t')
            out += "\\t";
        else if (printable_length(text) == 0)
            out += fmt::format("\\{:03}", static_cast<unsigned char>(c));
        else
            out += text.substr(0, length);
        text.remove_prefix(length);
    }
    return out + "\"";
}

static std::string number(double value)
{
    if (std::isnan(value))
        return ".nan";
    if (std::isinf(value))
        return value < 0 ? "-.inf" : ".inf";
    std::string digits = fmt::format("{}", value);
    // "1" would be read back as an integer.
    return digits.find_first_of(".e") == std::string::npos ? digits + ".0" : digits;
}

static std::string key_text(std::string_view key) { return is_plain_word(key) ? ":" + std::string(key) : quoted(key); }

static std::string atom(const Data& data)
{
    switch (data.kind()) {
    case Data::Kind::boolean:
        return *data.boolean() ? "true" : "false";
    case Data::Kind::integer:
        return fmt::format("{}", *data.integer());
    case Data::Kind::number:
        return number(*data.number());
    case Data::Kind::string:
        return data.is_keyword ? key_text(*data.string()) : quoted(*data.string());
    case Data::Kind::nil:
    case Data::Kind::sequence:
    case Data::Kind::table:
        break;
    }
    return "nil";
}

/// Writes a value; `between` writes what separates two values or entries: a blank, or a new line.
template <class Between, class Nested>
static std::string bracketed(const Data& data, Between between, Nested nested)
{
    std::string out;
    if (const Data::Sequence* values = data.sequence()) {
        for (const Data& value : *values)
            (out += out.empty() ? "" : between()) += nested(value, 1);
        return "[" + out + "]";
    }
    if (const Data::Table* entries = data.table()) {
        for (const auto& [key, value] : *entries) {
            if (value.is_nil())
                continue;
            std::string name = key_text(key);
            (((out += out.empty() ? "" : between()) += name) += ' ') += nested(value, name.size() + 2);
        }
        return "{" + out + "}";
    }
    return atom(data);
}

static std::string on_one_line(const Data& data)
{
    return bracketed(
        data, [] { return std::string(" "); }, [](const Data& value, size_t) { return on_one_line(value); });
}

std::string format_fnl(const Data& data, size_t column)
{
    std::string line = on_one_line(data);
    if (column + line.size() <= line_width)
        return line;
    return bracketed(
        data, [&] { return "\n" + std::string(column + 1, ' '); },
        [&](const Data& value, size_t offset) { return format_fnl(value, column + offset); });
}

std::string write_fnl(const Data& data) { return format_fnl(data, 0) + "\n"; }

} // namespace quire::text
