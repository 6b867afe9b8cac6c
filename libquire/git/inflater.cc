#include "git/inflater.h"

#include <libdeflate.h>

#include <new>

namespace quire::git {

void Inflater::Free::operator()(libdeflate_decompressor* inflater) const { libdeflate_free_decompressor(inflater); }

Inflater::Unpacked Inflater::unpack(std::string_view packed, char* to, size_t room)
{
    if (!m_inflater)
        m_inflater.reset(libdeflate_alloc_decompressor());
    if (!m_inflater)
        throw std::bad_alloc();
    size_t taken = 0, made = 0;
    auto result =
        libdeflate_zlib_decompress_ex(m_inflater.get(), packed.data(), packed.size(), to, room, &taken, &made);
    if (result == LIBDEFLATE_SUCCESS)
        return {Outcome::done, made};
    return {result == LIBDEFLATE_INSUFFICIENT_SPACE ? Outcome::no_room : Outcome::damaged};
}

} // namespace quire::git
