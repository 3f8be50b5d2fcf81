// The file of --load-state and --dump-state.
#pragma once

#include <string>

#include "core/base/bytes.hpp"

namespace entresol::app {

/// Throws io::Failure (usage) when it cannot be read or is too large.
[[nodiscard]] Bytes read_state_file(const std::string& path);
/// Throws io::Failure (usage) when nothing could be written there; nothing stays behind. Asked at the start: at the end it would be too late.
void check_state_file_can_be_written(const std::string& path);
/// All of it or, after a crash or an error, what was there before. Throws std::runtime_error.
void write_state_file(const std::string& path, ByteView state);

}  // namespace entresol::app
