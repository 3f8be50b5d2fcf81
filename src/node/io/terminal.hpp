// Whether a person looks at what is written.
#pragma once

namespace entresol::io {

/// Colour goes to a terminal only, and not where NO_COLOR (https://no-color.org) is set and not empty, or the terminal is a dumb one.
[[nodiscard]] bool use_colour(int descriptor);

}  // namespace entresol::io
