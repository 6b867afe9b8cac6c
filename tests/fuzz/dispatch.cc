// Everything between what a client sent and what quire-exec acts upon: no line may crash it, and none may pass whose
// repository is no RepoName, whose words are not in the table, or which sets one of quire-exec's own options.
#include <algorithm>

#include "base/strings.h"
#include "dispatch/invocation.h"
#include "dispatch/table.h"
#include "fuzz/fuzz.h"

using namespace quire;
using namespace quire::dispatch;
using quire::fuzz::require;

FUZZ_SEEDS(" '\"\\-/.~;$=\nax\xff", "git-upload-pack 'foo.git'", "git-receive-pack '/work/bar.git'",
           "git upload-archive ~/foo", "git-upload-pack /srv/quire/repos/foo.git", "git-upload-pack ../../etc",
           "quire new foo --private --description 'a b' --default-branch main", "quire new --description=x -- foo",
           "quire list --json", "quire info foo", "quire rename foo work/bar", "quire describe foo -- '--text'",
           "quire rm foo --yes", "quire restore --list", "quire restore work%2Fbar.git.3", "quire freeze foo 'soon'",
           "quire thaw foo", "quire doctor", "quire config get foo", "quire config set foo description 'a b'",
           "quire config unset host", "quire describe foo a b - c", "quire help config",
           "quire restore foo --as work/bar", "quire help", "--root /etc git-upload-pack foo", "--pusher x", "")

constexpr const char* root = "/srv/quire";

/// The name must come back as itself: no second reading of it can lead elsewhere.
static void require_name(const std::string& name)
{
    auto parsed = store::RepoName::parse(name);
    require(parsed && parsed->str() == name, "a repository is a RepoName");
    bool stays = name.find("..") == std::string::npos && name.front() != '/' && name.front() != '-';
    require(stays, "no way out of the root");
}

/// Walks the words that quire would get along their line of the table.
static void require_canonical(const Request& request)
{
    const cli::Verb& verb = *request.verb;
    require(verb.reach == cli::Reach::over_ssh, "only what is marked for ssh");
    auto word = request.words.begin();
    for (std::string_view part : split(verb.name, ' '))
        require(*word++ == part, "the verb comes first");
    for (; word != request.words.end() && *word != "--"; ++word) {
        auto known = std::find_if(verb.flags.begin(), verb.flags.end(),
                                  [&](const cli::Flag& flag) { return *word == fmt::format("--{}", flag.name); });
        require(known != verb.flags.end() && known->reach == cli::Reach::over_ssh, "only the verb's options pass");
        if (known->kind != cli::Kind::none)
            require(++word != request.words.end(), "an option's value is behind it");
    }
    std::vector<std::string> operands;
    if (word != request.words.end())
        operands.assign(word + 1, request.words.end());
    require(operands.size() >= verb.arity().least, "no operand is missing");
    require(operands.size() <= verb.arity().most, "no operand too many");
    // Where none is optional in front, each has its place.
    for (size_t i = 0; i < operands.size() && i < verb.operands.size(); i++)
        if (verb.operands[i].kind == cli::Kind::repository)
            require_name(operands[i]);
}

static void check_one(const std::vector<std::string>& words)
{
    auto request = check(words, root);
    if (!request) {
        require(request.error().kind == ErrorKind::usage && !request.error().message.empty(), "a refusal has a reason");
        require(request.error().message.size() < 1000, "a refusal is short");
        return;
    }
    if (request->action == Request::Action::serve)
        require_name(request->repository->str());
    if (request->action == Request::Action::operate)
        require_canonical(*request);
    require((request->action == Request::Action::greet) == words.empty(), "only nothing is greeted");
    for (const std::string& word : request->words)
        require(is_printable_utf8(word), "what is handed on is printable");
}

FUZZ_TARGET(input)
{
    std::string line(input.substr(0, input.find('\0'))); // an argument ends there
    for (const std::vector<std::string>& before : {std::vector<std::string>{}, {"--root", "/srv"}}) {
        std::vector<std::string> arguments = before;
        arguments.push_back(line);
        Invocation invocation;
        auto read = read_invocation(invocation, arguments, "git-upload-pack other");
        require(invocation.root.has_value() != before.empty() && invocation.rights.name.empty(),
                "the last word sets no option");
        if (read)
            check_one(invocation.words);
    }
    // The same bytes as words of a terminal, cut at spaces.
    std::vector<std::string> words;
    for (std::string_view word : split(line, ' '))
        words.emplace_back(word);
    check_one(words);
}
