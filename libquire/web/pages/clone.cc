// git's smart HTTP, for reading: "/NAME/info/refs" and "/NAME/git-upload-pack", also with ".git" after the name.
// Nothing can be written over HTTP: receive-pack is answered with that.
#include "base/sha256.h"
#include "base/strings.h"
#include "git/object_reader.h"
#include "store/paths.h"
#include "sys/file.h"
#include "sys/process.h"
#include "sys/stamp.h"
#include "web/budget/costly.h"
#include "web/budget/git_stream.h"
#include "web/pages/pages.h"
#include "web/pages/routes.h"

namespace quire::web {

constexpr size_t max_advertised = 16u << 20;
constexpr size_t max_request = 4u << 20;

size_t git_request_limit(const http::Target& target)
{
    bool is_git =
        target.path.size() > 1 && (target.path.back() == "git-upload-pack" || target.path.back() == "git-receive-pack");
    return is_git ? max_request : 0;
}

static http::Response refusal(std::string_view text)
{
    http::Response response = http::text_response(403, text);
    response.policy = http::Policy::raw;
    return response;
}

/// The only header from the client that git gets: its value must be one of three words.
static std::string protocol_of(const http::Request& request)
{
    for (const char* known : {"version=2", "version=1", "version=0"})
        if (request.git_protocol == known)
            return known;
    return {};
}

Page git_refs_page(const Visit& visit)
{
    std::string_view service = visit.request.parameter("service");
    if (service == "git-receive-pack")
        return refusal("nothing is pushed over http here: push over ssh\n");
    if (service != "git-upload-pack")
        return refusal("only git's smart protocol is spoken here\n");
    CostlyPlace place = TRY(CostlyPlace::take(visit.request, Cost::clone));
    sys::Command command;
    command.argv = {"prlimit",
                    fmt::format("--data={}", static_cast<uint64_t>(Memory::much)),
                    "git",
                    "upload-pack",
                    "--stateless-rpc",
                    "--advertise-refs",
                    "."};
    command.environment = git::repository_environment();
    std::string protocol = protocol_of(visit.request);
    if (!protocol.empty())
        sys::set_variable(command.environment, "GIT_PROTOCOL", protocol);
    command.directory = visit.repository->directory.get();
    std::string refs =
        TRY(sys::run_ok(command, {.input = {}, .limit = max_advertised, .timeout = costly_time(visit.request)}));
    http::Response response;
    response.content_type = "application/x-git-upload-pack-advertisement";
    response.policy = http::Policy::raw;
    response.caching = http::Caching::none;
    std::string greeting = protocol == "version=2" ? "" : "001e# service=git-upload-pack\n0000";
    response.body = std::make_shared<const std::string>(greeting + refs);
    return response;
}

/// Whether a pack is asked for, which it may be worth while to keep. Others are only told about refs, or which commits
/// both have.
static bool is_for_pack(std::string_view request, bool is_version_2)
{
    return is_version_2 ? request.find("command=fetch") != std::string_view::npos : request.ends_with("0009done\n");
}

/// More than what all packs together can become when they are sent. Objects in no pack yet are few: see upkeep.
static uint64_t most_sent(const Repository& repository)
{
    constexpr uint64_t at_least = 64u << 20;
    uint64_t bytes = 0;
    for (const std::string& name : sys::list_directory(repository.directory.get(), "objects/pack").value_or({}))
        if (name.ends_with(".pack"))
            bytes +=
                static_cast<uint64_t>(sys::stamp_of_target(repository.directory.get(), "objects/pack/" + name).size);
    return bytes + bytes / 4 + at_least;
}

/// What upload-pack answers is made of objects, which never change, and of these.
static std::optional<Keeping> keeping_of(const Visit& visit, const std::string& protocol)
{
    const Repository& repository = *visit.repository;
    if (!is_for_pack(visit.request.body, protocol == "version=2") ||
        sys::exists(repository.directory.get(), "objects/info/alternates"))
        return std::nullopt;
    auto state = visit.site.states().of(DependsOn::fetched, repository.directory.get());
    if (!state)
        return std::nullopt;
    int root = visit.site.root().fd();
    std::string key = *state;
    for (const char* settings : {store::paths::git_config, store::paths::git_local})
        key += sys::stamp_of_target(root, settings).str() + ";";
    return Keeping{sha256_hex(key + protocol + ";" + visit.request.body), most_sent(repository)};
}

Page git_upload_page(const Visit& visit)
{
    std::string protocol = protocol_of(visit.request);
    return git_stream(visit, {.arguments = {"upload-pack", "--stateless-rpc", "."},
                              .content_type = "application/x-git-upload-pack-result",
                              .input = visit.request.body,
                              .protocol = protocol,
                              .memory = Memory::much,
                              .cost = Cost::clone,
                              .keeping = keeping_of(visit, protocol)});
}

Page git_receive_page(const Visit&) { return refusal("nothing is pushed over http here: push over ssh\n"); }

} // namespace quire::web
