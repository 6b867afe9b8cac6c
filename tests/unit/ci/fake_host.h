// A JobHost for tests: commands end at once, in the loop's next turn, as the test says.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "ci/runtime/job_host.h"
#include "support/scratch.h"
#include "sys/loop.h"

namespace quire::tests {

class FakeHost final : public ci::JobHost {
public:
    explicit FakeHost(sys::Loop& loop) : m_loop(loop) {}

    std::function<ci::ShResult(const ci::ShRequest&)> answer = [](const ci::ShRequest&) { return ci::ShResult{}; };
    std::map<std::string, std::string> secrets;
    std::vector<ci::ShRequest> commands;
    std::vector<std::string> lines;
    std::vector<std::string> masked;
    std::vector<std::string> taken_over;
    std::map<std::string, text::Data> kept_outputs;
    std::map<std::string, std::string> variables = {{"HOME", "/home/somebody"},
                                                    {"PINS_PROD", "https://prod.example.org/pins"},
                                                    {"PINS_STAGING", "https://staging.example.org/pins"}};
    Scratch directory;

    void start_sh(const std::string&, ci::ShRequest request, ShDone done) override
    {
        commands.push_back(request);
        m_loop.after(0, [result = answer(request), done = std::move(done)] { done(result); });
    }
    void end_job(const std::string&, std::function<void()> done) override { m_loop.after(0, std::move(done)); }
    void retrying(const std::string&) override {}
    void job_ended(const ci::Job&, ci::JobOutcome&) override {}
    void keep_outputs(const std::string& job, const text::Data& outputs) override { kept_outputs[job] = outputs; }
    void take_over(const std::string& job) override { taken_over.push_back(job); }
    Result<std::string> secret(const std::string&, const std::string& name) override
    {
        auto found = secrets.find(name);
        if (found == secrets.end())
            return fail(ErrorKind::not_found, "secret '{}' is not declared", name);
        return found->second;
    }
    void mask(const std::string& job, std::string_view value) override
    {
        masked.push_back(job + ": " + std::string(value));
    }
    void log(const std::string& job, std::string_view text) override
    {
        lines.push_back(job + ": " + std::string(text));
    }
    std::optional<std::string> variable(const std::string& name) override
    {
        auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional<std::string>(found->second);
    }
    int workspace() override { return directory.fd(); }
    Result<text::Data> keep_artifacts(const std::string&, const std::string& glob) override
    {
        return text::Data(text::Data::Sequence{text::Data(glob)});
    }
    Result<bool> restore_cache(const std::string&, const std::string&, const std::vector<std::string>&) override
    {
        return false;
    }
    Result<ci::ShRequest> mirror(const std::string&, const text::Data&) override
    {
        return ci::ShRequest{.argv = {"push"}, .shown = "push", .beside = true};
    }
    Result<void> save_cache(const std::string&, const std::string&, const std::vector<std::string>&) override
    {
        return {};
    }

private:
    sys::Loop& m_loop;
};

} // namespace quire::tests
