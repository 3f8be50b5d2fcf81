// A place in a trie of 32-byte keys: the half-bytes that lead to it, and so the keys that can lie below.
#pragma once

#include <optional>

#include "core/trie/node.hpp"

namespace entresol::snapshot {

inline constexpr std::size_t KEY_NIBBLES = 64;

struct TriePlace {
    Hash32 low{};           // the smallest key below
    std::size_t depth = 0;  // half-bytes

    [[nodiscard]] Hash32 high() const {
        Hash32 key = low;
        for (std::size_t i = depth; i < KEY_NIBBLES; ++i) key.bytes[i / 2] |= i % 2 == 0 ? 0xf0 : 0x0f;
        return key;
    }
    /// Nothing: further down than keys are long.
    [[nodiscard]] std::optional<TriePlace> below(const trie::Nibbles& path) const {
        if (path.size() > KEY_NIBBLES - depth) return std::nullopt;
        TriePlace place = *this;
        for (std::size_t i = 0; i < path.size(); ++i, ++place.depth)
            place.low.bytes[place.depth / 2] |=
                static_cast<std::uint8_t>(place.depth % 2 == 0 ? path[i] << 4 : path[i]);
        return place;
    }
    [[nodiscard]] std::optional<TriePlace> below(std::uint8_t nibble) const {
        return below(trie::single_nibble(nibble));
    }
};

}  // namespace entresol::snapshot
