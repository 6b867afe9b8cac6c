#include "history/lineage.h"

#include "history/renamed_file.h"

namespace quire::history {

/// the limit for the cached texts, and for all distinct lines together
constexpr size_t max_text_bytes = 48u << 20;
constexpr size_t max_lines = 4'000'000;

Lineage::Path::Path(const git::Repository& repository, const std::string& path) : finder(repository, path)
{
    for (size_t end = path.size(); end != std::string::npos && end > 0; end = path.rfind('/', end - 1))
        keys.emplace_back(std::string_view(path).substr(0, end));
}

Lineage::Lineage(const git::Repository& repository, KnownVersions& known, const Patience& patience)
    : m_repository(repository), m_known(known), m_patience(patience), m_commits(repository),
      m_table(std::make_unique<git::LineTable>())
{}

Lineage::Path& Lineage::path(const std::string& name)
{
    auto found = m_paths.find(name);
    return found != m_paths.end() ? found->second : m_paths.try_emplace(name, m_repository, name).first->second;
}

bool Lineage::may_have_changed(uint32_t commit, const Path& path) const
{
    for (const git::PathKey& key : path.keys)
        if (!m_commits.may_have_changed(commit, key))
            return false;
    return true;
}

static bool is_regular(const git::PathFinder::Found& found) { return found.mode.starts_with("100"); }

std::optional<git_oid> Lineage::file_at(Path& path, const git_oid& tree)
{
    auto found = path.finder.find(tree);
    return found && is_regular(*found) ? std::optional(found->id) : std::nullopt;
}

/// The first parent that has the same file.
std::optional<uint32_t> Lineage::parent_with(Path& path, const git::CommitNode& node, const git_oid& blob)
{
    git::CommitNode parent;
    for (uint32_t number : node.parents) {
        m_commits.read(number, parent);
        auto found = file_at(path, parent.tree);
        if (found && git::is_same(*found, blob))
            return number;
    }
    return std::nullopt;
}

std::optional<uint32_t> Lineage::maker(uint32_t commit, Path& path, const git_oid& blob)
{
    std::vector<uint32_t> passed;
    git::CommitNode node;
    for (;;) {
        if (uint32_t known = path.makers[commit]; known != 0) {
            commit = known - 1;
            break;
        }
        if (m_patience.is_over())
            return std::nullopt;
        passed.push_back(commit);
        m_commits.read(commit, node);
        bool is_untouched = !node.parents.empty() && !may_have_changed(commit, path);
        auto next = is_untouched ? std::optional(node.parents[0]) : parent_with(path, node, blob);
        if (!next)
            break;
        commit = *next;
    }
    for (uint32_t one : passed)
        path.makers[one] = commit + 1;
    return commit;
}

std::optional<Version> Lineage::version_at(const git_oid& commit, const std::string& name)
{
    auto number = m_commits.find(commit);
    if (!number)
        return std::nullopt;
    Path& where = path(name);
    git::CommitNode node;
    m_commits.read(*number, node);
    auto blob = file_at(where, node.tree);
    auto made_by = blob ? maker(*number, where, *blob) : std::nullopt;
    return made_by ? std::optional(Version{m_commits.id(*made_by), name, *blob}) : std::nullopt;
}

std::optional<Ancestor> Lineage::ancestor(uint32_t parent, const std::string& name, const git_oid& blob)
{
    auto made_by = maker(parent, path(name), blob);
    if (!made_by)
        return std::nullopt;
    return Ancestor{m_commits.id(parent), {m_commits.id(*made_by), name, blob}};
}

std::shared_ptr<const Ancestors> Lineage::ancestors(const Version& version)
{
    if (auto known = m_known.find_ancestors(version.commit, version.path))
        return known;
    auto number = m_commits.find(version.commit);
    if (!number)
        return nullptr;
    git::CommitNode node, parent;
    m_commits.read(*number, node);
    m_is_shallow |= m_commits.lacks_parents(*number);
    Path& where = path(version.path);
    std::vector<std::optional<RenamedFile>> files(node.parents.size());
    for (size_t i = 0; i < files.size(); ++i) {
        m_commits.read(node.parents[i], parent);
        if (auto blob = file_at(where, parent.tree))
            files[i] = RenamedFile{version.path, {*blob, GIT_FILEMODE_BLOB}};
    }
    for (size_t i = 0; i < files.size(); ++i) {
        if (files[i])
            continue;
        m_commits.read(node.parents[i], parent);
        git::TreeSide added{version.blob, GIT_FILEMODE_BLOB};
        files[i] = find_renamed(m_repository.objects(), parent.tree, node.tree, version.path, added, m_patience);
        if (files[i] && git::is_same(files[i]->side.id, version.blob)) { // everything came from there
            for (size_t j = 0; j < files.size(); ++j)
                if (j != i)
                    files[j].reset();
            break;
        }
    }
    Ancestors found;
    for (size_t i = 0; i < files.size(); ++i) {
        bool is_new = files[i].has_value();
        for (const Ancestor& one : found)
            is_new = is_new && !git::is_same(one.version.blob, files[i]->side.id);
        if (!is_new)
            continue;
        auto made = ancestor(node.parents[i], files[i]->path, files[i]->side.id);
        if (!made)
            return nullptr;
        found.push_back(std::move(*made));
    }
    if (m_patience.is_over())
        return nullptr;
    if (m_is_shallow)
        return std::make_shared<const Ancestors>(std::move(found));
    return m_known.keep_ancestors(version.commit, version.path, std::move(found));
}

std::shared_ptr<const Lineage::Text> Lineage::text(const git_oid& blob, const Text* like)
{
    std::string key(reinterpret_cast<const char*>(blob.id), GIT_OID_RAWSZ);
    if (auto found = m_texts.find(key); found != m_texts.end())
        return found->second;
    auto object = m_repository.objects().read(blob, GIT_OBJECT_BLOB, max_file_bytes);
    if (!object)
        return nullptr;
    auto made = std::make_shared<Text>();
    made->object = std::move(*object);
    made->lines =
        like ? m_table->number_like(made->bytes(), like->bytes(), like->lines) : m_table->number(made->bytes());
    m_text_bytes += made->bytes().size() + made->lines.size() * sizeof(uint32_t);
    m_texts.emplace(std::move(key), made);
    return made;
}

std::shared_ptr<const Hunks> Lineage::hunks(const git_oid& before, const git_oid& after)
{
    if (auto known = m_known.find_hunks(before, after))
        return known;
    if (m_text_bytes > max_text_bytes) {
        m_texts.clear();
        m_text_bytes = 0;
        if (m_table->size() > max_lines)
            m_table = std::make_unique<git::LineTable>();
    }
    auto new_text = text(after);
    auto old_text = new_text ? text(before, new_text.get()) : nullptr;
    if (!old_text || m_patience.is_over())
        return nullptr;
    std::span<const uint32_t> old_lines = old_text->lines, new_lines = new_text->lines;
    git::drop_common_tail(*m_table, old_lines, new_lines);
    Hunks found = git::LineDiff(*m_table).compare(old_lines, new_lines, m_patience);
    return m_patience.is_over() ? nullptr : m_known.keep_hunks(before, after, std::move(found));
}

} // namespace quire::history
