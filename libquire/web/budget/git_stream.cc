#include "web/budget/git_stream.h"

#include "web/budget/git_command.h"

namespace quire::web {

namespace {

/// The body for HEAD: it has the same length as for GET, but no process is started.
class UnsentBody : public http::BodySource {
public:
    explicit UnsentBody(std::optional<uint64_t> size) : m_size(size) {}
    std::optional<uint64_t> size() const override { return m_size; }
    Result<http::Pull> pull(char*, size_t) override { return fail(ErrorKind::invalid, "HEAD has no body"); }

private:
    std::optional<uint64_t> m_size;
};

} // namespace

Result<http::Response> git_stream(const Visit& visit, GitStream stream)
{
    auto place = std::make_shared<CostlyPlace>(TRY(CostlyPlace::take(visit.request, stream.cost)));
    sys::Command command = git_command(*visit.repository, stream.arguments, stream.memory);
    if (!stream.protocol.empty())
        sys::set_variable(command.environment, "GIT_PROTOCOL", stream.protocol);
    http::Response response;
    response.content_type = std::move(stream.content_type);
    response.policy = http::Policy::raw;
    response.caching = http::Caching::none;
    response.held = std::move(place);
    if (visit.request.method == http::Method::head)
        response.stream = std::make_shared<UnsentBody>(stream.size);
    else
        response.stream = TRY(http::process_body(std::move(command), {.input = std::move(stream.input),
                                                                      .lifetime = transfer_time(visit.request),
                                                                      .size = stream.size,
                                                                      .most = stream.most}));
    return response;
}

} // namespace quire::web
