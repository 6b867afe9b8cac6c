#include "push/conflict_gate.h"

#include "base/strings.h"
#include "sys/file.h"
#include "sys/output.h"

namespace quire::push {

/// More than a push takes to be received.
constexpr int64_t patience = 120 * nanoseconds_per_second;
constexpr std::string_view conflict_header = "\njj:trees ";

namespace {

/// Reads what `git rev-list --header` prints: id, newline, the commit's content, NUL. Of a commit only its headers are
/// kept.
class ConflictFinder {
public:
    /// false: one was found.
    bool take(std::string_view block)
    {
        while (!block.empty() && m_found.empty()) {
            size_t end = block.find('\0');
            if (!m_is_in_message)
                m_headers.append(block.substr(0, end));
            block.remove_prefix(std::min(end, block.size()));
            if (size_t gap = m_headers.find("\n\n"); gap != std::string::npos) {
                m_headers.resize(gap + 1);
                m_is_in_message = true;
            }
            bool is_over = !block.empty();
            if ((m_is_in_message || is_over) && m_headers.find(conflict_header) != std::string::npos)
                m_found = m_headers.substr(0, m_headers.find('\n'));
            if (is_over) {
                block.remove_prefix(1);
                m_headers.clear();
                m_is_in_message = false;
            }
        }
        return m_found.empty();
    }
    const std::string& found() const { return m_found; }

private:
    std::string m_headers, m_found;
    bool m_is_in_message = false;
};

} // namespace

static Result<std::string> find_conflict(const Context& context)
{
    std::string tips;
    for (const store::RefUpdate& update : context.updates)
        if (!store::is_null_id(update.new_id))
            tips += update.new_id + "\n";
    if (tips.empty())
        return std::string();
    UniqueFd input = TRY(sys::memory_file(tips));
    // What is pushed is still in quarantine: git says in its environment where.
    sys::Command command{.argv = {"git", "rev-list", "--header", "--not", "--all", "--not", "--stdin"},
                         .environment = sys::inherited_environment(),
                         .directory = context.repository.get(),
                         .input = input.get()};
    ConflictFinder finder;
    sys::Outcome outcome = TRY(sys::read_output(command, Patience(monotonic_now() + patience),
                                                [&](std::string_view block) { return finder.take(block); }));
    if (finder.found().empty() && (outcome.ended != sys::Ended::by_itself || outcome.status != 0))
        return fail(ErrorKind::system, "git rev-list did not end");
    return finder.found();
}

std::optional<std::string> refusal_of_conflicts(const Context& context, const store::RepositoryConfig& config)
{
    if (!config.refuse_conflicts)
        return std::nullopt;
    auto commit = find_conflict(context);
    if (!commit)
        return fmt::format("nobody can say whether this push brings conflicts, which :refuse-conflicts refuses: {}",
                           commit.error().message);
    if (commit->empty())
        return std::nullopt;
    constexpr size_t enough = 12;
    return fmt::format("commit {} has a conflict that jj recorded; resolve it and push again. To push it all the same: "
                       "quire config set {} refuse-conflicts false",
                       commit->substr(0, enough), context.repo.str());
}

} // namespace quire::push
