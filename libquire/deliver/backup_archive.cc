#include "deliver/backup_archive.h"

#include <algorithm>
#include <limits>

#include "deliver/backup_collect.h"
#include "deliver/helper.h"
#include "deliver/root_builder.h"
#include "store/repositories.h"
#include "sys/file.h"
#include "sys/stamp.h"
#include "sys/temporary_directory.h"

namespace quire::deliver {

namespace paths = store::paths;
using store::ArchiveEntry;

constexpr size_t piece = 256u << 10;

static Result<UniqueFd> collect_all(const store::Root& root, int spool)
{
    UniqueFd content = TRY(scratch_in(spool));
    BackupPayload payload(root, content.get());
    BackupSettings settings;
    Collection collection{root, settings, Thorough::yes, std::numeric_limits<uint64_t>::max()};
    BackupScope scope;
    TRY(collect_root(collection, scope, payload));
    for (const store::RepoName& name : TRY(store::list_repositories(root))) {
        BackupScope own;
        auto collected = collect_repository(collection, name, own, payload);
        if (!collected && collected.error().kind == ErrorKind::not_found && !root.has_repository(name))
            continue; // removed meanwhile
        if (!collected)
            return with_context(std::move(collected).error(), name.str());
    }
    TRY(payload.finish());
    return content;
}

static Result<void> add_tree(store::ArchiveWriter& writer, int directory, const std::string& path)
{
    for (const std::string& name : TRY(sys::list_directory(directory, path.empty() ? "." : path))) {
        std::string below = path.empty() ? name : path + "/" + name;
        auto status = TRY(sys::stat_at(directory, below));
        if (!status)
            continue;
        ArchiveEntry entry{.path = below, .mode = status->st_mode & 0777, .modified = sys::modified_at(*status)};
        if (S_ISDIR(status->st_mode)) {
            entry.kind = ArchiveEntry::Kind::directory;
            TRY(writer.add(entry));
            TRY(add_tree(writer, directory, below));
        } else if (S_ISLNK(status->st_mode)) {
            entry.kind = ArchiveEntry::Kind::symlink;
            entry.text = TRY(sys::read_link(directory, below));
            TRY(writer.add(entry));
        } else {
            UniqueFd file = TRY(sys::open_regular_beneath(directory, below, O_NOFOLLOW));
            entry.size = static_cast<uint64_t>(TRY(sys::stamp_of(file.get(), below)).size);
            TRY(writer.add(entry));
            for (uint64_t offset = 0; offset < entry.size; offset += piece)
                TRY(writer.add_content(TRY(sys::read_at(file.get(), offset, piece))));
        }
    }
    return {};
}

Result<void> write_archive(const store::Root& root, int out, std::vector<std::string>& complaints)
{
    TRY(sys::make_directories(root.fd(), paths::backup_spool, 0700));
    std::string spool = root.absolute(paths::backup_spool);
    sys::TemporaryDirectory staging = TRY(sys::TemporaryDirectory::create(spool, "archive"));
    RootBuilder builder(staging.fd());
    TRY(builder.apply(TRY(collect_all(root, staging.fd())).get()));
    TRY(builder.finish());
    complaints = builder.complaints();
    store::Root copy = TRY(store::Root::open(staging.path()));
    TRY(copy.prepare());
    store::ArchiveWriter writer(out);
    TRY(add_tree(writer, staging.fd(), ""));
    return writer.finish();
}

} // namespace quire::deliver
