#include "dispatch/table.h"

namespace quire::dispatch {

constexpr Service services[] = {
    {"git-upload-pack", "fetch and clone"},
    {"git-receive-pack", "push"},
    {"git-upload-archive", "git archive --remote"},
};

std::span<const Service> git_services() { return services; }

std::string help_over_ssh()
{
    std::string text = "usage: ssh HOST quire VERB ...\n\n" + cli::list_of_verbs(cli::Reach::over_ssh) +
                       "\nssh HOST quire help VERB tells more.\n\nwhat git asks for by itself:\n\n";
    for (const Service& service : services)
        text += fmt::format("  {:<30}{}\n", fmt::format("{} NAME", service.name), service.summary);
    return text;
}

} // namespace quire::dispatch
