#include "web/code/entry_changes.h"

#include "git/last_changes.h"
#include "text/controls.h"
#include "web/html/parts.h"

namespace quire::web {

constexpr size_t max_subject = 120;

std::shared_ptr<const EntryChanges> entry_changes(Site& site, const git::Repository& repository,
                                                  const git::Place& place, const std::vector<git::Entry>& entries,
                                                  const Patience& patience)
{
    std::string key = git::to_string(place.commit) + place.path;
    if (auto known = site.caches().changes.find(key))
        return known;
    std::vector<std::string> names;
    for (const git::Entry& entry : entries)
        names.push_back(entry.name);
    git::LastChanges found = git::last_changes(repository, place.commit, place.path, names, patience);
    EntryChanges changes;
    changes.is_complete = found.is_complete;
    size_t bytes = 0;
    for (size_t i = 0; i < names.size(); ++i) {
        auto commit =
            found.commits[i] ? repository.commit(*found.commits[i]) : fail(ErrorKind::not_found, "not found in time");
        if (!commit)
            continue;
        std::string subject = text::cut(shown_subject(commit->subject()), max_subject);
        bytes += names[i].size() + subject.size() + sizeof(EntryChange) + 64;
        changes.by_name[names[i]] = {commit->id, std::move(subject), commit->committer.when};
    }
    bool is_partial = !changes.is_complete;
    return site.caches().changes.keep(key, {std::move(changes), bytes, is_partial});
}

} // namespace quire::web
