#include "core/crypto/keccak.hpp"

#include <algorithm>

#include "core/base/check.hpp"
#include "core/base/endian.hpp"
#include "core/crypto/keccak_avx512.hpp"
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

namespace {

// One of eight messages on its way: the next block to absorb, padded when it is the last.
struct Cursor {
    ByteView rest;
    bool done = false;
    std::uint8_t padded[RATE];

    const std::uint8_t* next_block() {
        if (rest.size() >= RATE) {
            const std::uint8_t* block = rest.data();
            rest = rest.subspan(RATE);
            return block;
        }
        std::memset(padded, 0, RATE);
        if (!rest.empty()) std::memcpy(padded, rest.data(), rest.size());
        padded[rest.size()] = 0x01;
        padded[RATE - 1] |= 0x80;
        done = true;
        return padded;
    }
};

// Up to eight messages of any lengths: a lane whose message has ended rests while the others go on.
void hash_eight(std::span<const ByteView> messages, std::span<Hash32> digests) {
    EightKeccakStates states{};
    Cursor cursors[8];
    const std::size_t count = messages.size();
    for (std::size_t s = 0; s < count; ++s) cursors[s].rest = messages[s];
    std::size_t running = count;
    bool finished[8]{};
    while (running != 0) {
        for (std::size_t s = 0; s < count; ++s) {
            if (finished[s]) continue;
            const std::uint8_t* block = cursors[s].next_block();
            for (std::size_t i = 0; i < RATE / 8; ++i) states.lanes[8 * i + s] ^= load_le64(block + 8 * i);
        }
        keccak_f1600_eight(states);
        for (std::size_t s = 0; s < count; ++s) {
            if (finished[s] || !cursors[s].done) continue;
            finished[s] = true;
            --running;
            for (std::size_t i = 0; i < 4; ++i) store_le64(digests[s].data() + 8 * i, states.lanes[8 * i + s]);
        }
    }
}

}  // namespace

void keccak256_many(std::span<const ByteView> messages, std::span<Hash32> digests) {
    CHECK(messages.size() == digests.size());
    std::size_t i = 0;
    if (has_keccak_avx512()) {
        constexpr std::size_t WORTH_IT = 3;  // below that the scalar permutation is as fast
        for (; messages.size() - i >= WORTH_IT; i += std::min<std::size_t>(8, messages.size() - i)) {
            const std::size_t n = std::min<std::size_t>(8, messages.size() - i);
            hash_eight(messages.subspan(i, n), digests.subspan(i, n));
        }
    }
    for (; i < messages.size(); ++i) digests[i] = keccak256(messages[i]);
}

}  // namespace entresol::crypto
