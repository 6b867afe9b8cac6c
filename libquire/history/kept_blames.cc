#include "history/kept_blames.h"

#include "base/sha256.h"
#include "history/ignored_commits.h"
#include "sys/file.h"

namespace quire::history {

constexpr size_t max_blame = 64u << 20;

static std::string key_of(const git_oid& commit, std::string_view path, const IgnoredCommits* ignored)
{
    std::string key(reinterpret_cast<const char*>(commit.id), GIT_OID_RAWSZ);
    if (ignored && !ignored->is_empty())
        key += ignored->name();
    else
        key += std::string(32, '\0');
    return key.append(path);
}

static std::string file_name(const std::string& key) { return sha256_hex(key); }

static size_t size_of(const Blame& blame)
{
    size_t bytes = sizeof blame + blame.spans.size() * sizeof(Blame::Span);
    for (const Blame::Origin& origin : blame.origins)
        bytes += sizeof origin + origin.author.size() + origin.subject.size();
    for (const std::string& path : blame.paths)
        bytes += sizeof path + path.size();
    return bytes;
}

std::shared_ptr<const Blame> KeptBlames::find(const git_oid& commit, std::string_view path,
                                              const IgnoredCommits* ignored)
{
    std::string key = key_of(commit, path, ignored);
    if (auto found = m_blames.find(key))
        return found;
    auto found = read(key);
    if (found)
        remember(key, found);
    return found;
}

std::shared_ptr<const Blame> KeptBlames::read(const std::string& key)
{
    std::string name = file_name(key);
    auto file = m_files.open(name);
    if (!file)
        return nullptr;
    auto bytes = sys::read_all(file->get(), max_blame, name);
    auto blame = bytes ? decode(*bytes, key) : std::nullopt;
    if (!blame) {
        m_files.drop(name);
        return nullptr;
    }
    return std::make_shared<const Blame>(std::move(*blame));
}

void KeptBlames::remember(const std::string& key, std::shared_ptr<const Blame> blame)
{
    size_t bytes = size_of(*blame);
    m_blames.keep(key, std::move(blame), bytes);
}

void KeptBlames::keep(std::string_view path, const IgnoredCommits* ignored, const Blame& blame)
{
    std::string key = key_of(blame.commit, path, ignored);
    remember(key, std::make_shared<const Blame>(blame));
    if (!m_files)
        return;
    if (std::string bytes = encode(blame, key); bytes.size() <= max_blame)
        m_files.keep(file_name(key), bytes, now());
}

} // namespace quire::history
