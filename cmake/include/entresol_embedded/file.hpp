// A file that the build put into the program (entresol_embed in cmake/embed.cmake).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace entresol::embedded {

struct File {
    std::string_view name;  // relative to the embedded folder, with '/' between parts
    std::span<const std::uint8_t> data;
};

}  // namespace entresol::embedded
