// Data: a tree of plain values, what Fennel data, JSON and job outputs have in common.
//
// A table keeps its entries in the order they were added and finds a key by walking: tables here are
// small. A Data owns all that is below it. Positions are those of the text it was read from (1-based,
// column in bytes; 0 when it was made in memory), so that errors can point at the place.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace quire::text {

struct Position {
    uint32_t line = 0;
    uint32_t column = 0; ///< in characters, from 1; 0: not known
};

/// A string that Fennel should show as :name, such as a state: `Data(Keyword{"queued"})`.
struct Keyword {
    std::string_view name;
};

class Data {
public:
    using Sequence = std::vector<Data>;
    using Table = std::vector<std::pair<std::string, Data>>;
    enum class Kind { nil, boolean, integer, number, string, sequence, table };

    Data() = default;
    // Exactly bool: a pointer would silently become one.
    template <std::same_as<bool> Bool>
    Data(Bool value) : m_value(value)
    {}
    template <std::integral Integer>
        requires(!std::same_as<Integer, bool>)
    Data(Integer value) : m_value(static_cast<int64_t>(value))
    {}
    Data(double value) : m_value(value) {}
    Data(const char* value) : m_value(std::string(value)) {}
    Data(std::string value) : m_value(std::move(value)) {}
    Data(std::string_view value) : m_value(std::string(value)) {}
    Data(Keyword value) : is_keyword(true), m_value(std::string(value.name)) {}
    Data(Sequence value) : m_value(std::move(value)) {}
    Data(Table value) : m_value(std::move(value)) {}

    Kind kind() const { return static_cast<Kind>(m_value.index()); }
    bool is_nil() const { return kind() == Kind::nil; }
    /// "a string", "a table" …: for messages.
    std::string_view kind_name() const;

    /// The value as that type, or nullptr if it is of another.
    const bool* boolean() const { return std::get_if<bool>(&m_value); }
    const int64_t* integer() const { return std::get_if<int64_t>(&m_value); }
    const double* number() const { return std::get_if<double>(&m_value); }
    const std::string* string() const { return std::get_if<std::string>(&m_value); }
    const Sequence* sequence() const { return std::get_if<Sequence>(&m_value); }
    const Table* table() const { return std::get_if<Table>(&m_value); }
    Sequence* sequence() { return std::get_if<Sequence>(&m_value); }
    Table* table() { return std::get_if<Table>(&m_value); }

    /// The value of `key` in a table; nullptr if this is no table or has no such key.
    const Data* find(std::string_view key) const;
    /// Replaces or appends. REQUIRES: this is a table (or nil, which becomes one).
    void set(std::string_view key, Data value);
    bool remove(std::string_view key);

    /// What a table says of `key` when it is of that type; the fallback otherwise.
    std::string string_or(std::string_view key, std::string_view fallback) const;
    int64_t integer_or(std::string_view key, int64_t fallback) const;
    bool boolean_or(std::string_view key, bool fallback) const;

    Position position;
    Position key_position; ///< of its key, for a table's value
    /// A string that was read, or shall be written in Fennel, as :keyword. Means nothing to equality and JSON.
    bool is_keyword = false;

    /// Equality of values; positions don't count, the order of a table's keys does not either.
    friend bool operator==(const Data& a, const Data& b);

private:
    std::variant<std::monostate, bool, int64_t, double, std::string, Sequence, Table> m_value;
};

std::string_view kind_name(Data::Kind kind);

/// The index of an entry whose key an earlier one has already. Costs a sort, not a walk per key.
std::optional<size_t> find_duplicate_key(const Data::Table& table);

} // namespace quire::text
