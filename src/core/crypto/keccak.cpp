#include "core/crypto/keccak.hpp"

#include "core/base/check.hpp"
#include "core/base/endian.hpp"
#include "core/crypto/keccak_f1600.hpp"

namespace entresol::crypto {
namespace {

constexpr std::size_t RATE = 136;  // bytes: 1600/8 - 2*32

void absorb(std::uint64_t (&state)[25], const std::uint8_t* block) {
    for (std::size_t i = 0; i < RATE / 8; ++i) state[i] ^= load_le64(block + 8 * i);
}

}  // namespace

Hash32 keccak256(ByteView message) {
    std::uint64_t state[25]{};
    const std::uint8_t* p = message.data();
    std::size_t left = message.size();
    for (; left >= RATE; p += RATE, left -= RATE) {
        absorb(state, p);
        keccak_f1600(state);
    }
    std::uint8_t last[RATE]{};
    if (left != 0) std::memcpy(last, p, left);
    last[left] = 0x01;  // Ethereum's padding is the original Keccak's, not SHA-3's 0x06
    last[RATE - 1] |= 0x80;
    absorb(state, last);
    keccak_f1600(state);
    Hash32 digest;
    for (std::size_t i = 0; i < 4; ++i) store_le64(digest.data() + 8 * i, state[i]);
    return digest;
}

void keccak256_many(std::span<const ByteView> messages, std::span<Hash32> digests) {
    CHECK(messages.size() == digests.size());
    for (std::size_t i = 0; i < messages.size(); ++i) digests[i] = keccak256(messages[i]);
}

}  // namespace entresol::crypto
