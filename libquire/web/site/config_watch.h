// ConfigWatch: the forge's settings and the proxy's secret as they are now, read by a thread of its own.
//
// To read them can take seconds (config.fnl may be code) and may hang on a disk, so neither an event thread nor a page
// does it: they take what was read last. A change is taken up within a moment when inotify tells of it, and within a
// second else. A config that can't be read is logged once, and means that nobody is believed to be anybody.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "store/config.h"
#include "store/root.h"
#include "sys/inotify.h"
#include "sys/poller.h"
#include "sys/stamp.h"

namespace quire::web {

struct KnownConfig {
    std::optional<store::GlobalConfig> config; ///< nothing: it can't be read
    std::string proxy_secret;                  ///< "": no proxy is believed over TCP
    std::string state;                         ///< another one when the configuration is another one
};

class ConfigWatch {
public:
    /// Reads them for the first time, and begins to watch.
    explicit ConfigWatch(const store::Root& root);
    ConfigWatch(const ConfigWatch&) = delete;
    ConfigWatch& operator=(const ConfigWatch&) = delete;
    ~ConfigWatch();

    /// Never null; never waits.
    std::shared_ptr<const KnownConfig> now() const;

private:
    struct Stamps {
        sys::Stamp config, secret;
        bool operator==(const Stamps&) const = default;
    };

    void begin();
    void work();
    Stamps look() const;
    void read();
    bool is_stopping() const;

    const store::Root& m_root;
    std::optional<sys::Watcher> m_watcher;
    std::optional<sys::Poller> m_poller;
    std::string m_secret_file; ///< "": config.fnl holds it itself
    Stamps m_stamps;
    std::thread m_thread;
    mutable std::mutex m_mutex; ///< of what follows; held for as long as a pointer takes
    std::shared_ptr<const KnownConfig> m_known;
    bool m_stopping = false;
};

} // namespace quire::web
