#include "web/html/streamed_page.h"

#include "sys/thread.h"

namespace quire::web {

namespace {

/// A visit that outlives its request.
struct OwnedVisit {
    Site& site;
    http::Request request;
    std::shared_ptr<const Repository> repository;
    std::vector<std::string> rest;
    KeepWhole keep;
    bool shows_runs;

    explicit OwnedVisit(const Visit& visit)
        : site(visit.site), request(visit.request), repository(visit.repository), rest(visit.rest), keep(visit.keep),
          shows_runs(visit.run_marks)
    {
        request.socket = -1; // it is the connection's, and may be another one's soon
    }
};

} // namespace

static Result<void> write_rest(OwnedVisit& owned, http::Writer& writer, const Html& beginning, const RestOfPage& rest)
{
    int64_t before = sys::thread_cost();
    owned.request.left = writer.left();
    PageWriter page(writer);
    page.add(beginning);
    std::optional<RunMarks> marks;
    if (owned.shows_runs)
        marks.emplace(owned.site, *owned.repository);
    Visit visit{owned.site, owned.request, owned.repository, owned.rest, marks ? &*marks : nullptr};
    bool is_whole = TRY(rest(visit, page));
    page.add(page_end());
    if (is_whole && owned.keep) {
        http::Response whole = page_response(page.take_text());
        owned.keep(visit, std::move(whole), sys::thread_cost() - before);
    }
    return {};
}

http::Response stream_page(const Visit& visit, const Frame& frame, const Html& beginning, RestOfPage rest)
{
    Html text = page_beginning(visit, frame);
    text.append(beginning);
    http::Response response;
    response.content_type = "text/html; charset=utf-8";
    response.rest = [owned = std::make_shared<OwnedVisit>(visit), text = std::move(text),
                     rest = std::move(rest)](http::Writer& writer) { return write_rest(*owned, writer, text, rest); };
    return response;
}

} // namespace quire::web
