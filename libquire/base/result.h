// Result<T>: a value, or an Error that says what went wrong and with what.
//
// Every fallible call in quire returns one; it is [[nodiscard]], spelled like
// std::expected (which GCC 12 lacks in C++20). TRY unwraps or returns early.
// An Error's message names its subject ("open /var/quire: Permission denied"),
// so a caller adds context only when it knows something the callee did not.
#pragma once

#include <cerrno>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include <fmt/format.h>

namespace quire {

enum class ErrorKind {
    refused,   ///< the answer is no: a rule forbids it
    not_found, ///< the thing named does not exist
    exists,    ///< it exists already
    invalid,   ///< the input does not have the right form
    usage,     ///< the caller used a command wrongly
    busy,      ///< somebody else is using it
    system,    ///< the machine failed; `code` has the errno where there is one
};

struct Error {
    ErrorKind kind = ErrorKind::system;
    int code = 0; ///< errno, or 0
    std::string message;
};

/// The failure half of a Result, so that `return Unexpected(error)` converts to any Result<T>.
class Unexpected {
public:
    explicit Unexpected(Error error) : m_error(std::move(error)) {}
    Error& error() & { return m_error; }
    Error&& error() && { return std::move(m_error); }

private:
    Error m_error;
};

template <class... Args>
Unexpected fail(ErrorKind kind, fmt::format_string<Args...> format, Args&&... args)
{
    return Unexpected(Error{kind, 0, fmt::format(format, std::forward<Args>(args)...)});
}

/// A failed system call: `call` names it and its subject. ENOENT and EEXIST keep their meaning as kinds.
Unexpected fail_errno(std::string call, int code = errno);

template <class T>
class [[nodiscard]] Result {
public:
    using value_type = T;

    Result(T value) : m_state(std::in_place_index<0>, std::move(value)) {}
    Result(Unexpected failure) : m_state(std::in_place_index<1>, std::move(failure).error()) {}

    bool has_value() const { return m_state.index() == 0; }
    explicit operator bool() const { return has_value(); }

    T& value() & { return std::get<0>(m_state); }
    const T& value() const& { return std::get<0>(m_state); }
    T&& value() && { return std::get<0>(std::move(m_state)); }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(*this).value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }
    T value_or(T fallback) && { return has_value() ? std::get<0>(std::move(m_state)) : std::move(fallback); }

    Error& error() & { return std::get<1>(m_state); }
    const Error& error() const& { return std::get<1>(m_state); }
    Error&& error() && { return std::get<1>(std::move(m_state)); }

private:
    std::variant<T, Error> m_state;
};

template <>
class [[nodiscard]] Result<void> {
public:
    using value_type = void;

    Result() = default;
    Result(Unexpected failure) : m_error(std::move(failure).error()) {}

    bool has_value() const { return !m_error.has_value(); }
    explicit operator bool() const { return has_value(); }
    void value() const {}

    Error& error() & { return *m_error; }
    const Error& error() const& { return *m_error; }
    Error&& error() && { return *std::move(m_error); }

private:
    std::optional<Error> m_error;
};

/// The same error, its message preceded by "context: ".
Unexpected with_context(Error error, std::string_view context);

} // namespace quire

/// Yields the value of a Result expression, or returns its error from the enclosing function. May be nested.
#define TRY(...) QUIRE_TRY(__COUNTER__, __VA_ARGS__)
#define QUIRE_TRY(count, ...) QUIRE_TRY_AS(count, __VA_ARGS__)
#define QUIRE_TRY_AS(count, ...)                                                                                       \
    __extension__({                                                                                                    \
        auto try_##count = (__VA_ARGS__);                                                                              \
        if (!try_##count.has_value())                                                                                  \
            return ::quire::Unexpected(std::move(try_##count).error());                                                \
        std::move(try_##count).value();                                                                                \
    })
