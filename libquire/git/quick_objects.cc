#include "git/quick_objects.h"

#include <algorithm>
#include <cstring>

#include "base/strings.h"
#include "git/tree_object.h"
#include "sys/file.h"

namespace quire::git {

constexpr size_t most_bytes = 1u << 20;

static git_object_t type_of(std::string_view name)
{
    constexpr std::pair<std::string_view, git_object_t> types[] = {
        {"commit", GIT_OBJECT_COMMIT}, {"tree", GIT_OBJECT_TREE}, {"blob", GIT_OBJECT_BLOB}, {"tag", GIT_OBJECT_TAG}};
    for (const auto& [known, type] : types)
        if (known == name)
            return type;
    return GIT_OBJECT_INVALID;
}

/// "commit 123", a byte 0, and the content. `owner` holds them.
static std::optional<Object> parse_loose(std::string_view whole, std::shared_ptr<const void> owner)
{
    size_t end = whole.find('\0');
    if (end == std::string_view::npos)
        return std::nullopt;
    std::string_view head = whole.substr(0, end), content = whole.substr(end + 1);
    git_object_t type = type_of(take_until(head, ' '));
    if (type == GIT_OBJECT_INVALID || parse_decimal(head) != content.size())
        return std::nullopt;
    return Object(type, content, std::move(owner));
}

std::optional<Object> QuickObjects::read_loose(const std::string& path)
{
    auto packed = sys::read_file(m_repository, path, most_bytes);
    if (!packed)
        return std::nullopt;
    for (size_t room = std::max<size_t>(4096, packed->size() * 4); room <= most_bytes; room *= 4) {
        auto bytes = std::make_shared_for_overwrite<char[]>(room);
        Inflater::Unpacked unpacked = m_inflater.unpack(*packed, bytes.get(), room);
        if (unpacked.outcome == Inflater::Outcome::done)
            return parse_loose({bytes.get(), unpacked.size}, bytes);
        if (unpacked.outcome == Inflater::Outcome::damaged)
            return std::nullopt;
    }
    return std::nullopt;
}

std::optional<Object> QuickObjects::read(std::string_view id)
{
    auto bytes = from_hex(id);
    git_oid oid{};
    if (!bytes || bytes->size() != sizeof oid.id)
        return std::nullopt;
    // What was just pushed is not packed, as a rule.
    if (auto loose = read_loose(fmt::format("objects/{}/{}", id.substr(0, 2), id.substr(2))))
        return loose;
    std::memcpy(oid.id, bytes->data(), sizeof oid.id);
    auto header = m_packs.header(oid);
    if (!header || header->size > most_bytes)
        return std::nullopt;
    auto packed = m_packs.read(oid);
    return packed ? std::optional(std::move(*packed)) : std::nullopt;
}

std::optional<bool> QuickObjects::is_file(std::string_view commit, std::string_view path)
{
    auto object = read(commit);
    if (!object || object->type() != GIT_OBJECT_COMMIT)
        return std::nullopt;
    std::string_view text = object->content();
    if (!strip_prefix(text, "tree "))
        return std::nullopt;
    std::string id(take_until(text, '\n'));
    while (true) {
        object = read(id);
        if (!object || object->type() != GIT_OBJECT_TREE)
            return std::nullopt;
        auto entries = parse_tree(object->content(), sizeof(git_oid));
        if (!entries)
            return std::nullopt;
        std::string_view name = take_until(path, '/');
        auto entry = std::find_if(entries->begin(), entries->end(), [&](const auto& e) { return e.name == name; });
        if (entry == entries->end())
            return false;
        if (path.empty())
            return entry->kind != TreeEntry::Kind::directory && entry->kind != TreeEntry::Kind::submodule;
        if (entry->kind != TreeEntry::Kind::directory)
            return false;
        id = to_hex(entry->id);
    }
}

} // namespace quire::git
