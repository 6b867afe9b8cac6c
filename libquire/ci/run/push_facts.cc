#include "ci/run/push_facts.h"

#include "base/strings.h"
#include "sys/process.h"

namespace quire::ci {

using text::Data;

/// A push with more files than this changes everything, and no pipeline would read the list.
constexpr size_t most_files = 100'000;

std::vector<std::string> changes_argv()
{
    return {"git",    "diff-tree", "--stdin",      "-r",          "-m", "--first-parent",
            "--root", "--always",  "--no-renames", "--name-only", "-z", "--format=%B"};
}

std::string changes_input(const RefEvent& event)
{
    // With a second commit on the line, git compares with that one. A tag's previous target may not be a commit.
    bool is_branch = event.ref.starts_with("refs/heads/") || event.ref == "HEAD";
    bool against_previous = is_branch && !event.previous_sha.empty();
    return event.sha + (against_previous ? " " + event.previous_sha : "") + "\n";
}

Changes parse_changes(std::string_view output)
{
    Changes changes;
    size_t end = output.find('\0');
    std::string_view message = output.substr(0, end);
    while (strip_suffix(message, "\n")) {
    }
    changes.message = message;
    if (end == std::string_view::npos)
        return changes;
    output.remove_prefix(end + 1);
    strip_prefix(output, "\n");
    for (std::string_view file : split(output, '\0')) {
        if (file.empty())
            continue;
        if (changes.files.size() == most_files) {
            changes.truncated = true;
            break;
        }
        changes.files.emplace_back(file);
    }
    return changes;
}

Data ref_facts(const RefEvent& event, const Changes& changes)
{
    Data facts{Data::Table{}};
    facts.set("sha", event.sha);
    facts.set("ref", event.ref);
    std::string_view name = event.ref;
    if (strip_prefix(name, "refs/heads/"))
        facts.set("branch", std::string(name));
    else if (strip_prefix(name, "refs/tags/"))
        facts.set("tag", std::string(name));
    if (!event.git_dir.empty())
        facts.set("git-dir", event.git_dir);
    facts.set("commit-message", changes.message);
    facts.set("at", format_instant(event.at));
    if (!event.pusher.empty())
        facts.set("pusher", event.pusher);
    return facts;
}

Data push_facts(const RefEvent& event, const Changes& changes)
{
    Data facts = ref_facts(event, changes);
    if (!event.previous_sha.empty())
        facts.set("previous-sha", event.previous_sha);
    if (event.forced)
        facts.set("forced", true);
    Data::Sequence files(changes.files.begin(), changes.files.end());
    facts.set("files-changed", std::move(files));
    if (changes.truncated)
        facts.set("files-truncated", true);
    return facts;
}

/// The first line of git's output, or nothing: a checkout may have no commit, or not be a repository.
static std::string ask_git(const std::string& checkout, std::vector<std::string> arguments)
{
    arguments.insert(arguments.begin(), {"git", "-C", checkout});
    auto answer = sys::run_ok({.argv = std::move(arguments)});
    return answer ? std::string(trim(*answer)) : std::string();
}

static Changes ask_changes(const std::string& checkout, const RefEvent& event)
{
    std::vector<std::string> argv = changes_argv();
    argv.insert(argv.begin() + 1, {"-C", checkout});
    auto answer = sys::run_ok({.argv = std::move(argv)}, {.input = changes_input(event)});
    return answer ? parse_changes(*answer) : Changes();
}

Data placeholder_push(const std::string& checkout)
{
    RefEvent event;
    event.sha = ask_git(checkout, {"rev-parse", "--verify", "--quiet", "HEAD"});
    event.ref = ask_git(checkout, {"symbolic-ref", "--quiet", "HEAD"});
    if (event.ref.empty())
        event.ref = "HEAD";
    event.pusher = sys::process_variable("USER").value_or("nobody");
    event.git_dir = ask_git(checkout, {"rev-parse", "--absolute-git-dir"});
    event.at = now();
    Changes changes;
    if (event.sha.empty()) {
        event.sha = std::string(40, '0');
    } else {
        event.previous_sha = ask_git(checkout, {"rev-parse", "--verify", "--quiet", "HEAD~1"});
        changes = ask_changes(checkout, event);
    }
    return push_facts(event, changes);
}

} // namespace quire::ci
