// Object: the type and the bytes of one object. Copies share the bytes.
#pragma once

#include <git2.h>

#include <memory>
#include <string_view>

namespace quire::git {

class Object {
public:
    Object() = default;
    /// The bytes live as long as what `owner` owns.
    Object(git_object_t type, std::string_view content, std::shared_ptr<const void> owner)
        : m_type(type), m_content(content), m_owner(std::move(owner))
    {}

    git_object_t type() const { return m_type; }
    std::string_view content() const { return m_content; }

private:
    git_object_t m_type = GIT_OBJECT_INVALID;
    std::string_view m_content;
    std::shared_ptr<const void> m_owner;
};

} // namespace quire::git
