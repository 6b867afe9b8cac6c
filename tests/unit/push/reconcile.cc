// Notes of dead pushes, each kind that could once stay for ever.
#include <unistd.h>

#include "base/strings.h"
#include "git/object_reader.h"
#include "push/hooks.h"
#include "store/create_run.h"
#include "store/intent.h"
#include "store/push_log.h"
#include "support/scratch_root.h"
#include "sys/process.h"
#include "sys/self.h"

using namespace quire;

namespace {

const std::string zeros(40, '0');

class Forge : public tests::ScratchRoot {
public:
    Forge()
    {
        path = root.absolute(store::paths::repository(tests::repo("work")));
        git({"init", "-q", "--bare", path}, "");
        git({"config", "core.logAllRefUpdates", "true"});
        directory = *sys::open_directory(AT_FDCWD, path);
        blob = git({"hash-object", "-w", "--stdin"}, "(print 1)");
        std::string inner = git({"mktree"}, "100644 blob " + blob + "\tci.fnl\n");
        tree = git({"mktree"}, "040000 tree " + inner + "\t.quire\n");
    }

    std::string git(std::vector<std::string> arguments, const std::string& input = "")
    {
        arguments.insert(arguments.begin(), {"git", "-c", "user.name=t", "-c", "user.email=t@t"});
        sys::Command command{.argv = std::move(arguments)};
        if (directory)
            command.directory = directory.get();
        auto output = sys::run(command, {.input = input});
        REQUIRE(output);
        INFO(output->err);
        REQUIRE(output->status == 0);
        return std::string(trim(output->out));
    }

    /// A commit with a pipeline, on the branch, as a push would have put it there.
    std::string move(const std::string& branch, const std::string& message)
    {
        std::string commit = git({"commit-tree", tree}, message);
        git({"update-ref", "--create-reflog", "refs/heads/" + branch, commit});
        return commit;
    }

    void note(std::vector<store::RefUpdate> updates, Instant at = now(), const std::string& id = "dead-1-1")
    {
        REQUIRE(store::write_intent(
            root, directory.get(),
            {.id = id, .repo = tests::repo("work"), .pusher = "alice", .at = at, .updates = std::move(updates)}));
    }

    size_t notes() { return store::list_intents(root)->size(); }
    std::vector<uint64_t> runs() { return *store::newest_runs(root, tests::repo("work"), 10); }

    std::string path, blob, tree;
    UniqueFd directory;
};

/// The id of a push whose receiver has died since the machine was started.
std::string of_this_boot() { return sys::boot_id()->substr(0, 8) + "-1-1"; }

} // namespace

TEST_CASE("a ref whose name git could not write is no ref, and its note goes")
{
    Forge forge;
    forge.note({{zeros, std::string(40, 'a'), "refs/heads/" + std::string(300, 'x')}});
    auto result = push::reconcile(forge.root);
    REQUIRE(result);
    CHECK(result->unfinished.empty());
    CHECK(forge.notes() == 0);
    CHECK(store::list_lost_intents(forge.root)->empty());
}

TEST_CASE("a ref tells that it moved when its reflog is gone, as after a power failure")
{
    Forge forge;
    std::string commit = forge.move("main", "one");
    std::string other = forge.move("other", "two");
    for (const char* branch : {"main", "other"})
        REQUIRE(sys::unlink_at(forge.directory.get(), fmt::format("logs/refs/heads/{}", branch)));
    forge.note({{zeros, commit, "refs/heads/main"}, {zeros, commit, "refs/heads/never"}});
    CHECK(push::reconcile(forge.root)->recorded == 1);
    CHECK(forge.runs().size() == 1);
    auto log = store::read_push_log(forge.directory.get(), 10);
    REQUIRE(log->size() == 1);
    CHECK((*log)[0].ref == "refs/heads/main");

    // It was another push that moved it, so this one was refused.
    REQUIRE(store::append_push_log(forge.directory.get(), {{.at = now(),
                                                            .push_id = "another",
                                                            .pusher = "bob",
                                                            .ref = "refs/heads/other",
                                                            .old_id = zeros,
                                                            .new_id = other}}));
    forge.note({{zeros, other, "refs/heads/other"}}, now(), "dead-1-2");
    REQUIRE(push::reconcile(forge.root));
    CHECK(forge.notes() == 0);
    CHECK(forge.runs().size() == 1);
    CHECK(store::read_push_log(forge.directory.get(), 10)->size() == 2);
}

TEST_CASE("a reflog that tells of a move which never came makes no run")
{
    Forge forge;
    std::string commit = forge.move("main", "one");
    std::string next = forge.git({"commit-tree", "-p", commit, forge.tree}, "two");
    std::string log = "logs/refs/heads/main";
    std::string line = fmt::format("{} {} alice <a@b> {} +0000\tpush\n", commit, next, now() / nanoseconds_per_second);
    REQUIRE(sys::append_file(forge.directory.get(), log, line));
    forge.note({{commit, next, "refs/heads/main"}});
    REQUIRE(push::reconcile(forge.root));
    CHECK(forge.notes() == 0);
    CHECK(forge.runs().empty());

    // A later move from there tells that it came.
    std::string back = fmt::format("{} {} alice <a@b> {} +0000\tpush\n", next, commit, now() / nanoseconds_per_second);
    REQUIRE(sys::append_file(forge.directory.get(), log, back));
    forge.note({{commit, next, "refs/heads/main"}});
    REQUIRE(push::reconcile(forge.root));
    CHECK(forge.runs().size() == 1);
}

TEST_CASE("a ref that a power failure left without its objects goes back to where it was before the push")
{
    Forge forge;
    std::string old = forge.move("main", "old");
    std::string whole = forge.move("whole", "whole");
    std::string lost = forge.move("main", "lost");
    std::string also_lost = forge.move("new", "also lost");
    for (const std::string& id : {lost, also_lost})
        REQUIRE(sys::unlink_at(forge.directory.get(), fmt::format("objects/{}/{}", id.substr(0, 2), id.substr(2))));
    std::vector<store::RefUpdate> updates = {{old, lost, "refs/heads/main"},
                                             {zeros, also_lost, "refs/heads/new"},
                                             {zeros, whole, "refs/heads/whole"},
                                             {zeros, std::string(40, 'a'), "refs/heads/never"}};
    SECTION("when the machine was started since")
    {
        Instant at = now();
        for (int attempt = 0; attempt < 2; ++attempt) {
            forge.note(updates, at);
            REQUIRE(push::reconcile(forge.root)->unfinished.empty());
            CHECK(forge.notes() == 0);
            CHECK(forge.git({"for-each-ref", "--format=%(refname) %(objectname)"}) ==
                  fmt::format("refs/heads/main {}\nrefs/heads/whole {}", old, whole));
            CHECK(forge.runs().size() == 1);
            CHECK(store::read_push_log(forge.directory.get(), 10)->size() == 1);
        }
    }
    SECTION("not if the push is in the log: then it was told, and something else took them")
    {
        REQUIRE(store::append_push_log(forge.directory.get(), {{.at = now(),
                                                                .push_id = "dead-1-1",
                                                                .pusher = "alice",
                                                                .ref = "refs/heads/main",
                                                                .old_id = old,
                                                                .new_id = lost}}));
        forge.note(updates);
        REQUIRE(push::reconcile(forge.root));
        CHECK(forge.git({"for-each-ref", "--format=%(objectname)", "refs/heads/main"}) == lost);
    }
    SECTION("not while the machine runs: then something else took them")
    {
        forge.note(updates, now(), of_this_boot());
        REQUIRE(push::reconcile(forge.root));
        CHECK(forge.git({"for-each-ref", "--format=%(objectname)", "refs/heads/main"}) == lost);
    }
}

TEST_CASE("what is lost in a blob is lost, and what another push has moved on stays")
{
    Forge forge;
    std::string old = forge.move("main", "old");
    std::string other_blob = forge.git({"hash-object", "-w", "--stdin"}, "other content");
    std::string other_tree = forge.git({"mktree"}, fmt::format("100644 blob {}\tfile\n", other_blob));
    std::string lost = forge.git({"commit-tree", "-p", old, other_tree}, "lost");
    forge.git({"update-ref", "refs/heads/main", lost});
    REQUIRE(sys::unlink_at(forge.directory.get(),
                           fmt::format("objects/{}/{}", other_blob.substr(0, 2), other_blob.substr(2))));
    forge.note({{old, lost, "refs/heads/main"}});
    SECTION("it goes back")
    {
        REQUIRE(push::reconcile(forge.root));
        CHECK(forge.git({"rev-parse", "refs/heads/main"}) == old);
        CHECK(forge.runs().empty());
    }
    SECTION("it stays elsewhere")
    {
        std::string later = forge.move("main", "later");
        REQUIRE(push::reconcile(forge.root));
        CHECK(forge.git({"rev-parse", "refs/heads/main"}) == later);
    }
}

TEST_CASE("a deletion that was cut off is in the push log")
{
    Forge forge;
    std::string commit = forge.move("gone", "one");
    forge.git({"update-ref", "-d", "refs/heads/gone"});
    std::string stays = forge.move("stays", "two");
    forge.note({{commit, zeros, "refs/heads/gone"}, {stays, zeros, "refs/heads/stays"}});
    CHECK(push::reconcile(forge.root)->unfinished.empty());
    CHECK(forge.runs().empty());
    auto log = store::read_push_log(forge.directory.get(), 10);
    REQUIRE(log->size() == 1);
    CHECK((*log)[0].ref == "refs/heads/gone");
}

TEST_CASE("a commit with a message of 20 MB is recorded as any other, its trailer read")
{
    Forge forge;
    std::string large(20u << 20, 'm');
    std::string loud = forge.move("loud", large);
    std::string quiet = forge.move("quiet", "subject\n\n" + large + "\n\nCi: skip");
    forge.note({{zeros, loud, "refs/heads/loud"}, {zeros, quiet, "refs/heads/quiet"}});
    REQUIRE(push::reconcile(forge.root));
    CHECK(forge.notes() == 0);
    REQUIRE(forge.runs() == std::vector<uint64_t>{1});
    CHECK(store::read_run_record(forge.root, tests::repo("work"), 1)->ref == "refs/heads/loud");
    CHECK(store::read_push_log(forge.directory.get(), 10)->size() == 2);
}

TEST_CASE("a commit that git can't read costs its own run and no other")
{
    Forge forge;
    std::vector<store::RefUpdate> updates;
    for (int i = 0; i < 5; ++i)
        updates.push_back(
            {zeros, forge.move(fmt::format("b{}", i), fmt::format("message {}", i)), fmt::format("refs/heads/b{}", i)});
    std::string object = "objects/" + updates[2].new_id.substr(0, 2) + "/" + updates[2].new_id.substr(2);
    REQUIRE(sys::unlink_at(forge.directory.get(), object));
    REQUIRE(sys::append_file(forge.directory.get(), object, "no zlib stream"));
    forge.note(updates, now(), of_this_boot());
    REQUIRE(push::reconcile(forge.root)->unfinished.empty());
    CHECK(forge.notes() == 0);
    CHECK(forge.runs().size() == 4);
    CHECK(store::read_push_log(forge.directory.get(), 10)->size() == 5);
}

TEST_CASE("what is no note at all is put aside, said once, and doctor is told")
{
    Forge forge;
    REQUIRE(sys::append_file(forge.root.fd(), std::string(store::paths::queue_intent) + "/torn", "{:push"));
    REQUIRE(sys::make_directory(forge.root.fd(), std::string(store::paths::queue_intent) + "/directory"));
    std::string commit = forge.move("main", "message");
    forge.note({{zeros, commit, "refs/heads/main"}});
    CHECK(push::reconcile(forge.root)->recorded == 1);
    CHECK(forge.notes() == 0);
    CHECK(store::list_lost_intents(forge.root)->size() == 2);
    CHECK(push::reconcile(forge.root)->unfinished.empty());
}

TEST_CASE("while the machine fails the note stays, for a day; then it is set aside, and can still be recorded")
{
    Forge forge;
    std::string commit = forge.move("main", "message");
    std::string queue = store::paths::queue_new;
    REQUIRE(sys::rename_at(forge.root.fd(), queue, forge.root.fd(), queue + ".gone"));

    forge.note({{zeros, commit, "refs/heads/main"}});
    auto fresh = push::reconcile(forge.root);
    REQUIRE(fresh->unfinished.size() == 1);
    CHECK(fresh->unfinished[0].find("work") != std::string::npos);
    CHECK(forge.notes() == 1);
    auto other = tests::repo("other");
    CHECK(push::reconcile(forge.root, &other)->unfinished.empty()); // not the business of whoever renames another

    forge.note({{zeros, commit, "refs/heads/main"}}, now() - 25 * 3600 * nanoseconds_per_second);
    CHECK(push::reconcile(forge.root)->unfinished.empty());
    CHECK(forge.notes() == 0);
    auto lost = store::list_lost_intents(forge.root);
    REQUIRE(lost->size() == 1);
    CHECK((*lost)[0].story.find("alice pushed refs/heads/main to work") == 0);
    CHECK((*lost)[0].story.find(queue) != std::string::npos);

    REQUIRE(sys::rename_at(forge.root.fd(), queue + ".gone", forge.root.fd(), queue));
    REQUIRE(store::restore_lost_intent(forge.root, (*lost)[0].id));
    CHECK(push::reconcile(forge.root)->recorded == 1);
    CHECK(store::list_lost_intents(forge.root)->empty());
    CHECK(store::read_push_log(forge.directory.get(), 10)->size() == 1);
}

TEST_CASE("when git can't list the refs the note stays, and the push is recorded once it can")
{
    Forge forge;
    std::string commit = forge.move("main", "message");
    forge.note({{zeros, commit, "refs/heads/main"}});
    REQUIRE(sys::append_file(forge.directory.get(), "packed-refs", "no line of packed refs\n"));
    for (int attempt = 0; attempt < 2; ++attempt) {
        auto result = push::reconcile(forge.root);
        REQUIRE(result->unfinished.size() == 1);
        CHECK(result->unfinished[0].find("for-each-ref") != std::string::npos);
        CHECK(result->given_up == 0);
        CHECK(forge.notes() == 1);
    }
    REQUIRE(sys::unlink_at(forge.directory.get(), "packed-refs"));
    CHECK(push::reconcile(forge.root)->recorded == 1);
    CHECK(forge.runs().size() == 1);
}

TEST_CASE("a push of very many refs can be noted, and read back")
{
    Forge forge;
    std::vector<store::RefUpdate> updates;
    for (int i = 0; i < 20'000; ++i)
        updates.push_back({zeros, std::string(40, 'a'), fmt::format("refs/tags/release-{:06}", i)});
    forge.note(updates);
    auto held = store::HeldIntent::hold(forge.root, "dead-1-1");
    REQUIRE(held);
    REQUIRE(held->has_value());
    CHECK((*held)->intent().updates.size() == 20'000);
}
