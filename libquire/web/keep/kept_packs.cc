#include "web/keep/kept_packs.h"

#include <fcntl.h>
#include <signal.h>

#include <algorithm>

#include "base/log.h"
#include "sys/file.h"
#include "sys/space.h"
#include "sys/stamp.h"

namespace quire::web {

/// How often a file that grows is looked at. In between git writes a megabyte or two.
constexpr int64_t between_looks = nanoseconds_per_second / 200;

struct KeptPacks::Pack {
    enum class State { growing, whole, broken };

    std::string key; ///< empty: nobody finds it any more
    UniqueFd file;
    std::optional<sys::Process> process; ///< while it grows
    std::shared_ptr<void> held;
    uint64_t bytes = 0; ///< what it may grow to, or its size
    State state = State::growing;
    int64_t made_at = 0, asked_at = 0;
    std::vector<Reader*> readers;
};

/// One answer. What it shares with other threads has the mutex of its KeptPacks.
class KeptPacks::Reader : public http::BodySource {
public:
    Reader(KeptPacks& packs, Pack& pack, int64_t patience)
        : m_packs(packs), m_pack(pack), m_deadline(monotonic_now() + patience)
    {
        if (pack.state == Pack::State::whole)
            m_size = pack.bytes;
    }
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;
    ~Reader() override { m_packs.leave(*this); }

    void start(http::Waker waker) override { m_waker = std::move(waker); }
    std::optional<uint64_t> size() const override { return m_size; }

    Result<http::Pull> pull(char* buffer, size_t size) override
    {
        if (monotonic_now() > m_deadline)
            return fail(ErrorKind::busy, "a kept pack was read for too long");
        for (;;) {
            size_t got = TRY(sys::read_into(m_pack.file.get(), m_sent, buffer, size));
            m_sent += got;
            if (got > 0)
                return http::Pull::some(got);
            std::lock_guard lock(m_packs.m_mutex);
            if (m_pack.state == Pack::State::broken)
                return fail(ErrorKind::system, "git failed while its pack was kept");
            if (m_pack.state == Pack::State::whole && m_sent == m_pack.bytes)
                return http::Pull::end();
            if (m_pack.state == Pack::State::growing) {
                m_waits_at = m_sent;
                return http::Pull::wait(-1, m_deadline);
            }
        }
    }

private:
    friend class KeptPacks;
    KeptPacks& m_packs;
    Pack& m_pack;
    const int64_t m_deadline;
    std::optional<uint64_t> m_size; ///< if it was whole when the answer began
    uint64_t m_sent = 0;
    http::Waker m_waker;                ///< set before it waits
    std::optional<uint64_t> m_waits_at; ///< shared: it waits, and has sent so much
};

KeptPacks::KeptPacks(UniqueFd directory, const KeptPacksLimits& limits)
    : m_directory(std::move(directory)), m_limits(limits), m_asked(limits.most_remembered)
{
    auto poller = sys::Poller::create();
    if (!m_directory || !poller)
        return;
    m_poller.emplace(std::move(*poller));
    m_thread = std::thread([this] { work(); });
}

KeptPacks::~KeptPacks()
{
    {
        std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    if (m_thread.joinable()) {
        m_poller->interrupt();
        m_thread.join();
    }
    for (Pack& pack : m_packs) {
        if (!pack.process)
            continue;
        (void)pack.process->signal_group(SIGKILL);
        (void)pack.process->wait(); // it was killed
    }
}

int64_t KeptPacks::good_until(const Pack& pack) const
{
    return std::min(pack.asked_at + m_limits.lifetime, pack.made_at + m_limits.most_age);
}

/// REQUIRES: the mutex is held.
KeptPacks::Body KeptPacks::read(Pack& pack, int64_t patience)
{
    auto reader = std::make_shared<Reader>(*this, pack, patience);
    pack.readers.push_back(reader.get());
    pack.asked_at = monotonic_now();
    return reader;
}

KeptPacks::Body KeptPacks::find(const std::string& key, int64_t patience)
{
    std::lock_guard lock(m_mutex);
    int64_t now = monotonic_now();
    auto found = std::find_if(m_packs.begin(), m_packs.end(),
                              [&](const Pack& pack) { return pack.key == key && now < good_until(pack); });
    return found == m_packs.end() ? nullptr : read(*found, patience);
}

bool KeptPacks::is_asked_again(const std::string& key)
{
    int64_t now = monotonic_now();
    std::lock_guard lock(m_mutex);
    const Asked* known = m_asked.find(key);
    bool is_known = known && now - known->at < m_limits.lifetime;
    if (is_known && known->has_failed)
        return false; // not counted from now, so that it is tried again some time
    m_asked.put(key, {.at = now}, 1);
    return is_known && m_poller && now >= m_declines_until;
}

/// Lets go of what nobody reads, the longest unasked first, if that makes room for so many bytes.
/// REQUIRES: both mutexes are held.
bool KeptPacks::make_room(uint64_t most)
{
    auto space = sys::space_of(m_directory.get());
    if (!space)
        return false;
    uint64_t used = 0, written = 0, stays = 0;
    std::vector<Pack*> idle;
    for (Pack& pack : m_packs) {
        used += pack.bytes;
        if (pack.state == Pack::State::whole)
            written += pack.bytes;
        if (pack.state == Pack::State::whole && pack.readers.empty() && !pack.key.empty())
            idle.push_back(&pack);
        else
            stays += pack.bytes;
    }
    uint64_t limit = std::min(m_limits.most_bytes, (space->free_bytes + written) / m_limits.part_of_space);
    if (most > limit || stays > limit - most)
        return false;
    std::sort(idle.begin(), idle.end(), [](const Pack* a, const Pack* b) { return a->asked_at < b->asked_at; });
    size_t count = m_packs.size();
    for (Pack* pack : idle) {
        if (used <= limit - most && count < m_limits.most_packs)
            break;
        used -= pack->bytes;
        --count;
        pack->key.clear();
    }
    return count < m_limits.most_packs;
}

std::optional<UniqueFd> KeptPacks::open_file()
{
    auto file = sys::open_at(m_directory.get(), ".", O_TMPFILE | O_RDWR, 0600);
    if (file)
        return std::move(*file);
    log("no packs are kept for a while: {}", file.error().message);
    std::lock_guard lock(m_mutex);
    m_declines_until = monotonic_now() + m_limits.lifetime;
    return std::nullopt;
}

KeptPacks::Body KeptPacks::make(const std::string& key, Maker maker, int64_t patience)
{
    std::lock_guard making(m_making);
    if (Body kept = find(key, patience))
        return kept;
    {
        std::lock_guard lock(m_mutex);
        if (!m_poller || !make_room(maker.most))
            return nullptr;
    }
    m_poller->interrupt(); // what made room is to be freed
    auto file = open_file();
    auto input = sys::memory_file(maker.input);
    if (!file || !input)
        return nullptr;
    maker.command.input = input->get();
    maker.command.output = file->get();
    maker.command.new_session = true;
    auto process = sys::spawn(maker.command);
    if (!process) {
        log_line(process.error().message);
        return nullptr;
    }
    process->set_priority(sys::Priority::batch);                                 // as process_body does
    (void)m_poller->add(process->pidfd(), sys::Poller::Event::readable_once, 0); // else it is looked at a little later
    std::lock_guard lock(m_mutex);
    Pack& pack = m_packs.emplace_back();
    pack.key = key;
    pack.file = std::move(*file);
    pack.process.emplace(std::move(*process));
    pack.held = std::move(maker.held);
    pack.bytes = maker.most;
    pack.made_at = monotonic_now();
    m_poller->interrupt();
    return read(pack, patience);
}

/// The last reader of a pack that still grows ends it.
void KeptPacks::leave(Reader& reader)
{
    std::lock_guard lock(m_mutex);
    Pack& pack = reader.m_pack;
    std::erase(pack.readers, &reader);
    if (!pack.readers.empty())
        return;
    if (pack.process) {
        pack.key.clear();
        (void)pack.process->signal_group(SIGKILL);
    }
    m_poller->interrupt(); // it may be the time to forget it
}

/// REQUIRES: the mutex is held.
void KeptPacks::end(Pack& pack, int status)
{
    auto stamp = sys::stamp_of(pack.file.get(), "a kept pack");
    bool is_whole = status == 0 && stamp && !pack.key.empty();
    if (!is_whole && !pack.key.empty())
        m_asked.put(pack.key, {.at = monotonic_now(), .has_failed = true}, 1);
    if (!is_whole)
        pack.key.clear();
    pack.state = is_whole ? Pack::State::whole : Pack::State::broken;
    pack.bytes = stamp ? static_cast<uint64_t>(stamp->size) : pack.bytes;
    pack.process.reset();
    pack.held.reset();
}

/// REQUIRES: the mutex is held.
void KeptPacks::look_at(Pack& pack, std::vector<http::Waker>& news)
{
    if (!pack.process)
        return;
    auto ended = pack.process->poll();
    if (!ended || *ended)
        end(pack, ended ? **ended : -1);
    auto stamp = sys::stamp_of(pack.file.get(), "a kept pack");
    for (Reader* reader : pack.readers) {
        if (!reader->m_waits_at)
            continue;
        if (!pack.process || !stamp || *reader->m_waits_at < static_cast<uint64_t>(stamp->size)) {
            reader->m_waits_at.reset();
            news.push_back(reader->m_waker);
        }
    }
}

/// In how many nanoseconds something is to be done. REQUIRES: the mutex is held.
int64_t KeptPacks::next_look()
{
    int64_t now = monotonic_now(), next = -1;
    for (const Pack& pack : m_packs) {
        if (pack.process)
            return between_looks;
        if (pack.readers.empty()) {
            int64_t left = std::max<int64_t>(good_until(pack) - now, 0);
            next = next < 0 ? left : std::min(next, left);
        }
    }
    return next;
}

/// REQUIRES: the mutex is held. The files are freed with the result, which takes a while.
std::list<KeptPacks::Pack> KeptPacks::take_forgotten()
{
    int64_t now = monotonic_now();
    std::list<Pack> forgotten;
    for (auto pack = m_packs.begin(); pack != m_packs.end();) {
        auto next = std::next(pack);
        bool is_over = pack->key.empty() || now >= good_until(*pack);
        if (!pack->process && pack->readers.empty() && is_over)
            forgotten.splice(forgotten.end(), m_packs, pack);
        pack = next;
    }
    return forgotten;
}

void KeptPacks::work()
{
    for (;;) {
        std::list<Pack> forgotten; // freed at the end of each turn, when nothing is locked
        std::vector<http::Waker> news;
        int64_t until_look = 0;
        {
            std::lock_guard lock(m_mutex);
            if (m_stopping)
                return;
            for (Pack& pack : m_packs)
                look_at(pack, news);
            forgotten = take_forgotten();
            until_look = next_look();
        }
        for (const http::Waker& waker : news)
            waker.wake();
        news.clear();
        forgotten.clear();
        if (auto waited = m_poller->wait(until_look); !waited)
            return log_line(waited.error().message);
    }
}

} // namespace quire::web
