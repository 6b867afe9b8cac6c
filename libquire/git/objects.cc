#include "git/objects.h"

#include "base/strings.h"
#include "base/way.h"
#include "git/repository.h"

namespace quire::git {

Objects::Objects(int directory) : m_directory(directory), m_packs(directory) { start_libgit2(); }

Result<git_odb*> Objects::odb() const
{
    if (!m_odb) {
        std::string path = fmt::format("/proc/self/fd/{}/objects", m_directory);
        m_odb = TRY(own<OdbHandle>("the objects", [&](git_odb** out) { return git_odb_open(out, path.c_str()); }));
    }
    return m_odb.get();
}

Result<void> Objects::open() const
{
    TRY(odb());
    return {};
}

bool Objects::renew() const
{
    if (!m_packs.renew())
        return false;
    m_blobs.reset();
    m_odb.reset();
    return true;
}

std::optional<Objects::Header> Objects::header(const git_oid& id) const
{
    if (auto packed = m_packs.header(id))
        return packed;
    auto objects = odb();
    Header header;
    if (!objects || git_odb_read_header(&header.size, &header.type, *objects, &id) != 0)
        return std::nullopt;
    return header;
}

Result<Objects::Header> Objects::check(const git_oid& id, git_object_t type, size_t limit) const
{
    give_way();
    auto known = header(id);
    if (!known)
        TRY(odb()); // there may be no database at all
    if (!known || known->type != type)
        return fail(ErrorKind::not_found, "{} is no {} here", to_string(id), git_object_type2string(type));
    if (known->size > limit)
        return fail(ErrorKind::refused, "{} holds {} bytes, more than {}", to_string(id), known->size, limit);
    return *known;
}

Result<Object> Objects::read(const git_oid& id, git_object_t type, size_t limit) const
{
    TRY(check(id, type, limit));
    return read_checked(id);
}

Result<Object> Objects::read_checked(const git_oid& id) const
{
    auto packed = m_packs.read(id);
    if (packed || packed.error().kind == ErrorKind::refused)
        return packed;
    git_odb* objects = TRY(odb());
    std::shared_ptr<git_odb_object> object =
        TRY(own<OdbObjectHandle>(to_string(id), [&](git_odb_object** out) { return git_odb_read(out, objects, &id); }));
    git_odb_object* raw = object.get();
    return Object(git_odb_object_type(raw),
                  {static_cast<const char*>(git_odb_object_data(raw)), git_odb_object_size(raw)}, std::move(object));
}

Result<BlobHandle> Objects::read_blob(const git_oid& id, size_t limit) const
{
    TRY(check(id, GIT_OBJECT_BLOB, limit));
    TRY(odb());
    if (!m_blobs)
        m_blobs = TRY(own<RepositoryHandle>(
            "the objects", [&](git_repository** out) { return git_repository_wrap_odb(out, m_odb.get()); }));
    return own<BlobHandle>(to_string(id), [&](git_blob** out) { return git_blob_lookup(out, m_blobs.get(), &id); });
}

std::optional<git_oid> Objects::find_prefix(std::string_view hex) const
{
    auto objects = odb();
    git_oid prefix, whole;
    if (!objects || git_oid_fromstrn(&prefix, hex.data(), hex.size()) != 0 ||
        git_odb_exists_prefix(&whole, *objects, &prefix, hex.size()) != 0)
        return std::nullopt;
    return whole;
}

std::optional<git_oid> Objects::peel_to_commit(git_oid id) const
{
    constexpr int max_tags = 10;
    for (int i = 0; i < max_tags; ++i) {
        auto known = header(id);
        if (known && known->type == GIT_OBJECT_COMMIT)
            return id;
        auto tag = read(id, GIT_OBJECT_TAG, max_commit_bytes);
        if (!tag)
            return std::nullopt;
        std::string_view line = tag->content();
        auto target = strip_prefix(line, "object ") ? parse_oid(take_until(line, '\n')) : std::nullopt;
        if (!target)
            return std::nullopt;
        id = *target;
    }
    return std::nullopt;
}

} // namespace quire::git
