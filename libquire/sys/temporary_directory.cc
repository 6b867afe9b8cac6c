#include "sys/temporary_directory.h"

#include "sys/atomic_file.h"
#include "sys/file.h"
#include "sys/process.h"

namespace quire::sys {

Result<TemporaryDirectory> TemporaryDirectory::create(const std::string& base, std::string_view prefix)
{
    std::string around = !base.empty() ? base : process_variable("TMPDIR").value_or("/tmp");
    std::string path = around + "/" + unique_name(prefix) + ".tmp";
    TRY(make_directory(AT_FDCWD, path, 0700));
    auto fd = open_directory(AT_FDCWD, path);
    if (!fd) {
        static_cast<void>(remove_directory(AT_FDCWD, path).has_value());
        return Unexpected(std::move(fd).error());
    }
    return TemporaryDirectory(std::move(path), *std::move(fd));
}

TemporaryDirectory::~TemporaryDirectory()
{
    if (m_fd)
        static_cast<void>(remove_tree(AT_FDCWD, m_path).has_value());
}

} // namespace quire::sys
