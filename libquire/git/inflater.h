// Inflater: unpacks what zlib has packed, with libdeflate.
#pragma once

#include <memory>
#include <string_view>

struct libdeflate_decompressor;

namespace quire::git {

class Inflater {
public:
    enum class Outcome { done, damaged, no_room };
    struct Unpacked {
        Outcome outcome = Outcome::damaged;
        size_t size = 0; ///< if it is done
    };
    /// `packed` may go on behind the end of what is packed.
    Unpacked unpack(std::string_view packed, char* to, size_t room);

private:
    struct Free {
        void operator()(libdeflate_decompressor* inflater) const;
    };
    std::unique_ptr<libdeflate_decompressor, Free> m_inflater;
};

} // namespace quire::git
