#include "web/keep/page_store.h"

#include <algorithm>

#include "base/log.h"
#include "base/strings.h"
#include "sys/atomic_file.h"
#include "sys/file.h"
#include "sys/stamp.h"

namespace quire::web {

constexpr std::string_view first_line = "quire page 1";
constexpr size_t max_head = 64u << 10;
/// When the space is used up, this part of it is freed.
constexpr uint64_t freed_part = 8;

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

/// REQUIRES: the mutex is held. Returns -1 if there is none.
int PageStore::directory()
{
    if (std::exchange(m_was_opened, true))
        return m_directory.get();
    auto pages = sys::make_directories_beneath(m_root.fd(), store::paths::kept_pages, 0700);
    if (!pages) {
        log("no pages are kept on disk: {}", pages.error().message);
        return -1;
    }
    std::string own = name_of(sys::stamp_of_target(AT_FDCWD, "/proc/self/exe").lasting());
    for (const std::string& other : sys::list_directory(pages->get(), ".").value_or({}))
        if (other != own)
            (void)sys::remove_tree(pages->get(), other); // it is tried again at the next start
    auto opened = sys::make_directories_beneath(pages->get(), own, 0700);
    if (!opened)
        return -1;
    m_directory = std::move(*opened);
    sys::sweep_temporaries(m_directory.get(), ".");
    for (const std::string& name : sys::list_directory(m_directory.get(), ".").value_or({}))
        if (auto status = sys::stat_at(m_directory.get(), name); status && *status) {
            m_files[name] = {static_cast<uint64_t>((*status)->st_size), sys::modified_at(**status)};
            m_bytes += m_files[name].bytes;
        }
    return m_directory.get();
}

/// REQUIRES: the mutex is held.
void PageStore::forget(const std::string& name)
{
    auto file = m_files.find(name);
    if (file == m_files.end())
        return;
    m_bytes -= file->second.bytes;
    m_files.erase(file);
}

/// REQUIRES: the mutex is held.
void PageStore::drop_old_ones()
{
    if (m_bytes <= m_most)
        return;
    std::vector<std::pair<Instant, std::string>> by_age;
    for (const auto& [name, file] : m_files)
        by_age.emplace_back(file.used, name);
    std::sort(by_age.begin(), by_age.end());
    for (const auto& [used, name] : by_age) {
        if (m_bytes <= m_most - m_most / freed_part)
            break;
        (void)sys::unlink_at(m_directory.get(), name); // it is gone already, or no longer counted
        forget(name);
    }
}

std::optional<http::Response> PageStore::find(const std::string& key, const std::string& state, bool accepts_gzip)
{
    std::string name = name_of(key);
    int in = -1;
    {
        std::lock_guard lock(m_mutex);
        in = directory();
        auto known = m_files.find(name);
        if (in < 0 || known == m_files.end())
            return std::nullopt;
        known->second.used = now();
    }
    auto file = sys::open_regular(in, name, O_NOFOLLOW);
    auto beginning = file ? sys::read_at(file->get(), 0, max_head) : Unexpected(std::move(file).error());
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
    if (content.size() > largest_page)
        return;
    int in = -1;
    {
        std::lock_guard lock(m_mutex);
        in = directory();
    }
    std::string name = name_of(key);
    if (in < 0 || !sys::replace_file_unsynced(in, name, content, 0600))
        return;
    std::lock_guard lock(m_mutex);
    forget(name);
    m_files[name] = {content.size(), used};
    m_bytes += content.size();
    drop_old_ones();
}

} // namespace quire::web
