// ConfigWatch: the forge's present settings and the proxy's secret, read by a thread of their own.
//
// Reading them can take seconds (config.fnl may be code) and may hang on a disk, so event threads and pages use what
// was read last. A change is read within a moment if inotify reports it, otherwise within a second. A config that can't
// be read is logged once; until it is repaired, no proxy is believed.
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
    std::optional<store::GlobalConfig> config; ///< nullopt: it can't be read
    std::string proxy_secret;                  ///< "": no proxy is believed over TCP
    std::string state;                         ///< changes when the configuration does
};

class ConfigWatch {
public:
    /// Reads them for the first time and begins to watch.
    explicit ConfigWatch(const store::Root& root);
    ConfigWatch(const ConfigWatch&) = delete;
    ConfigWatch& operator=(const ConfigWatch&) = delete;
    ~ConfigWatch();

    /// Never null; does not wait.
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
    std::string m_secret_file; ///< "": config.fnl has the secret itself
    Stamps m_stamps;
    std::thread m_thread;
    mutable std::mutex m_mutex; ///< for the members below; held only as long as it takes to copy a pointer
    std::shared_ptr<const KnownConfig> m_known;
    bool m_stopping = false;
};

} // namespace quire::web
