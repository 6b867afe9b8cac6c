// The small files in which the kernel tells about processes and groups. Only plain system calls: quire-init is static.
#pragma once

#include <cstdint>
#include <string>

namespace quire::init {

/// What is in it, up to 64 KiB; empty if it can't be read.
std::string read_small(const char* path);

/// The number behind `name` at the beginning of a line other than the first; 0 if there is none.
uint64_t number_in(const std::string& text, const char* name);

} // namespace quire::init
