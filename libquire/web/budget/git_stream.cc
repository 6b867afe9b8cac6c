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

static http::Response answer(const std::string& content_type, std::shared_ptr<http::BodySource> body)
{
    http::Response response;
    response.content_type = content_type;
    response.policy = http::Policy::raw;
    response.caching = http::Caching::none;
    response.stream = std::move(body);
    return response;
}

static sys::Command command_of(const Visit& visit, const GitStream& stream)
{
    sys::Command command = git_command(*visit.repository, stream.arguments, stream.memory);
    if (!stream.protocol.empty())
        sys::set_variable(command.environment, "GIT_PROTOCOL", stream.protocol);
    return command;
}

/// Null: nothing is kept of it. A place is for a process, so it belongs to the one that makes what is kept.
static Result<std::shared_ptr<http::BodySource>> kept_body(const Visit& visit, const GitStream& stream)
{
    KeptPacks& packs = visit.site.kept_packs();
    const Keeping& keeping = *stream.keeping;
    int64_t patience = transfer_time(visit.request);
    auto body = packs.find(keeping.key, patience);
    if (body || !packs.is_asked_again(keeping.key))
        return body;
    auto place = std::make_shared<CostlyPlace>(TRY(CostlyPlace::take(visit.request, stream.cost)));
    sys::Command command = command_of(visit, stream);
    limit_file(command, keeping.most);
    return packs.make(
        keeping.key,
        {.command = std::move(command), .input = stream.input, .most = keeping.most, .held = std::move(place)},
        patience);
}

Result<http::Response> git_stream(const Visit& visit, GitStream stream)
{
    bool has_body = visit.request.method != http::Method::head;
    if (stream.keeping && has_body)
        if (auto kept = TRY(kept_body(visit, stream)))
            return answer(stream.content_type, std::move(kept));
    auto place = std::make_shared<CostlyPlace>(TRY(CostlyPlace::take(visit.request, stream.cost)));
    std::shared_ptr<http::BodySource> body = std::make_shared<UnsentBody>(stream.size);
    if (has_body)
        body = TRY(http::process_body(command_of(visit, stream), {.input = std::move(stream.input),
                                                                  .lifetime = transfer_time(visit.request),
                                                                  .size = stream.size,
                                                                  .most = stream.most}));
    http::Response response = answer(stream.content_type, std::move(body));
    response.held = std::move(place);
    return response;
}

} // namespace quire::web
