#include "text/junit.h"

#include "base/strings.h"
#include "fuzz/fuzz.h"
#include "text/xml.h"

using namespace quire::text;

FUZZ_SEEDS("<>/=\"'&;#x! testsuicafrlpkdnm[]-?",
           "<testsuites><testsuite name=\"s\"><testcase name='a'/></testsuite></testsuites>",
           "<testsuite><testcase classname=\"c\" name=\"n\" time=\"0.5\"><failure message=\"m\">a &lt; "
           "b</failure></testcase></testsuite>",
           "<?xml version=\"1.0\"?><!-- c --><testsuite><testcase "
           "name=\"x\"><error><![CDATA[<b>]]></error></testcase></testsuite>",
           "<!DOCTYPE x [<!ENTITY a \"b\">]><x>&a;</x>", "<a b=\"&#x41;\">&#65;</a>")

namespace {

struct Checks final : XmlHandler {
    size_t depth = 0, told = 0;
    void open(std::string_view name, const XmlAttributes& attributes) override
    {
        quire::fuzz::require(++depth <= 100 && attributes.size() <= 100, "depth and attributes are bounded");
        check(name);
        for (const auto& [key, value] : attributes)
            check(value);
    }
    void close(std::string_view name) override
    {
        quire::fuzz::require(depth-- > 0, "what closes was open");
        check(name);
    }
    void text(std::string_view piece) override { check(piece); }
    void check(std::string_view text)
    {
        told += text.size();
        quire::fuzz::require(quire::is_valid_utf8(text), "UTF-8 comes out");
    }
};

} // namespace

FUZZ_TARGET(input)
{
    using quire::fuzz::require;
    Checks checks;
    auto read = read_xml(input, checks);
    require(!read || checks.depth == 0, "a whole document closes what it opens");
    require(checks.told <= input.size() * 4, "nothing is expanded");
    if (auto report = read_junit(input)) {
        require(report->failures.size() <= JunitReport::most_failures, "failures are bounded");
        require(report->failures.size() <= report->failed + report->errors, "what failed is counted");
        require(report->failed + report->errors + report->skipped <= report->tests, "a test has one verdict");
    }
}
