// Text of strangers on a line of our own: nothing in it ends the line, moves the cursor or breaks out of its quotes.
#pragma once

#include <string>
#include <string_view>

namespace entresol::io {

/// Control characters as "\x1b"; all else as it is.
[[nodiscard]] std::string escape_controls(std::string_view text);
/// The text itself when it is one plain word, else in quotes (key=value lines, as logfmt readers take them).
[[nodiscard]] std::string quote_if_needed(std::string_view text);
/// A JSON string, RFC 8259 section 7. Bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string quote_json(std::string_view text);

}  // namespace entresol::io
