// BlobSource: what the tips of a repository are, what is in them, and the contents of blobs, by git's own commands. For
// a program that must not link libgit2. Private to search/.
#pragma once

#include <functional>

#include "base/patience.h"
#include "search/blob_id.h"
#include "search/update.h"

namespace quire::search {

class BlobSource {
public:
    BlobSource(int repository, Patience patience) : m_repository(repository), m_patience(std::move(patience)) {}

    /// Ids of commits or tags: the default branch, the newest branches, the newest tags.
    Result<std::vector<std::string>> tips(const UpdateLimits& limits) const;
    /// The files of a tip, no links or submodules; at most so many.
    Result<void> each_file(const std::string& tip, size_t most,
                           const std::function<void(const BlobId& id, std::string_view path)>& take) const;
    /// The size of each blob; nullopt where it is missing.
    Result<std::vector<std::optional<uint64_t>>> sizes(const std::vector<BlobId>& ids) const;
    /// Calls `take` with the content of each blob that is there, in this order.
    Result<void> contents(const std::vector<BlobId>& ids,
                          const std::function<Result<void>(size_t index, std::string_view content)>& take) const;

private:
    Result<void> read(std::vector<std::string> arguments, const std::string& input,
                      const std::function<bool(std::string_view block)>& take) const;

    int m_repository;
    Patience m_patience;
};

} // namespace quire::search
