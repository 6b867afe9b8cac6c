// Every file of tests/pipelines is an example that must be a valid pipeline and run.
#include "files.h"

using namespace quire;
using namespace quire::tests;
using text::Data;

static const std::string folder = QUIRE_TEST_DIR "/../../pipelines";
static const std::string sha = "0123456789abcdef0123456789abcdef01234567";
static const std::string digest = "sha256:" + std::string(64, 'a');

static Data push_facts()
{
    Data push{Data::Table{}};
    push.set("sha", sha);
    push.set("ref", "refs/heads/main");
    push.set("branch", "main");
    push.set("git-dir", "/srv/foo.git");
    return push;
}

/// What the commands of the examples would print.
static ci::ShResult answer(const ci::ShRequest& request)
{
    if (request.shown == "make --silent push-image")
        return {.out = "pushed\n" + digest + "\n"};
    if (request.shown.starts_with("git for-each-ref"))
        return {.out = sha + " refs/heads/main\n"};
    if (request.shown.starts_with("POST"))
        return {.out = "{}\n201"};
    if (request.beside) // quire-ci push-mirror
        return {.out = "{\"pushed\": [\"refs/heads/main\"], \"deleted\": [], \"unchanged\": 0}\n"};
    if (request.shown.starts_with("GET"))
        return {.out = "[{\"template\": \"web\", \"region\": \"eu\", \"digest\": \"" + digest + "\"}]\n200"};
    return {};
}

TEST_CASE("every example of the language is valid and runs")
{
    std::vector<std::string> files = fennel_files(folder);
    REQUIRE(files.size() >= 14);
    for (const std::string& file : files) {
        INFO(file);
        auto program = load_source(sys::read_file(AT_FDCWD, folder + "/" + file).value());
        for (const ci::Diagnostic& diagnostic : program->diagnostics())
            FAIL(format_diagnostic(diagnostic));
        sys::Loop loop;
        FakeHost host(loop);
        host.answer = answer;
        for (const char* name : {"token", "github_token", "github_auth_header", "prod-token", "staging-token"})
            host.secrets[name] = "hush-hush";
        Data parameters{Data::Table{}}, by_hand{Data::Table{}};
        parameters.set("to", "prod");
        by_hand.set("parameters", parameters);
        program->runtime().set_source("quire/push", push_facts());
        program->runtime().set_source("deploy", by_hand);
        for (const char* source : {"quire/push", "cron", "hourly", "deploy"})
            for (const ci::JobReport& report : run_jobs(*program, host, loop, {.source = source, .parallel = 2})) {
                INFO(report.job->id << ": " << report.reason);
                CHECK(report.state != ci::JobReport::State::failed);
            }
        for (const ci::ShRequest& request : host.commands)
            for (const std::string& word : request.argv)
                CHECK(word.find("hush-hush") == std::string::npos);
    }
}

TEST_CASE("the worked example does what its page says")
{
    auto program = load_source(sys::read_file(AT_FDCWD, folder + "/worked.fnl").value());
    sys::Loop loop;
    FakeHost host(loop);
    program->runtime().set_source("quire/push", push_facts());
    std::vector<ci::JobReport> reports = run_jobs(*program, host, loop);
    REQUIRE(reports.size() == 4);
    std::string states;
    for (const ci::JobReport& report : reports)
        states += fmt::format("{} {}\n", report.job->id, to_string(report.state));
    CHECK(states == "test succeeded\nbuild succeeded\ndeploy succeeded\npublish skipped\n");
    REQUIRE(host.commands.size() == 5);
    CHECK(host.commands[0].argv == std::vector<std::string>{"git", "checkout", sha});
    CHECK(host.commands[1].argv == std::vector<std::string>{"sh", "-c", "cargo test --all-features"});
}

TEST_CASE("a control plane that says no turns the promotion red")
{
    std::string source = sys::read_file(AT_FDCWD, folder + "/promote.fnl").value();
    auto failures = [&](std::function<ci::ShResult(const ci::ShRequest&)> says) {
        auto program = load_source(source);
        sys::Loop loop;
        FakeHost host(loop);
        host.answer = [&](const ci::ShRequest& request) {
            return request.shown.find("https://prod") != std::string::npos ? says(request) : answer(request);
        };
        host.secrets = {{"prod-token", "hush-hush"}, {"staging-token", "hush-hush"}};
        program->runtime().set_source("quire/push", push_facts());
        std::string all;
        for (const ci::JobReport& report : run_jobs(*program, host, loop))
            all += fmt::format("{} {} {}\n", report.job->id, to_string(report.state), report.reason);
        CHECK(all.find("verify-staging succeeded") != std::string::npos);
        return all;
    };
    auto status = [&](const char* text) {
        return failures([=](const ci::ShRequest&) { return ci::ShResult{.out = text}; });
    };
    CHECK(status("scope missing\n403").find("prod answered 403: scope missing") != std::string::npos);
    CHECK(status("\n500").find("promote-prod failed") != std::string::npos);
    CHECK(status("nonsense").find("promote-prod failed") != std::string::npos);
    auto get = [&](const std::string& body) {
        return failures([=](const ci::ShRequest& request) {
            return request.shown.starts_with("GET") ? ci::ShResult{.out = body} : answer(request);
        });
    };
    CHECK(get("[]\n200").find("prod has no row for web in eu") != std::string::npos);
    CHECK(get("[{\"template\":\"web\",\"region\":\"eu\",\"digest\":\"sha256:old\"}]\n200")
              .find("still pins sha256:old") != std::string::npos);
    CHECK(get("gone\n404").find("verify-prod failed") != std::string::npos);
}
