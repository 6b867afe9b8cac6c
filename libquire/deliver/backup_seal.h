// One object of a backup: a payload, perhaps encrypted, between a head that says what it is and a mark that proves it.
//
//   quire backup 1
//   {"backup":"3f9a1c2e","generation":3,"number":17,"kind":"delta","at":"…Z","before":"<mark of 16>","cipher":"age"}
//   <payload: a tar archive, or what age or gpg made of one>
//   <mark: 64 hex digits>
//
// The mark is an HMAC-SHA256 of all that stands before it, with the backup's key: who can write to the target can't
// make one, and `generation`, `number` and `before` say where an object belongs, so none can be moved, dropped or put
// back unseen. What is marked is the encrypted form: nothing that is not ours is ever given to a decrypting program.
#pragma once

#include "base/result.h"
#include "base/sha256.h"
#include "deliver/backup.h"

namespace quire::deliver {

/// HMAC (RFC 2104) with SHA-256.
class Mac {
public:
    explicit Mac(std::string_view key);
    void update(std::string_view bytes) { m_inner.update(bytes); }
    /// In hex. REQUIRES: nothing is asked of the object afterwards.
    std::string finish();

private:
    Sha256 m_inner;
    std::string m_outer_key;
};

/// part: of a generation that is not complete before its first delta. delta: all that it and those before it hold is
/// from one moment, `at`.
enum class ObjectKind { part, delta };

struct ObjectHead {
    std::string backup;
    uint64_t generation = 0;
    uint64_t number = 0;
    ObjectKind kind = ObjectKind::delta;
    Instant at = 0;
    std::string before;
    std::string cipher; ///< "none", "age" or "gpg"
};

/// "quire-<backup>-<generation>-<number>", so that they sort.
struct ObjectName {
    std::string backup;
    uint64_t generation = 0;
    uint64_t number = 0;

    std::string str() const;
    static std::optional<ObjectName> parse(std::string_view name);
    auto operator<=>(const ObjectName&) const = default;
};

/// Which program encrypts for these recipients; an error if they are not of one kind.
Result<std::string> cipher_for(const std::vector<std::string>& recipients);

/// Writes the object of the payload, an open file that is read from its beginning. Its mark.
Result<std::string> seal(const BackupKey& key, ObjectHead head, int payload, const std::vector<std::string>& recipients,
                         int out);

struct Opened {
    ObjectHead head;
    std::string mark;
    uint64_t payload_begin = 0;
    uint64_t payload_size = 0;
};
/// ErrorKind::invalid unless the open file is an object that the key marked.
Result<Opened> check_seal(const BackupKey& key, int object);
/// Writes the payload to `out`. `identity`: a file of age's, where that is needed; "" for gpg's own keys.
/// REQUIRES: check_seal said that the object is ours.
Result<void> unseal(int object, const Opened& opened, const std::string& identity, int out);

} // namespace quire::deliver
