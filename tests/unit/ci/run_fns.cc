// Run-fns: outcomes, outputs, side by side, after failures.
#include <unistd.h>

#include "ci/language/schedule.h"
#include "files.h"
#include "sys/file.h"

using namespace quire;
using namespace quire::tests;

namespace {

struct Ran {
    std::string states;
    std::vector<ci::JobReport> reports;
    std::vector<ci::ShRequest> commands;
    std::vector<std::string> lines;
};

Ran run(const std::string& source, std::function<ci::ShResult(const ci::ShRequest&)> answer = nullptr,
        const std::function<void(FakeHost&)>& prepare = nullptr)
{
    auto program = load_source(source);
    for (const ci::Diagnostic& diagnostic : program->diagnostics())
        FAIL(format_diagnostic(diagnostic));
    sys::Loop loop;
    FakeHost host(loop);
    if (answer)
        host.answer = answer;
    if (prepare)
        prepare(host);
    text::Data push{text::Data::Table{}};
    push.set("sha", "abc");
    program->runtime().set_source("quire/push", push);
    Ran ran;
    ran.reports = run_jobs(*program, host, loop, {.parallel = 4});
    for (ci::JobReport& report : ran.reports) {
        ran.states += fmt::format("{} {} {}\n", report.job->id, to_string(report.state), report.reason);
        report.job = nullptr;
    }
    ran.commands = host.commands;
    ran.lines = host.lines;
    return ran;
}

ci::ShResult exit_of(const ci::ShRequest& request)
{
    return {.exit = request.shown == "false" ? 1 : 0, .out = "out", .err = "err"};
}

} // namespace

TEST_CASE("what a run-fn returns decides")
{
    CHECK(run("(job :a [:quire/push] (fn [] {:x 1}))").states == "a succeeded \n");
    CHECK(run("(job :a [:quire/push] (fn [] nil))").states == "a skipped its run-fn returned nil\n");
    CHECK(run("(job :a [:quire/push] (fn []))").states == "a skipped its run-fn returned nil\n");
    CHECK(run("(job :a [:quire/push] (fn [] {:exit 0}))").states == "a succeeded \n");
    CHECK(run("(job :a [:quire/push] (fn [] {:exit 7 :x 1}))").states == "a failed exit code 7\n");
    CHECK(run("(job :a [:quire/push] (fn [] \"yes\"))")
              .states.find("a failed .quire/ci.fnl:1:1: job 'a' returned a string") == 0);
    CHECK(run("(job :a [:quire/push]\n  (fn [] (error \"no\")))").states == "a failed .quire/ci.fnl:2:3: no\n");
    CHECK(
        run("(job :a [:quire/push]\n  (fn [] (error {:not :text})))").states.find("(a table was raised as an error)") !=
        std::string::npos);
}

TEST_CASE("a red result that is returned is a failure, and what is behind it is skipped")
{
    const char* source =
        "(job :test [:quire/push] (fn [{: sh}] (sh \"false\")))\n"
        "(job :deploy [:test] (fn [{: sh}] (sh \"deploy\")))\n"
        "(job :after [:deploy] (fn [] {}))\n"
        "(job :notice {:inputs [:test] :even-if-failed true :run (fn [{: jobs}] {:seen (. (jobs :test) :stderr)})})\n"
        "(job :other [:quire/push] (fn [] {}))";
    Ran ran = run(source, exit_of);
    CHECK(ran.states.find("test failed exit code 1\n") != std::string::npos);
    CHECK(ran.states.find("deploy skipped its input 'test' failed\n") != std::string::npos);
    CHECK(ran.states.find("after skipped its input 'deploy' was skipped\n") != std::string::npos);
    CHECK(ran.states.find("notice succeeded") != std::string::npos);
    CHECK(ran.states.find("other succeeded") != std::string::npos);
    CHECK(ran.commands.size() == 1);
    CHECK(run("(job :test {:inputs [:quire/push] :allow-failure true :run (fn [{: sh}] (sh \"false\"))})\n"
              "(job :next [:test] (fn [{: jobs}] {:e (. (jobs :test) :exit)}))",
              exit_of)
              .states == "test failed exit code 1\nnext succeeded \n");
}

TEST_CASE("retries")
{
    int left = 2;
    auto flaky = [&](const ci::ShRequest&) { return ci::ShResult{.exit = left-- > 0 ? 1 : 0}; };
    Ran ran = run("(job :a {:inputs [:quire/push] :retries 2 :run (fn [{: sh}] (sh \"x\"))})", flaky);
    CHECK(ran.states == "a succeeded \n");
    CHECK(ran.reports[0].attempts == 3);
    left = 2;
    CHECK(run("(job :a {:inputs [:quire/push] :retries 1 :run (fn [{: sh}] (sh \"x\"))})", flaky).states ==
          "a failed exit code 1\n");
}

TEST_CASE("a job whose outputs are known does not run, and those behind it read them")
{
    auto program =
        load_source("(job :a [:quire/push] (fn [{: sh}] (sh \"a\")))\n"
                    "(job :b [:a] (fn [{: jobs : sh}] (sh (. (jobs :a) :version)) {:seen (. (jobs :a) :version)}))");
    REQUIRE(program->diagnostics().empty());
    sys::Loop loop;
    FakeHost host(loop);
    text::Data outputs{text::Data::Table{}};
    outputs.set("version", "7");
    std::vector<ci::JobReport> reports =
        run_jobs(*program, host, loop, {.reused = {{"a", outputs}, {"unknown", outputs}}});
    REQUIRE(host.commands.size() == 1);
    CHECK(host.commands[0].shown == "7");
    CHECK(reports[0].state == ci::JobReport::State::succeeded);
    CHECK(reports[0].reused);
    CHECK(reports[0].attempts == 0);
    CHECK(reports[1].state == ci::JobReport::State::succeeded);
    CHECK_FALSE(reports[1].reused);
    CHECK(host.kept_outputs.at("a") == outputs); // for a rerun of the rerun
    CHECK(host.kept_outputs.at("b").string_or("seen", "") == "7");
}

TEST_CASE("outputs reach those behind, and nobody else")
{
    CHECK(run("(job :a [:quire/push] (fn [] {:list [1 2] :t {:x true}}))\n"
              "(job :b [:a] (fn [{: jobs}] (assert (= 2 (. (jobs :a) :list 2))) {}))\n"
              "(job :c [:b] (fn [{: jobs}] (assert (. (jobs :a) :t :x)) (assert (= :abc (. (jobs :quire/push) :sha))) "
              "{}))")
              .states.find("failed") == std::string::npos);
    auto reason = [](const char* call) {
        return run(fmt::format("(job :a [:quire/push] #{{}}) (job :lint [:quire/push] #{{}})\n(job :b [:a] (fn [{{: "
                               "jobs}}] {} {{}}))",
                               call))
            .states;
    };
    CHECK(reason("(jobs :lint)").find("'lint' is not among the inputs of job 'b'") != std::string::npos);
    CHECK(reason("(jobs :b)").find("asked for its own outputs") != std::string::npos);
    CHECK(reason("(jobs :x)").find("job 'b' has no input 'x'") != std::string::npos);
    CHECK(reason("(jobs nil)").find("jobs: the name must be a string, not nil") != std::string::npos);
    CHECK(run("(job :a [:quire/push] (fn [{: sh}] (sh \"x\")))\n(job :b [(output :a :stdout :as :text)]\n"
              "  (fn [{: jobs}] (assert (= :out (jobs :text))) {}))",
              exit_of)
              .states.find("b succeeded") != std::string::npos);
}

TEST_CASE("sh takes words or a text, and says what is wrong with either")
{
    Ran ran = run("(job :a [:quire/push] (fn [{: sh}]\n (sh [\"echo\" \"a b\" 5] {:cwd \"sub\" :env {:A 1 :B \"x\"} "
                  ":timeout \"2m\"})))",
                  exit_of);
    REQUIRE(ran.commands.size() == 1);
    CHECK(ran.commands[0].argv == std::vector<std::string>{"echo", "a b", "5"});
    CHECK(ran.commands[0].shown == "echo 'a b' 5");
    CHECK(ran.commands[0].directory == "sub");
    CHECK(ran.commands[0].timeout == 120 * nanoseconds_per_second);
    CHECK(ran.commands[0].environment == std::vector<std::pair<std::string, std::string>>{{"A", "1"}, {"B", "x"}});
    auto reason = [](const char* call) {
        return run(fmt::format("(job :a [:quire/push] (fn [{{: sh}}] {}))", call)).states;
    };
    CHECK(reason("(sh [])").find("not an empty table") != std::string::npos);
    CHECK(reason("(sh nil)").find("not nil") != std::string::npos);
    CHECK(reason("(sh \"x\" {:evn {}})").find("did you mean ':env'") != std::string::npos);
    CHECK(reason("(sh \"x\" {:env {:A {}}})").find("A in :env must be a string") != std::string::npos);
    CHECK(reason("(sh [\"x\" nil {}])").find("failed") != std::string::npos);
    CHECK(reason("(sh \"x\" {:quiet :yes})").find(":quiet must be true or false") != std::string::npos);
}

TEST_CASE("a command starts in the workspace or below it, whatever links say")
{
    auto reason = [](const char* directory) {
        return run(fmt::format("(job :a [:quire/push] (fn [{{: sh}}] (sh \"x\" {{:cwd \"{}\"}})))", directory), exit_of,
                   [](FakeHost& host) {
                       int here = host.directory.fd();
                       REQUIRE(sys::make_directories(here, "sub/below").has_value());
                       REQUIRE(::symlinkat("sub/below", here, "inside") == 0);
                       REQUIRE(::symlinkat("/tmp", here, "away") == 0);
                       REQUIRE(::symlinkat("../..", here, "sub/up") == 0);
                   })
            .states;
    };
    for (const char* fine : {"sub", "sub/below", "sub/../sub", "inside", ".", "not-there"})
        CHECK(reason(fine) == "a succeeded \n");
    for (const char* away : {"..", "/", "/tmp", "sub/../..", "away", "away/x", "sub/up", "inside/../../.."})
        CHECK(reason(away).find(fmt::format(":cwd \"{}\" leads outside the workspace", away)) != std::string::npos);
}

TEST_CASE("a job that returns what a timeout ended says that, not a number")
{
    auto slow = [](const ci::ShRequest&) {
        return ci::ShResult{.exit = 124, .timed_out = true, .duration = 1'500'000'000};
    };
    CHECK(run("(job :a [:quire/push] (fn [{: sh}] (sh \"x\" {:timeout 1})))", slow).states ==
          "a failed timed out after 1.5 s\n");
}

TEST_CASE("mask yields the value that it hides from now on")
{
    CHECK(run("(job :a [:quire/push] (fn [{: mask}] (assert (= :token (mask :token))) {}))").states ==
          "a succeeded \n");
    CHECK(run("(job :a [:quire/push] (fn [{: mask}] (mask 5)))").states.find("mask takes a string, not a number") !=
          std::string::npos);
}

TEST_CASE("parallel keeps the order of results and raises what a branch raised")
{
    CHECK(run("(job :a [:quire/push] (fn [{: sh : parallel}]\n"
              "  (let [[x y z] (parallel [#(sh \"1\") #2 #(. (sh \"3\") :cmd)])]\n"
              "    (assert (= x.cmd \"1\")) (assert (= y 2)) (assert (= z \"3\")) {})))",
              exit_of)
              .states == "a succeeded \n");
    CHECK(run("(job :a [:quire/push] (fn [{: sh : parallel}]\n  (parallel #(sh \"1\")\n    #(error \"branch\"))))",
              exit_of)
              .states == "a failed .quire/ci.fnl:3:5: branch\n");
    CHECK(run("(job :a [:quire/push] (fn [{: parallel}] (pcall parallel #(error :x)) {}))").states == "a succeeded \n");
    CHECK(run("(job :a [:quire/push] (fn [{: parallel}] (parallel 5)))").states.find("number 1 is a number") !=
          std::string::npos);
}

TEST_CASE("pcall round a command, and files of the workspace")
{
    CHECK(run("(job :a [:quire/push] (fn [{: sh : write-file : read-file : read-json : json-encode : sha256 : base64 : "
              "env : log}]\n"
              "  (let [(ok r) (pcall sh \"x\")] (assert ok) (assert (= r.stdout :out)))\n"
              "  (write-file \"d/e/f.json\" (json-encode {:a [1 2]}))\n"
              "  (assert (= 2 (. (read-json \"d/e/f.json\") :a 2)))\n"
              "  (assert (= \"aGk=\" (base64 :hi)))\n"
              "  (assert (= 64 (length (sha256 \"\"))))\n"
              "  (assert (= \"/home/somebody\" (env :HOME)))\n"
              "  (let [(ok why) (pcall read-file \"none\")] (assert (not ok)) (assert (why:find \"none\")))\n"
              "  (log :said 5 nil) (print :printed)\n"
              "  {}))",
              exit_of)
              .states == "a succeeded \n");
}

TEST_CASE("no job sees what another one changed")
{
    const char* source =
        "(local shared {:n 0})\n(local lib (require :lib))\n"
        "(fn change []\n"
        "  (tset string :upper #:changed) (tset table :marker 1) (tset _G :leaked 1)\n"
        "  (tset package.loaded :lib {:n 5}) (tset lib :n 5) (tset shared :n 5)\n"
        "  (tset (require :quire.ci) :x 1))\n"
        "(fn look []\n"
        "  (assert (= \"A\" (string.upper :a) (: :a :upper))) (assert (= nil table.marker _G.leaked))\n"
        "  (assert (= 0 lib.n shared.n (. (require :lib) :n)))\n  {})\n"
        "(job :a {:inputs [:quire/push] :allow-failure true :run (fn [] (change))})\n"
        "(job :b [:a] look)\n"
        "(job :again {:inputs [:quire/push] :retries 1 :run (fn [] (look) (pcall change) {:exit 1})})";
    ci::SourceTree tree;
    tree.files[ci::pipeline_file] = source;
    tree.files[".quire/lib/lib.fnl"] = "{:n 0}";
    auto program = ci::Program::load(tree, {}).value();
    REQUIRE(program->diagnostics().empty());
    sys::Loop loop;
    FakeHost host(loop);
    std::string all;
    for (const ci::JobReport& report : run_jobs(*program, host, loop))
        all += fmt::format("{} {} {}\n", report.job->id, to_string(report.state), report.reason);
    INFO(all);
    CHECK(all.find("a failed .quire/ci.fnl:6:3: quire.ci can't be changed\n") != std::string::npos);
    CHECK(all.find("b succeeded \n") != std::string::npos);
    CHECK(all.find("again failed exit code 1\n") != std::string::npos);
}

TEST_CASE("a top level that does not do the same again fails all but the first attempt, and says so")
{
    auto random_jobs = [](const char* options) {
        return run(fmt::format("(job (.. :a (math.random 1 1000000000)) {{:inputs [:quire/push] {}}})\n"
                               "(job (.. :b (math.random 1 1000000000)) [:quire/push] #{{}})",
                               options));
    };
    auto has_failed = [](const Ran& ran, size_t index) {
        return ran.reports[index].reason.find("was not registered when the file was run again for it") !=
               std::string::npos;
    };
    auto once = random_jobs(":run #{}");
    CHECK(once.reports[0].state == ci::JobReport::State::succeeded);
    CHECK(has_failed(once, 1));
    CHECK(has_failed(random_jobs(":retries 1 :run #(error :no)"), 0));
}

TEST_CASE("each attempt at a job has a machine of its own")
{
    constexpr const char* counting = "(local seen [])\n"
                                     "(fn count [] (table.insert seen 1) {:n (length seen)})\n"
                                     "(job :a [:quire/push] count)\n"
                                     "(job :b {:inputs [:a] :run count})\n"
                                     "(job :c {:inputs [:a] :retries 1 :run #(do (count) (error (length seen)))})";
    auto finished = run(counting);
    CHECK(finished.reports[0].outputs.integer_or("n", 0) == 1);
    CHECK(finished.reports[1].outputs.integer_or("n", 0) == 1);
    CHECK(finished.reports[2].reason.find('2') == std::string::npos);
}

TEST_CASE("what pcall and xpcall catch names places as a person would")
{
    CHECK(run("(job :a [:quire/push] (fn []\n  (let [(_ why) (pcall #(error \"x\"))] {: why})))")
              .reports[0]
              .outputs.string_or("why", "") == ".quire/ci.fnl:2:3: x");
    CHECK(run("(job :a [:quire/push] (fn []\n  (let [(_ why) (xpcall #(error \"x\") #(.. \"<\" $1))] {: why})))")
              .reports[0]
              .outputs.string_or("why", "") == "<.quire/ci.fnl:2:3: x");
    CHECK(run("(job :a [:quire/push] (fn []\n  (let [(_ why) (pcall #(error \"x\"))] (error why 0))))").states ==
          "a failed .quire/ci.fnl:2:3: x\n");
}

TEST_CASE("lists have no holes, and options no slips")
{
    auto reason = [](const char* call) {
        return run(fmt::format("(local {{: cache : http : mirror : matrix}} (require :quire.stdlib))\n"
                               "(job :a [:quire/push] (fn [{{: sh : parallel : json-list : read-file}}] {}))",
                               call))
            .states;
    };
    auto says = [&](const char* call, const char* text) {
        std::string states = reason(call);
        INFO(states);
        return states.find(text) != std::string::npos;
    };
    CHECK(says("(sh {1 \"echo\" 3 \"x\"})", "sh: the command must be a list without holes"));
    CHECK(says("(sh {1 \"echo\" :x \"y\"})", "sh: the command must be a list, not a table with keys"));
    CHECK(says("(parallel {1 #1 3 #2})", "parallel: the functions must be a list without holes"));
    CHECK(says("(cache {:key :k :paths {1 :a 3 :b}} #nil)", "cache: :paths must be a list without holes"));
    CHECK(says("(cache {:key :k :path [:a]} #nil)", "cache has no option ':path', did you mean ':paths'?"));
    CHECK(says("(http {:url \"http://x\" :header {}})", "http has no option ':header', did you mean ':headers'?"));
    CHECK(says("(mirror {:ulr 1})", "mirror has no option ':ulr', did you mean ':url'?"));
    CHECK(says("(mirror [1])", "mirror: its options are names and values"));
    CHECK(says("(matrix {:os :debian} #nil)", "matrix: :os must be a list, not a string"));
    CHECK(says("(read-file \"../x\")", "read-file: ../x leads outside the workspace"));
    CHECK(says("(read-file \"/etc/passwd\")", "read-file: /etc/passwd leads outside the workspace"));
    CHECK(says("(json-list {:a 1})", "json-list: it must be a list, not a table with keys"));
}

TEST_CASE("there is one rule for lengths of time")
{
    auto timeout = [](const char* value) {
        return run(fmt::format("(job :a [:quire/push] (fn [{{: sh}}] (sh :x {{:timeout {}}})))", value));
    };
    CHECK(timeout("90").commands[0].timeout == 90 * nanoseconds_per_second);
    CHECK(timeout("\"90\"").commands[0].timeout == 90 * nanoseconds_per_second);
    CHECK(timeout("\"1m30s\"").commands[0].timeout == 90 * nanoseconds_per_second);
    CHECK(timeout("0.5").commands[0].timeout == nanoseconds_per_second / 2);
    CHECK(timeout("-1").states.find("sh: :timeout must be more than 0 seconds") != std::string::npos);
    CHECK(timeout("{}").states.find(
              "sh: :timeout must be a number of seconds or a text such as \"10m\", not a table") != std::string::npos);
    auto of_job = [](const char* value) {
        return load_source(fmt::format("(job :a {{:inputs [:quire/push] :run #nil :timeout {}}})", value));
    };
    CHECK(of_job("0.5")->pipeline().jobs[0].timeout == nanoseconds_per_second / 2);
    CHECK(of_job("\"2h\"")->pipeline().jobs[0].timeout == 7200 * nanoseconds_per_second);
    CHECK(of_job("{}")->diagnostics()[0].message ==
          "Job 'a': :timeout must be a number of seconds or a text such as \"10m\", not a table.");
    auto http = [](const char* value) {
        Ran ran = run(fmt::format("(job :a [:quire/push] #((. (require :quire.stdlib) :http) {{:url \"http://x\" "
                                  ":timeout {}}}))",
                                  value));
        return ran.commands.empty() ? ran.states : ran.commands[0].input;
    };
    CHECK(http("5").find("max-time = 5.0\n") != std::string::npos);
    CHECK(http("\"1m\"").find("max-time = 60.0\n") != std::string::npos);
    CHECK(http("\"soon\"").find("http: :timeout must be a number of seconds") != std::string::npos);
}

TEST_CASE("an empty list stays one in JSON when it was one or is called one")
{
    Ran ran = run("(job :a [:quire/push] (fn [{: json-encode : json-decode : json-list : write-file : read-json}]\n"
                  "  (write-file :f \"{\\\"l\\\": []}\")\n"
                  "  (let [read (read-json :f) emptied (json-decode \"[1]\")]\n"
                  "    (table.remove emptied)\n"
                  "    (table.insert read.l 5) (table.remove read.l)\n"
                  "    {:all (.. (json-encode (json-decode \"[[],{}]\")) (json-encode read) (json-encode emptied)\n"
                  "              (json-encode {:x (json-list [])}) (json-encode (json-list)) (json-encode [])\n"
                  "              (json-encode (json-list [1 2])))\n"
                  "     :list (json-list [])})))\n"
                  "(job :b [:a] (fn [{: jobs : json-encode}] {:all (json-encode (jobs :a :list))}))");
    CHECK(ran.reports[0].outputs.string_or("all", "") == "[[],{}]{\"l\":[]}[]{\"x\":[]}[]{}[1,2]");
    CHECK(ran.reports[0].outputs.find("list")->sequence() != nullptr);
}

TEST_CASE("log shows the data of a table, and sh hands on its input")
{
    Ran ran = run("(job :a [:quire/push] (fn [{: log : sh}]\n"
                  "  (log :got {:exit 0 :list [1 \"b\"]} nil)\n"
                  "  (sh [:cat] {:stdin \"in\\0put\"})))");
    REQUIRE(!ran.lines.empty());
    CHECK(ran.lines[0] == "a: got {:exit 0 :list [1 \"b\"]} nil");
    CHECK(ran.commands[0].input == std::string("in\0put", 6));
    CHECK(run("(job :a [:quire/push] (fn [{: sh}] (sh :x {:stdin 5})))").states.find(":stdin must be a string") !=
          std::string::npos);
}

TEST_CASE("schedules")
{
    auto next = [](std::string_view schedule, std::string_view after) {
        return format_instant(ci::Schedule::parse(schedule).value().next_after(parse_instant(after).value()))
            .substr(0, 16);
    };
    CHECK(next("daily", "2026-11-21T13:00:00Z") == "2026-11-22T00:00");
    CHECK(next("0 3 * * 1", "2026-11-21T13:00:00Z") == "2026-11-23T03:00");
    CHECK(next("*/15 * * * *", "2026-11-21T13:00:00Z") == "2026-11-21T13:15");
    CHECK(next("30 4 1,15 * 5", "2026-11-21T13:00:00Z") == "2026-11-27T04:30");
    CHECK(next("0 0 29 2 *", "2026-11-21T13:00:00Z") == "2028-02-29T00:00");
    CHECK(ci::Schedule::parse("0 0 30 2 *").value().next_after(0) == 0);
    CHECK(next("every 2h", "2026-11-21T13:00:00Z") == "2026-11-21T14:00");
    for (const char* bad : {"", "dayly", "every 5s", "every", "* * * *", "60 * * * *", "5-1 * * * *", "*/0 * * * *",
                            "a * * * *", "* * 0 * *"}) {
        INFO(bad);
        CHECK(!ci::Schedule::parse(bad));
    }
    CHECK(parse_duration("1h30m").value() == 5400 * nanoseconds_per_second);
    for (const char* bad : {"", "0", "-1", "5x", "m", "1h30", "99999999999d"})
        CHECK(!parse_duration(bad));
}
