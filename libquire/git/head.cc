#include "git/head.h"

#include "base/strings.h"
#include "sys/atomic_file.h"
#include "sys/file.h"

namespace quire::git {

constexpr const char* head_file = "HEAD";
constexpr size_t max_head_bytes = 4096;
constexpr size_t max_packed_bytes = 512u << 20;

Result<std::string> head_ref(int repository)
{
    std::string head = TRY(sys::read_file(repository, head_file, max_head_bytes));
    std::string_view ref = trim(head);
    if (!strip_prefix(ref, "ref: ") || !ref.starts_with("refs/heads/"))
        return std::string();
    return std::string(ref);
}

Result<bool> has_ref(int repository, const std::string& ref)
{
    // A directory of that name holds other refs.
    auto loose = sys::open_beneath(repository, ref, O_RDONLY);
    if (loose) {
        auto first = sys::read_some(loose->get(), 1);
        return first && !first->empty();
    }
    auto packed = sys::read_file(repository, "packed-refs", max_packed_bytes);
    if (!packed && packed.error().kind == ErrorKind::not_found)
        return false;
    return TRY(std::move(packed)).find(" " + ref + "\n") != std::string::npos;
}

Result<void> set_head(int repository, const std::string& ref)
{
    return sys::replace_file(repository, head_file, fmt::format("ref: {}\n", ref), 0640);
}

} // namespace quire::git
