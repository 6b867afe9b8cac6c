#include "web/html/url.h"

#include "base/strings.h"
#include "text/escape.h"

namespace quire::web {

using text::percent_encode;
using text::Slash;

Url Url::repository(const store::RepoName& name) { return Url("/" + name.str()); }

Url Url::view(const store::RepoName& name, std::string_view view, std::string_view rest, std::string_view path)
{
    std::string text = fmt::format("/{}/-/{}", name.str(), view);
    for (std::string_view part : {rest, path})
        if (!part.empty())
            text += "/" + percent_encode(part, Slash::keep);
    return Url(std::move(text));
}

Url Url::run(const store::RepoName& name, uint64_t number)
{
    return Url(fmt::format("/{}/runs/{}", name.str(), number));
}

Url Url::runs(const store::RepoName& name) { return Url(fmt::format("/{}/runs", name.str())); }

Url Url::run_view(const store::RepoName& name, uint64_t number, std::string_view view, std::string_view job,
                  std::string_view path)
{
    std::string text = fmt::format("/{}/runs/{}/{}", name.str(), number, view);
    if (!job.empty())
        text += "/" + percent_encode(job);
    if (!path.empty())
        text += "/" + percent_encode(path, Slash::keep);
    return Url(std::move(text));
}

Url Url::local(std::string_view path) { return Url(std::string(path)); }

/// The part before ":", if it makes the address absolute.
static std::string_view scheme_of(std::string_view address)
{
    size_t end = address.find_first_of(":/?#");
    return end != std::string_view::npos && address[end] == ':' ? address.substr(0, end) : std::string_view();
}

Url Url::outside(std::string_view address)
{
    // Browsers ignore control bytes and leading blanks before a scheme.
    for (char c : address)
        if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7f || c == '\\')
            return Url("#");
    std::string scheme = to_lower(scheme_of(address));
    bool is_harmless = scheme == "http" || scheme == "https" || scheme == "mailto";
    bool is_relative = scheme.empty() && !address.starts_with(':') && !address.starts_with("//");
    return Url(is_harmless || is_relative ? std::string(address) : "#");
}

Url Url::with(std::string_view name, std::string_view value) const
{
    char separator = m_text.find('?') == std::string::npos ? '?' : '&';
    return Url(fmt::format("{}{}{}={}", m_text, separator, percent_encode(name), percent_encode(value)));
}

Url Url::at(std::string_view fragment) const { return Url(m_text + "#" + percent_encode(fragment)); }

} // namespace quire::web
