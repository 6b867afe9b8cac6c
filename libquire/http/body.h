// BodySource: a body that is made while it is sent, in limited memory, for bodies that are large or not finished yet.
//
//   response.stream = process_body(TRY(start(command)));    // what a git process prints
//   response.stream = file_body(std::move(fd), size);       // a file, with its Content-Length
//   response.stream = std::make_shared<LiveLog>(...);       // your own source
//
// The server pulls a block when the reader has taken the one before. A source that has nothing yet says so, and what it
// waits for: a readable descriptor, a time, or a call of its Waker from any thread. Meanwhile the connection uses no
// thread and no time. Whichever comes first makes the server pull again, perhaps in vain. If the reader goes away, or
// does not take a block within half a minute, the stream ends: the source is destroyed with all that it holds (a
// process, descriptors, Response::held).
//
// If the size is known, the response has a Content-Length. Otherwise HTTP/1.1 uses chunks, and in HTTP/1.0 the end of
// the connection ends the body. An error, or an end before the size is reached, breaks the connection, so that no
// reader takes a part for the whole. After HEAD, 304 or no pull at all the source is just destroyed.
//
// The server's event threads call a source, never two at once. Calls must not block: work that takes longer than
// reading a block from a disk must be done by the handler before it answers, or by a process.
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

/// Wakes a stream that waits. It may be copied, and called from any thread, even when the stream is over.
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
    int enough = 1;    ///< with wait: if there are not so many bytes, some more are waited for, though not for long
    int64_t until = 0; ///< with wait: pull again at this monotonic instant, give or take a second

    static Pull some(size_t size) { return {.state = State::some, .size = size}; }
    static Pull wait(int fd, int64_t until = 0) { return {.state = State::wait, .fd = fd, .until = until}; }
    static Pull end() { return {}; }
};

class BodySource {
public:
    virtual ~BodySource() = default;
    /// Called once, before the first pull. A wake between a pull that says "wait" and the waiting itself is not lost.
    virtual void start(Waker) {} // NOLINT(performance-unnecessary-value-param): who overrides it keeps the waker
    /// Writes up to `size` bytes.
    virtual Result<Pull> pull(char* buffer, size_t size) = 0;
    /// Whether the body goes on as long as somebody reads. Such readers are followers, whose number is limited.
    virtual bool is_live() const { return false; }
    /// How much memory each stream of this source has for a block.
    virtual size_t block() const { return 32u << 10; }
    /// The size of the whole body, if it is known.
    virtual std::optional<uint64_t> size() const { return std::nullopt; }
};

struct ProcessBodyOptions {
    std::string input;                                ///< its stdin
    int64_t lifetime = 1800 * nanoseconds_per_second; ///< after that, the command is killed and the stream broken off
    std::optional<uint64_t> size;                     ///< of the output, if it is known
    uint64_t most = UINT64_MAX;                       ///< if the output is longer, the stream is broken off
};

/// Starts the command and sends its output; an exit code other than 0 breaks the stream off. The command gets its own
/// session, which is killed if the stream ends early. `command.input`, `output` and `new_session` are ignored. Call it
/// in the handler, since starting a process takes a millisecond.
Result<std::shared_ptr<BodySource>> process_body(sys::Command command, ProcessBodyOptions options = {});

/// `size` bytes of a regular file from `offset`.
std::shared_ptr<BodySource> file_body(UniqueFd file, uint64_t size, uint64_t offset = 0);

} // namespace quire::http
