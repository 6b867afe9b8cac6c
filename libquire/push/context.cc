#include "push/context.h"

#include <algorithm>

#include "base/log.h"
#include "base/strings.h"
#include "push/certificate.h"
#include "sys/file.h"
#include "sys/process.h"

namespace quire::push {

/// A push with more refs than this can hold is an attack, not work.
constexpr size_t max_input_bytes = 64u << 20;

bool Context::has_option(std::string_view option) const
{
    return std::find(options.begin(), options.end(), option) != options.end();
}

Result<std::vector<store::RefUpdate>> parse_updates(std::string_view input)
{
    std::vector<store::RefUpdate> updates;
    while (!input.empty()) {
        std::string_view line = take_until(input, '\n');
        std::string_view rest = line;
        std::string_view old_id = take_until(rest, ' ');
        std::string_view new_id = take_until(rest, ' ');
        auto is_id = [](std::string_view id) { return id.size() >= 40 && id.size() <= 64 && from_hex(id); };
        if (!is_id(old_id) || !is_id(new_id) || rest.empty())
            return fail(ErrorKind::invalid, "git sent a line that is not 'old new ref': {}", visible(line));
        updates.push_back({std::string(old_id), std::string(new_id), std::string(rest)});
    }
    return updates;
}

struct Place {
    std::string root;
    std::string name;
};

/// Accepts <root>/repos/foo.git or <root>/repos/work/bar.git.
static Result<Place> place_of(const std::string& directory)
{
    constexpr std::string_view repos = "/repos";
    size_t last = directory.rfind('/');
    size_t middle = last == 0 || last == std::string::npos ? std::string::npos : directory.rfind('/', last - 1);
    std::string_view parent = std::string_view(directory).substr(0, last);
    std::string_view grandparent = std::string_view(directory).substr(0, middle);
    for (std::string_view above : {parent, grandparent})
        if (above.size() > repos.size() && above.ends_with(repos))
            return Place{std::string(above.substr(0, above.size() - repos.size())), directory.substr(above.size() + 1)};
    return fail(ErrorKind::invalid, "{} is not a repository of a quire data root", directory);
}

/// Reads GIT_PUSH_OPTION_COUNT and GIT_PUSH_OPTION_<n>.
static std::vector<std::string> push_options()
{
    std::vector<std::string> options;
    auto count = parse_decimal(sys::process_variable("GIT_PUSH_OPTION_COUNT").value_or("0"));
    for (uint64_t i = 0; count && i < *count && i < 1000; ++i)
        if (auto option = sys::process_variable(fmt::format("GIT_PUSH_OPTION_{}", i).c_str()))
            options.push_back(*option);
    return options;
}

Result<Context> read_context()
{
    std::string input = TRY(sys::read_all(0, max_input_bytes, "standard input"));
    Place place = TRY(place_of(TRY(sys::current_directory())));
    store::RepoName repo = TRY(store::RepoName::parse(place.name));
    store::Root root = TRY(store::Root::open(place.root));
    UniqueFd repository = TRY(sys::open_directory(AT_FDCWD, "."));
    std::vector<store::RefUpdate> updates = TRY(parse_updates(input));
    return Context{.root = std::move(root),
                   .repo = std::move(repo),
                   .repository = std::move(repository),
                   .pusher = sys::process_variable("QUIRE_PUSHER").value_or("operator"),
                   .push_id = TRY(store::push_id_of(::getppid())),
                   .options = push_options(),
                   .input = std::move(input),
                   .updates = std::move(updates),
                   .certificate = certificate_of_environment()};
}

} // namespace quire::push
