// doctor: look for what is wrong.
#include "forge/doctor.h"
#include "cli/table.h"
#include "findings.h"
#include "text/escape.h"
#include "text/json.h"
#include "verbs.h"

namespace quire::tool {

static std::string text_of(const std::vector<forge::Finding>& findings)
{
    std::vector<std::vector<std::string>> rows;
    for (const forge::Finding& finding : findings) {
        rows.push_back(
            {std::string(forge::severity_name(finding.severity)), finding.check, text::for_terminal(finding.text)});
        if (!finding.advice.empty())
            rows.push_back({"", "", "→ " + text::for_terminal(finding.advice)});
    }
    return cli::format_table(rows, {cli::Align::left, cli::Align::left, cli::Align::left});
}

Result<int> verb_doctor(const Call& call)
{
    cli::Options options = TRY(call.options());
    store::Root root = TRY(call.root());
    auto findings = forge::examine(root, TRY(forge::find_installation()),
                                   {.fix = options.has("fix"), .proxy_url = options.value("proxy")});
    for (forge::Finding& finding : delivery_findings(root))
        findings.push_back(std::move(finding));
    TRY(cli::print(options.has("json") ? text::write_json(to_data(findings)) + "\n" : text_of(findings)));
    return forge::has_failure(findings) ? cli::exit_no : cli::exit_yes;
}

} // namespace quire::tool
