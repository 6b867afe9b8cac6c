// BodySource: a body that is made while it is sent, in bounded memory, for what is large or has no end yet.
//
//   response.stream = process_body(TRY(start(command)));    // what a git process prints
//   response.stream = file_body(std::move(fd), size);       // a file, with its Content-Length
//   response.stream = std::make_shared<LiveLog>(...);       // a source of one's own
//
// How it goes: the server pulls a block when the reader has taken the one before. A source that has nothing yet says
// so, and until there is something the connection costs no thread and no time. It says what to wait for: a descriptor
// that becomes readable, an instant, or a call of its Waker from any thread; the first of these makes the server pull
// again, which may find nothing again. A reader that goes away, or does not take a block within half a minute, ends
// the stream: the source is destroyed, and what it holds (a process, descriptors, Response::held) with it.
//
// With a size the response has a Content-Length; without, HTTP/1.1 gets chunks and HTTP/1.0 a body that ends with the
// connection. An error, or an end before the size is reached, breaks the connection off, so that no reader takes a
// part for the whole. HEAD, 304 and an anonymous source that nobody pulled are fine: it is just destroyed.
//
// A source's calls come from the server's event threads, never two at once, and must not block: what takes longer than
// reading a block from a disk belongs into the handler, before it answers, or into a process.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "base/result.h"
#include "base/time.h"
#include "base/unique_fd.h"
#include "sys/process.h"

namespace quire::http {

class Stream;

/// Wakes a stream that waits. May be copied and called from any thread, also when the stream is over.
class Waker {
public:
    Waker() = default;
    void wake() const;

private:
    friend class Stream;
    explicit Waker(std::weak_ptr<Stream> stream) : m_stream(std::move(stream)) {}
    std::weak_ptr<Stream> m_stream;
};

struct Pull {
    enum class State { some, wait, end };
    State state = State::end;
    size_t size = 0;   ///< with some: how much was written
    int fd = -1;       ///< with wait: pull again when it is readable
    int64_t until = 0; ///< with wait: pull again at this monotonic instant, give or take a second

    static Pull some(size_t size) { return {.state = State::some, .size = size}; }
    static Pull wait(int fd, int64_t until = 0) { return {.state = State::wait, .fd = fd, .until = until}; }
    static Pull end() { return {}; }
};

class BodySource {
public:
    virtual ~BodySource() = default;
    /// Called once, before the first pull. A wake between a pull that says wait and the waiting itself is not lost.
    virtual void start(Waker) {}
    /// Writes up to `size` bytes.
    virtual Result<Pull> pull(char* buffer, size_t size) = 0;
    /// Whether it goes on for as long as somebody looks: its readers are followers, of whom there is a limit.
    virtual bool is_live() const { return false; }
    /// How much memory each of its streams has for a block.
    virtual size_t block() const { return 32u << 10; }
    /// The whole body's size where it is known.
    virtual std::optional<uint64_t> size() const { return std::nullopt; }
};

struct ProcessBodyOptions {
    std::string input;                                ///< its stdin
    int64_t lifetime = 1800 * nanoseconds_per_second; ///< killed then, and the stream broken off
    std::optional<uint64_t> size;                     ///< what it is known to print
    uint64_t most = UINT64_MAX;                       ///< what it may print; more, and the stream is broken off
};

/// Starts the command and sends what it prints; an exit other than 0 breaks the stream off. It gets a session of its
/// own, and all of that is killed when the stream ends early. `command.input`, `output` and `new_session` are ignored.
/// For the handler, since starting a process takes a millisecond.
Result<std::shared_ptr<BodySource>> process_body(sys::Command command, ProcessBodyOptions options = {});

/// `size` bytes of a regular file from `offset`.
std::shared_ptr<BodySource> file_body(UniqueFd file, uint64_t size, uint64_t offset = 0);

} // namespace quire::http
