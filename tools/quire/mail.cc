// mail: tests whether mail can be sent, and makes the runner's attempts to send it.
#include "deliver/mail.h"
#include "base/log.h"
#include "forge/config.h"
#include "verbs.h"

namespace quire::tool {

static store::RepositoryConfig read_repository(const store::Root& root, const store::RepoName& name)
{
    auto repository = root.open_repository(name);
    return repository ? forge::read_config(repository->get(), name) : store::RepositoryConfig{};
}

Result<int> verb_deliver_mail(const Call& call)
{
    TRY(call.options());
    store::Root root = TRY(call.root());
    store::GlobalConfig config = TRY(forge::read_global_config(root));
    auto read = [&](const store::RepoName& name) { return read_repository(root, name); };
    TRY(deliver::deliver_mail({root, config, read}));
    return 0;
}

Result<int> verb_mail_test(const Call& call)
{
    cli::Options options = TRY(call.options());
    store::Root root = TRY(call.root());
    store::GlobalConfig config = TRY(forge::read_global_config(root));
    std::vector<std::string> to = options.operands();
    if (to.empty())
        to = config.notifications.to.value_or(std::vector<std::string>());
    if (to.empty())
        return fail(ErrorKind::usage, "mail test: name an address, or set :notifications :to");
    int code = cli::exit_yes;
    for (const std::string& address : to) {
        if (!store::is_mail_address(address))
            return fail(ErrorKind::usage, "mail test: '{}' is no plain address such as me@example.org",
                        visible(address));
        auto sent = deliver::send_test_mail({root, config, {}}, address);
        if (sent) {
            TRY(cli::print(fmt::format("a mail to {} was taken by the server\n", address)));
        } else {
            log("mail to {}: {}", address, sent.error().message);
            code = cli::exit_no;
        }
    }
    return code;
}

} // namespace quire::tool
