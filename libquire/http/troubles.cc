#include "http/troubles.h"

namespace quire::http {

namespace {

struct Words {
    int status;
    const char* title;
    const char* text;
};

/// By their place in enum Trouble.
constexpr std::array<Words, 4> words{
    {{503, "busy", "There is too much to do right now. Try again in a moment."},
     {503, "busy", "Too many look on right now. Try again later."},
     {503, "busy", "There is no memory left for this right now. Try again in a moment."},
     {500, "something went wrong", "The page could not be made. The reason is in the server’s log."}}};

} // namespace

Response tell(bool accepts_html, int status, std::string_view title, std::string_view text,
              const std::function<Response()>& page)
{
    if (!accepts_html)
        return text_response(status, fmt::format("{}: {}\n", title, text));
    Response response = page();
    response.status = status;
    response.caching = Caching::none;
    response.etag.clear();
    return response;
}

Troubles::Troubles(MakePage make_page) : m_make_page(std::move(make_page))
{
    for (size_t i = 0; i < m_made.size(); ++i) {
        const auto& [status, title, text] = words[i];
        m_made[i] = {tell(false, status, title, text), tell(true, status, title, text)};
        if (status == 503)
            for (Response* one : {&m_made[i].text, &m_made[i].page})
                one->headers.emplace_back("Retry-After", "10");
    }
}

Response Troubles::tell(bool accepts_html, int status, std::string_view title, std::string_view text) const
{
    return http::tell(accepts_html && m_make_page, status, title, text, [&] { return m_make_page(title, text); });
}

Response Troubles::answer(Trouble trouble, bool accepts_html) const
{
    const Told& told = m_made[static_cast<size_t>(trouble)];
    return accepts_html ? told.page : told.text;
}

Response Troubles::refuse(int status, std::string_view reason, bool accepts_html) const
{
    if (status != 400)
        return tell(accepts_html, status, "not possible", reason);
    std::string sentence = fmt::format("This request is not well-formed: {}.", reason);
    return tell(accepts_html, status, "bad request", accepts_html ? std::string_view(sentence) : reason);
}

} // namespace quire::http
