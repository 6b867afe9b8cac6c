// A directory of a test's own, gone with the object.
#pragma once

#include <stdlib.h>

#include <stdexcept>
#include <string>

#include "sys/file.h"

namespace quire::tests {

class Scratch {
public:
    Scratch()
    {
        std::string path = temporary_directory() + "/quire-test-XXXXXX";
        if (!::mkdtemp(path.data()))
            throw std::runtime_error("can't make " + path);
        m_path = sys::real_path(path).value();
        m_fd = sys::open_directory(AT_FDCWD, m_path).value();
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    ~Scratch() { (void)sys::remove_tree(AT_FDCWD, m_path); }

    static std::string temporary_directory()
    {
        const char* named = ::getenv("TMPDIR");
        return named && *named ? named : "/tmp";
    }
    int fd() const { return m_fd.get(); }
    const std::string& path() const { return m_path; }

private:
    std::string m_path;
    UniqueFd m_fd;
};

} // namespace quire::tests
