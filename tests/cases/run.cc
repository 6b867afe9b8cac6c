// cases_run BIN CASES [NAME…]: runs the case directories below CASES against the tools in BIN; see case.h.
// Ends with a count; exit 1 if a case failed.
#include <algorithm>
#include <cstdio>

#include "base/log.h"
#include "base/strings.h"
#include "case.h"
#include "cli/tool.h"
#include "support/scratch.h"
#include "sys/file.h"
#include "sys/process.h"
#include "trace.h"

namespace quire::cases {

struct Count {
    unsigned passed = 0;
    unsigned failed = 0;
    unsigned untraced = 0;
};

/// What the audit log is, or leads to it, or says whose key it was: a refusal is noted there.
static bool is_of_audit(const std::string& path, const std::string& root)
{
    return path == "/nonexistent" || path == "audit" || path == "audit/log.jsonl" || root == path ||
           root.starts_with(path + "/") || path.ends_with("/.ssh/authorized_keys");
}

/// Everything below a directory with what would tell a change: mode, size, times, inode.
static Result<std::string> snapshot(const std::string& path)
{
    std::string all;
    for (const std::string& name : TRY(sys::list_directory(AT_FDCWD, path))) {
        if (name == "audit")
            continue;
        std::string below = path + "/" + name;
        auto status = TRY(sys::stat_at(AT_FDCWD, below));
        if (!status)
            continue;
        all += fmt::format("{} {:o} {} {} {}.{} {}\n", below, status->st_mode, status->st_size,
                           sys::modified_at(*status), status->st_ctim.tv_sec, status->st_ctim.tv_nsec, status->st_ino);
        if (S_ISDIR(status->st_mode))
            all += TRY(snapshot(below));
    }
    return all;
}

/// The C library, the dynamic loader and sanitizers look at these before main; "" stands for an open descriptor.
static bool is_harmless(const std::string& path)
{
    constexpr std::string_view harmless[] = {"/lib", "/usr/lib", "/etc/ld.so", "/proc/", "/sys/", "/dev/null"};
    return path.empty() ||
           std::any_of(std::begin(harmless), std::end(harmless), [&](auto prefix) { return path.starts_with(prefix); });
}

class Runner {
public:
    Runner(std::string bin, std::vector<std::string> wanted) : m_real_bin(std::move(bin)), m_wanted(std::move(wanted))
    {}

    Result<void> run_tool_cases(const std::string& directory, const std::string& tool)
    {
        m_tool_directory = directory;
        tests::Scratch prefix;
        m_places.bin = prefix.path() + "/bin";
        TRY(sys::make_directory(prefix.fd(), "bin"));
        TRY(sys::symlink_at(m_real_bin + "/../libexec", prefix.fd(), "libexec"));
        TRY(fill_bin(TRY(sys::open_directory(prefix.fd(), "bin")).get(), tool));
        for (const std::string& name : TRY(sys::list_directory(AT_FDCWD, directory))) {
            std::string title = tool + "/" + name;
            auto is_named = [&](const std::string& part) { return title.find(part) != std::string::npos; };
            bool wanted = m_wanted.empty() || std::any_of(m_wanted.begin(), m_wanted.end(), is_named);
            if (wanted && sys::exists(AT_FDCWD, directory + "/" + name + "/cmd"))
                TRY(run_case(TRY(read_case(directory + "/" + name, title))));
        }
        return {};
    }

    const Count& count() const { return m_count; }

private:
    /// A copy of the tool (it finds its siblings beside itself), stand-ins, and links to all others.
    Result<void> fill_bin(int bin, const std::string& tool)
    {
        std::string stand_ins = m_tool_directory + "/bin";
        TRY(sys::run_ok({.argv = {"cp", m_real_bin + "/" + tool, m_places.bin}}));
        if (sys::exists(AT_FDCWD, stand_ins))
            TRY(sys::run_ok({.argv = {"cp", "-r", stand_ins + "/.", m_places.bin}}));
        for (const std::string& name : TRY(sys::list_directory(AT_FDCWD, m_real_bin)))
            if (!sys::exists(bin, name))
                TRY(sys::symlink_at(m_real_bin + "/" + name, bin, name));
        return {};
    }

    Result<void> run_case(const Case& one)
    {
        tests::Scratch root;
        m_places.root = root.path();
        for (const std::string& setup : {m_tool_directory + "/setup", one.directory + "/setup"}) {
            if (!sys::exists(AT_FDCWD, setup))
                continue;
            sys::Command command{.argv = {"sh", "-e", setup}, .directory = root.fd()};
            command.environment.push_back("BIN=" + m_places.bin);
            TRY(sys::run_ok(command));
        }
        for (const Input& input : one.inputs)
            TRY(run_input(one, input));
        return {};
    }

    std::vector<std::string> environment_of(const Case& one, const Input& input) const
    {
        sys::Environment environment = {"PATH=/usr/bin:/bin", "HOME=/nonexistent", "QUIRE_ROOT=" + m_places.root,
                                        "ASAN_OPTIONS=detect_leaks=0"};
        for (const std::string& line : one.environment) {
            std::string entry = expand(line, one, input, m_places);
            size_t equals = entry.find('=');
            if (equals == std::string::npos)
                std::erase_if(environment, [&](const std::string& known) { return known.starts_with(entry + "="); });
            else
                sys::set_variable(environment, entry.substr(0, equals), entry.substr(equals + 1));
        }
        return environment;
    }

    Result<void> run_input(const Case& one, const Input& input)
    {
        std::vector<std::string> argv;
        for (const std::string& line : one.command)
            for (std::string& word : expand_words(line, one, input, m_places))
                argv.push_back(std::move(word));
        argv[0] = m_places.bin + "/" + argv[0];
        sys::Environment environment = environment_of(one, input);
        std::string before = TRY(snapshot(m_places.root));

        std::string faults;
        auto traced = run_traced(argv, environment, m_places.root, expand(one.in, one, input, m_places));
        if (!traced && traced.error().kind == ErrorKind::refused) {
            ++m_count.untraced;
            UniqueFd root = TRY(sys::open_directory(AT_FDCWD, m_places.root));
            sys::Output output = TRY(sys::run({.argv = argv, .environment = environment, .directory = root.get()},
                                              {.input = expand(one.in, one, input, m_places)}));
            traced = Trace{output.status, output.out, output.err, {}, {}, {}};
            if (one.becomes) // unseen: not held against it, but counted
                traced->started = {expand(*one.becomes, one, input, m_places)};
        } else if (traced && one.refused) {
            faults = faults_of_refusal(*traced, m_places.root, expand(input.message, one, input, m_places));
        }
        Trace trace = TRY(std::move(traced));
        std::string became = trace.started.empty() ? "" : trace.started[0];
        if (one.becomes && became != expand(*one.becomes, one, input, m_places))
            faults += fmt::format("  became '{}'\n", became);
        if (one.refused && TRY(snapshot(m_places.root)) != before)
            faults += "  the data root was changed\n";
        if (trace.status != one.code)
            faults += fmt::format("  exit code {}, not {}\n", trace.status, one.code);
        faults += difference("stdout", trace.out, expand(one.out, one, input, m_places));
        faults += difference("stderr", trace.err, expand(one.err, one, input, m_places));
        report(one, input, faults);
        return {};
    }

    static std::string faults_of_refusal(const Trace& trace, const std::string& root, std::string_view message)
    {
        std::string faults;
        for (const std::string& started : trace.started)
            faults += fmt::format("  started {}\n", started);
        for (const std::string& path : trace.paths)
            if (!is_harmless(path) && !is_of_audit(path, root))
                faults += fmt::format("  touched {}\n", path);
        std::string_view reason = message.substr(0, message.find('\n'));
        bool told = trace.sent.size() == 1 && trace.sent[0].starts_with("/dev/log <85>quire-exec[") &&
                    trace.sent[0].find(reason) != std::string::npos && trace.sent[0].find('\n') == std::string::npos;
        if (!told)
            faults += fmt::format("  told syslog {} lines: {}\n", trace.sent.size(), join(trace.sent, " / "));
        return faults;
    }

    static std::string difference(std::string_view what, std::string_view got, std::string_view wanted)
    {
        constexpr std::string_view any = "{any}\n";
        bool is_beginning = wanted.ends_with(any) && got.starts_with(wanted.substr(0, wanted.size() - any.size()));
        if (got == wanted || is_beginning)
            return "";
        return fmt::format("  {} is\n{}\n  and should be\n{}\n", what, got, wanted);
    }

    void report(const Case& one, const Input& input, const std::string& faults)
    {
        ++(faults.empty() ? m_count.passed : m_count.failed);
        if (!faults.empty())
            fmt::print("failed: {}{}{}\n{}", one.name, input.text.empty() ? "" : ": ", visible(input.text), faults);
    }

    std::string m_real_bin;
    std::vector<std::string> m_wanted;
    std::string m_tool_directory;
    Places m_places;
    Count m_count;
};

static Result<int> run(const cli::Arguments& arguments)
{
    if (arguments.size() < 2)
        return fail(ErrorKind::usage, "usage: cases_run BIN CASES [NAME…]");
    Runner runner(TRY(sys::real_path(arguments[0])), {arguments.begin() + 2, arguments.end()});
    for (const std::string& tool : TRY(sys::list_directory(AT_FDCWD, arguments[1])))
        if (tool.starts_with("quire"))
            TRY(runner.run_tool_cases(arguments[1] + "/" + tool, tool));
    const Count& count = runner.count();
    if (count.untraced > 0)
        fmt::print("cases: {} ran without ptrace, so what they started and opened was not seen\n", count.untraced);
    fmt::print("cases: {} passed, {} failed\n", count.passed, count.failed);
    return count.failed == 0 ? cli::exit_yes : cli::exit_no;
}

} // namespace quire::cases

int main(int argc, char** argv) { return quire::cli::run_tool("cases_run", argc, argv, quire::cases::run); }
