// How much of what was written a power cut may take back. A killed process loses nothing that it wrote, in either mode: the system has it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "node/store/key_value.hpp"

namespace entresol::store {

enum class Durability : std::uint8_t {
    Async,  // only what its writer asks to be synced waits for the disk: the finalized head, and all before it
    Block,  // each write waits for the disk: a block is told when it is there
};

/// "async", "block".
[[nodiscard]] std::optional<Durability> find_durability(std::string_view name);

/// The same store, whose writes wait as long as that mode asks for.
[[nodiscard]] std::shared_ptr<KeyValue> with_durability(std::shared_ptr<KeyValue> store, Durability durability);

}  // namespace entresol::store
