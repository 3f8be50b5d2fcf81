// Keccak-256 in vector lanes, once for every width: the permutation is the scalar one's text on vectors of words (keccak_f1600.hpp). Everything is
// inlined into a function with a target attribute (keccak_vector.cpp), which decides what the operators become. A lane whose message has ended takes
// the next message at once, so that long and short ones mix without lanes that rest.
#pragma once

#include <cstring>
#include <span>

#include "core/base/bytes.hpp"
#include "core/base/endian.hpp"
#include "core/crypto/keccak_f1600.hpp"

namespace entresol::crypto::keccak_detail {

struct EightLanes {
    static constexpr std::size_t WIDTH = 8;
    using Vector = std::uint64_t __attribute__((vector_size(64)));
    // A row per message becomes a row per word: three rounds of exchanges at distances 1, 2 and 4.
    [[gnu::always_inline]] static void transpose(Vector (&r)[8]) {
        for (int i = 0; i < 8; i += 2) {
            const Vector a = r[i], b = r[i + 1];
            r[i] = __builtin_shufflevector(a, b, 0, 8, 2, 10, 4, 12, 6, 14);
            r[i + 1] = __builtin_shufflevector(a, b, 1, 9, 3, 11, 5, 13, 7, 15);
        }
        for (const int i : {0, 1, 4, 5}) {
            const Vector a = r[i], b = r[i + 2];
            r[i] = __builtin_shufflevector(a, b, 0, 1, 8, 9, 4, 5, 12, 13);
            r[i + 2] = __builtin_shufflevector(a, b, 2, 3, 10, 11, 6, 7, 14, 15);
        }
        for (int i = 0; i < 4; ++i) {
            const Vector a = r[i], b = r[i + 4];
            r[i] = __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11);
            r[i + 4] = __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15);
        }
    }
};

struct FourLanes {
    static constexpr std::size_t WIDTH = 4;
    using Vector = std::uint64_t __attribute__((vector_size(32)));
    [[gnu::always_inline]] static void transpose(Vector (&r)[4]) {
        for (int i = 0; i < 4; i += 2) {
            const Vector a = r[i], b = r[i + 1];
            r[i] = __builtin_shufflevector(a, b, 0, 4, 2, 6);
            r[i + 1] = __builtin_shufflevector(a, b, 1, 5, 3, 7);
        }
        for (int i = 0; i < 2; ++i) {
            const Vector a = r[i], b = r[i + 2];
            r[i] = __builtin_shufflevector(a, b, 0, 1, 4, 5);
            r[i + 2] = __builtin_shufflevector(a, b, 2, 3, 6, 7);
        }
    }
};

/// A message on its way through a lane: the next block to absorb, padded when it is the last.
struct Cursor {
    ByteView rest{};
    Hash32* digest = nullptr;  // where its hash goes; nullptr when the lane has nothing to do
    bool last = false;
    std::uint8_t padded[KECCAK256_RATE]{};

    const std::uint8_t* next_block() {
        if (digest == nullptr) return padded;  // anything will do
        if (rest.size() >= KECCAK256_RATE) {
            const std::uint8_t* block = rest.data();
            rest = rest.subspan(KECCAK256_RATE);
            return block;
        }
        pad_keccak256(padded, rest);
        last = true;
        return padded;
    }
};

/// state = (state where keep is set, else 0) ^ blocks.
template <typename Lanes>
[[gnu::always_inline]] inline void absorb(typename Lanes::Vector (&state)[25], const typename Lanes::Vector& keep,
                                          const std::uint8_t* const (&blocks)[Lanes::WIDTH]) {
    using Vector = typename Lanes::Vector;
    constexpr std::size_t WIDTH = Lanes::WIDTH, WORDS = KECCAK256_RATE / 8;
    for (auto& word : state) word &= keep;
    for (std::size_t first = 0; first + WIDTH <= WORDS; first += WIDTH) {
        Vector rows[WIDTH];
        for (std::size_t i = 0; i < WIDTH; ++i) std::memcpy(&rows[i], blocks[i] + 8 * first, sizeof(Vector));
        Lanes::transpose(rows);
        for (std::size_t i = 0; i < WIDTH; ++i) state[first + i] ^= rows[i];
    }
    static_assert(WORDS % WIDTH == 1);
    Vector last{};
    for (std::size_t i = 0; i < WIDTH; ++i) last[i] = load_le64(blocks[i] + 8 * (WORDS - 1));
    state[WORDS - 1] ^= last;
}

template <typename Lanes>
[[gnu::always_inline]] inline void hash_in_lanes(std::span<const ByteView> messages, std::span<Hash32> digests) {
    using Vector = typename Lanes::Vector;
    constexpr std::size_t WIDTH = Lanes::WIDTH;
    Cursor cursors[WIDTH];
    Vector state[25]{}, keep{};
    const std::uint8_t* blocks[WIDTH];
    std::size_t next = 0, running = 0;
    const auto start_next = [&](std::size_t lane) {
        cursors[lane].digest = nullptr;
        keep[lane] = 0;
        if (next == messages.size()) return;
        cursors[lane].rest = messages[next];
        cursors[lane].digest = &digests[next++];
        cursors[lane].last = false;
        ++running;
    };
    for (std::size_t lane = 0; lane < WIDTH; ++lane) start_next(lane);
    while (running != 0) {
        for (std::size_t lane = 0; lane < WIDTH; ++lane) blocks[lane] = cursors[lane].next_block();
        absorb<Lanes>(state, keep, blocks);
        keccak_f1600(state);
        for (std::size_t lane = 0; lane < WIDTH; ++lane) {
            keep[lane] = ~std::uint64_t{0};
            if (!cursors[lane].last || cursors[lane].digest == nullptr) continue;
            for (std::size_t i = 0; i < 4; ++i) store_le64(cursors[lane].digest->data() + 8 * i, state[i][lane]);
            --running;
            start_next(lane);
        }
    }
}

}  // namespace entresol::crypto::keccak_detail
