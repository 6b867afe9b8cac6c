// CommandLog observes a command of a run: everything the command prints goes through the redactor into its log.
//
// It adds lines of its own ("quire: timed out after 10 s"), shows unfinished lines after a moment, and hands on the
// result with its reason redacted. result.out and result.err are not redacted: the pipeline's own code may need them,
// and they pass the redactor if they are recorded anywhere.
#pragma once

#include <functional>

#include "ci/executors/command.h"
#include "ci/logs/log_writer.h"
#include "ci/logs/redactor.h"
#include "sys/loop.h"

namespace quire::ci {

enum class LoggedStreams { both, errors_only };

class CommandLog final : public CommandObserver {
public:
    /// Gets the log's error if it could not be written. May destroy the CommandLog.
    using Finished = std::function<void(CommandResult, std::optional<Error>)>;

    /// The loop and the redactor must outlive it.
    CommandLog(sys::Loop& loop, const Redactor& redactor, LogWriter writer, LoggedStreams logged, Finished finished);
    ~CommandLog() override;

    /// Receives what goes into the log, redacted, as it arrives.
    using Listener = std::function<void(Stream, std::string_view)>;
    void set_listener(Listener listener) { m_listener = std::move(listener); }

    void output(Stream stream, std::string_view bytes) override;
    void settled() override;
    void finished(CommandResult result) override;

private:
    void show_partial();
    void take(Stream stream, std::string_view clean, Instant at);

    sys::Loop& m_loop;
    const Redactor& m_redactor;
    LogWriter m_writer;
    LoggedStreams m_logged;
    RedactedStream m_out, m_err;
    Finished m_finished;
    Listener m_listener;
    sys::Loop::Id m_partial_timer = 0;
};

} // namespace quire::ci
