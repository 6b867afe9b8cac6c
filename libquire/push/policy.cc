#include "push/policy.h"

#include "base/strings.h"
#include "text/escape.h"

namespace quire::push {

using store::RefUpdate;

constexpr std::string_view own_namespace = "refs/quire/";
constexpr std::string_view open_namespaces[] = {"refs/heads/", "refs/tags/", "refs/notes/", "refs/changes/"};

/// The limit of git::RefName, which every page and command uses. git itself would refuse a name that no file can have,
/// but only after the hook has accepted it.
constexpr size_t longest_ref = 255;

/// Whether git takes the name of a branch or tag for something else where it expects a revision.
static bool means_something_else(std::string_view name)
{
    bool is_id = (name.size() == 40 || name.size() == 64) && from_hex(name);
    return is_id || name == "HEAD" || name == "@";
}

/// Says what is wrong with a ref's name, whatever kind of ref it is. A ref with such a name may still be deleted.
static std::optional<std::string> fault_of_name(std::string_view ref, std::string_view name)
{
    if (text::show_invisible(ref) != ref)
        return "the name has control or invisible characters";
    if (name.starts_with('-'))
        return "a name that begins with '-' would be taken for an option";
    if (means_something_else(name))
        return name.size() < 40 ? fmt::format("git takes '{}' for the commit that is checked out", name)
                                : "a name of nothing but hex digits would be taken for a commit's id";
    if (ref.size() > longest_ref)
        return fmt::format("the name is longer than {} bytes", longest_ref);
    return std::nullopt;
}

std::optional<std::string> refusal_of(const RefUpdate& update)
{
    std::string_view ref = update.ref;
    if (ref.starts_with(own_namespace))
        return "refs/quire/ is quire's own";
    for (std::string_view prefix : open_namespaces) {
        std::string_view name = ref;
        if (strip_prefix(name, prefix))
            return store::is_null_id(update.new_id) ? std::nullopt : fault_of_name(ref, name);
    }
    return "only refs/heads, refs/tags, refs/notes and refs/changes are kept here";
}

std::optional<std::string> refusal_of_repository(const store::RepositoryConfig& config)
{
    if (!config.frozen)
        return std::nullopt;
    if (!config.fault.empty())
        return "pushes are refused while the configuration can't be read: " + text::for_terminal(config.fault);
    if (config.frozen_message.empty())
        return "this repository is frozen";
    return "this repository is frozen: " + text::for_terminal(config.frozen_message);
}

bool asks_to_skip(std::string_view message)
{
    // Trailers are the last paragraph, but never the first: a subject alone is not a trailer.
    size_t gap = message.rfind("\n\n");
    if (gap == std::string_view::npos)
        return false;
    for (std::string_view line : split(message.substr(gap + 2), '\n')) {
        std::string_view value = line;
        std::string_view key = take_until(value, ':');
        if (equal_ignoring_case(trim(key), "ci") && equal_ignoring_case(trim(value), "skip"))
            return true;
    }
    return false;
}

} // namespace quire::push
