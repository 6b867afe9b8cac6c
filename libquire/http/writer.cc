#include "http/writer.h"

#include <zlib.h>

#include <atomic>
#include <mutex>
#include <string>

namespace quire::http {

/// Between the worker and the event thread.
struct Writer::Pipe {
    std::mutex mutex;
    std::string waiting; ///< what was written and not sent yet
    bool is_finished = false, is_broken = false;
    Waker waker;
    std::atomic<bool> has_left = false;
};

class Writer::Body : public BodySource {
public:
    explicit Body(std::shared_ptr<Pipe> pipe) : m_pipe(std::move(pipe)) {}
    Body(const Body&) = delete;
    Body& operator=(const Body&) = delete;
    ~Body() override
    {
        m_pipe->has_left = true;
        std::lock_guard lock(m_pipe->mutex);
        m_pipe->waiting.clear();
    }

    void start(Waker waker) override
    {
        std::lock_guard lock(m_pipe->mutex);
        m_pipe->waker = std::move(waker);
    }

    Result<Pull> pull(char* buffer, size_t size) override
    {
        std::lock_guard lock(m_pipe->mutex);
        if (m_sent < m_pipe->waiting.size()) {
            size_t taken = m_pipe->waiting.copy(buffer, size, m_sent);
            m_sent += taken;
            if (m_sent == m_pipe->waiting.size()) {
                m_pipe->waiting.clear();
                m_sent = 0;
            }
            return Pull::some(taken);
        }
        if (m_pipe->is_broken)
            return fail(ErrorKind::system, "the rest could not be made");
        return m_pipe->is_finished ? Pull::end() : Pull::wait(-1);
    }

private:
    std::shared_ptr<Pipe> m_pipe;
    size_t m_sent = 0; ///< of what is waiting
};

/// Compresses piece by piece: what it has been given can be unpacked from what it has returned.
class Writer::Gzip {
public:
    Gzip() = default;
    Gzip(const Gzip&) = delete;
    Gzip& operator=(const Gzip&) = delete;
    ~Gzip() { deflateEnd(&m_stream); }

    static std::unique_ptr<Gzip> create()
    {
        constexpr int gzip_window = 15 + 16, level = 4;
        auto made = std::make_unique<Gzip>();
        bool is_ready = deflateInit2(&made->m_stream, level, Z_DEFLATED, gzip_window, 8, Z_DEFAULT_STRATEGY) == Z_OK;
        return is_ready ? std::move(made) : nullptr;
    }

    std::string pack(std::string_view text, bool is_end)
    {
        constexpr size_t step = 16u << 10;
        m_stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data())); // zlib only reads it
        m_stream.avail_in = static_cast<uInt>(text.size());
        std::string out;
        do {
            size_t have = out.size();
            out.resize(have + step);
            m_stream.next_out = reinterpret_cast<Bytef*>(out.data() + have);
            m_stream.avail_out = step;
            deflate(&m_stream, is_end ? Z_FINISH : Z_SYNC_FLUSH);
            out.resize(out.size() - m_stream.avail_out);
        } while (m_stream.avail_out == 0);
        return out;
    }

private:
    z_stream m_stream{};
};

Writer::Writer(Coding coding) : m_pipe(std::make_shared<Pipe>())
{
    if (coding == Coding::gzip)
        m_gzip = Gzip::create();
}

Writer::~Writer()
{
    if (m_is_finished)
        return;
    std::unique_lock lock(m_pipe->mutex);
    m_pipe->is_broken = true;
    Waker waker = m_pipe->waker;
    lock.unlock();
    waker.wake();
}

void Writer::hand_over(std::string_view bytes, bool is_end)
{
    std::unique_lock lock(m_pipe->mutex);
    if (!m_pipe->has_left)
        m_pipe->waiting += bytes;
    m_pipe->is_finished = is_end;
    Waker waker = m_pipe->waker;
    lock.unlock(); // a stream that is woken takes its own mutex first, and then this one
    waker.wake();
}

void Writer::write(std::string_view text)
{
    if (text.empty() || has_left())
        return;
    if (m_gzip)
        hand_over(m_gzip->pack(text, false), false);
    else
        hand_over(text, false);
}

void Writer::finish()
{
    m_is_finished = true;
    hand_over(m_gzip ? m_gzip->pack("", true) : std::string(), true);
}

bool Writer::has_left() const { return m_pipe->has_left; }

std::function<bool()> Writer::left() const
{
    return [pipe = m_pipe] { return pipe->has_left.load(); };
}

std::shared_ptr<BodySource> Writer::body() { return std::make_shared<Body>(m_pipe); }

} // namespace quire::http
