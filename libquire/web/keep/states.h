// States tells how that stands which pages depend on: two equal answers mean that nothing of it has changed between.
//
// The answers are made of what stat(2) says about files, of an inotify for the list of repositories, and of what was
// read of the forge's settings last. Every update of a ref renames a file into its directory, which changes the
// directory's time, so the directories below refs/ are looked at and no ref is read. Nothing here waits, so event
// threads may ask. How runs stand is not among it: see commit_runs.h.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/cached.h"
#include "web/keep/config_watch.h"
#include "web/keep/depends_on.h"
#include "web/keep/list_watch.h"

namespace quire::web {

class States {
public:
    /// Both must outlive it.
    States(const ConfigWatch& settings, ListWatch& repositories) : m_settings(settings), m_repositories(repositories) {}

    /// `repository` is its open directory, if it is about one. nullopt: it can't be told now, so what is made now must
    /// not be kept. Times of files tell states apart only if they are a tick of the system's clock apart.
    std::optional<std::string> of(DependsOn what, int repository = -1);

private:
    /// Directories of refs, with their stamps from when they were listed.
    struct Directories {
        std::string stamps;
        std::vector<std::string> paths;
    };
    class Looker;

    static constexpr size_t most_bytes = 8u << 20;
    const ConfigWatch& m_settings;
    ListWatch& m_repositories;
    Cached<Directories> m_directories{most_bytes}; ///< by repository and roots
};

} // namespace quire::web
