// A page whose beginning the reader has while its rest is still being found out: a series that is compared commit by
// commit, lines that are followed through a long history. It is plain HTML, sent in pieces.
//
// The rest is written on the worker that made the beginning, within the same limits. It gets a visit of its own, since
// the request may be gone by then, and must open the repository again. When the reader leaves, patience that was made
// from that visit's request runs out. A page that became whole is kept like any other.
#pragma once

#include "http/writer.h"
#include "web/html/layout.h"

namespace quire::web {

class PageWriter {
public:
    explicit PageWriter(http::Writer& writer) : m_writer(writer) {}

    /// Sends it.
    void add(const Html& html)
    {
        m_text += html.str();
        m_writer.write(html.str());
    }
    std::string take_text() { return std::move(m_text); }

private:
    http::Writer& m_writer;
    std::string m_text; ///< all of it, to be kept
};

/// Says whether the page is whole. An error breaks the connection, so that nobody takes a part for the whole.
using RestOfPage = std::function<Result<bool>(const Visit& visit, PageWriter& page)>;

http::Response stream_page(const Visit& visit, const Frame& frame, const Html& beginning, RestOfPage rest);

} // namespace quire::web
