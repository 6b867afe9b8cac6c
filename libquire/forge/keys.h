// The keys that sshd lets in: reads and changes ~/.ssh/authorized_keys of the user that owns the data root, see
// store/authorized_keys.h for what stands in it.
//
// A change replaces the file durably and as a whole, under a lock on its directory; what quire did not write stays byte
// for byte. Nothing is changed for another user than the data root's owner, in a directory that others can write to, or
// in a file that is a symlink: sshd would believe such a file, or ignore it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "forge/installation.h"
#include "store/authorized_keys.h"
#include "store/root.h"

namespace quire::forge {

/// `chosen` if given, else ~/.ssh/authorized_keys.
Result<std::string> authorized_keys_path(const std::optional<std::string>& chosen);

struct KeyPlace {
    const store::Root& root;
    std::string path; ///< absolute
};

/// No file is no keys.
Result<std::vector<store::AuthorizedKey>> list_keys(const KeyPlace& place);

/// Refuses a key that stands there already, under whatever name.
Result<void> add_key(const KeyPlace& place, const Installation& installation, const store::PublicKey& key,
                     const store::KeyRights& rights);

/// Removes the keys of that name, or with that fingerprint, and returns them. not_found if there is none; a name of
/// lines that are not quire's is refused, so that no guess takes the operator's own key away.
Result<std::vector<store::AuthorizedKey>> remove_keys(const KeyPlace& place, const std::string& name_or_fingerprint);

/// Keys that are for a repository go with it when it gets another name. The text of the result is what stands there
/// now.
Result<store::RenamedKeys> rename_in_keys(const KeyPlace& place, const store::RepoName& from,
                                          const store::RepoName& to);

/// Whether quire wrote the line, or could have.
bool is_ours(const store::AuthorizedKey& key);

} // namespace quire::forge
