#include "base/result.h"

#include <catch2/catch_test_macros.hpp>

#include <memory>

#include "base/log.h"

using namespace quire;

static Result<int> half(int value)
{
    if (value % 2 != 0)
        return fail(ErrorKind::invalid, "{} is odd", value);
    return value / 2;
}

static Result<int> quarter(int value) { return TRY(half(TRY(half(value)))); }

static Result<void> check_even(int value)
{
    TRY(half(value));
    return {};
}

TEST_CASE("TRY yields the value or returns the error")
{
    CHECK(*quarter(8) == 2);
    auto failed = quarter(6);
    REQUIRE_FALSE(failed);
    CHECK(failed.error().message == "3 is odd");
    CHECK(failed.error().kind == ErrorKind::invalid);
    CHECK(check_even(2));
    CHECK_FALSE(check_even(3));
}

TEST_CASE("a Result holds what can only be moved")
{
    Result<std::unique_ptr<int>> result = std::make_unique<int>(7);
    REQUIRE(result);
    std::unique_ptr<int> taken = *std::move(result);
    CHECK(*taken == 7);
    CHECK(half(3).value_or(9) == 9);
    CHECK(half(4).value_or(9) == 2);
}

TEST_CASE("fail_errno names the call and keeps the meaning of two errors")
{
    Error missing = fail_errno("open x", ENOENT).error();
    CHECK(missing.kind == ErrorKind::not_found);
    CHECK(missing.code == ENOENT);
    CHECK(missing.message == "open x: No such file or directory");
    CHECK(fail_errno("mkdir x", EEXIST).error().kind == ErrorKind::exists);
    CHECK(fail_errno("open x", EACCES).error().kind == ErrorKind::system);
    CHECK(fail_errno("x", 99999).error().message == "x: unknown error");
}

TEST_CASE("with_context goes before the message and changes nothing else")
{
    Error error = with_context(fail_errno("open x", ENOENT).error(), "repository foo").error();
    CHECK(error.message == "repository foo: open x: No such file or directory");
    CHECK(error.kind == ErrorKind::not_found);
    CHECK(error.code == ENOENT);
}

TEST_CASE("a log line can't be forged")
{
    CHECK(visible("a\nquire-hook: b") == "a\\x0aquire-hook: b");
    CHECK(visible("caf\xc3\xa9 \xff") == "caf\xc3\xa9 \\xff");
    CHECK(visible("\xe2\x80\xaegit") == "\\xe2\\x80\\xaegit");
}
