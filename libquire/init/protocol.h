// The protocol between an executor and quire-init, over quire-init's stdin and stdout.
//
// Both directions carry frames: a 12-byte header and a payload. Integers are little-endian.
//
//   u32 length of the payload · u8 type · u8 stream (1 stdout, 2 stderr, else 0) · u16 zero · u32 id
//
// `id` names a command; the executor chooses it and never reuses one. A `run` is answered, in this order except for
// output, by: output*, failed or exited (once), the end of each stream, gone (once). `gone` means that nothing is left
// of the command and of what it started. At the end of its input quire-init kills everything and leaves. The inner
// process is not trusted: the executor checks all that it reads.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quire::init {

enum class FrameType : uint8_t {
    // to quire-init
    run = 1, ///< u32 arguments, u32 variables, u32 bytes of input; the strings and the directory, each ended by a NUL;
             ///< input
    signal = 2,  ///< u8 number: sent to the command and everything it started
    kill = 3,    ///< sends KILL to the command and everything it started, until nothing is left
    discard = 4, ///< no more output frames for this command; its pipes are still emptied
    // from quire-init
    ready = 16,  ///< u32 protocol version, u32 Isolation
    output = 17, ///< bytes
    end = 18,    ///< of the stream
    failed = 19, ///< u32 FailedStep, u32 errno: the command was not started
    exited = 20, ///< u32 exit code or 128 + signal, u64 nanoseconds it took, u64 nanoseconds of processor time, u64
                 ///< bytes of memory at its peak, u32 Excess
    gone = 21,
};

constexpr uint32_t protocol_version = 3;
constexpr size_t header_size = 12;
constexpr size_t largest_request = 4u << 20;
constexpr size_t largest_output = 1u << 20;
constexpr size_t exited_size = 32;
constexpr size_t largest_control = 64; ///< for frames from quire-init, except output

enum class Isolation : uint32_t {
    subreaper = 0,
    pid_namespace = 1,
    sealed = 2, ///< a PID namespace, and see seal.h
};
enum class FailedStep : uint32_t { prepare = 1, enter_directory = 2, execute = 3 };

struct FrameHeader {
    uint32_t length = 0;
    FrameType type{};
    uint8_t stream = 0;
    uint32_t id = 0;
};

void append_u32(std::string& to, uint32_t value);
void append_u64(std::string& to, uint64_t value);
/// REQUIRES: `from` has four bytes at that place.
uint32_t read_u32(std::string_view from, size_t at);
uint64_t read_u64(std::string_view from, size_t at);

void append_header(std::string& to, const FrameHeader& header);
/// REQUIRES: bytes.size() >= header_size. nullopt if the bytes can't be a header.
std::optional<FrameHeader> parse_header(std::string_view bytes);
std::string make_frame(FrameType type, uint32_t id, std::string_view payload = {}, uint8_t stream = 0);

struct RunRequest {
    std::vector<std::string> argv;
    std::vector<std::string> environment; ///< NAME=value, on top of quire-init's own
    std::string directory;                ///< empty: quire-init's own
    std::string input = {};               ///< any bytes, for the command's standard input
};
/// REQUIRES: no NUL in any string but the input.
std::string encode_run(const RunRequest& request);
std::optional<RunRequest> decode_run(std::string_view payload);

} // namespace quire::init
