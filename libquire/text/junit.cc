#include "text/junit.h"

#include "base/strings.h"
#include "text/xml.h"

namespace quire::text {

constexpr size_t longest_name = 300, longest_details = 4000;

static std::string cut(std::string_view text, size_t limit)
{
    if (text.size() <= limit)
        return std::string(text);
    while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xc0) == 0x80)
        --limit;
    return std::string(text.substr(0, limit)) + "…";
}

namespace {

class JunitReader final : public XmlHandler {
public:
    explicit JunitReader(const std::function<void(const JunitCase&)>& each) : m_each(each) {}
    bool is_report() const { return m_is_report; }
    JunitReport take() { return std::move(m_report); }

private:
    void open(std::string_view name, const XmlAttributes& attributes) override
    {
        if (std::exchange(m_at_root, false))
            m_is_report = name == "testsuites" || name == "testsuite";
        if (name == "testsuite") {
            m_suites.emplace_back(find_attribute(attributes, "name"));
        } else if (name == "testcase" && !m_in_case) {
            m_in_case = true;
            m_verdict = JunitResult::passed;
            m_failure = {};
            std::string_view suite = find_attribute(attributes, "classname");
            m_failure.suite = cut(!suite.empty()     ? suite
                                  : m_suites.empty() ? std::string_view()
                                                     : m_suites.back(),
                                  longest_name);
            m_failure.name = cut(find_attribute(attributes, "name"), longest_name);
            double seconds = parse_number(find_attribute(attributes, "time")).value_or(0);
            m_seconds = seconds > 0 && seconds < 1e7 ? seconds : 0;
            m_report.seconds += m_seconds;
        } else if (m_in_case && (name == "failure" || name == "error") && m_verdict != JunitResult::failed) {
            m_verdict = JunitResult::failed;
            m_in_verdict = true;
            m_failure.is_error = name == "error";
            m_failure.message = cut(find_attribute(attributes, "message"), longest_name);
        } else if (m_in_case && name == "skipped" && m_verdict == JunitResult::passed) {
            m_verdict = JunitResult::skipped;
        }
    }

    void close(std::string_view name) override
    {
        if (name == "testsuite" && !m_suites.empty())
            m_suites.pop_back();
        else if (name == "failure" || name == "error")
            m_in_verdict = false;
        else if (name == "testcase" && std::exchange(m_in_case, false))
            count();
    }

    void text(std::string_view piece) override
    {
        if (m_in_verdict && m_failure.details.size() < longest_details * 2)
            m_failure.details += piece.substr(0, longest_details * 2);
    }

    void count()
    {
        ++m_report.tests;
        if (m_each)
            m_each({m_failure.suite, m_failure.name, m_verdict, m_seconds});
        m_report.skipped += m_verdict == JunitResult::skipped ? 1 : 0;
        if (m_verdict != JunitResult::failed)
            return;
        ++(m_failure.is_error ? m_report.errors : m_report.failed);
        if (m_report.failures.size() == JunitReport::most_failures)
            return;
        m_failure.details = cut(trim(m_failure.details), longest_details);
        if (m_failure.message.empty())
            m_failure.message = cut(m_failure.details.substr(0, m_failure.details.find('\n')), longest_name);
        m_report.failures.push_back(std::move(m_failure));
    }

    const std::function<void(const JunitCase&)>& m_each;
    JunitReport m_report;
    std::vector<std::string> m_suites;
    JunitFailure m_failure;
    JunitResult m_verdict = JunitResult::passed;
    double m_seconds = 0; ///< of the case
    bool m_in_case = false, m_in_verdict = false, m_at_root = true, m_is_report = false;
};

} // namespace

Result<JunitReport> read_junit(std::string_view source, const std::function<void(const JunitCase&)>& each)
{
    JunitReader reader(each);
    TRY(read_xml(source, reader));
    if (!reader.is_report())
        return fail(ErrorKind::invalid, "its root is no testsuites");
    return reader.take();
}

} // namespace quire::text
