// SHA-256 (FIPS 180-4), by the processor's instructions where it has them.
#include <bit>

#include "core/base/endian.hpp"
#include "core/crypto/hashes.hpp"
#include "core/crypto/merkle_damgard.hpp"
#include "core/crypto/sha256_constants.hpp"
#include "core/crypto/sha256_x86.hpp"

namespace entresol::crypto {
namespace {

// One round; the caller turns the names instead of the values.
[[gnu::always_inline]] inline void sha256_round(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t& d,
                                                std::uint32_t e, std::uint32_t f, std::uint32_t g, std::uint32_t& h,
                                                std::uint32_t k_plus_w) {
    h += (std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25)) + (g ^ (e & (f ^ g))) + k_plus_w;
    d += h;
    h += (std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22)) + ((a & b) | (c & (a | b)));
}

void sha256_blocks_portable(std::uint32_t (&state)[8], const std::uint8_t* data, std::size_t blocks) {
    for (; blocks > 0; --blocks, data += 64) {
        std::uint32_t w[64];
        for (int i = 0; i < 16; ++i) w[i] = load_be32(data + 4 * i);
        for (int i = 16; i < 64; ++i) {
            const std::uint32_t s0 = std::rotr(w[i - 15], 7) ^ std::rotr(w[i - 15], 18) ^ (w[i - 15] >> 3);
            const std::uint32_t s1 = std::rotr(w[i - 2], 17) ^ std::rotr(w[i - 2], 19) ^ (w[i - 2] >> 10);
            w[i] = w[i - 16] + s0 + w[i - 7] + s1;
        }
        std::uint32_t a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6],
                      h = state[7];
        for (int i = 0; i < 64; i += 8) {
            const std::uint32_t* const k = SHA256_K + i;
            const std::uint32_t* const x = w + i;
            sha256_round(a, b, c, d, e, f, g, h, k[0] + x[0]);
            sha256_round(h, a, b, c, d, e, f, g, k[1] + x[1]);
            sha256_round(g, h, a, b, c, d, e, f, k[2] + x[2]);
            sha256_round(f, g, h, a, b, c, d, e, k[3] + x[3]);
            sha256_round(e, f, g, h, a, b, c, d, k[4] + x[4]);
            sha256_round(d, e, f, g, h, a, b, c, k[5] + x[5]);
            sha256_round(c, d, e, f, g, h, a, b, k[6] + x[6]);
            sha256_round(b, c, d, e, f, g, h, a, k[7] + x[7]);
        }
        const std::uint32_t sum[8] = {a, b, c, d, e, f, g, h};
        for (int i = 0; i < 8; ++i) state[i] += sum[i];
    }
}

template <typename Blocks>
Hash32 hash(ByteView message, Blocks blocks) {
    std::uint32_t h[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                          0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    hash_blocks(h, message, blocks, store_be64);
    Hash32 digest;
    for (std::size_t i = 0; i < 8; ++i) store_be32(digest.data() + 4 * i, h[i]);
    return digest;
}

}  // namespace

void sha256_compress(std::uint32_t (&state)[8], std::span<const std::uint8_t, 64> block) {
    sha256_blocks_portable(state, block.data(), 1);
}

Hash32 sha256_portable(ByteView message) { return hash(message, sha256_blocks_portable); }

#ifdef __x86_64__
Hash32 sha256(ByteView message) {
    // The compiler keeps such a constant once for the program; asking the processor each time would take longer than a block.
    static const bool instructions = has_sha_instructions();
    return instructions ? hash(message, sha256_blocks_x86) : sha256_portable(message);
}
#else
Hash32 sha256(ByteView message) { return sha256_portable(message); }
#endif

}  // namespace entresol::crypto
