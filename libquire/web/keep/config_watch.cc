#include "web/keep/config_watch.h"

#include "base/log.h"
#include "base/strings.h"
#include "base/time.h"
#include "forge/config.h"

namespace quire::web {

namespace paths = store::paths;

ConfigWatch::ConfigWatch(const store::Root& root) : m_root(root)
{
    read();
    begin();
}

ConfigWatch::~ConfigWatch()
{
    {
        std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    if (m_poller)
        m_poller->interrupt();
    if (m_thread.joinable())
        m_thread.join();
}

std::shared_ptr<const KnownConfig> ConfigWatch::now() const
{
    std::lock_guard lock(m_mutex);
    return m_known;
}

bool ConfigWatch::is_stopping() const
{
    std::lock_guard lock(m_mutex);
    return m_stopping;
}

ConfigWatch::Stamps ConfigWatch::look() const
{
    auto stamp = [&](const std::string& path) {
        return path.empty() ? sys::Stamp() : sys::stamp_of_target(m_root.fd(), path);
    };
    return {stamp(paths::config), stamp(m_secret_file)};
}

/// The stamps are taken before the files are read, so a change meanwhile makes them be read again.
void ConfigWatch::read()
{
    Stamps stamps = look();
    auto known = std::make_shared<KnownConfig>();
    auto config = forge::read_global_config(m_root);
    if (config) {
        std::string file = config->proxy_secret.file.value_or("");
        if (file != std::exchange(m_secret_file, file))
            stamps.secret = look().secret;
        auto secret = store::resolve_secret(m_root, config->proxy_secret);
        if (secret)
            known->proxy_secret = trim(*secret); // the value of a header has no blanks around it either
        else
            log(":proxy-secret: {}; no proxy is believed over TCP", secret.error().message);
        known->config = std::move(*config);
    } else {
        log("{}; until it is mended nobody is believed to be logged in", config.error().message);
    }
    known->state = stamps.config.str() + stamps.secret.str(); // also good for what is on disk
    m_stamps = stamps;
    std::lock_guard lock(m_mutex);
    m_known = std::move(known);
}

void ConfigWatch::begin()
{
    auto poller = sys::Poller::create();
    if (!poller)
        return log("{}; a changed config.fnl is not noticed", poller.error().message);
    m_poller.emplace(std::move(*poller));
    // Without inotify, the files are checked once in a while, which happens anyway.
    if (auto watcher = sys::Watcher::create(); watcher && watcher->follow_all(m_root.path()))
        m_watcher.emplace(std::move(*watcher));
    m_thread = std::thread([this] { work(); });
}

void ConfigWatch::work()
{
    while (!is_stopping()) {
        if (m_watcher)
            (void)m_poller->add(m_watcher->fd(), sys::Poller::Event::readable_once, 0); // otherwise: within a second
        (void)m_poller->wait(nanoseconds_per_second);
        if (m_watcher)
            m_watcher->drain();
        if (!is_stopping() && look() != m_stamps)
            read();
    }
}

} // namespace quire::web
