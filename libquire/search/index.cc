#include "search/index.h"

#include <algorithm>

#include "sys/atomic_file.h"
#include "sys/file.h"

namespace quire::search {

Result<std::shared_ptr<const Index>> Index::open(int directory, const Index* known)
{
    auto index = std::make_shared<Index>();
    for (std::string& name : TRY(sys::list_directory(directory, ".")))
        if (name.ends_with(segment_suffix) && !sys::is_temporary_name(name))
            index->m_listed.push_back(std::move(name));
    for (const std::string& name : index->m_listed) {
        SegmentPtr segment;
        for (size_t i = 0; known && i < known->m_names.size(); ++i)
            if (known->m_names[i] == name)
                segment = known->m_segments[i];
        if (!segment)
            segment = Segment::open(directory, name).value_or(nullptr);
        if (!segment)
            continue;
        index->m_names.push_back(name);
        index->m_segments.push_back(std::move(segment));
    }
    return std::shared_ptr<const Index>(std::move(index));
}

std::optional<Index::Place> Index::find(const BlobId& id) const
{
    for (uint32_t i = 0; i < m_segments.size(); ++i)
        if (auto doc = m_segments[i]->find(id))
            return Place{i, *doc};
    return std::nullopt;
}

uint64_t Index::text_bytes() const
{
    uint64_t sum = 0;
    for (const SegmentPtr& segment : m_segments)
        sum += segment->text_bytes();
    return sum;
}

size_t Index::memory() const
{
    size_t sum = sizeof *this;
    for (const SegmentPtr& segment : m_segments)
        sum += segment->memory();
    return sum;
}

std::shared_ptr<const Index> IndexCache::find(const store::RepoName& name)
{
    auto known = m_known.find_last(name.str());
    auto directory = sys::open_directory(m_root.fd(), store::paths::repository_search(name));
    auto index = directory ? Index::open(directory->get(), known.get())
                           : Result<std::shared_ptr<const Index>>(Unexpected(std::move(directory).error()));
    if (!index || (*index)->segments().empty()) {
        m_known.drop(name.str());
        return nullptr;
    }
    m_known.keep(name.str(), *index, (*index)->memory(), {}, Standing::proven);
    return *index;
}

} // namespace quire::search
