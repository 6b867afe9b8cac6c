#include "text/json.h"

#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <cmath>

#include "base/strings.h"
#include "text/escape.h"

namespace quire::text {

namespace {

/// Builds the value from the reader's events. If it refuses something, `problem` says why.
class Builder {
public:
    std::string problem;
    Data root;

    bool Null() { return add(Data()); }
    bool Bool(bool value) { return add(Data(value)); }
    bool RawNumber(const char* text, rapidjson::SizeType size, bool)
    {
        std::string_view digits(text, size);
        // "-0" keeps its sign, and numbers that 64 bits can't hold keep their size, only as doubles.
        std::optional<int64_t> integer = digits == "-0" ? std::nullopt : parse_integer(digits);
        if (integer)
            return add(Data(*integer));
        std::optional<double> number = parse_number(digits);
        return number ? add(Data(*number)) : refuse("a number that is too large");
    }
    bool String(const char* text, rapidjson::SizeType size, bool)
    {
        std::string_view string(text, size);
        return is_valid_utf8(string) ? add(Data(string)) : refuse("half of a surrogate pair in a string");
    }
    bool Key(const char* text, rapidjson::SizeType size, bool)
    {
        std::string_view key(text, size);
        if (!is_valid_utf8(key))
            return refuse("half of a surrogate pair in a key");
        m_open.back().key = key;
        return true;
    }
    bool StartObject() { return open(Data(Data::Table())); }
    bool StartArray() { return open(Data(Data::Sequence())); }
    bool EndArray(rapidjson::SizeType) { return close(); }
    bool EndObject(rapidjson::SizeType)
    {
        const Data::Table& entries = *m_open.back().value.table();
        if (std::optional<size_t> again = find_duplicate_key(entries))
            return refuse(fmt::format("an object that has the key \"{}\" twice", for_terminal(entries[*again].first)));
        return close();
    }

    // Numbers arrive as text (kParseNumbersAsStringsFlag), but the reader's interface still requires these.
    bool Int(int value) { return add(Data(value)); }
    bool Uint(unsigned value) { return add(Data(value)); }
    bool Int64(int64_t value) { return add(Data(value)); }
    bool Uint64(uint64_t value) { return add(Data(static_cast<double>(value))); }
    bool Double(double value) { return add(Data(value)); }

private:
    struct Open {
        Data value;
        std::string key; ///< in a table, the key for the next value
    };

    bool refuse(std::string why)
    {
        problem = std::move(why);
        return false;
    }

    bool add(Data value)
    {
        if (m_open.empty()) {
            root = std::move(value);
            return true;
        }
        Open& inner = m_open.back();
        if (Data::Table* entries = inner.value.table())
            entries->emplace_back(std::move(inner.key), std::move(value));
        else
            inner.value.sequence()->push_back(std::move(value));
        return true;
    }

    bool open(Data value)
    {
        if (m_open.size() == max_json_depth)
            return refuse(fmt::format("nested deeper than {} levels", max_json_depth));
        m_open.push_back({std::move(value), {}});
        return true;
    }

    bool close()
    {
        Data value = std::move(m_open.back().value);
        m_open.pop_back();
        return add(std::move(value));
    }

    std::vector<Open> m_open;
};

} // namespace

static Unexpected fail_at(std::string_view source, std::string_view name, size_t offset, std::string_view message)
{
    std::string_view before = source.substr(0, offset);
    size_t line_start = before.rfind('\n') + 1; // npos + 1 is 0
    return fail(ErrorKind::invalid, "{}:{}:{}: {}", name, std::count(before.begin(), before.end(), '\n') + 1,
                offset - line_start + 1, message);
}

/// RapidJSON's message, adapted for the middle of ours.
static std::string reason(rapidjson::ParseErrorCode code)
{
    std::string_view sentence = rapidjson::GetParseError_En(code);
    strip_suffix(sentence, ".");
    return to_lower(sentence.substr(0, 1)) + std::string(sentence.substr(1));
}

/// The offset of the first byte that JSON can't contain.
static std::optional<size_t> find_foreign_byte(std::string_view source)
{
    for (size_t offset = 0; offset < source.size();) {
        size_t length = utf8_length(source.substr(offset));
        if (length == 0 || source[offset] == '\0')
            return offset;
        offset += length;
    }
    return std::nullopt;
}

Result<Data> read_json(std::string_view source, std::string_view name)
{
    if (source.size() > max_json_bytes)
        return fail(ErrorKind::invalid, "{}: longer than {} bytes", name, max_json_bytes);
    // The reader would take a NUL for the end and ignore what follows.
    if (std::optional<size_t> offset = find_foreign_byte(source))
        return fail_at(source, name, *offset, "a byte that is not UTF-8 text");
    constexpr unsigned flags = rapidjson::kParseIterativeFlag | rapidjson::kParseNumbersAsStringsFlag;
    std::string text(source);
    rapidjson::StringStream stream(text.c_str());
    rapidjson::Reader reader;
    Builder builder;
    rapidjson::ParseResult parsed = reader.Parse<flags>(stream, builder);
    if (!parsed.IsError())
        return std::move(builder.root);
    std::string message = builder.problem.empty() ? reason(parsed.Code()) : builder.problem;
    return fail_at(source, name, std::min(parsed.Offset(), source.size()), message);
}

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

static void write_string(Writer& writer, std::string_view text, bool is_key = false)
{
    std::string clean = to_utf8(text);
    auto size = static_cast<rapidjson::SizeType>(clean.size());
    if (is_key)
        writer.Key(clean.data(), size);
    else
        writer.String(clean.data(), size);
}

static void write_value(Writer& writer, const Data& data)
{
    switch (data.kind()) {
    case Data::Kind::nil:
        writer.Null();
        break;
    case Data::Kind::boolean:
        writer.Bool(*data.boolean());
        break;
    case Data::Kind::integer:
        writer.Int64(*data.integer());
        break;
    case Data::Kind::number:
        if (std::isfinite(*data.number()))
            writer.Double(*data.number());
        else
            writer.Null();
        break;
    case Data::Kind::string:
        write_string(writer, *data.string());
        break;
    case Data::Kind::sequence:
        writer.StartArray();
        for (const Data& value : *data.sequence())
            write_value(writer, value);
        writer.EndArray();
        break;
    case Data::Kind::table:
        writer.StartObject();
        for (const auto& [key, value] : *data.table()) {
            write_string(writer, key, true);
            write_value(writer, value);
        }
        writer.EndObject();
        break;
    }
}

/// Old JavaScript and many programs that read lines treat these as the end of a line. Only strings can contain them.
static std::string escape_line_separators(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (;;) {
        size_t at = std::min(text.find("\xe2\x80\xa8"), text.find("\xe2\x80\xa9"));
        out += text.substr(0, at);
        if (at == std::string_view::npos)
            return out;
        out += text[at + 2] == '\xa8' ? "\\u2028" : "\\u2029";
        text.remove_prefix(at + 3);
    }
}

std::string write_json(const Data& data)
{
    rapidjson::StringBuffer buffer;
    Writer writer(buffer);
    write_value(writer, data);
    return escape_line_separators({buffer.GetString(), buffer.GetSize()});
}

} // namespace quire::text
