// What an executor and quire-init tell each other (init/protocol.h): neither may trust what the other sends.
#include "init/protocol.h"

#include "fuzz/fuzz.h"

using namespace quire::init;
using quire::fuzz::require;

// A seed is a C string, so '@' stands for a byte 0 in all of them.
FUZZ_SEEDS("@\x01\x02\x03\x04\x10\x11\x12\x13\x14\x15\xff=/ab",
           // run: two words, one variable, a directory, an input
           "\x20@@@\x01@@@\x01@@@\x02@@@\x01@@@\x02@@@true@-a@A=1@/work@in",
           // signal, kill, discard
           "\x01@@@\x02@@@\x01@@@\x0f@@@@\x03@@@\x01@@@@@@@\x04@@@\x01@@@",
           // ready, output, end, failed, exited, gone
           "\x08@@@\x10@@@@@@@\x01@@@\x01@@@\x05@@@\x11\x01@@\x01@@@hello@@@@\x12\x01@@\x01@@@",
           "\x08@@@\x13@@@\x01@@@\x03@@@\x02@@@\x0c@@@\x14@@@\x01@@@@@@@\x01@@@@@@@@@@@\x15@@@\x01@@@")

FUZZ_TARGET(input)
{
    std::string bytes(input);
    for (char& c : bytes)
        c = c == '@' ? '\0' : c;
    std::string_view rest = bytes;
    while (rest.size() >= header_size) {
        auto header = parse_header(rest);
        if (!header)
            break;
        require(header->length <= largest_request, "no frame is longer than its bound");
        std::string again;
        append_header(again, *header);
        require(again == rest.substr(0, header_size), "a header is written as it was read");
        rest.remove_prefix(header_size);
        std::string_view payload = rest.substr(0, header->length);
        if (payload.size() < header->length)
            break;
        rest.remove_prefix(payload.size());
        if (header->type != FrameType::run)
            continue;
        if (auto request = decode_run(payload)) {
            require(!request->argv.empty(), "there is a program to run");
            require(encode_run(*request) == payload, "a request is written as it was read");
        }
    }
    // A payload alone, as well: most damage hits the header.
    if (auto request = decode_run(bytes))
        require(encode_run(*request) == bytes, "a request is written as it was read");
}
