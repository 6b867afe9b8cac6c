#include "runner/known_objects.h"

#include <algorithm>
#include <set>

#include "base/time.h"

namespace quire::runner {

constexpr size_t most_repositories = 4;
/// What one question may bring, and what is remembered of one repository.
constexpr size_t most_bytes = 2u << 20, most_remembered = 4u << 20;
/// git answers from memory in microseconds.
constexpr int64_t time_limit = nanoseconds_per_second / 5;
constexpr int64_t unused_for = 60 * nanoseconds_per_second;

void KnownObjects::start_clock() { m_deadline = monotonic_now() + time_limit; }

Result<KnownObjects::Known*> KnownObjects::know(int repository)
{
    sys::Stamp stamp = TRY(sys::stamp_of(repository, "a repository"));
    auto found = std::find_if(m_known.begin(), m_known.end(),
                              [&](const auto& known) { return known->repository.same_file(stamp); });
    if (found != m_known.end()) {
        std::rotate(m_known.begin(), found, found + 1);
    } else {
        // A checkout in the workspace would not see replaced objects either.
        sys::Environment environment = git::repository_environment();
        sys::set_variable(environment, "GIT_NO_REPLACE_OBJECTS", "1");
        git::ObjectReader reader = TRY(git::ObjectReader::create(repository, environment));
        m_known.push_front(std::make_unique<Known>(Known{stamp, std::move(reader), {}}));
        m_known.resize(std::min(m_known.size(), most_repositories));
    }
    m_known.front()->used_at = monotonic_now();
    return m_known.front().get();
}

Result<std::vector<KnownObjects::Content>> KnownObjects::get(int repository, const std::string& type,
                                                             const std::vector<std::string>& ids)
{
    Known& known = *TRY(know(repository));
    auto key = [&](const std::string& id) { return type + " " + id; };
    if (known.bytes > most_remembered) {
        known.objects.clear();
        known.bytes = 0;
    }
    std::set<std::string> missing;
    std::vector<std::string> asked;
    for (const std::string& id : ids)
        if (!known.objects.contains(key(id)) && missing.insert(id).second)
            asked.push_back(fmt::format("{}^{{{}}}", id, type));
    if (!asked.empty()) {
        TRY(known.reader.limit_time(m_deadline != 0 ? m_deadline : monotonic_now() + time_limit));
        auto answers = known.reader.objects(asked, most_bytes);
        if (!answers) {
            m_known.pop_front(); // it can't be asked again
            return Unexpected(std::move(answers).error());
        }
        auto answer = answers->begin();
        for (const std::string& id : ids) {
            if (missing.erase(id) == 0)
                continue;
            if (!*answer)
                return fail(ErrorKind::not_found, "there is no {} {}", type, id);
            known.bytes += (*answer)->content.size();
            known.objects.emplace(key(id), std::make_shared<const std::string>(std::move((*answer)->content)));
            ++answer;
        }
    }
    std::vector<Content> contents;
    for (const std::string& id : ids)
        contents.push_back(known.objects.at(key(id)));
    return contents;
}

Result<KnownObjects::Content> KnownObjects::get(int repository, const std::string& type, const std::string& id)
{
    return TRY(get(repository, type, std::vector{id})).front();
}

void KnownObjects::forget_unused()
{
    std::erase_if(m_known, [](const auto& known) { return monotonic_now() - known->used_at > unused_for; });
}

} // namespace quire::runner
