#include "deliver/backup_target.h"

#include <algorithm>

#include "base/log.h"
#include "base/strings.h"
#include "deliver/helper.h"
#include "sys/atomic_file.h"
#include "sys/file.h"
#include "sys/stamp.h"
#include "text/shell_words.h"

namespace quire::deliver {

constexpr int64_t minute = 60 * nanoseconds_per_second;
constexpr size_t piece = 256u << 10;
constexpr size_t most_list_bytes = 256u << 20;

static Result<uint64_t> size_of(int fd) { return static_cast<uint64_t>(TRY(sys::stamp_of(fd, "a file")).size); }

/// Two minutes to get going, and a hundred kilobytes a second.
static int64_t time_for(uint64_t bytes)
{
    return 2 * minute + static_cast<int64_t>(bytes / 100'000) * nanoseconds_per_second;
}

/// For what may be anything: an object of a repository of some size, over a slow line.
constexpr int64_t time_to_fetch = 6 * 60 * minute;

static Unexpected is_not_the_place(const std::string& shown, const std::string& earlier)
{
    return fail(ErrorKind::system, "{} does not have {}, which was stored before: is it mounted, and the same place?",
                shown, earlier);
}

namespace {

class DirectoryTarget : public BackupTarget {
public:
    explicit DirectoryTarget(const std::string& path) : BackupTarget(path) {}

    Result<void> store(const std::string& name, int file, const std::string& earlier) override
    {
        UniqueFd directory = TRY(open());
        if (!earlier.empty() && !sys::exists(directory.get(), earlier))
            return is_not_the_place(shown(), earlier);
        sys::sweep_temporaries(directory.get(), ".");
        auto stored = write(directory.get(), name, file);
        if (!stored)
            return with_context(std::move(stored).error(), shown());
        return {};
    }

    Result<void> fetch(const std::string& name, int out) override
    {
        UniqueFd directory = TRY(open());
        UniqueFd file = TRY(sys::open_regular(directory.get(), name, O_NOFOLLOW));
        for (uint64_t offset = 0;;) {
            std::string bytes = TRY(sys::read_at(file.get(), offset, piece));
            if (bytes.empty())
                return {};
            TRY(sys::write_all(out, bytes));
            offset += bytes.size();
        }
    }

    Result<std::map<std::string, uint64_t>> list() override
    {
        UniqueFd directory = TRY(open());
        std::map<std::string, uint64_t> found;
        for (const std::string& name : TRY(sys::list_directory(directory.get(), ".")))
            if (auto status = TRY(sys::stat_at(directory.get(), name)); status && S_ISREG(status->st_mode))
                found.emplace(name, static_cast<uint64_t>(status->st_size));
        return found;
    }

    Result<void> drop(const std::string& name) override
    {
        auto removed = sys::unlink_at(TRY(open()).get(), name);
        return removed || removed.error().kind == ErrorKind::not_found ? Result<void>() : removed;
    }

private:
    Result<UniqueFd> open()
    {
        auto directory = sys::open_directory(AT_FDCWD, shown());
        if (!directory && directory.error().kind == ErrorKind::not_found)
            return fail(ErrorKind::system, "there is no directory {}: is it mounted?", shown());
        return directory;
    }

    static Result<void> write(int directory, const std::string& name, int from)
    {
        sys::AtomicFile file = TRY(sys::AtomicFile::create(directory, name, 0600));
        for (uint64_t offset = 0;;) {
            std::string bytes = TRY(sys::read_at(from, offset, piece));
            if (bytes.empty())
                break;
            TRY(file.write(bytes));
            offset += bytes.size();
        }
        return file.commit();
    }
};

/// What both kinds of program have in common: one command a wish.
class ProgramTarget : public BackupTarget {
public:
    Result<void> fetch(const std::string& name, int out) override
    {
        sys::Command command = ask("get", name, 0, "");
        command.output = out;
        return named(run_helper(std::move(command), time_to_fetch));
    }

    Result<std::map<std::string, uint64_t>> list() override
    {
        std::string said =
            TRY(named(sys::run_ok(ask("list", "", 0, ""), {.limit = most_list_bytes, .timeout = 10 * minute})));
        std::map<std::string, uint64_t> found;
        for (std::string_view line : split(said, '\n')) {
            std::string_view name = trim(line);
            auto size = parse_decimal(take_until(name, ' '));
            name = trim(name);
            strip_prefix(name, "./");
            if (size && !name.empty() && name != "total")
                found.emplace(name, *size);
        }
        return found;
    }

    Result<void> store(const std::string& name, int file, const std::string& earlier) override
    {
        uint64_t size = TRY(size_of(file));
        sys::Command command = ask("put", name, size, earlier);
        sys::set_variable(command.environment, "QUIRE_BACKUP_SIZE", std::to_string(size));
        command.input = file;
        return named(run_helper(std::move(command), time_for(size)));
    }

    Result<void> drop(const std::string& name) override
    {
        return named(run_helper(ask("drop", name, 0, ""), 2 * minute));
    }

protected:
    explicit ProgramTarget(std::string shown) : BackupTarget(std::move(shown)) {}
    virtual sys::Command ask(const std::string& wish, const std::string& name, uint64_t size,
                             const std::string& earlier) const = 0;

private:
    template <class T>
    Result<T> named(Result<T> result)
    {
        if (!result)
            return with_context(std::move(result).error(), shown());
        return result;
    }
};

class ExecTarget : public ProgramTarget {
public:
    ExecTarget(std::string shown, std::vector<std::string> words)
        : ProgramTarget(std::move(shown)), m_words(std::move(words))
    {}

protected:
    sys::Command ask(const std::string& wish, const std::string& name, uint64_t, const std::string&) const override
    {
        sys::Command command{.argv = m_words};
        command.argv.push_back(wish);
        if (!name.empty())
            command.argv.push_back(name);
        return command;
    }

private:
    std::vector<std::string> m_words;
};

class SshTarget : public ProgramTarget {
public:
    SshTarget(std::string shown, std::string host, std::string directory)
        : ProgramTarget(std::move(shown)), m_host(std::move(host)), m_directory(std::move(directory))
    {}

protected:
    sys::Command ask(const std::string& wish, const std::string& name, uint64_t size,
                     const std::string& earlier) const override
    {
        // A connection that breaks looks like the end of the file to the other side, hence the size.
        std::string script = fmt::format("cd {} || exit 1; ", text::shell_quote(m_directory));
        std::string temporary = "." + name + ".tmp";
        if (wish == "put" && !earlier.empty())
            script += fmt::format("[ -e {0} ] || {{ echo 'it does not have {0}, which was stored before: is it the "
                                  "same place?' >&2; exit 1; }}; ",
                                  earlier);
        if (wish == "put")
            script += fmt::format("cat >{0} && [ \"$(wc -c <{0})\" -eq {1} ] && {{ sync {0} 2>/dev/null || sync; }} && "
                                  "mv -f {0} {2} || {{ rm -f {0}; exit 1; }}",
                                  temporary, size, name);
        else if (wish == "get")
            script += "cat " + name;
        else if (wish == "drop")
            script += "rm -f " + name;
        else
            script += "set -- quire-*; [ -e \"$1\" ] || exit 0; wc -c \"$@\"";
        return {.argv = {"ssh", "-o", "BatchMode=yes", "-o", "ConnectTimeout=20", "-o", "ServerAliveInterval=15", "-o",
                         "ServerAliveCountMax=4", "-T", "--", m_host, script}};
    }

private:
    std::string m_host, m_directory;
};

} // namespace

Result<std::unique_ptr<BackupTarget>> open_backup_target(const std::string& target)
{
    std::string_view text = target;
    if (text.starts_with('/'))
        return std::unique_ptr<BackupTarget>(std::make_unique<DirectoryTarget>(target));
    if (strip_prefix(text, "exec:")) {
        std::vector<std::string> words = TRY(text::parse_shell_words(text));
        if (words.empty())
            return fail(ErrorKind::invalid, "exec: is followed by a program and its words");
        return std::unique_ptr<BackupTarget>(std::make_unique<ExecTarget>(target, std::move(words)));
    }
    size_t colon = text.find(':');
    if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size() || text.starts_with('-') ||
        text.substr(0, colon).find('/') != std::string_view::npos)
        return fail(ErrorKind::invalid,
                    "'{}' is no target of a backup: name a directory from / on, HOST:DIRECTORY, or exec:PROGRAM",
                    visible(target));
    return std::unique_ptr<BackupTarget>(
        std::make_unique<SshTarget>(target, std::string(text.substr(0, colon)), std::string(text.substr(colon + 1))));
}

} // namespace quire::deliver
