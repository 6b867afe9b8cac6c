// Data: a tree of plain values, as Fennel data, JSON and job outputs can hold them.
//
// A table keeps its entries in the order in which they were added, and looks a key up by walking: tables here are
// small. A Data owns everything below it. Its position in the text that it was read from (from 1, column in bytes; 0
// when it was made in memory) lets errors point at the place.
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
    uint32_t column = 0; ///< in characters, from 1; 0: unknown
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
    // Takes exactly bool: otherwise a pointer would silently become one.
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
    /// "a string", "a table" and so on, for messages.
    std::string_view kind_name() const;

    /// The value if it has that type; otherwise nullptr.
    const bool* boolean() const { return std::get_if<bool>(&m_value); }
    const int64_t* integer() const { return std::get_if<int64_t>(&m_value); }
    const double* number() const { return std::get_if<double>(&m_value); }
    const std::string* string() const { return std::get_if<std::string>(&m_value); }
    const Sequence* sequence() const { return std::get_if<Sequence>(&m_value); }
    const Table* table() const { return std::get_if<Table>(&m_value); }
    Sequence* sequence() { return std::get_if<Sequence>(&m_value); }
    Table* table() { return std::get_if<Table>(&m_value); }

    /// The value of `key` in a table; nullptr if this is not a table or has no such key.
    const Data* find(std::string_view key) const;
    /// Replaces or appends an entry. REQUIRES: this is a table, or nil, which becomes one.
    void set(std::string_view key, Data value);
    bool remove(std::string_view key);

    /// The value of `key` if it has that type; otherwise the fallback.
    std::string string_or(std::string_view key, std::string_view fallback) const;
    int64_t integer_or(std::string_view key, int64_t fallback) const;
    bool boolean_or(std::string_view key, bool fallback) const;

    Position position;
    Position key_position; ///< where its key stands, for a value in a table
    /// The string was read as :keyword, or is to be written so in Fennel. Equality and JSON ignore this.
    bool is_keyword = false;

    /// Compares values. Positions and the order of a table's keys don't matter.
    friend bool operator==(const Data& a, const Data& b);

private:
    std::variant<std::monostate, bool, int64_t, double, std::string, Sequence, Table> m_value;
};

std::string_view kind_name(Data::Kind kind);

/// The index of an entry whose key was used by an earlier one. Sorts the keys, so that large tables stay cheap.
std::optional<size_t> find_duplicate_key(const Data::Table& table);

} // namespace quire::text
