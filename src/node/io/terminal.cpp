#include "node/io/terminal.hpp"

#include <cstdlib>
#include <string_view>

#include <unistd.h>

namespace entresol::io {

bool use_colour(int descriptor) {
    // NOLINTBEGIN(concurrency-mt-unsafe): read only
    const char* refused = std::getenv("NO_COLOR");
    const char* terminal = std::getenv("TERM");
    // NOLINTEND(concurrency-mt-unsafe)
    if (refused != nullptr && *refused != '\0') return false;
    if (terminal != nullptr && std::string_view(terminal) == "dumb") return false;
    return ::isatty(descriptor) == 1;
}

}  // namespace entresol::io
