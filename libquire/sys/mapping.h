// Mapping: a file's content in memory, read only, as the kernel pages it in. It costs address space, not memory.
//
// REQUIRES: the file is replaced by rename and never truncated in place, as git treats its own; reading past what was
// cut off would end the process.
#pragma once

#include <string_view>
#include <utility>

#include "base/result.h"

namespace quire::sys {

class Mapping {
public:
    /// The whole of the file that `fd` is; the descriptor is not needed any more afterwards.
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
