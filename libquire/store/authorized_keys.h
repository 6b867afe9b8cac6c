// The file authorized_keys, as quire reads and changes it. The file is sshd's and the operator's: lines that quire did
// not write stay byte for byte.
//
// A key's rights stand in its line, as options of the quire-exec that the line's command starts:
//
//   restrict,command="exec /usr/bin/quire-exec --root /var/quire --pusher ada --may read --only foo" ssh-ed25519 AAAA…
//   ada
//
// sshd itself enforces them where it runs the line's command. Where a ForceCommand stands above, sshd ignores the
// command, and quire-exec looks the key up here. A line that can't be understood gives no rights: `fault` says why.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/key_rights.h"
#include "store/public_key.h"

namespace quire::store {

/// Below the home of the user that sshd lets in.
constexpr const char* authorized_keys_directory = ".ssh";
constexpr const char* authorized_keys_name = "authorized_keys";
constexpr size_t max_authorized_keys_bytes = 4u << 20;

struct AuthorizedKey {
    size_t line = 0; ///< from 1
    PublicKey key;
    std::string comment;
    bool is_restricted = false; ///< it has the option `restrict`
    bool has_command = false;
    KeyRights rights;  ///< without a name of their own: the comment, or else the fingerprint
    std::string fault; ///< why its rights can't be told; "": they can
};

/// All lines with keys. What is neither blank, a comment nor a key is left out: sshd lets nobody in by it.
std::vector<AuthorizedKey> read_authorized_keys(std::string_view text);

/// The rights of a key that has logged in. not_found if it is not there; refused if the file does not say clearly what
/// they are.
Result<KeyRights> rights_of_key(std::string_view text, const PublicKey& key);
/// Whether some line has bounds, or a fault: then a client whose key is unknown can't be let do everything.
bool has_bounds(std::string_view text);

/// A line, with its newline. `program` is the absolute path of quire-exec.
std::string authorized_line(const PublicKey& key, const KeyRights& rights, const std::string& program,
                            const std::string& root);
/// What becomes of keys that are for a repository when it gets another name.
struct RenamedKeys {
    std::string text;            ///< in which they are for the new name; all other bytes stay
    std::vector<size_t> lines;   ///< that have changed, from 1
    std::vector<size_t> unclear; ///< that name the repository in a way that nobody but a person can change
};
RenamedKeys rename_in_keys(std::string_view text, const RepoName& from, const RepoName& to);

/// The text without these lines (from 1); all other bytes stay.
std::string without_lines(std::string_view text, const std::vector<size_t>& lines);

} // namespace quire::store
