#include "ci/executors/image_context.h"

#include <sys/stat.h>

#include "base/sha256.h"
#include "base/strings.h"
#include "sys/file.h"

namespace quire::ci {

namespace {

constexpr const char* context_directory = ".quire";
constexpr size_t max_files = 5000;
constexpr size_t max_bytes = 64u << 20;
constexpr int max_levels = 16;
constexpr size_t hash_digits = 40;

class ContextReader {
public:
    explicit ContextReader(int checkout) : m_checkout(checkout) {}

    Result<void> directory(const std::string& below, int level)
    {
        std::string path = below.empty() ? context_directory : fmt::format("{}/{}", context_directory, below);
        if (level > max_levels)
            return fail(ErrorKind::invalid, "{}: directories nested deeper than {}", path, max_levels);
        for (const std::string& name : TRY(sys::list_directory(m_checkout, path)))
            TRY(entry(below.empty() ? name : below + "/" + name, level));
        return {};
    }

    std::vector<ImageContext::File> files;

private:
    using Kind = ImageContext::File::Kind;

    Result<void> entry(const std::string& below, int level)
    {
        std::string path = fmt::format("{}/{}", context_directory, below);
        auto status = TRY(sys::stat_at(m_checkout, path));
        if (!status)
            return {};
        if (S_ISDIR(status->st_mode))
            return directory(below, level + 1);
        if (S_ISLNK(status->st_mode))
            return add({below, Kind::link, TRY(sys::read_link(m_checkout, path))});
        if (!S_ISREG(status->st_mode))
            return fail(ErrorKind::invalid, "{}: neither a file nor a directory, so no image can be built with it",
                        path);
        UniqueFd fd = TRY(sys::open_at(m_checkout, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK));
        bool executable = (status->st_mode & S_IXUSR) != 0;
        return add({below, executable ? Kind::executable : Kind::plain, TRY(sys::read_all(fd.get(), max_bytes, path))});
    }

    Result<void> add(ImageContext::File file)
    {
        m_bytes += file.content.size();
        if (m_bytes > max_bytes || files.size() >= max_files)
            return fail(ErrorKind::invalid, "{}: more than {} files or {} MiB, too much to build an image from",
                        context_directory, max_files, max_bytes >> 20);
        files.push_back(std::move(file));
        return {};
    }

    int m_checkout;
    size_t m_bytes = 0;
};

} // namespace

Result<ImageContext> read_image_context(int checkout)
{
    ContextReader reader(checkout);
    TRY(reader.directory("", 0));
    ImageContext context{std::move(reader.files), ""};
    Sha256 hash;
    for (const ImageContext::File& file : context.files) {
        hash.update(fmt::format("{} {} {}\n", static_cast<char>(file.kind), file.path.size(), file.content.size()));
        hash.update(file.path);
        hash.update(file.content);
    }
    context.tag = fmt::format("{}:{}", built_image_name, to_hex(hash.finish()).substr(0, hash_digits));
    return context;
}

Result<void> write_image_context(const ImageContext& context, int directory)
{
    for (const ImageContext::File& file : context.files) {
        size_t slash = file.path.rfind('/');
        if (slash != std::string::npos)
            TRY(sys::make_directories(directory, file.path.substr(0, slash)));
        if (file.kind == ImageContext::File::Kind::link) {
            TRY(sys::symlink_at(file.content, directory, file.path));
            continue;
        }
        mode_t mode = file.kind == ImageContext::File::Kind::executable ? 0755 : 0644;
        UniqueFd fd = TRY(sys::open_at(directory, file.path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode));
        TRY(sys::write_all(fd.get(), file.content));
        TRY(sys::close_checked(std::move(fd), file.path));
    }
    return {};
}

} // namespace quire::ci
