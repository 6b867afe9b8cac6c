// What msmtp is told.
#include "deliver/send_mail.h"

#include <catch2/catch_test_macros.hpp>

#include "deliver/mail_event.h"

using namespace quire;
using namespace quire::deliver;

TEST_CASE("msmtp's account follows :smtp")
{
    store::SmtpConfig smtp{.host = "mail.example.org", .user = "me"};
    auto account = msmtp_account(smtp, "q@example.org", "pass \"word\" #1");
    REQUIRE(account);
    for (const char* line : {"host \"mail.example.org\"\n", "port 587\n", "tls on\n", "tls_starttls on\n",
                             "tls_trust_file \"system\"\n", "auth on\n", "password \"pass \"word\" #1\"\n"}) {
        INFO(line);
        CHECK(account->find(line) != std::string::npos);
    }
    smtp.tls = "implicit";
    CHECK(msmtp_account(smtp, "q", "p")->find("port 465\n") != std::string::npos);
    smtp.tls = "off";
    smtp.user = "";
    account = msmtp_account(smtp, "q", "");
    CHECK(account->find("port 25\n") != std::string::npos);
    CHECK(account->find("tls off\n") != std::string::npos);
    CHECK(account->find("auth off\n") != std::string::npos);
    smtp.user = "u";
    CHECK_FALSE(msmtp_account(smtp, "q", "a\nhost evil"));
    CHECK_FALSE(msmtp_account(smtp, "q", std::string(600, 'x')));
}

TEST_CASE("a repository's own settings stand in front of the forge's, each by itself")
{
    store::GlobalConfig all;
    store::RepositoryConfig own;
    CHECK(addressees(all, &own, "ci-failed").empty());
    all.notifications.to = {"a@b", "a@b", "c@d"};
    CHECK(addressees(all, &own, "ci-failed") == std::vector<std::string>{"a@b", "c@d"});
    CHECK(addressees(all, nullptr, "backup-failed") == std::vector<std::string>{"a@b", "c@d"});
    CHECK(addressees(all, &own, "ci-succeeded").empty());
    own.notifications.on = {"ci-succeeded"};
    CHECK(addressees(all, &own, "ci-succeeded").size() == 2);
    CHECK(addressees(all, &own, "ci-failed").empty());
    own.notifications = {.to = std::vector<std::string>(), .on = std::nullopt};
    CHECK(addressees(all, &own, "ci-failed").empty());
}

TEST_CASE("an address is one plain address")
{
    for (const char* good : {"a@b", "root", "first.last+tag@example.org", "o'neil@example.org"})
        CHECK(store::is_mail_address(good));
    for (const char* bad : {"", "@b", "a@", "a b@c", "a@b,c@d", "<a@b>", "a@b>", "-oQ/tmp@x", "a@b@c", "a\n@b", "ä@b",
                            "a@-b", "\"a b\"@c", "a@b (x)"}) {
        INFO(bad);
        CHECK_FALSE(store::is_mail_address(bad));
    }
}
