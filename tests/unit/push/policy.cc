#include "push/policy.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "push/context.h"

using namespace quire;

static const std::string zeros(40, '0');
static const std::string some_id(40, 'a');

TEST_CASE("branches, tags, notes and changes may be pushed and deleted")
{
    std::string ref = GENERATE(values<std::string>(
        {"refs/heads/main", "refs/heads/a/b/c", "refs/heads/deadbeef", "refs/heads/HEADER", "refs/heads/fix/HEAD",
         "refs/heads/" + std::string(39, 'a'), "refs/heads/x" + std::string(40, 'a'),
         "refs/heads/" + std::string(244, 'x'), "refs/heads/\xe6\x9d\xb1\xe4\xba\xac", "refs/heads/\xf0\x9f\x9a\x80",
         "refs/tags/v1", "refs/notes/commits", "refs/changes/01/1/1", "refs/heads/push-xyz",
         "refs/heads/\xc3\xbcml\xc3\xa4ut"}));
    CHECK_FALSE(push::refusal_of({zeros, some_id, ref}));
    CHECK_FALSE(push::refusal_of({some_id, zeros, ref}));
}

TEST_CASE("other names are refused with a reason")
{
    std::string ref = GENERATE(values<std::string>({"refs/quire/kept/x",
                                                    "refs/quire/",
                                                    "refs/pull/1/head",
                                                    "refs/remotes/origin/main",
                                                    "refs/stash",
                                                    "refs/headsx/main",
                                                    "HEAD",
                                                    "refs/heads",
                                                    "",
                                                    "main",
                                                    "refs/heads/a\x01"
                                                    "b",
                                                    "refs/heads/\x1b[2J",
                                                    "refs/heads/a\x7f",
                                                    "refs/heads/\xff",
                                                    "refs/heads/\xc2\x9b"
                                                    "31m",
                                                    "refs/heads/\xe2\x80\xae"
                                                    "evil",
                                                    "refs/heads/-x",
                                                    "refs/tags/--output=x",
                                                    "refs/bisect/bad",
                                                    "refs/worktree/foo",
                                                    "refs/heads/HEAD",
                                                    "refs/tags/HEAD",
                                                    "refs/heads/@",
                                                    "refs/heads/0123456789abcdef0123456789ABCDEF01234567",
                                                    "refs/tags/" + std::string(64, 'f'),
                                                    "refs/heads/a\xe2\x80\x8b",     // zero width space
                                                    "refs/heads/a\xe2\x80\x8d",     // zero width joiner
                                                    "refs/heads/\xef\xbb\xbfmain",  // byte order mark
                                                    "refs/heads/main\xc2\xad",      // soft hyphen
                                                    "refs/heads/main\xc2\xa0",      // a blank
                                                    "refs/heads/main\xe3\x85\xa4",  // Hangul filler
                                                    "refs/heads/a\xe2\x81\xa0",     // word joiner
                                                    "refs/heads/a\xe2\x81\xa9",     // end of an isolate
                                                    "refs/heads/a\xe2\x80\xa8",     // line separator
                                                    "refs/heads/a\xe2\x80\xa9",     // paragraph separator
                                                    "refs/heads/a\xd8\x9c",         // Arabic letter mark
                                                    "refs/heads/a\xef\xb8\x8f",     // variation selector
                                                    "refs/heads/a\xf3\xa0\x81\xa1", // tag
                                                    "refs/heads/" + std::string(245, 'x'),
                                                    "refs/heads/a/" + std::string(251, 'x') + "/b",
                                                    "refs/heads/" + std::string(245, '/'),
                                                    "refs/replace/x"}));
    CAPTURE(ref);
    auto reason = push::refusal_of({zeros, some_id, ref});
    REQUIRE(reason);
    CHECK(reason->find('\n') == std::string::npos);
}

TEST_CASE("a name that is refused now, and stands there since before, can still be deleted")
{
    for (const char* ref : {"refs/heads/-x", "refs/heads/HEAD", "refs/tags/a\xe2\x80\x8b", "refs/heads/\x1b[2J"})
        CHECK_FALSE(push::refusal_of({some_id, zeros, ref}));
    CHECK(push::refusal_of({some_id, zeros, "refs/quire/kept/x"}));
}

TEST_CASE("a frozen repository says so, with its operator's words when there are some")
{
    store::RepositoryConfig config;
    CHECK_FALSE(push::refusal_of_repository(config));
    config.frozen = true;
    CHECK(push::refusal_of_repository(config)->find("frozen") != std::string::npos);
    config.frozen_message = "moving\x1b house";
    CHECK(push::refusal_of_repository(config)->find("moving\\x1b house") != std::string::npos);
    auto closed = store::closed_config({ErrorKind::invalid, 0, "config.fnl:1:1: broken"});
    CHECK(push::refusal_of_repository(closed)->find("config.fnl:1:1") != std::string::npos);
}

TEST_CASE("a trailer skips the run, text that looks like one does not")
{
    CHECK(push::asks_to_skip("subject\n\nbody\n\nCi: skip"));
    CHECK(push::asks_to_skip("subject\n\nSigned-off-by: a\nCi: skip\nChange-Id: b"));
    CHECK(push::asks_to_skip("subject\n\nci:  SKIP"));
    CHECK_FALSE(push::asks_to_skip("Ci: skip"));
    CHECK_FALSE(push::asks_to_skip("subject\n\nCi: skip\n\nmore text"));
    CHECK_FALSE(push::asks_to_skip("subject\n\nCi: skipped"));
    CHECK_FALSE(push::asks_to_skip("subject\n\nX-Ci: skip"));
    CHECK_FALSE(push::asks_to_skip(""));
}

TEST_CASE("hook input is read strictly")
{
    auto updates =
        push::parse_updates(zeros + " " + some_id + " refs/heads/with space\n" + some_id + " " + zeros + " r\n");
    REQUIRE(updates);
    REQUIRE(updates->size() == 2);
    CHECK((*updates)[0].ref == "refs/heads/with space");
    for (const std::string& bad : {zeros, zeros + " " + some_id, zeros + " " + some_id + " ", "x " + some_id + " r",
                                   zeros + "  " + some_id + " r", std::string("\n")})
        CHECK_FALSE(push::parse_updates(bad));
}
