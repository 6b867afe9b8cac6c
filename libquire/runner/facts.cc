#include "runner/facts.h"

#include "ci/language/pipeline.h"
#include "git/object_reader.h"
#include "sys/file.h"

namespace quire::runner {

using text::Data;

static ci::RefEvent event_of(const store::RunRecord& record)
{
    return {.sha = record.sha,
            .ref = record.ref,
            .previous_sha = record.previous_sha,
            .pusher = record.pusher,
            .at = record.queued_at,
            .forced = record.forced};
}

std::string changes_input_of(const store::RunRecord& record) { return ci::changes_input(event_of(record)); }

Result<ChangesQuestion> changes_question(const store::RunRecord& record, int repository, int output)
{
    sys::Pipe input = TRY(sys::make_pipe());
    TRY(sys::write_all(input.writer.get(), changes_input_of(record)));
    ChangesQuestion question{std::move(input.reader), {}};
    question.command = {.argv = ci::changes_argv(),
                        .environment = git::repository_environment(),
                        .directory = repository,
                        .input = question.input.get(),
                        .output = output};
    return question;
}

static std::string question_about(const store::RunRecord& record)
{
    return record.repo.str() + " " + changes_input_of(record);
}

const std::string* KnownChanges::find(const store::RunRecord& record) const
{
    std::string question = question_about(record);
    for (const auto& [asked, text] : m_known)
        if (asked == question)
            return &text;
    return nullptr;
}

void KnownChanges::remember(const store::RunRecord& record, std::string text)
{
    constexpr size_t most_known = 16, most_bytes = 64u << 10;
    if (text.size() > most_bytes || find(record))
        return;
    if (m_known.size() == most_known)
        m_known.pop_front();
    m_known.emplace_back(question_about(record), std::move(text));
}

std::string source_of(const store::RunRecord& record)
{
    return record.source == "push" ? std::string(ci::push_source) : record.event;
}

Data facts_of(const store::RunRecord& record, const Changes& changes, const std::string& git_dir)
{
    ci::RefEvent event = event_of(record);
    event.git_dir = git_dir;
    if (record.source == "push")
        return ci::push_facts(event, changes);
    Data facts = ci::ref_facts(event, changes);
    facts.set("name", record.event);
    facts.set("parameters", record.parameters.is_nil() ? Data(Data::Table{}) : record.parameters);
    return facts;
}

} // namespace quire::runner
