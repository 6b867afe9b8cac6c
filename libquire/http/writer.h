// Writer: the worker's end of a body that is sent while the worker still makes it.
//
//   response.rest = [](Writer& writer) -> Result<void> { ... writer.write("a piece"); ... };
//
// The server sends the head of the answer first, then calls `rest` on the worker that ran the handler, so that its work
// counts against the lane like any other. What is written goes out piece by piece, compressed if the reader accepts
// that. A writer never waits for its reader: what was not sent yet is held in memory, so a body should not be larger
// than a page. When the reader has left, has_left() says so, and what is written goes nowhere. If `rest` fails, the
// connection is broken, so that no reader takes a part for the whole. After HEAD it is not called.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "http/body.h"

namespace quire::http {

class Writer {
public:
    enum class Coding { plain, gzip };

    /// Where there is no memory to compress, it is plain.
    explicit Writer(Coding coding);
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;
    /// Without finish() before, the reader's connection is broken.
    ~Writer();

    void write(std::string_view text);
    void finish();
    bool has_left() const;
    bool is_packed() const { return m_gzip != nullptr; }
    /// Asks the same, also when the writer is gone: then nobody reads any more.
    std::function<bool()> left() const;

    /// What the server sends. Called once.
    std::shared_ptr<BodySource> body();

private:
    struct Pipe;
    class Body;
    class Gzip;

    void hand_over(std::string_view bytes, bool is_end);

    std::shared_ptr<Pipe> m_pipe;
    std::unique_ptr<Gzip> m_gzip; ///< null: the bytes go out as they are
    bool m_is_finished = false;
};

} // namespace quire::http
