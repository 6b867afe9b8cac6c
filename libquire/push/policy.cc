#include "push/policy.h"

#include "base/strings.h"
#include "text/escape.h"

namespace quire::push {

using store::RefUpdate;

constexpr std::string_view own_namespace = "refs/quire/";
constexpr std::string_view open_namespaces[] = {"refs/heads/", "refs/tags/", "refs/notes/", "refs/changes/"};

std::optional<std::string> refusal_of(const RefUpdate& update)
{
    std::string_view ref = update.ref;
    if (text::for_terminal(ref) != ref)
        return "the name has control or invisible characters";
    if (ref.starts_with(own_namespace))
        return "refs/quire/ is quire's own";
    for (std::string_view prefix : open_namespaces) {
        std::string_view name = ref;
        if (!strip_prefix(name, prefix))
            continue;
        // Deleting is how such a name, once in, gets out again.
        if (name.starts_with('-') && !store::is_null_id(update.new_id))
            return "a name that begins with '-' would be taken for an option";
        return std::nullopt;
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

std::string shown_ref(std::string_view ref)
{
    std::string_view name = ref;
    if (strip_prefix(name, "refs/heads/"))
        return text::for_terminal(name);
    if (strip_prefix(name, "refs/tags/"))
        return "tag " + text::for_terminal(name);
    return text::for_terminal(ref);
}

bool asks_to_skip(std::string_view message)
{
    // Trailers are the last paragraph, never the first: a subject alone is none.
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
