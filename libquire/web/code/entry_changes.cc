#include "web/code/entry_changes.h"

#include "git/last_changes.h"
#include "text/controls.h"
#include "web/html/parts.h"

namespace quire::web {

constexpr size_t max_subject = 120;

std::shared_ptr<const EntryChanges> entry_changes(Site& site, const git::Repository& repository,
                                                  const git::Place& place, const std::vector<git::Entry>& entries,
                                                  const history::EntryIndex* index, const Patience& patience)
{
    std::string key = git::to_string(place.commit) + place.path;
    if (auto known = site.caches().changes.find(key))
        return known;
    std::vector<std::string> names;
    for (const git::Entry& entry : entries)
        names.push_back(entry.name);
    git::KnownChanges before;
    std::map<std::string, const history::EntryIndex::Entry*, std::less<>> described; // by commit
    std::vector<history::EntryIndex::Entry> indexed;
    if (index) {
        indexed = index->directory(place.path);
        before.at = index->commit();
    }
    for (const history::EntryIndex::Entry& entry : indexed) {
        before.commits.emplace(entry.name, entry.commit);
        described.emplace(git::to_string(entry.commit), &entry);
    }
    git::LastChanges found = git::last_changes(repository, place.commit, place.path, names, patience, before);
    EntryChanges changes;
    changes.is_complete = found.is_complete;
    size_t bytes = 0;
    for (size_t i = 0; i < names.size(); ++i) {
        if (!found.commits[i])
            continue;
        EntryChange change{*found.commits[i], {}, git::no_date};
        if (auto known = described.find(git::to_string(change.commit)); known != described.end()) {
            change.subject = shown_subject(known->second->subject);
            change.when = known->second->when;
        } else if (auto commit = repository.commit(change.commit)) {
            change.subject = shown_subject(commit->subject());
            change.when = commit->committer.when;
        } else {
            continue;
        }
        change.subject = text::cut(change.subject, max_subject);
        bytes += names[i].size() + change.subject.size() + sizeof(EntryChange) + 64;
        changes.by_name[names[i]] = std::move(change);
    }
    bool is_partial = !changes.is_complete;
    return site.caches().changes.keep(key, {std::move(changes), bytes, is_partial});
}

} // namespace quire::web
