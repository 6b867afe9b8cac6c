// Texts: the files read during a walk through history; the last few are remembered.
#pragma once

#include <list>
#include <memory>
#include <optional>
#include <string>

#include "git/repository.h"
#include "history/renamed_file.h"
#include "history/source_lines.h"

namespace quire::history {

/// The content of a file, split up when that is needed.
class Text {
public:
    Text(git::Object object, std::string path)
        : m_object(std::move(object)), m_content(m_object.content()), m_path(std::move(path))
    {}
    std::string_view content() const { return m_content; }
    uint32_t line_count();
    /// These lines with their newlines.
    std::string_view part(LineRange lines);
    /// A number for each line. Equal lines have equal numbers; different lines nearly always have different ones.
    const std::vector<uint32_t>& numbers();
    const std::string& path() const { return m_path; }
    const SourceLines& lines()
    {
        if (!m_lines)
            m_lines.emplace(m_content, m_path);
        return *m_lines;
    }

private:
    git::Object m_object;
    std::string_view m_content;
    std::string m_path; ///< determines the language
    std::optional<SourceLines> m_lines;
    std::vector<uint32_t> m_starts; ///< where each line begins; the last entry is the end of the text
    std::vector<uint32_t> m_numbers;

    const std::vector<uint32_t>& starts();
};

class Texts {
public:
    explicit Texts(const git::Objects& objects) : m_objects(objects) {}

    /// nullptr if it is missing or too large.
    std::shared_ptr<Text> read(const git_oid& id, const std::string& path);
    /// The total size of everything that was read.
    size_t bytes() const { return m_bytes; }
    const git::Objects& objects() const { return m_objects; }

private:
    struct Kept {
        git_oid id{};
        std::shared_ptr<Text> text;
    };
    const git::Objects& m_objects;
    std::list<Kept> m_kept; ///< the most recent one first
    size_t m_bytes = 0;
};

} // namespace quire::history
