// doctor: finds what is wrong with a data root, says what to do about it, and repairs what is safe to repair.
//
// A finding is ok, a warning (unusual, or could not be checked) or a failure (pushes, pages or runs do not work).
// Checks are independent: if one can't look at something, that is a finding, and the others still run.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "forge/installation.h"
#include "store/root.h"
#include "text/data.h"

namespace quire::forge {

enum class Severity { ok, warning, failure };

struct Finding {
    Severity severity;
    std::string check; ///< such as "hooks" or "locks"
    std::string text;
    std::string advice; ///< what to do; "" if there is nothing to do
};

struct Examination {
    bool fix = false;
    std::optional<std::string> proxy_url;
};

/// Collects findings. `wrong` is for what --fix can repair: with --fix it calls `mend` and notes an ok.
class Report {
public:
    explicit Report(bool fix) : m_fix(fix) {}

    bool fixes() const { return m_fix; }
    void ok(std::string check, std::string text);
    void warn(std::string check, std::string text, std::string advice);
    void failed(std::string check, std::string text, std::string advice);
    template <class Mend>
    void wrong(Severity severity, std::string check, std::string text, const Mend& mend)
    {
        if (!m_fix)
            return add(severity, std::move(check), std::move(text), "quire doctor --fix mends it");
        Result<void> mended = mend();
        if (mended)
            ok(std::move(check), "mended: " + text);
        else
            failed(std::move(check), text + "; mending it failed", mended.error().message);
    }
    void add(Severity severity, std::string check, std::string text, std::string advice);
    const std::vector<Finding>& findings() const { return m_findings; }

private:
    bool m_fix;
    std::vector<Finding> m_findings;
};

std::vector<Finding> examine(const store::Root& root, const Installation& installation, const Examination& wanted);
/// The keys that sshd lets in, and whether what they may do can be told.
std::vector<Finding> examine_keys(const store::Root& root);
/// The checks that look into every repository. Private to forge/.
void examine_repositories(const store::Root& root, const Installation& installation, Report& report);
/// Compares what is in the root with store/layout.h. Private to forge/.
void examine_layout(const store::Root& root, Report& report);
/// Sends a forged Remote-User through the proxy at `url`. Private to forge/.
void check_proxy(const std::string& url, Report& report);

std::string_view severity_name(Severity severity);
bool has_failure(const std::vector<Finding>& findings);
text::Data to_data(const std::vector<Finding>& findings);

} // namespace quire::forge
