#include "init/protocol.h"

#include <catch2/catch_test_macros.hpp>

using namespace quire::init;

static std::string header(FrameType type, uint8_t stream = 0, uint32_t length = 0)
{
    std::string bytes;
    append_header(bytes, {length, type, stream, 0x01020304});
    return bytes;
}

TEST_CASE("numbers are little-endian and come back")
{
    std::string bytes;
    append_u32(bytes, 0x01020304);
    append_u64(bytes, 0xFFFEFDFCFBFAF9F8u);
    CHECK(bytes.substr(0, 5) == "\x04\x03\x02\x01\xF8");
    CHECK(read_u32(bytes, 0) == 0x01020304);
    CHECK(read_u64(bytes, 4) == 0xFFFEFDFCFBFAF9F8u);
}

TEST_CASE("a frame is its header and its payload")
{
    std::string frame = make_frame(FrameType::output, 7, "abc", 2);
    REQUIRE(frame.size() == header_size + 3);
    auto parsed = parse_header(frame);
    REQUIRE(parsed.has_value());
    CHECK(parsed->length == 3);
    CHECK(parsed->type == FrameType::output);
    CHECK(parsed->stream == 2);
    CHECK(parsed->id == 7);
    CHECK(frame.substr(header_size) == "abc");
}

TEST_CASE("headers that can't be are refused")
{
    for (FrameType type : {FrameType::run, FrameType::discard, FrameType::ready, FrameType::gone})
        CHECK(parse_header(header(type)).has_value());
    for (int type : {0, 5, 15, 22, 255})
        CHECK_FALSE(parse_header(header(static_cast<FrameType>(type))).has_value());
    CHECK_FALSE(parse_header(header(FrameType::output, 0)).has_value());
    CHECK_FALSE(parse_header(header(FrameType::output, 3)).has_value());
    CHECK_FALSE(parse_header(header(FrameType::end, 0)).has_value());
    CHECK_FALSE(parse_header(header(FrameType::exited, 1)).has_value());
    CHECK_FALSE(parse_header(header(FrameType::run, 2)).has_value());
    CHECK(parse_header(header(FrameType::output, 1, largest_output)).has_value());
    CHECK_FALSE(parse_header(header(FrameType::output, 1, largest_output + 1)).has_value());
    CHECK_FALSE(parse_header(header(FrameType::exited, 0, largest_control + 1)).has_value());
    CHECK(parse_header(header(FrameType::run, 0, largest_request)).has_value());
    CHECK_FALSE(parse_header(header(FrameType::run, 0, largest_request + 1)).has_value());
    std::string reserved = header(FrameType::gone);
    reserved[6] = 1;
    CHECK_FALSE(parse_header(reserved).has_value());
}

TEST_CASE("a request comes back as it was, empty strings too")
{
    RunRequest request{{"a", "", "b c"}, {"X=1", "Y="}, "/work", std::string("in\0put\0", 7)};
    auto decoded = decode_run(encode_run(request));
    REQUIRE(decoded.has_value());
    CHECK(decoded->argv == request.argv);
    CHECK(decoded->environment == request.environment);
    CHECK(decoded->directory == "/work");
    CHECK(decoded->input == request.input);
    CHECK(decode_run(encode_run({{"only"}, {}, ""}))->directory.empty());
}

TEST_CASE("requests that are cut, padded or miscounted are refused")
{
    std::string good = encode_run({{"a", "b"}, {"X=1"}, "/d"});
    REQUIRE(decode_run(good).has_value());
    for (size_t size = 0; size < good.size(); ++size)
        CHECK_FALSE(decode_run(good.substr(0, size)).has_value());
    CHECK_FALSE(decode_run(good + '\0').has_value());
    CHECK_FALSE(decode_run(good + "x").has_value());
    for (auto [at, value] : {std::pair(0, 0), std::pair(0, 1), std::pair(0, 3), std::pair(4, 0), std::pair(4, 2),
                             std::pair(3, 0x7F), std::pair(7, 0xFF), std::pair(8, 1), std::pair(11, 0x7F)}) {
        std::string bad = good;
        bad[static_cast<size_t>(at)] = static_cast<char>(value);
        INFO("byte " << at << " = " << value);
        CHECK_FALSE(decode_run(bad).has_value());
    }
}
