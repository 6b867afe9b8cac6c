#include "text/data.h"

#include <algorithm>

namespace quire::text {

std::string_view kind_name(Data::Kind kind)
{
    switch (kind) {
    case Data::Kind::nil:
        return "nil";
    case Data::Kind::boolean:
        return "true or false";
    case Data::Kind::integer:
        return "an integer";
    case Data::Kind::number:
        return "a number";
    case Data::Kind::string:
        return "a string";
    case Data::Kind::sequence:
        return "a sequence";
    case Data::Kind::table:
        return "a table";
    }
    return "nothing";
}

std::string_view Data::kind_name() const { return text::kind_name(kind()); }

const Data* Data::find(std::string_view key) const
{
    if (const Table* entries = table())
        for (const auto& [name, value] : *entries)
            if (name == key)
                return &value;
    return nullptr;
}

void Data::set(std::string_view key, Data value)
{
    if (is_nil())
        m_value = Table();
    Table& entries = std::get<Table>(m_value);
    for (auto& [name, existing] : entries) {
        if (name == key) {
            existing = std::move(value);
            return;
        }
    }
    entries.emplace_back(key, std::move(value));
}

bool Data::remove(std::string_view key)
{
    Table* entries = table();
    return entries && std::erase_if(*entries, [&](const auto& entry) { return entry.first == key; }) > 0;
}

std::string Data::string_or(std::string_view key, std::string_view fallback) const
{
    const Data* value = find(key);
    return value && value->string() ? *value->string() : std::string(fallback);
}

int64_t Data::integer_or(std::string_view key, int64_t fallback) const
{
    const Data* value = find(key);
    return value && value->integer() ? *value->integer() : fallback;
}

bool Data::boolean_or(std::string_view key, bool fallback) const
{
    const Data* value = find(key);
    return value && value->boolean() ? *value->boolean() : fallback;
}

/// The entries sorted by key; entries with the same key keep their order.
static std::vector<size_t> sorted_by_key(const Data::Table& table)
{
    std::vector<size_t> order(table.size());
    for (size_t i = 0; i < order.size(); ++i)
        order[i] = i;
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return table[a].first < table[b].first; });
    return order;
}

std::optional<size_t> find_duplicate_key(const Data::Table& table)
{
    std::vector<size_t> order = sorted_by_key(table);
    for (size_t i = 1; i < order.size(); ++i)
        if (table[order[i - 1]].first == table[order[i]].first)
            return order[i];
    return std::nullopt;
}

static bool same_entries(const Data::Table& a, const Data::Table& b)
{
    if (a.size() != b.size())
        return false;
    std::vector<size_t> order_a = sorted_by_key(a);
    std::vector<size_t> order_b = sorted_by_key(b);
    for (size_t i = 0; i < a.size(); ++i)
        if (a[order_a[i]] != b[order_b[i]])
            return false;
    return true;
}

bool operator==(const Data& a, const Data& b)
{
    if (const Data::Table* entries = a.table())
        return b.table() && same_entries(*entries, *b.table());
    return a.m_value == b.m_value;
}

} // namespace quire::text
