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
    // What hangs off empty inputs is named with them; what is behind a cycle or an unknown input is not to blame.
    CHECK(says("(job :a [] #nil)\n(job :b [:a] #nil)\n(job :c [:b] #nil)",
               "2:1 Jobs 'a', 'b' and 'c' can never run: no input of theirs leads to a source. Add :quire/push (or "
               "another source) to the inputs of 'a'.\n"));
    CHECK(errors("(job :a [:b] #nil)\n(job :b [:a] #nil)\n(job :c [:b] #nil)\n(job :d [:c] #nil)") ==
          "1:10 Jobs wait for each other in a cycle: a -> b -> a.\n");
    CHECK(errors("(job :d [:b] #nil)\n(job :a [:b] #nil)\n(job :b [:a] #nil)") ==
          "2:10 Jobs wait for each other in a cycle: a -> b -> a.\n");
    CHECK(errors("(job :a [:unheard] #nil)\n(job :b [:a] #nil)") ==
          "1:10 Job 'a' has an unknown input ':unheard': no job has that "
          "id.\n");
    CHECK(errors("(job :a [5] #nil)\n(job :b [:a] #nil)").find("can never run") == std::string::npos);
}

TEST_CASE("slips that are common are answered with what was meant")
{
    CHECK(says("(local ci (require :quire.ci))\n(ci.jbo :a [:quire/push] #nil)",
               "2:5 quire.ci has no 'jbo', did you mean 'job'?"));
    CHECK(says("(local {: cach} (require :quire.stdlib))", "quire.stdlib has no 'cach', did you mean 'cache'?"));
    CHECK(says("(local ci (require :quire.ci)) (set ci.job 1)", "quire.ci can't be changed"));
    CHECK(says("(job :a [:push] #nil)", "unknown input ':push': no job has that id. Did you mean ':quire/push'?"));
    CHECK(says("(job :a [cron] #nil)", "1:10 Job 'a': cron is a function to be called here, as in (cron :daily)."));
    CHECK(says("(job :a [output] #nil)", "output is a function to be called here"));
    CHECK(says("(job :a [print] #nil)",
               "an input must be a name, such as :build, or a source, such as (cron :daily), not "
               "a function."));
    CHECK(says("(job :a [(cron :daily nil :x)] #nil)", "Job 'a': cron: its arguments must be plain values"));
    CHECK(says("(job :a [(manual :x #nil)] #nil)",
               "Job 'a': manual: its arguments must be plain values; argument 2: a function is not data."));
    CHECK(says("(job :a [(output :b print)] #nil)", "Job 'a': output: its arguments must be plain values; argument 2"));
    CHECK(says("(job :a [(output)] #nil)", "output takes a job and one of its outputs"));
    CHECK(says("(job :a [:quire/push nil :b] #nil)", "a list without holes"));
    CHECK(says("(job :a (cron :daily) #nil)", "put the source into brackets"));
}

TEST_CASE("a thousand jobs are a pipeline, and one more is told once")
{
    std::string many;
    for (int i = 0; i < 1000; ++i)
        many += fmt::format("(job :j{} [:quire/push] (fn [{{: sh}}] (sh :make)))\n", i);
    CHECK(errors(many).empty());
    CHECK(load_source(many)->pipeline().jobs[999].place.position.line == 1000);
    CHECK(errors("(for [i 1 5000] (job (.. :j i) [:quire/push] #nil))") ==
          "1:1 A pipeline has at most 1000 jobs; this one registers more.\n");
    std::string names;
    for (int i = 0; i < 201; ++i)
        names += fmt::format("(local name{} {})\n", i, i);
    CHECK(says(names, "1:1 the file defines more than 200 names at its top level, which is Lua's limit"));
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
    CHECK(all.find("8:10 Job 'c' has no option ':timeot', did you mean ':timeout'?") != std::string::npos);
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

TEST_CASE("brackets and strings that do not match are told where the slip is")
{
    const std::string good = "(job :z [:quire/push] (fn [{: sh}] (sh \"make\")))\n";
    CHECK(errors("(job :a [:quire/push] #nil))\n" + good) == "1:28 this ) closes nothing\n");
    CHECK(errors("(job :a [:quire/push]\n  (fn [{: sh}]\n    (sh \"a\"\n" + good) ==
          "1:1 this form is not closed, it lacks ))); open to the end is also the ( at line 3, column 5\n");
    CHECK(errors(good + "(job :a [:quire/push] (fn [{: sh}] (sh \"make)))\n" + good) ==
          "2:40 this string is not closed\n");
    CHECK(errors("(print \"open)\n") == "1:8 this string is not closed\n");
    CHECK(errors("(let [[a b} 1] a)\n" + good) ==
          "1:11 this } does not close the [ at line 1, column 7, which needs a ]\n");
    // All of them, and what is wrong elsewhere too.
    CHECK(errors("(foo))\n(local x [1 2)\n(bar x)\n") ==
          "1:2 unknown identifier: foo\n1:6 this ) closes nothing\n"
          "2:14 this ) does not close the [ at line 2, column 10, which needs a ]\n3:2 unknown identifier: bar\n");
    // Text in strings and comments, and forms in the first column, are no matter.
    CHECK(errors("(local s \"\n(job ]] \\\" \")\n; )))\n(let [x 1]\n(job :a [:quire/push] #s))\n").empty());
    CHECK(says(std::string(5000, '[') + std::string(5000, ']'), "1:81 nested too deep"));
    CHECK(says(std::string("(local x \"a\0b\")", 16), "1:12 there is a NUL byte here"));
}

TEST_CASE("columns count characters, and the mark stands below")
{
    auto program = load_source("(job :a [:quire/push]\n\t(fn [] \"\xc3\xa9\xe6\xbc\xa2\" (foo)))");
    REQUIRE(program->diagnostics().size() == 1);
    CHECK(format_diagnostic(program->diagnostics()[0]) == ".quire/ci.fnl:2:15: unknown identifier: foo\n"
                                                          "  2 |     (fn [] \"\xc3\xa9\xe6\xbc\xa2\" (foo)))\n"
                                                          "    |                   ^\n");
    CHECK(errors("(local \xc3\xa9 1) (error \"no\")") == "1:1 no\n");
    CHECK(errors("(local \xc3\xa9 1) (job :\xc3\xa9 [:x] #nil)").starts_with("1:22 "));
}

TEST_CASE("what is wrong with a macro is told where the macro is")
{
    auto first = [](const std::string& source, const std::string& module) {
        ci::SourceTree tree;
        tree.files[ci::pipeline_file] = source;
        tree.files[".quire/lib/sugar.fnl"] = module;
        tree.files[".quire/lib/other.fnl"] = "(import-macros {: m} :sugar)\n{:n (fn [] (m))}";
        auto program = ci::Program::load(tree, patient).value();
        REQUIRE(program->diagnostics().size() == 1);
        const ci::Diagnostic& diagnostic = program->diagnostics()[0];
        return to_string(diagnostic.place) + ": " + diagnostic.message;
    };
    CHECK(first("\n(macro m [x]\n  (let [y 1]\n    (error \"boom\")))\n\n(job :a [:quire/push] (fn [] (m 1)))", "{}") ==
          ".quire/ci.fnl:4:5: boom (in a macro, expanded at .quire/ci.fnl:6)");
    CHECK(first("(import-macros {: m} :sugar)\n(m 1)", "\n\n(fn m [x]\n  (.. nil x))\n{: m}") ==
          ".quire/lib/sugar.fnl:4:3: attempt to concatenate a nil value (in a macro, expanded at .quire/ci.fnl:2)");
    CHECK(first("(import-macros {: m} :sugar)\n(m 1)", "{:m (fn [x] (assert-compile false \"no good\" x))}") ==
          ".quire/ci.fnl:2:1: no good");
    CHECK(first("(import-macros {: m} :sugra)", "{}") ==
          ".quire/ci.fnl:1:1: module 'sugra' not found: there is no .quire/lib/sugra.fnl; did you mean 'sugar'?");
    CHECK(first("(import-macros {: m} :sugar)", "{:m (fn [] (let [x] 1))}")
              .starts_with(".quire/lib/sugar.fnl:1:17: expected even number"));
    CHECK(first("(import-macros {: m} :sugar)", "\n{:m (fn []\n") ==
          ".quire/lib/sugar.fnl:2:1: this form is not closed, it lacks )}; open to the end is also the ( at line 2, "
          "column 5");
    CHECK(first("(import-macros {: m} :sugar)", "(import-macros {: n} :other)\n{:m (fn [] (n))}") ==
          ".quire/lib/other.fnl:1:1: macro modules import each other: .quire/lib/sugar.fnl -> .quire/lib/other.fnl -> "
          ".quire/lib/sugar.fnl");
}

TEST_CASE("modules that require each other are told so")
{
    ci::SourceTree tree;
    tree.files[ci::pipeline_file] = "(pcall require :gone) (pcall require :gone)\n(require :a)";
    tree.files[".quire/lib/gone.fnl"] = "(error \"x\")";
    tree.files[".quire/lib/a.fnl"] = "(require :b)";
    tree.files[".quire/lib/b.fnl"] = "\n(require :a)\n";
    auto program = ci::Program::load(tree, {}).value();
    REQUIRE(program->diagnostics().size() == 1);
    CHECK(format_diagnostic(program->diagnostics()[0])
              .starts_with(".quire/lib/b.fnl:2:1: modules require each other: a -> b -> a\n"));
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
