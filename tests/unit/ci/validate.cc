// The messages of validation, word for word where the language's page gives them.
#include "ci/language/graph.h"
#include "files.h"

using namespace quire;
using namespace quire::tests;

/// "line:column message" of everything that is wrong, a line each.
static std::string errors(std::string source)
{
    auto program = load_source(std::move(source));
    std::string all;
    for (const ci::Diagnostic& diagnostic : program->diagnostics()) {
        CHECK(diagnostic.place.file == ci::pipeline_file);
        all += fmt::format("{}:{} {}\n", diagnostic.place.position.line, diagnostic.place.position.column,
                           diagnostic.message);
    }
    return all;
}

static bool says(const std::string& source, const std::string& message)
{
    std::string all = errors(source);
    INFO(all);
    return all.find(message) != std::string::npos;
}

TEST_CASE("the four rules, in their words")
{
    CHECK(errors("(job :setup [] (fn [] nil))") == "1:13 Job 'setup' has empty inputs. Pass [:quire/push] (or another "
                                                   "input) as the second argument so it has something to "
                                                   "fire it.\n");
    CHECK(errors("(job :foo/bar [:quire/push] (fn [] nil))") ==
          "1:6 Job id 'foo/bar' contains '/', which is reserved for the 'quire/' source namespace. Use 'foo-bar' or "
          "another "
          "delimiter.\n");
    CHECK(errors("(job :a [:quire/push :b] #nil)\n(job :b [:c] #nil)\n(job :c [:a] #nil)") ==
          "1:22 Jobs wait for each other in a cycle: a -> b -> c -> a.\n");
    CHECK(errors("(job :a [:a] #nil)") == "1:10 Job 'a' waits for itself: a -> a.\n");
    // A job that nothing can fire can only hang off a cycle or an empty list: those are told, and it is not blamed.
    CHECK(errors("(job :a [] #nil)\n(job :b [:a] #nil)").find("can never run") == std::string::npos);
}

TEST_CASE("everything is told at once, each where it stands")
{
    std::string all = errors("(local ci (require :quire.ci))\n"
                             "(ci.job :a [] #nil)\n"
                             "(ci:job :b [:quire/push :tset] #nil)\n"
                             "(job :test [:quire/pusj]\n"
                             "  #nil)\n"
                             "(job :b [:quire/push] #nil)\n"
                             "(job :c {:inputs [:quire/push] :run #nil\n"
                             "         :timeot 5 :retries -1})\n"
                             "(job 5 [:quire/push] #nil)\n");
    INFO(all);
    CHECK(all.find("2:12 Job 'a' has empty inputs") != std::string::npos);
    CHECK(all.find("3:25 Job 'b' has an unknown input ':tset': no job has that id. Did you mean ':test'?") !=
          std::string::npos);
    CHECK(all.find("4:13 Job 'test' has an unknown source ':quire/pusj'. Did you mean ':quire/push'?") !=
          std::string::npos);
    CHECK(all.find("6:6 Job 'b' is already defined at .quire/ci.fnl:3:1.") != std::string::npos);
    CHECK(all.find("8:10 Job 'c' has an unknown option ':timeot'. Did you mean ':timeout'?") != std::string::npos);
    CHECK(all.find("8:20 Job 'c': :retries must be") != std::string::npos);
    CHECK(all.find("9:1 A job's id must be a keyword") != std::string::npos);
}

TEST_CASE("shapes of inputs and of run")
{
    CHECK(says("(job :a :quire/push #nil)",
               "1:9 Job 'a': its inputs must be a list, such as [:quire/push], not a single name."));
    CHECK(says("(job :a [:quire/push])", "Job 'a' needs a function to run"));
    CHECK(says("(job :a [:quire/push] (sh \"make\"))", "runtime accessed outside a job"));
    CHECK(says("(job :a [:quire/push] #nil 4)", "more than three arguments"));
    CHECK(says("(job :a [5] #nil)", "an input must be a name"));
    CHECK(says("(job :a [cron] #nil)", "a function is not data"));
    CHECK(says("(job :a [(cron :dayly)] #nil)", "'dayly' is not a schedule"));
    CHECK(says("(job :a [(cron \"0 25 * * *\")] #nil)", "'25' is no hour (0 to 23)"));
    CHECK(says("(job :a [(webhook :x)] #nil)", "webhook is reserved"));
    CHECK(says("(job :a [(manual)] #nil)", "manual takes a name"));
    CHECK(says("(job :a [(output :b :sha)] #nil)", "unknown input ':b'"));
    CHECK(says("(job :a [(cron :daily)] #nil) (job :b [(cron :hourly)] #nil)",
               "Two different sources are called 'cron'"));
    CHECK(says("(job :a [:quire/push (cron :daily :as :a)] #nil)", "also a job's id"));
    CHECK(says("(job :a [:quire/push :quire/push] #nil)", "twice among its inputs"));
    CHECK(says("(job :a {:inputs [:quire/push]})", "Job 'a' has no :run"));
    CHECK(
        says("(ci.image \"a\") (ci.image \"b\") (job :a [:quire/push] #nil)", "already declared at .quire/ci.fnl:1:1"));
    CHECK(says("(ci.sandbox :yes) (job :a [:quire/push] #nil)", "ci.sandbox takes true or false"));
    CHECK(says("", "The pipeline registers no job."));
    CHECK(errors("(job :setup [:quire/push] #nil) (job :a [:_setup] #nil)").empty());
}

TEST_CASE("syntax errors, all of them")
{
    std::string all = errors("(job :a [:quire/push] (fn [] (foo)))\n"
                             "(local x)\n"
                             "(job :b [:quire/push] (fn [] (bar baz)))\n"
                             "(let [y 1)\n"
                             "(job :c [:quire/push] (fn [] (qux x)))\n");
    INFO(all);
    CHECK(all.find("1:31 unknown identifier: foo") != std::string::npos);
    CHECK(all.find("2:1 ") != std::string::npos);
    CHECK(all.find("3:31 unknown identifier: bar") != std::string::npos);
    CHECK(all.find("3:35 unknown identifier: baz") != std::string::npos);
    CHECK(all.find("\n4:") != std::string::npos);
    CHECK(all.find("5:31 unknown identifier: qux") != std::string::npos);
    CHECK(all.find("identifier: x\n") == std::string::npos); // its definition is what is broken
}

TEST_CASE("what raises is shown where it was raised")
{
    CHECK(errors("(job :a [:quire/push] #nil)\n\n  (error \"boom\")\n") == "3:3 boom\n");
    CHECK(says("(local t nil)\n(print t.x)", "2:8 attempt to index a nil value"));
    CHECK(says("(require :no.such)", "there is no .quire/lib/no/such.fnl"));
}

TEST_CASE("modules and macros of the repository")
{
    ci::SourceTree tree;
    tree.files[ci::pipeline_file] = "(import-macros {: twice} :sugar)\n(local {: build} (require :steps))\n"
                                    "(job (twice \"a\") [:quire/push] build)\n";
    tree.files[".quire/lib/sugar.fnl"] = "{:twice (fn [x] `(.. ,x ,x))}";
    tree.files[".quire/lib/steps.fnl"] = "(local {: sh} (require :quire.runtime))\n{:build (fn [] (sh \"make\"))}";
    auto program = ci::Program::load(tree, {}).value();
    REQUIRE(program->diagnostics().empty());
    CHECK(program->pipeline().jobs[0].id == "aa");
    sys::Loop loop;
    FakeHost host(loop);
    CHECK(run_jobs(*program, host, loop)[0].state == ci::JobReport::State::succeeded);

    tree.files[".quire/lib/steps.fnl"] = "{:build\n  (fn [] (nothing))}";
    auto broken = ci::Program::load(tree, {}).value();
    REQUIRE(broken->diagnostics().size() == 1);
    CHECK(to_string(broken->diagnostics()[0].place) == ".quire/lib/steps.fnl:2:11");
}

TEST_CASE("what was compiled is found again, and only for the same text")
{
    Scratch directory;
    ci::ProgramOptions options{.cache_directory = directory.path()};
    const std::string source = "(job :a [:quire/push]\n  (fn []\n    (error \"late\")))";
    CHECK(!load_source(source, options)->came_from_cache());
    auto again = load_source(source, options);
    CHECK(again->came_from_cache());
    CHECK(!load_source(source + " ", options)->came_from_cache());
    sys::Loop loop;
    FakeHost host(loop);
    CHECK(run_jobs(*again, host, loop)[0].reason == ".quire/ci.fnl:3:5: late");
    // A broken entry counts as none.
    std::string compiled = directory.path() + "/compiled/";
    std::vector<std::string> entries = sys::list_directory(AT_FDCWD, compiled).value();
    CHECK(entries.size() == 2);
    for (const std::string& name : entries)
        REQUIRE(
            sys::write_all(sys::open_at(AT_FDCWD, compiled + name, O_WRONLY | O_TRUNC).value().get(), "{\"chunks\": [")
                .has_value());
    CHECK(!load_source(source, options)->came_from_cache());
}

TEST_CASE("the graph")
{
    auto program =
        load_source("(job :deploy [:build] #nil) (job :build [:test :quire/push] #nil) (job :test [:quire/push] #nil)\n"
                    "(job :night [(cron :daily)] #nil)");
    REQUIRE(program->diagnostics().empty());
    CHECK(describe_graph(program->pipeline()) ==
          "test    after quire/push\nbuild   after test, quire/push\ndeploy  after build\n"
          "night   after cron daily\n");
    CHECK(ci::fired_by(program->pipeline(), "quire/push") == std::set<std::string>{"test", "build", "deploy"});
    CHECK(ci::fired_by(program->pipeline(), "cron") == std::set<std::string>{"night"});
    CHECK(ci::ancestors(program->pipeline(), "deploy") == std::set<std::string>{"build", "test"});
}
