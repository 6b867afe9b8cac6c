#include "push/record.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <span>

#include "git/object_reader.h"
#include "push/certificate.h"
#include "push/policy.h"
#include "store/push_log.h"
#include "store/queue.h"

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
        store::PushLogAppend log = TRY(write_log(look_for_earlier));
        TRY(make_runs(earlier, log));
        TRY(log.finish()); // last, since the disk has most of it by then
        return std::move(m_outcomes);
    }

private:
    /// Decides which refs get a run, and whether each push discarded commits.
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
        TRY(start_reader());
        TRY(judge_all(alive));
        for (size_t i = 0; i < m_outcomes.size(); ++i)
            m_forced[i] = TRY(threw_commits_away(m_outcomes[i]));
        return {};
    }

    Result<void> start_reader()
    {
        m_reader.reset();
        m_reader.emplace(TRY(git::ObjectReader::create(m_repository)));
        return {};
    }

    /// git dies of a single broken object: then half of the refs are asked about at a time, until the bad one is alone.
    Result<void> judge_all(std::span<Outcome* const> alive)
    {
        auto judged = ask_about(alive);
        if (judged || judged.error().kind != ErrorKind::invalid)
            return judged;
        TRY(start_reader());
        if (alive.size() > 1) {
            TRY(judge_all(alive.first(alive.size() / 2)));
            return judge_all(alive.subspan(alive.size() / 2));
        }
        alive[0]->no_run = "git can't read its commit";
        alive[0]->worth_saying = true;
        return {};
    }

    Result<void> ask_about(std::span<Outcome* const> alive)
    {
        std::vector<std::string> ids;
        std::vector<std::string> pipelines;
        for (const Outcome* outcome : alive) {
            ids.push_back(outcome->update.new_id);
            pipelines.push_back(outcome->update.new_id + ":.quire/ci.fnl");
        }
        auto commits = TRY(m_reader->commits(ids));
        std::vector<bool> has_pipeline = TRY(m_reader->are_files(pipelines));
        for (size_t i = 0; i < alive.size(); ++i)
            judge(*alive[i], commits[i], has_pipeline[i]);
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

    Result<bool> threw_commits_away(const Outcome& outcome)
    {
        const RefUpdate& update = outcome.update;
        if (store::is_null_id(update.old_id) || outcome.commit.empty())
            return false;
        auto kept = keeps(update.old_id, outcome.commit);
        if (kept)
            return !*kept;
        if (kept.error().kind != ErrorKind::invalid)
            return Unexpected(std::move(kept).error());
        // The history between them can't be read, so nobody can say that all of it is still there.
        TRY(start_reader());
        return true;
    }

    Result<bool> keeps(const std::string& old_id, const std::string& tip)
    {
        auto old = TRY(m_reader->commits({old_id})); // an annotated tag's old id is not that of its commit
        return old[0] && TRY(git::is_ancestor(*m_reader, m_repository, old[0]->id, tip));
    }

    /// Finds the runs that an earlier attempt at this push made before it died.
    Result<std::map<std::string, uint64_t>> find_earlier_runs()
    {
        std::map<std::string, uint64_t> found;
        constexpr size_t page = 64;
        for (uint64_t before = 0;;) {
            std::vector<uint64_t> numbers = TRY(store::newest_runs(m_root, m_push.repo, page, before));
            for (uint64_t number : numbers) {
                auto run = store::read_run_record(m_root, m_push.repo, number);
                if (!run)
                    continue; // pruned meanwhile, or broken, which doctor reports
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

    Result<store::PushLogAppend> write_log(bool look_for_earlier)
    {
        std::set<std::string> logged;
        if (look_for_earlier)
            for (const store::PushLogEntry& entry : TRY(store::read_push_log(m_repository, 1000 + m_outcomes.size())))
                if (entry.push_id == m_push.id)
                    logged.insert(entry.ref);
        store::PushSignature signature = TRY(keep_certificate(m_repository, m_push.certificate));
        std::vector<store::PushLogEntry> entries;
        for (size_t i = 0; i < m_outcomes.size(); ++i) {
            const RefUpdate& update = m_outcomes[i].update;
            if (!logged.contains(update.ref))
                entries.push_back({now(), m_push.id, m_push.pusher, update.ref, update.old_id, update.new_id,
                                   m_forced[i], signature});
        }
        return store::PushLogAppend::write(m_repository, entries);
    }

    Result<void> make_runs(const std::map<std::string, uint64_t>& earlier, store::PushLogAppend& log)
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
        // The sync of the runs brings the log along.
        if (!wanted.empty() && store::comes_before_the_queue(m_root, m_repository))
            TRY(log.write_out());
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
    std::optional<git::ObjectReader> m_reader;
};

} // namespace

Result<std::vector<Outcome>> record_push(const store::Root& root, int repository, const store::Intent& push,
                                         const std::vector<RefUpdate>& updates, bool may_be_recorded_already)
{
    return Recorder(root, repository, push, updates).record(may_be_recorded_already);
}

} // namespace quire::push
