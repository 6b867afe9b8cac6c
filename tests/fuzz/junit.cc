#include "text/junit.h"

#include "base/strings.h"
#include "fuzz/fuzz.h"
#include "text/xml_pull.h"

using namespace quire::text;

FUZZ_SEEDS("<>/=\"'&;#x! testsuicafrlpkdnm[]-?",
           "<testsuites><testsuite name=\"s\"><testcase name='a'/></testsuite></testsuites>",
           "<testsuite><testcase classname=\"c\" name=\"n\" time=\"0.5\"><failure message=\"m\">a &lt; "
           "b</failure></testcase></testsuite>",
           "<?xml version=\"1.0\"?><!-- c --><testsuite><testcase "
           "name=\"x\"><error><![CDATA[<b>]]></error></testcase></testsuite>",
           "<!DOCTYPE x [<!ENTITY a \"b\">]><x>&a;</x>", "<a b=\"&#x41;\">&#65;</a>")

FUZZ_TARGET(input)
{
    using quire::fuzz::require;
    XmlPull xml(input);
    size_t steps = 0;
    for (auto more = xml.next(); more && *more; more = xml.next()) {
        require(++steps <= input.size() * 2 + 2, "a step for every byte or two at most");
        require(quire::is_valid_utf8(xml.text()) && quire::is_valid_utf8(xml.name()), "UTF-8 comes out");
    }
    if (auto report = read_junit(input)) {
        require(report->failures.size() <= JunitReport::most_failures, "failures are bounded");
        require(report->failures.size() <= report->failed + report->errors, "what failed is counted");
        require(report->failed + report->errors + report->skipped <= report->tests, "a test has one verdict");
    }
}
