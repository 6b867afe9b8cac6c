// What a request is told that can't be answered: a browser gets a page, anything else a line of text. tell() is the one
// place that decides it.
//
// Troubles: what the server itself answers when it has no room, no memory or no answer for a request. They are made
// when the server starts, since they are sent when the machine has the least to give: to send one copies a few headers
// and no body.
#pragma once

#include <array>
#include <functional>
#include <string_view>

#include "http/response.h"

namespace quire::http {

/// `page` is asked for only if it is sent. Nobody caches the answer.
Response tell(bool accepts_html, int status, std::string_view title, std::string_view text,
              const std::function<Response()>& page);

/// Makes the page that a browser is shown. Its status is set by who asks for it.
using MakePage = std::function<Response(std::string_view title, std::string_view text)>;

enum class Trouble { too_busy, too_many_followers, no_memory, failed };

class Troubles {
public:
    /// Without `make_page` everybody gets text.
    explicit Troubles(MakePage make_page);

    Response answer(Trouble trouble, bool accepts_html) const;
    /// For a request that can't be used; made when it is asked for.
    Response refuse(int status, std::string_view reason, bool accepts_html) const;

private:
    struct Told {
        Response text, page;
    };
    Response tell(bool accepts_html, int status, std::string_view title, std::string_view text) const;

    MakePage m_make_page;
    std::array<Told, 4> m_made;
};

} // namespace quire::http
