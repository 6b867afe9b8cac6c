// ObjectReader: one `git cat-file --batch-command` process that answers questions about many objects.
//
// It is for programs that must not pay for starting libgit2. The child process is started when it is asked for the
// first time, lives as long as the object and is asked in groups. Nobody asks it for commits and files that
// QuickObjects knows. When git dies because it can't read an object, that is ErrorKind::invalid, and the reader can't
// be used any more. Expressions are object ids from git itself or are built from them by our own callers; a person
// never types them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "git/quick_objects.h"
#include "sys/process.h"

namespace quire::git {

/// The environment for a git command that runs inside `repository`: GIT_DIR=. and none of the caller's GIT_* variables.
sys::Environment repository_environment();

/// What quire needs to know about a commit.
struct Commit {
    std::string id; ///< the commit's own id, even if a tag of it was asked about
    std::string tree;
    std::vector<std::string> parents;
    bool conflicted = false; ///< jj recorded a conflict in this commit
    std::string message;
};

class ObjectReader {
public:
    /// `repository` is the directory of the bare repository.
    static Result<ObjectReader> create(int repository, const sys::Environment& environment = repository_environment());
    ObjectReader(ObjectReader&&) = default;
    ObjectReader& operator=(ObjectReader&&) = delete;
    ~ObjectReader();

    /// What is asked from now on must be answered by then (of the monotonic clock), or it is ErrorKind::busy and the
    /// reader can't be used any more.
    Result<void> limit_time(int64_t deadline);

    struct Object {
        std::string type, content;
    };
    /// The objects in the order of `ids` (or of expressions such as "<id>^{tree}"); nullopt where there is none.
    /// ErrorKind::refused: together they have more than `most_bytes`, and the reader can't be used any more.
    Result<std::vector<std::optional<Object>>> objects(const std::vector<std::string>& ids, size_t most_bytes);
    /// The commits in the order of `ids`; nullopt where an id does not lead to a commit. For a commit of many megabytes
    /// only its headers (at the front) and its trailers (at the end) are read.
    Result<std::vector<std::optional<Commit>>> commits(const std::vector<std::string>& ids);
    /// For each "<commit>:<path>", whether it is a file.
    Result<std::vector<bool>> are_files(const std::vector<std::string>& expressions);

private:
    ObjectReader(UniqueFd repository, sys::Environment environment)
        : m_repository(std::move(repository)), m_environment(std::move(environment)), m_quick(m_repository.get())
    {}
    Result<void> start();
    std::optional<Commit> find_quickly(const std::string& id);
    struct Header {
        std::string id;
        std::string type; ///< empty if the object is missing
        size_t size = 0;
    };
    /// Requests all items, a group at a time, and calls `take` for the head of each answer. It reads what follows it.
    Result<void> ask(const std::vector<std::string>& items,
                     const std::function<std::string(const std::string&)>& request_of,
                     const std::function<Result<void>(Header)>& take);
    /// ask() for those items of which `is_known` says no; it and `take` are given an item's place.
    Result<void> ask_unknown(const std::vector<std::string>& items, const std::function<bool(size_t)>& is_known,
                             const std::function<std::string(const std::string&)>& request_of,
                             const std::function<Result<void>(size_t, const Header&)>& take);
    Result<Header> read_header();
    Result<std::string> read_exactly(size_t size);
    Result<void> skip(size_t size);
    Result<std::string> read_commit(size_t size);
    Result<void> fill();
    Result<std::string> read_in_time();

    UniqueFd m_repository;
    sys::Environment m_environment;
    QuickObjects m_quick;
    std::optional<sys::Process> m_process; ///< git, once it is needed
    UniqueFd m_requests;
    UniqueFd m_replies;
    std::string m_buffer;
    int64_t m_deadline = 0; ///< 0: none
};

/// Parses the content of a commit object.
Commit parse_commit(std::string id, std::string_view content);

/// Whether `ancestor` is reachable from `tip`. Walks a short way through the reader and leaves long ways to git.
/// ErrorKind::invalid: git can't tell, because an object on the way is missing or broken.
Result<bool> is_ancestor(ObjectReader& reader, int repository, const std::string& ancestor, const std::string& tip);

} // namespace quire::git
