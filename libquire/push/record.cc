#include "push/record.h"

#include <algorithm>
#include <map>

#include "git/object_reader.h"
#include "push/policy.h"
#include "store/push_log.h"

namespace quire::push {

using store::RefUpdate;

namespace {

class Recorder {
public:
    Recorder(const store::Root& root, int repository, const store::Intent& push, const std::vector<RefUpdate>& updates)
        : m_root(root), m_repository(repository), m_push(push)
    {
        for (const RefUpdate& update : updates)
            m_outcomes.push_back({.update = update});
    }

    Result<std::vector<Outcome>> record(bool look_for_earlier)
    {
        TRY(look_at_commits());
        std::map<std::string, uint64_t> earlier;
        if (look_for_earlier)
            earlier = TRY(find_earlier_runs());
        TRY(write_log(look_for_earlier));
        TRY(make_runs(earlier));
        return std::move(m_outcomes);
    }

private:
    /// Which outcomes get a run, and whether each push threw commits away.
    Result<void> look_at_commits()
    {
        std::vector<Outcome*> alive;
        for (Outcome& outcome : m_outcomes) {
            if (store::is_null_id(outcome.update.new_id))
                outcome.no_run = "the ref was deleted";
            else
                alive.push_back(&outcome);
        }
        m_forced.assign(m_outcomes.size(), false);
        if (alive.empty())
            return {};
        git::ObjectReader reader = TRY(git::ObjectReader::start(m_repository));
        std::vector<std::string> ids;
        std::vector<std::string> pipelines;
        for (const Outcome* outcome : alive) {
            ids.push_back(outcome->update.new_id);
            pipelines.push_back(outcome->update.new_id + ":.quire/ci.fnl");
        }
        auto commits = TRY(reader.commits(ids));
        std::vector<bool> has_pipeline = TRY(reader.are_files(pipelines));
        for (size_t i = 0; i < alive.size(); ++i)
            judge(*alive[i], commits[i], has_pipeline[i]);
        for (size_t i = 0; i < m_outcomes.size(); ++i)
            m_forced[i] = TRY(threw_commits_away(reader, m_outcomes[i]));
        return {};
    }

    void judge(Outcome& outcome, const std::optional<git::Commit>& commit, bool has_pipeline)
    {
        const auto& options = m_push.options;
        if (commit)
            outcome.commit = commit->id;
        if (!commit) {
            outcome.no_run = "it names no commit";
        } else if (!outcome.update.ref.starts_with("refs/heads/") && !outcome.update.ref.starts_with("refs/tags/")) {
            outcome.no_run = "only branches and tags are run";
        } else if (!has_pipeline) {
            outcome.no_run = "it has no .quire/ci.fnl";
        } else if (std::find(options.begin(), options.end(), "ci.skip") != options.end()) {
            outcome.no_run = "skipped by the push option ci.skip";
            outcome.worth_saying = true;
        } else if (asks_to_skip(commit->message)) {
            outcome.no_run = "skipped by the commit's trailer Ci: skip";
            outcome.worth_saying = true;
        } else if (commit->conflicted) {
            outcome.no_run = "the commit records a conflict";
            outcome.worth_saying = true;
        }
    }

    Result<bool> threw_commits_away(git::ObjectReader& reader, const Outcome& outcome)
    {
        const RefUpdate& update = outcome.update;
        if (store::is_null_id(update.old_id) || outcome.commit.empty())
            return false;
        auto old = TRY(reader.commits({update.old_id})); // an annotated tag's old id is not its commit's
        return !old[0] || !TRY(git::is_ancestor(reader, m_repository, old[0]->id, outcome.commit));
    }

    /// Runs that an earlier attempt at this very push made before it died.
    Result<std::map<std::string, uint64_t>> find_earlier_runs()
    {
        std::map<std::string, uint64_t> found;
        constexpr size_t page = 64;
        for (uint64_t before = 0;;) {
            std::vector<uint64_t> numbers = TRY(store::newest_runs(m_root, m_push.repo, page, before));
            for (uint64_t number : numbers) {
                auto run = store::read_run_record(m_root, m_push.repo, number);
                if (!run)
                    continue; // pruned under our eyes, or broken: doctor's business
                if (run->queued_at < m_push.at)
                    return found;
                if (run->push_id != m_push.id)
                    continue;
                found[run->ref] = number;
                if (run->state == store::RunState::queued)
                    TRY(store::ensure_queued(m_root, *run));
            }
            if (numbers.size() < page)
                return found;
            before = numbers.back();
        }
    }

    Result<void> write_log(bool look_for_earlier)
    {
        std::vector<std::string> logged;
        if (look_for_earlier)
            for (const store::PushLogEntry& entry : TRY(store::read_push_log(m_repository, 1000)))
                if (entry.push_id == m_push.id)
                    logged.push_back(entry.ref);
        std::vector<store::PushLogEntry> entries;
        for (size_t i = 0; i < m_outcomes.size(); ++i) {
            const RefUpdate& update = m_outcomes[i].update;
            if (std::find(logged.begin(), logged.end(), update.ref) == logged.end())
                entries.push_back(
                    {now(), m_push.id, m_push.pusher, update.ref, update.old_id, update.new_id, m_forced[i]});
        }
        return store::append_push_log(m_repository, entries);
    }

    Result<void> make_runs(const std::map<std::string, uint64_t>& earlier)
    {
        std::vector<store::NewRun> wanted;
        std::vector<Outcome*> waiting;
        for (size_t i = 0; i < m_outcomes.size(); ++i) {
            Outcome& outcome = m_outcomes[i];
            const RefUpdate& update = outcome.update;
            if (auto found = earlier.find(update.ref); found != earlier.end())
                outcome.run = found->second;
            else if (outcome.no_run.empty()) {
                waiting.push_back(&outcome);
                wanted.push_back({.source = "push",
                                  .ref = update.ref,
                                  .sha = outcome.commit,
                                  .previous_sha = store::is_null_id(update.old_id) ? "" : update.old_id,
                                  .pusher = m_push.pusher,
                                  .push_id = m_push.id,
                                  .forced = m_forced[i]});
            }
        }
        std::vector<store::RunRecord> made = TRY(store::create_runs(m_root, m_push.repo, wanted));
        for (size_t i = 0; i < made.size(); ++i)
            waiting[i]->run = made[i].number;
        return {};
    }

    const store::Root& m_root;
    int m_repository;
    const store::Intent& m_push;
    std::vector<Outcome> m_outcomes;
    std::vector<bool> m_forced;
};

} // namespace

Result<std::vector<Outcome>> record_push(const store::Root& root, int repository, const store::Intent& push,
                                         const std::vector<RefUpdate>& updates, bool may_be_recorded_already)
{
    return Recorder(root, repository, push, updates).record(may_be_recorded_already);
}

} // namespace quire::push
