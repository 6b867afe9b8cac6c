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

Troubles::Troubles(MakePage make_page) : m_make_page(std::move(make_page))
{
    for (size_t i = 0; i < m_made.size(); ++i) {
        m_made[i] = tell(words[i].status, words[i].title, words[i].text);
        if (words[i].status == 503)
            for (Response* one : {&m_made[i].text, &m_made[i].page})
                one->headers.emplace_back("Retry-After", "10");
    }
}

Troubles::Told Troubles::tell(int status, std::string_view title, std::string_view text) const
{
    Told told{text_response(status, fmt::format("{}: {}\n", title, text)), {}};
    told.page = m_make_page ? m_make_page(title, text) : told.text;
    told.page.status = status;
    told.page.caching = Caching::none;
    told.page.etag.clear();
    return told;
}

Response Troubles::answer(Trouble trouble, bool accepts_html) const
{
    const Told& told = m_made[static_cast<size_t>(trouble)];
    return accepts_html ? told.page : told.text;
}

Response Troubles::refuse(int status, std::string_view reason, bool accepts_html) const
{
    if (status != 400) {
        Told told = tell(status, "not possible", reason);
        return accepts_html ? std::move(told.page) : std::move(told.text);
    }
    constexpr const char* title = "bad request";
    return accepts_html ? tell(status, title, fmt::format("This request is not well-formed: {}.", reason)).page
                        : tell(status, title, reason).text;
}

} // namespace quire::http
