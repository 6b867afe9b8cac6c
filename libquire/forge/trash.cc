// The functions of forge/move.h that look into the trash and empty it.
#include "base/log.h"
#include "base/strings.h"
#include "forge/move.h"
#include "sys/file.h"

namespace quire::forge {

/// Items that are being deleted get this prefix; no id begins with a dot.
constexpr std::string_view gone_prefix = ".gone-";

Result<std::vector<TrashItem>> list_trash(const store::Root& root)
{
    std::vector<TrashItem> items;
    auto names = sys::list_directory(root.fd(), store::paths::trash);
    if (!names && names.error().kind == ErrorKind::not_found)
        return items;
    for (const std::string& id : TRY(std::move(names)))
        if (auto parsed = store::paths::parse_trash_id(id))
            items.push_back({id, parsed->repo, parsed->removed_at});
    return items;
}

Result<TrashItem> find_in_trash(const store::Root& root, const std::string& which)
{
    std::vector<TrashItem> items = TRY(list_trash(root));
    std::string_view name = which;
    strip_suffix(name, ".git");
    for (auto item = items.rbegin(); item != items.rend(); ++item)
        if (item->id == which || item->name.str() == name)
            return *item;
    return fail(ErrorKind::not_found, "there is no '{}' in the trash; quire restore --list shows what is",
                visible(which));
}

Result<std::vector<std::string>> empty_trash(const store::Root& root, int64_t age)
{
    std::vector<std::string> gone;
    UniqueFd trash = TRY(sys::open_directory(root.fd(), store::paths::trash));
    for (const TrashItem& item : TRY(list_trash(root))) {
        if (now() - item.removed_at <= age)
            continue;
        TRY(sys::rename_noreplace(trash.get(), item.id, trash.get(), fmt::format("{}{}", gone_prefix, item.id)));
        gone.push_back(item.id);
    }
    TRY(sys::sync_directory(trash.get(), "."));
    for (const std::string& name : TRY(sys::list_directory(trash.get(), ".")))
        if (name.starts_with(gone_prefix))
            TRY(sys::remove_tree(trash.get(), name));
    return gone;
}

} // namespace quire::forge
