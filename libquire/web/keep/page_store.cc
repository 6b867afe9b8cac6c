#include "web/keep/page_store.h"

#include "base/log.h"
#include "base/strings.h"
#include "sys/file.h"
#include "sys/stamp.h"

namespace quire::web {

constexpr std::string_view first_line = "quire page 1";
constexpr size_t max_head = 64u << 10;

/// The head of a page's file: lines of the form "name value", then an empty line. The bodies follow.
struct Head {
    std::string key, state, type, etag;
    http::Policy policy = http::Policy::page;
    http::Caching caching = http::Caching::revalidate;
    uint64_t gzipped = 0, plain = 0; ///< bytes
    std::vector<std::pair<std::string, std::string>> headers;
};

static std::string name_of(std::string_view key)
{
    std::string name;
    // Two hashes of 64 bits: if two keys collide, a page only loses its place.
    for (uint64_t hash : {14695981039346656037u, 7809847782465536322u}) {
        for (char c : key)
            hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
        name += fmt::format("{:016x}", hash);
    }
    return name;
}

static std::optional<Head> parse_head(std::string_view text)
{
    if (take_until(text, '\n') != first_line)
        return std::nullopt;
    Head head;
    while (!text.empty()) {
        std::string_view value = take_until(text, '\n');
        std::string_view name = take_until(value, ' ');
        if (name == "key")
            head.key = value;
        else if (name == "state")
            head.state = value;
        else if (name == "type")
            head.type = value;
        else if (name == "etag")
            head.etag = value;
        else if (name == "policy")
            head.policy = value == "raw" ? http::Policy::raw : http::Policy::page;
        else if (name == "caching")
            head.caching = value == "immutable" ? http::Caching::immutable : http::Caching::revalidate;
        else if (name == "gzipped")
            head.gzipped = parse_decimal(value).value_or(0);
        else if (name == "plain")
            head.plain = parse_decimal(value).value_or(0);
        else if (name == "header")
            head.headers.emplace_back(take_until(value, ' '), value);
    }
    bool is_sane = head.gzipped <= PageStore::largest_page && head.plain <= PageStore::largest_page;
    return is_sane ? std::optional(std::move(head)) : std::nullopt;
}

static std::string print_head(const std::string& key, const std::string& state, const http::Response& response)
{
    std::string head = fmt::format(
        "{}\nkey {}\nstate {}\ntype {}\netag {}\npolicy {}\ncaching {}\ngzipped {}\nplain {}\n", first_line, key, state,
        response.content_type, response.etag, response.policy == http::Policy::raw ? "raw" : "page",
        response.caching == http::Caching::immutable ? "immutable" : "revalidate",
        response.gzipped ? response.gzipped->size() : 0, response.body->size());
    for (const auto& [name, value] : response.headers)
        head += fmt::format("header {} {}\n", name, value);
    return head + "\n";
}

/// This build's directory. Those of others are removed.
static UniqueFd open_directory_of_this_build(const store::Root& root)
{
    auto pages = sys::make_directories_beneath(root.fd(), store::paths::kept_pages, 0700);
    if (!pages) {
        log("no pages are kept on disk: {}", pages.error().message);
        return {};
    }
    std::string own = name_of(sys::stamp_of_target(AT_FDCWD, "/proc/self/exe").lasting());
    for (const std::string& other : sys::list_directory(pages->get(), ".").value_or({}))
        if (other != own)
            (void)sys::remove_tree(pages->get(), other); // it is tried again at the next start
    auto opened = sys::make_directories_beneath(pages->get(), own, 0700);
    return opened ? std::move(*opened) : UniqueFd();
}

sys::KeptFiles& PageStore::files()
{
    std::lock_guard lock(m_mutex);
    if (!m_files)
        m_files.emplace(open_directory_of_this_build(m_root), m_most);
    return *m_files;
}

std::optional<http::Response> PageStore::find(const std::string& key, const std::string& state, bool accepts_gzip)
{
    auto file = files().open(name_of(key));
    auto beginning = file ? sys::read_at(file->get(), 0, max_head) : fail(ErrorKind::not_found, "it is not kept");
    if (!beginning)
        return std::nullopt;
    size_t end = beginning->find("\n\n");
    auto head = end == std::string::npos ? std::nullopt : parse_head(std::string_view(*beginning).substr(0, end + 1));
    if (!head || head->key != key || head->state != state)
        return std::nullopt;
    bool takes_gzipped = accepts_gzip && head->gzipped > 0;
    uint64_t size = takes_gzipped ? head->gzipped : head->plain;
    auto body = sys::read_at(file->get(), end + 2 + (takes_gzipped ? 0 : head->gzipped), size);
    if (!body || body->size() != size)
        return std::nullopt;
    http::Response response;
    response.content_type = head->type;
    response.etag = head->etag;
    response.policy = head->policy;
    response.caching = head->caching;
    response.headers = std::move(head->headers);
    auto shared = std::make_shared<const std::string>(std::move(*body));
    (takes_gzipped ? response.gzipped : response.body) = std::move(shared);
    return response;
}

void PageStore::keep(const std::string& key, const std::string& state, const http::Response& response, Instant used)
{
    std::string content = print_head(key, state, response);
    bool has_lines = key.find('\n') != std::string::npos || state.find('\n') != std::string::npos;
    if (content.size() > max_head || has_lines)
        return;
    if (response.gzipped)
        content += *response.gzipped;
    content += *response.body;
    if (content.size() <= largest_page)
        files().keep(name_of(key), content, used);
}

} // namespace quire::web
