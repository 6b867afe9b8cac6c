// import: takes over repositories, and keys, of another forge.
#include "forge/import.h"

#include <map>

#include "base/log.h"
#include "base/strings.h"
#include "forge/keys.h"
#include "text/escape.h"
#include "text/json.h"
#include "verbs.h"

namespace quire::tool {

namespace {

text::Data list_of(const std::vector<std::string>& texts) { return text::Data::Sequence(texts.begin(), texts.end()); }

class Import {
public:
    Import(const store::Root& root, forge::Installation installation, forge::ImportWay way)
        : m_root(root), m_installation(std::move(installation)), m_way(way)
    {}

    void take(const forge::ImportSurvey& survey)
    {
        say(fmt::format("{}\n", survey.kind));
        for (const forge::ImportCandidate& candidate : survey.repositories)
            take_repository(candidate, survey.kind);
        for (const std::string& note : survey.notes)
            say(fmt::format("  note: {}\n", text::for_terminal(note)));
        append(m_notes, survey.notes);
    }

    void take_keys(const forge::ImportSurvey& survey, const std::string& path)
    {
        for (const forge::ImportKey& key : survey.keys)
            take_key(key, path);
    }

    void fail_at(const std::string& path, const Error& error)
    {
        all_well = false;
        say(fmt::format("{}: {}\n", text::for_terminal(path), text::for_terminal(error.message)));
        m_notes.emplace_back(path + ": " + error.message);
    }

    bool all_well = true;
    std::string text;

    text::Data to_data()
    {
        text::Data data{text::Data::Table{}};
        data.set("repositories", std::move(m_repositories));
        data.set("keys", std::move(m_keys));
        data.set("notes", std::move(m_notes));
        return data;
    }

private:
    void say(const std::string& line) { text += line; }
    static void append(text::Data::Sequence& to, const std::vector<std::string>& texts)
    {
        to.insert(to.end(), texts.begin(), texts.end());
    }

    void take_repository(const forge::ImportCandidate& candidate, const std::string& kind)
    {
        using enum forge::ImportEnd;
        forge::ImportOutcome outcome = forge::adopt(m_root, m_installation, candidate, m_way);
        bool is_dry = m_way == forge::ImportWay::dry_run;
        all_well &= outcome.end != failed;
        const char* state = outcome.end == failed  ? "failed"
                            : outcome.end == there ? "there"
                            : is_dry               ? "would be taken"
                                                   : "taken";
        std::string name = candidate.name ? candidate.name->str() : candidate.wanted;
        if (candidate.name && outcome.end != failed)
            m_names.insert_or_assign(candidate.wanted, *candidate.name);
        std::vector<std::string> notes = candidate.notes;
        notes.insert(notes.end(), outcome.notes.begin(), outcome.notes.end());
        if (outcome.copied > 0)
            notes.push_back(fmt::format("{} files were copied, since they could not be linked", outcome.copied));
        say(fmt::format("  {:<8}{}{} ({} refs{}) from {}\n", is_dry && outcome.end == taken ? "would" : state,
                        text::for_terminal(name), outcome.text.empty() ? "" : ": " + text::for_terminal(outcome.text),
                        outcome.refs, candidate.is_private ? ", private" : "", text::for_terminal(candidate.path)));
        for (const std::string& note : notes)
            say(fmt::format("          {}\n", text::for_terminal(note)));
        text::Data data{text::Data::Table{}};
        data.set("name", name);
        data.set("path", candidate.path);
        data.set("kind", kind);
        data.set("state", state);
        data.set("reason", outcome.text);
        data.set("private", candidate.is_private);
        data.set("refs", outcome.refs);
        data.set("copied", outcome.copied);
        data.set("notes", list_of(notes));
        m_repositories.push_back(std::move(data));
    }

    /// The names here; none of a key that is for nothing that was taken.
    std::optional<std::vector<store::RepoName>> names_of(const std::vector<std::string>& there) const
    {
        std::vector<store::RepoName> names;
        for (const std::string& name : there)
            for (const std::string& spelling : {name, name + ".git"})
                if (auto found = m_names.find(spelling); found != m_names.end())
                    names.push_back(found->second);
        return names.empty() ? std::nullopt : std::optional(names);
    }

    void take_key(const forge::ImportKey& key, const std::string& path)
    {
        store::KeyRights rights{.name = key.name, .only_reads = key.only_reads};
        std::string state = "taken", reason;
        if (key.only)
            rights.only = names_of(*key.only);
        if (key.only && !rights.only) {
            state = "failed";
            reason = "none of its repositories is here";
        } else if (m_way != forge::ImportWay::dry_run) {
            auto added = forge::add_key({m_root, path}, m_installation, key.key, rights);
            bool is_there = !added && added.error().kind == ErrorKind::exists;
            state = added ? "taken" : is_there ? "there" : "failed";
            reason = added || is_there ? "" : added.error().message;
        } else {
            state = "would be taken";
        }
        all_well &= state != "failed";
        say(fmt::format("  key {}: {}{}: {}\n", text::for_terminal(key.name), state,
                        reason.empty() ? "" : " (" + text::for_terminal(reason) + ")", store::describe(rights)));
        for (const std::string& note : key.notes)
            say(fmt::format("          {}\n", text::for_terminal(note)));
        text::Data data{text::Data::Table{}};
        data.set("name", key.name);
        data.set("state", state);
        data.set("reason", reason);
        data.set("rights", store::describe(rights));
        data.set("notes", list_of(key.notes));
        m_keys.push_back(std::move(data));
    }

    const store::Root& m_root;
    forge::Installation m_installation;
    forge::ImportWay m_way;
    std::map<std::string, store::RepoName> m_names; ///< by the name there
    text::Data::Sequence m_repositories, m_keys, m_notes;
};

} // namespace

Result<int> verb_import(const Call& call)
{
    using enum forge::ImportWay;
    cli::Options options = TRY(call.options());
    if (options.has("dry-run") && options.has("move"))
        return fail(ErrorKind::usage, "import: --dry-run does nothing, and --move deletes; say one");
    store::Root root = TRY(call.root());
    std::string keys = TRY(forge::authorized_keys_path(options.value("keys")));
    Import import(root, TRY(forge::find_installation()),
                  options.has("dry-run") ? dry_run
                  : options.has("move")  ? move
                                         : link);
    for (const std::string& path : options.operands()) {
        auto survey = forge::survey_import(path);
        if (!survey) {
            import.fail_at(path, survey.error());
            continue;
        }
        if (!options.has("with-keys") && !survey->keys.empty())
            survey->notes.push_back(fmt::format("{} keys were found: --with-keys lets them in", survey->keys.size()));
        import.take(*survey);
        if (options.has("with-keys"))
            import.take_keys(*survey, keys);
    }
    TRY(cli::print(options.has("json") ? text::write_json(import.to_data()) + "\n" : import.text));
    return import.all_well ? cli::exit_yes : cli::exit_no;
}

} // namespace quire::tool
