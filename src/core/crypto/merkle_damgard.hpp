// The padding that SHA-256 and RIPEMD-160 share (FIPS 180-4, 5.1.1): 0x80, zeros, the length in bits.
#pragma once

#include <cstring>

#include "core/base/bytes.hpp"

namespace entresol::crypto {

/// blocks(state, data, count) compresses blocks of 64 bytes.
template <typename State, typename Blocks, typename StoreLength>
void hash_blocks(State& state, ByteView message, Blocks blocks, StoreLength store_length) {
    const std::size_t whole = message.size() / 64, left = message.size() % 64;
    blocks(state, message.data(), whole);
    std::uint8_t tail[128]{};
    if (left != 0) std::memcpy(tail, message.data() + 64 * whole, left);
    tail[left] = 0x80;
    const std::size_t size = left < 56 ? 64 : 128;
    store_length(tail + size - 8, std::uint64_t{message.size()} * 8);
    blocks(state, tail, size / 64);
}

}  // namespace entresol::crypto
