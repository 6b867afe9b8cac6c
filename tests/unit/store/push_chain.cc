#include "store/push_chain.h"

#include <random>

#include "base/strings.h"
#include "store/push_log.h"
#include "support/scratch_root.h"

using namespace quire;

namespace {

struct Log {
    tests::Scratch repository;

    void push(int number)
    {
        REQUIRE(store::append_push_log(repository.fd(), {{.at = 1'000'000'000LL * (number + 1),
                                                          .push_id = fmt::format("p{}", number),
                                                          .pusher = "alice",
                                                          .ref = fmt::format("refs/heads/b{}", number % 3),
                                                          .old_id = std::string(40, '0'),
                                                          .new_id = fmt::format("{:040x}", number)}}));
    }
    std::string text() const { return sys::read_file(repository.fd(), store::paths::push_log).value(); }
    void write(std::string_view text)
    {
        auto file = sys::open_at(repository.fd(), store::paths::push_log, O_WRONLY | O_CREAT | O_TRUNC);
        REQUIRE(sys::write_all(file->get(), text));
    }
    store::ChainHead head() const { return store::read_noted_head(repository.fd()).value().value(); }
};

/// A line of a log without a chain, as earlier versions wrote it.
std::string old_line(int number)
{
    return fmt::format("{{\"at\":\"2026-01-01T00:00:{:02}Z\",\"push\":\"o\",\"pusher\":\"a\",\"ref\":\"refs/heads/m\","
                       "\"old\":\"{:040x}\",\"new\":\"{:040x}\",\"forced\":false}}\n",
                       number % 60, number, number + 1);
}

store::ChainVerdict verify(std::string_view text, std::vector<store::ChainHead> noted = {})
{
    return store::verify_chain(text, noted);
}

} // namespace

TEST_CASE("a log that nobody touched is whole, and its head is noted")
{
    Log log;
    CHECK(verify("").head.lines == 0);
    for (int i = 0; i < 20; ++i)
        log.push(i);
    auto verdict = verify(log.text(), {log.head()});
    CHECK(verdict.faults.empty());
    CHECK(verdict.head == log.head());
    CHECK(verdict.head == store::chain_head_of(log.text()));
    CHECK(log.head().lines == 20);
    CHECK(store::parse_chain_head(store::to_text(log.head())) == log.head());
}

TEST_CASE("a log from before there was a chain goes on with one, and is held by it")
{
    Log log;
    REQUIRE(sys::make_directory(log.repository.fd(), store::paths::repository_settings));
    std::string old;
    for (int i = 0; i < 2000; ++i) // longer than what is read from the end
        old += old_line(i);
    log.write(old);
    log.push(1);
    log.push(2);
    auto verdict = verify(log.text(), {log.head()});
    CHECK(verdict.faults.empty());
    CHECK(verdict.before_chain == 2000);
    CHECK(verdict.head.lines == 2002);
    std::string altered = log.text();
    altered[altered.find("\"a\"") + 1] = 'b';
    CHECK_FALSE(verify(altered).faults.empty());
    CHECK_FALSE(verify(log.text().substr(old_line(0).size())).faults.empty());
}

TEST_CASE("a line that a crash tore is covered by the next one, and no fault")
{
    Log log;
    log.push(1);
    std::string torn = log.text() + log.text().substr(0, 30);
    log.write(torn);
    CHECK(verify(torn, {log.head()}).faults.empty());
    log.push(2);
    log.push(3);
    auto verdict = verify(log.text(), {log.head()});
    CHECK(verdict.faults.empty());
    CHECK(verdict.torn == 1);
    CHECK(verdict.head.lines == 4);
    std::string altered = log.text();
    altered[log.text().find('\n') + 5] = 'x';
    CHECK_FALSE(verify(altered).faults.empty());
}

TEST_CASE("a note that is behind the log is fine, one that is ahead of it is not")
{
    Log log;
    for (int i = 0; i < 3; ++i)
        log.push(i);
    store::ChainHead three = log.head();
    std::string text = log.text();
    log.push(3);
    CHECK(verify(log.text(), {three}).faults.empty());
    CHECK_FALSE(verify(text, {log.head()}).faults.empty());
    REQUIRE(sys::unlink_at(log.repository.fd(), store::paths::push_log_head));
    CHECK(store::read_noted_head(log.repository.fd()).value() == std::nullopt);
    REQUIRE(store::note_head(log.repository.fd()));
    CHECK(log.head().lines == 4);
}

TEST_CASE("a head is read strictly")
{
    std::string digest(64, 'a');
    CHECK(store::parse_chain_head("00000000000000000017 " + digest + "\n")->lines == 17);
    CHECK(store::parse_chain_head("00000000000000000000 " + digest + "\n")->lines == 0);
    for (const std::string& text : {std::string(), "17 " + digest + "\n", "00000000000000000017 " + digest,
                                    "0000000000000000001x " + digest + "\n", "00000000000000000017 " + digest + "\n\n",
                                    "00000000000000000017 " + std::string(64, 'g') + "\n"})
        CHECK_FALSE(store::parse_chain_head(text));
}

TEST_CASE("any of 10,000 tamperings is found")
{
    Log log;
    REQUIRE(sys::make_directory(log.repository.fd(), store::paths::repository_settings));
    log.write(old_line(1) + old_line(2));
    for (int i = 0; i < 30; ++i)
        log.push(i);
    const std::string text = log.text();
    const std::vector<store::ChainHead> noted = {log.head()};
    std::vector<std::string> lines;
    for (std::string_view rest = text; !rest.empty();)
        lines.push_back(std::string(take_until(rest, '\n')) + "\n");

    std::mt19937 random(20261126);
    auto below = [&](size_t bound) { return std::uniform_int_distribution<size_t>(0, bound - 1)(random); };
    auto joined = [](const std::vector<std::string>& all) {
        std::string out;
        for (const std::string& line : all)
            out += line;
        return out;
    };
    for (size_t size = text.size() - lines.back().size(); size < text.size(); ++size) // where the end is cut off
        CHECK_FALSE(verify(text.substr(0, size), noted).faults.empty());
    size_t missed = 0;
    for (int i = 0; i < 10'000; ++i) {
        std::string tampered = text;
        std::vector<std::string> some = lines;
        size_t at = below(text.size());
        size_t line = below(lines.size());
        switch (i % 7) {
        case 0: // a byte is another
            tampered[at] = static_cast<char>(tampered[at] ^ static_cast<char>(1 + below(255)));
            break;
        case 1: // a byte is gone
            tampered.erase(at, 1);
            break;
        case 2: // a byte more
            tampered.insert(at, 1, static_cast<char>(below(256)));
            break;
        case 3: // a record is dropped
            some.erase(some.begin() + static_cast<ptrdiff_t>(line));
            tampered = joined(some);
            break;
        case 4: // two records change places
            std::swap(some[line], some[(line + 1 + below(lines.size() - 1)) % lines.size()]);
            tampered = joined(some);
            break;
        case 5: // the end is cut off
            tampered.resize(at);
            break;
        case 6: // a record comes twice
            some.insert(some.begin() + static_cast<ptrdiff_t>(below(lines.size() + 1)), some[line]);
            tampered = joined(some);
            break;
        }
        if (tampered == text)
            continue;
        if (verify(tampered, noted).faults.empty()) {
            ++missed;
            UNSCOPED_INFO("kind " << i % 7 << " at byte " << at << ", line " << line);
        }
    }
    CHECK(missed == 0);
}
