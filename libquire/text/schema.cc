#include "text/schema.h"

#include <algorithm>

#include "base/log.h"
#include "base/strings.h"

namespace quire::text {

namespace shape {

static Shape of_kind(Data::Kind kind)
{
    Shape shape;
    shape.kinds = {kind};
    return shape;
}

Shape anything() { return {}; }
Shape boolean() { return of_kind(Data::Kind::boolean); }
Shape string() { return of_kind(Data::Kind::string); }

Shape word(std::vector<std::string> words)
{
    Shape shape = of_kind(Data::Kind::string);
    shape.words = std::move(words);
    return shape;
}

Shape integer(int64_t minimum, int64_t maximum)
{
    Shape shape = of_kind(Data::Kind::integer);
    shape.minimum = minimum;
    shape.maximum = maximum;
    return shape;
}

Shape number()
{
    Shape shape;
    shape.kinds = {Data::Kind::number, Data::Kind::integer};
    return shape;
}

Shape list(Shape each)
{
    Shape shape = of_kind(Data::Kind::sequence);
    shape.each.push_back(std::move(each));
    return shape;
}

Shape map(Shape each)
{
    Shape shape = of_kind(Data::Kind::table);
    shape.each.push_back(std::move(each));
    return shape;
}

Shape table(std::vector<Field> fields)
{
    Shape shape = of_kind(Data::Kind::table);
    shape.fields = std::move(fields);
    return shape;
}

Shape either(Shape a, Shape b)
{
    a.kinds.insert(a.kinds.end(), b.kinds.begin(), b.kinds.end());
    a.fields.insert(a.fields.end(), b.fields.begin(), b.fields.end());
    a.each.insert(a.each.end(), b.each.begin(), b.each.end());
    a.words.insert(a.words.end(), b.words.begin(), b.words.end());
    a.minimum = std::max(a.minimum, b.minimum);
    a.maximum = std::min(a.maximum, b.maximum);
    return a;
}

} // namespace shape

namespace {

class Checker {
public:
    explicit Checker(std::string_view name) : m_name(name) {}

    std::vector<std::string> messages;

    /// `subject` is the value's name in the message: ":url", "an entry of :pinned".
    void check(const Data& data, const Shape& shape, const std::string& subject)
    {
        if (is_empty(data) && (wants(shape, Data::Kind::table) || wants(shape, Data::Kind::sequence)))
            return;
        if (!shape.kinds.empty() && !wants(shape, data.kind()))
            return say(data.position, "{} wants {}, not {}", subject, wanted(shape), data.kind_name());
        if (const std::string* word = data.string())
            check_word(data, *word, shape, subject);
        if (const int64_t* number = data.integer())
            if (*number < shape.minimum || *number > shape.maximum)
                say(data.position, "{} is {}; it wants {}", subject, *number, range(shape));
        if (const Data::Sequence* values = data.sequence(); values && !shape.each.empty())
            for (const Data& value : *values)
                check(value, shape.each[0], "an entry of " + subject);
        if (const Data::Table* entries = data.table())
            for (const auto& [key, value] : *entries)
                check_entry(key, value, shape);
    }

private:
    template <class... Args>
    void say(Position position, fmt::format_string<Args...> format, Args&&... args)
    {
        std::string message = fmt::format(format, std::forward<Args>(args)...);
        if (position.line > 0)
            messages.push_back(fmt::format("{}:{}:{}: {}", m_name, position.line, position.column, message));
        else
            messages.push_back(fmt::format("{}: {}", m_name, message));
    }

    static bool wants(const Shape& shape, Data::Kind kind)
    {
        return std::find(shape.kinds.begin(), shape.kinds.end(), kind) != shape.kinds.end();
    }

    /// Lua has only one empty table: if the file was code, {} and [] can't be told apart.
    static bool is_empty(const Data& data)
    {
        return (data.table() && data.table()->empty()) || (data.sequence() && data.sequence()->empty());
    }

    static std::string range(const Shape& shape)
    {
        if (shape.maximum == std::numeric_limits<int64_t>::max())
            return fmt::format("{} or more", shape.minimum);
        return fmt::format("{} to {}", shape.minimum, shape.maximum);
    }

    static std::string wanted(const Shape& shape)
    {
        // "a number or an integer" means no more than "a number".
        auto is_number = [](Data::Kind kind) { return kind == Data::Kind::number; };
        bool any_number = std::any_of(shape.kinds.begin(), shape.kinds.end(), is_number);
        std::vector<std::string> names;
        for (Data::Kind kind : shape.kinds)
            if (kind != Data::Kind::integer || !any_number)
                names.emplace_back(kind_name(kind));
        return join(names, " or ");
    }

    void check_word(const Data& data, const std::string& word, const Shape& shape, const std::string& subject)
    {
        if (shape.words.empty() || std::find(shape.words.begin(), shape.words.end(), word) != shape.words.end())
            return;
        if (std::optional<std::string> near = nearest(word, shape.words))
            return say(data.position, "{} can't be {}; did you mean {}?", subject, visible(word), *near);
        say(data.position, "{} can't be {}; it is one of {}", subject, visible(word), join(shape.words, ", "));
    }

    void check_entry(const std::string& key, const Data& value, const Shape& shape)
    {
        std::string shown = ":" + visible(key);
        if (shape.fields.empty()) {
            if (!shape.each.empty())
                check(value, shape.each[0], shown);
            return;
        }
        std::vector<std::string> known;
        for (const auto& [name, field] : shape.fields) {
            if (name == key)
                return check(value, field, shown);
            known.push_back(name);
        }
        if (std::optional<std::string> near = nearest(key, known))
            return say(value.key_position, "unknown key {}; did you mean :{}?", shown, *near);
        say(value.key_position, "unknown key {}; the keys here are :{}", shown, join(known, " :"));
    }

    std::string_view m_name;
};

} // namespace

std::vector<std::string> find_mismatches(const Data& data, const Shape& shape, std::string_view name)
{
    Checker checker(name);
    checker.check(data, shape, "the file");
    return std::move(checker.messages);
}

Result<void> check_shape(const Data& data, const Shape& shape, std::string_view name)
{
    std::vector<std::string> messages = find_mismatches(data, shape, name);
    if (!messages.empty())
        return fail(ErrorKind::invalid, "{}", messages.front());
    return {};
}

} // namespace quire::text
