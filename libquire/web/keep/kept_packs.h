// KeptPacks: what git answered a clone or fetch, for those who ask for exactly that again, at once or minutes later.
//
// Who asks first gets git's own output, as if there were no KeptPacks. Who asks again while that is remembered makes
// git write into a file without a name, which all who ask from then on read, also while it grows. The file is gone with
// its last reader when nobody has asked for a while, or it is old, and with this process, however that ends.
//
// A key must name all that the output is made from, and only who may see all of it may use the key. Where git fails,
// all who read its file are broken off, and for a while the key is not kept. When the last reader of a file that grows
// has left, git is killed. What can't be kept (no room, no such files on this file system) is just not kept.
//
// A thread watches the gits and frees the files. Several threads may use it. Bodies must be gone before it is.
#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/lru.h"
#include "base/time.h"
#include "base/unique_fd.h"
#include "http/body.h"
#include "sys/poller.h"
#include "sys/process.h"

namespace quire::web {

struct KeptPacksLimits {
    uint64_t most_bytes = uint64_t{4} << 30;
    unsigned part_of_space = 4; ///< at most one in so many bytes that would be free without them
    size_t most_packs = 64;
    size_t most_remembered = 1024;                   ///< requests
    int64_t lifetime = 300 * nanoseconds_per_second; ///< since somebody asked for it
    int64_t most_age = 900 * nanoseconds_per_second; ///< however often they ask
};

class KeptPacks {
public:
    using Body = std::shared_ptr<http::BodySource>;

    /// Without a directory, nothing is kept.
    explicit KeptPacks(UniqueFd directory, const KeptPacksLimits& limits = {});
    KeptPacks(const KeptPacks&) = delete;
    KeptPacks& operator=(const KeptPacks&) = delete;
    ~KeptPacks();

    /// What is kept, or null. `patience`: how many nanoseconds its reader may take.
    Body find(const std::string& key, int64_t patience);
    /// Remembers that it is asked for. Returns whether it was already, so that it is worth a file.
    bool is_asked_again(const std::string& key);

    struct Maker {
        sys::Command command; ///< prints no more than `most` bytes; a new session
        std::string input;    ///< its stdin
        uint64_t most = 0;
        std::shared_ptr<void> held; ///< released when the command has ended
    };
    /// Starts the command, unless somebody was faster. Null: it can't be kept. For workers, since starting a process
    /// takes a millisecond.
    Body make(const std::string& key, Maker maker, int64_t patience);

private:
    class Reader;
    struct Pack;
    /// When a request was made last, and whether keeping its answer failed.
    struct Asked {
        int64_t at = 0;
        bool has_failed = false;
    };

    int64_t good_until(const Pack& pack) const;
    Body read(Pack& pack, int64_t patience);
    std::optional<UniqueFd> open_file();
    bool make_room(uint64_t most);
    void leave(Reader& reader);
    int64_t next_look();
    void look_at(Pack& pack, std::vector<http::Waker>& news);
    void end(Pack& pack, int status);
    std::list<Pack> take_forgotten();
    void work();

    const UniqueFd m_directory;
    const KeptPacksLimits m_limits;
    std::mutex m_making; ///< who holds it may start a process; taken before the other
    std::mutex m_mutex;  ///< for the members below; held for some instructions only
    std::list<Pack> m_packs;
    Lru<Asked> m_asked;
    bool m_stopping = false;
    int64_t m_declines_until = 0;        ///< no file could be opened
    std::optional<sys::Poller> m_poller; ///< nullopt: nothing is kept
    std::thread m_thread;
};

} // namespace quire::web
