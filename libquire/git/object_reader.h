// ObjectReader: one `git cat-file --batch-command` that answers about many objects.
//
// For programs that must not pay for libgit2's start. The child starts with the object and is asked in groups;
// it ends with it. When git dies of an object that it can't read, that is ErrorKind::invalid, and the reader is of
// no further use. Expressions come from git itself (object ids) or are built from them by the callers here:
// nothing that a person typed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sys/process.h"

namespace quire::git {

/// What quire wants to know of a commit.
struct Commit {
    std::string id; ///< of the commit itself, also when asked about a tag of it
    std::string tree;
    std::vector<std::string> parents;
    bool conflicted = false; ///< jj recorded a conflict in it
    std::string message;
};

class ObjectReader {
public:
    /// `repository` is the bare repository's directory.
    static Result<ObjectReader> start(int repository);
    ObjectReader(ObjectReader&&) = default;
    ObjectReader& operator=(ObjectReader&&) = delete;
    ~ObjectReader();

    /// nullopt when the id names nothing that peels to a commit. Answers stand in the order asked. Of a commit of many
    /// megabytes only both ends are looked at: its headers and its trailers.
    Result<std::vector<std::optional<Commit>>> commits(const std::vector<std::string>& ids);
    /// For each "<commit>:<path>" whether it is a file.
    Result<std::vector<bool>> are_files(const std::vector<std::string>& expressions);

private:
    ObjectReader(sys::Process process, UniqueFd requests, UniqueFd replies)
        : m_process(std::move(process)), m_requests(std::move(requests)), m_replies(std::move(replies))
    {}
    struct Header {
        std::string id;
        std::string type; ///< empty: missing
        size_t size = 0;
    };
    Result<Header> read_header();
    Result<std::string> read_exactly(size_t size);
    Result<void> skip(size_t size);
    Result<std::string> read_commit(size_t size);
    Result<void> fill();

    sys::Process m_process;
    UniqueFd m_requests;
    UniqueFd m_replies;
    std::string m_buffer;
};

/// Parses the raw content of a commit object.
Commit parse_commit(std::string id, std::string_view content);

/// Whether `ancestor` is reachable from `tip`: walks a little through the reader, asks git for long ways.
/// ErrorKind::invalid: git can't tell, because an object on the way is missing or broken.
Result<bool> is_ancestor(ObjectReader& reader, int repository, const std::string& ancestor, const std::string& tip);

/// The environment for a git command inside `repository` (run there): GIT_DIR=. and nothing of the caller's GIT_*.
sys::Environment repository_environment();

} // namespace quire::git
