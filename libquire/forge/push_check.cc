#include "forge/push_check.h"

#include <map>
#include <set>

#include "base/log.h"
#include "base/sha256.h"
#include "base/strings.h"
#include "git/list_refs.h"
#include "store/intent.h"
#include "store/push_log.h"
#include "sys/file.h"

namespace quire::forge {

using store::PushLogEntry;

constexpr size_t most_log_bytes = size_t{4} << 30;
constexpr size_t most_certificate_bytes = 64u << 20;
/// The most messages of each kind for one repository.
constexpr size_t most_lines = 20;

namespace {

class Check {
public:
    explicit Check(int repository) : m_repository(repository) {}

    Result<PushCheck> run(std::vector<store::ChainHead> noted)
    {
        // The head is read first: a push meanwhile makes the log longer than the head says, never shorter.
        std::optional<store::ChainHead> head = TRY(store::read_noted_head(m_repository));
        if (head)
            noted.push_back(*head);
        auto read = sys::read_file(m_repository, store::paths::push_log, most_log_bytes);
        if (!read && read.error().kind != ErrorKind::not_found)
            return Unexpected(std::move(read).error());
        std::string log = std::move(read).value_or("");
        m_check.chain = store::verify_chain(log, noted);
        m_check.faults = m_check.chain.faults;
        if (!head && m_check.chain.head.lines > m_check.chain.before_chain)
            note("quire/pushes.head is missing or can't be read: nothing here says where the log ended");
        if (m_check.chain.before_chain > 0)
            note(fmt::format("{} records are from before the chain began", m_check.chain.before_chain));
        if (m_check.chain.torn > 0)
            note(fmt::format("{} lines were cut short by a crash and say nothing", m_check.chain.torn));
        for (std::string_view line : split(log, '\n'))
            if (auto entry = store::parse_push_log_line(line))
                take(*entry);
        TRY(compare_refs());
        return std::move(m_check);
    }

private:
    void take(const PushLogEntry& entry)
    {
        ++m_check.records;
        m_last[entry.ref] = entry.new_id;
        if (!entry.signature.certificate.empty())
            look_at_certificate(entry);
    }

    void look_at_certificate(const PushLogEntry& entry)
    {
        const std::string& name = entry.signature.certificate;
        if (m_certificate_name != name) {
            m_certificate_name = name;
            m_certificate.clear();
            if (m_seen.insert(name).second)
                ++m_check.signed_pushes;
            auto text = is_digest(name)
                            ? sys::read_file(m_repository, fmt::format("{}/{}", store::paths::push_certificates, name),
                                             most_certificate_bytes)
                            : fail(ErrorKind::invalid, "its name is no digest");
            if (!text)
                return fault(fmt::format("the certificate {} can't be read: {}", visible(name), text.error().message));
            if (sha256_hex(*text) != name)
                return fault(fmt::format("the certificate {} is not what it was", name));
            m_certificate = std::move(*text);
        }
        std::string line = fmt::format("\n{} {} {}\n", entry.old_id, entry.new_id, entry.ref);
        if (!m_certificate.empty() && m_certificate.find(line) == std::string::npos)
            fault(fmt::format("the certificate {} is of another push than the record of {} says", name,
                              visible(entry.ref)));
    }

    static bool is_digest(std::string_view name) { return name.size() == 64 && from_hex(name); }

    /// Each ref must be where its last push left it, unless it was moved on the machine itself.
    Result<void> compare_refs()
    {
        git::Refs now = TRY(git::list_refs(m_repository));
        for (const auto& [ref, id] : m_last) {
            auto found = now.find(ref);
            std::string here = found == now.end() ? std::string(id.size(), '0') : found->second;
            if (here == id)
                continue;
            auto shown = [](const std::string& of) { return store::is_null_id(of) ? "nothing" : of.substr(0, 12); };
            note(fmt::format("{} is at {} and its last recorded push left it at {}: it was moved without a push, or "
                             "by one that is not recorded",
                             visible(ref), shown(here), shown(id)));
        }
        return {};
    }

    void fault(std::string text)
    {
        if (m_check.faults.size() < most_lines)
            m_check.faults.push_back(std::move(text));
    }
    void note(std::string text)
    {
        if (m_check.notes.size() < most_lines)
            m_check.notes.push_back(std::move(text));
    }

    int m_repository;
    PushCheck m_check;
    std::map<std::string, std::string> m_last; ///< for each ref, its value after its last push
    std::set<std::string> m_seen;
    std::string m_certificate_name;
    std::string m_certificate; ///< empty if it can't be read, which has been reported
};

} // namespace

Result<PushCheck> check_pushes(int repository, std::vector<store::ChainHead> noted)
{
    return Check(repository).run(std::move(noted));
}

} // namespace quire::forge
