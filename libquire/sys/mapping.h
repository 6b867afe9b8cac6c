// Mapping: a file's content, mapped read-only and paged in by the kernel. It uses address space rather than memory.
//
// REQUIRES: the file is replaced by rename and never truncated in place, as git does with its own files. Reading a part
// that was cut off would kill the process.
#pragma once

#include <string_view>
#include <utility>

#include "base/result.h"

namespace quire::sys {

class Mapping {
public:
    /// Maps the whole file. The descriptor may be closed afterwards.
    static Result<Mapping> map(int fd, std::string_view name);
    Mapping(Mapping&& other) noexcept : m_content(std::exchange(other.m_content, {})) {}
    Mapping& operator=(Mapping&& other) noexcept
    {
        std::swap(m_content, other.m_content);
        return *this;
    }
    ~Mapping();

    std::string_view content() const { return m_content; }

private:
    explicit Mapping(std::string_view content) : m_content(content) {}
    std::string_view m_content;
};

} // namespace quire::sys
