// The program's version, as CMakeLists.txt has it (a test compares them).
#pragma once

#include <string_view>

namespace entresol::app {

inline constexpr std::string_view VERSION = "0.1.0";

}  // namespace entresol::app
