// audit: who asked for what over ssh.
#include "store/audit.h"
#include "base/show_time.h"
#include "cli/table.h"
#include "text/escape.h"
#include "text/json.h"
#include "verbs.h"

namespace quire::tool {

using store::AuditEntry;

static text::Data to_data(const AuditEntry& entry)
{
    text::Data data{text::Data::Table{}};
    data.set("at", format_instant(entry.at));
    data.set("key", entry.key);
    data.set("address", entry.address);
    data.set("command", entry.command);
    data.set("verdict", entry.verdict);
    data.set("reason", entry.reason);
    data.set("exit", entry.exit ? text::Data(*entry.exit) : text::Data());
    return data;
}

static std::vector<std::string> row_of(const AuditEntry& entry)
{
    std::vector<std::string> row;
    for (const std::string& cell : {show_moment(entry.at), entry.key.empty() ? "?" : entry.key, entry.address,
                                    entry.verdict, entry.command.empty() ? "(nothing)" : entry.command, entry.reason})
        row.push_back(text::for_terminal(cell));
    return row;
}

Result<int> verb_audit(const Call& call)
{
    cli::Options options = TRY(call.options());
    store::Root root = TRY(call.root());
    uint64_t limit = TRY(Call::number(options, "limit", 20, 100'000));
    store::AuditQuery query{
        .limit = limit, .key = options.value("key").value_or(""), .only_refused = options.has("refused")};
    text::Data::Sequence list;
    std::vector<std::vector<std::string>> rows;
    for (const AuditEntry& entry : TRY(store::read_audit(root, query))) {
        list.push_back(to_data(entry));
        rows.push_back(row_of(entry));
    }
    TRY(cli::print(options.has("json") ? text::write_json(std::move(list)) + "\n"
                   : rows.empty()      ? "nothing was asked for over ssh\n"
                                       : cli::format_table(rows, std::vector(6, cli::Align::left))));
    return 0;
}

} // namespace quire::tool
