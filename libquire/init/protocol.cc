#include "init/protocol.h"

namespace quire::init {

void append_u32(std::string& to, uint32_t value)
{
    for (int shift = 0; shift < 32; shift += 8)
        to += static_cast<char>(value >> shift & 0xFF);
}

void append_u64(std::string& to, uint64_t value)
{
    append_u32(to, static_cast<uint32_t>(value));
    append_u32(to, static_cast<uint32_t>(value >> 32));
}

uint32_t read_u32(std::string_view from, size_t at)
{
    uint32_t value = 0;
    for (size_t i = 0; i < 4; ++i)
        value |= static_cast<uint32_t>(static_cast<uint8_t>(from[at + i])) << (8 * i);
    return value;
}

uint64_t read_u64(std::string_view from, size_t at)
{
    return read_u32(from, at) | static_cast<uint64_t>(read_u32(from, at + 4)) << 32;
}

void append_header(std::string& to, const FrameHeader& header)
{
    append_u32(to, header.length);
    to += static_cast<char>(header.type);
    to += static_cast<char>(header.stream);
    to.append(2, '\0');
    append_u32(to, header.id);
}

static bool is_from_init(FrameType type) { return type >= FrameType::ready && type <= FrameType::gone; }

std::optional<FrameHeader> parse_header(std::string_view bytes)
{
    FrameHeader header{read_u32(bytes, 0), static_cast<FrameType>(bytes[4]), static_cast<uint8_t>(bytes[5]),
                       read_u32(bytes, 8)};
    bool request = header.type >= FrameType::run && header.type <= FrameType::discard;
    size_t largest = largest_control;
    if (header.type == FrameType::output)
        largest = largest_output;
    else if (request)
        largest = largest_request;
    bool streamed = header.type == FrameType::output || header.type == FrameType::end;
    bool stream_fits = streamed ? header.stream == 1 || header.stream == 2 : header.stream == 0;
    if (!(request || is_from_init(header.type)) || header.length > largest || !stream_fits || bytes[6] || bytes[7])
        return std::nullopt;
    return header;
}

std::string make_frame(FrameType type, uint32_t id, std::string_view payload, uint8_t stream)
{
    std::string frame;
    append_header(frame, {static_cast<uint32_t>(payload.size()), type, stream, id});
    frame += payload;
    return frame;
}

std::string encode_run(const RunRequest& request)
{
    std::string payload;
    append_u32(payload, static_cast<uint32_t>(request.argv.size()));
    append_u32(payload, static_cast<uint32_t>(request.environment.size()));
    append_u32(payload, static_cast<uint32_t>(request.input.size()));
    for (const std::vector<std::string>* strings : {&request.argv, &request.environment})
        for (const std::string& string : *strings)
            payload.append(string.c_str(), string.size() + 1);
    payload.append(request.directory.c_str(), request.directory.size() + 1);
    payload += request.input;
    return payload;
}

std::optional<RunRequest> decode_run(std::string_view payload)
{
    if (payload.size() < 12)
        return std::nullopt;
    size_t arguments = read_u32(payload, 0), variables = read_u32(payload, 4), input = read_u32(payload, 8);
    payload.remove_prefix(12);
    if (arguments == 0 || arguments > payload.size() || variables > payload.size() || input > payload.size())
        return std::nullopt;
    RunRequest request;
    request.input = payload.substr(payload.size() - input);
    payload.remove_suffix(input);
    std::vector<std::string> strings;
    while (!payload.empty()) {
        size_t end = payload.find('\0');
        if (end == std::string_view::npos)
            return std::nullopt;
        strings.emplace_back(payload.substr(0, end));
        payload.remove_prefix(end + 1);
    }
    if (strings.size() != arguments + variables + 1)
        return std::nullopt;
    auto middle = strings.begin() + static_cast<std::ptrdiff_t>(arguments);
    request.argv.assign(strings.begin(), middle);
    request.environment.assign(middle, strings.end() - 1);
    request.directory = strings.back();
    return request;
}

} // namespace quire::init
