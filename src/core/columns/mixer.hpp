// Codes a symbol of up to eight bits under several contexts at once: each has learnt a probability for the next bit; a weighted sum of these in the
// logistic domain is what the range coder uses, and the weights learn from the outcome.
#pragma once

#include <algorithm>

#include "core/columns/hash.hpp"
#include "core/columns/logistic.hpp"
#include "core/columns/range_coder.hpp"

namespace entresol::columns {

/// A learnt probability: 13 bits of it and, in the low 3, how settled it is.
using Slot = std::uint16_t;
inline constexpr Slot NEW_SLOT = 4096 << 3;

/// What one context has learnt of a nibble: 15 nodes of a binary tree behind a tag that tells contexts apart.
struct alignas(32) Bucket {
    std::uint16_t tag = 0;
    Slot slots[15] = {NEW_SLOT, NEW_SLOT, NEW_SLOT, NEW_SLOT, NEW_SLOT, NEW_SLOT, NEW_SLOT, NEW_SLOT,
                      NEW_SLOT, NEW_SLOT, NEW_SLOT, NEW_SLOT, NEW_SLOT, NEW_SLOT, NEW_SLOT};
};
static_assert(sizeof(Bucket) == 32);

inline constexpr std::size_t MAX_CONTEXTS = 4;

class Mixer {
public:
    Mixer() : buckets_(std::size_t{1} << BUCKET_BITS), sets_(SETS) {
        for (auto& set : sets_)
            for (auto& node : set.weights) std::fill(std::begin(node), std::end(node), INITIAL_WEIGHT);
    }

    /// Codes the low `bits` bits (1 to 4) of a symbol.
    template <typename Range, std::size_t N>
    unsigned code_bits(Range& range, unsigned symbol, unsigned bits, std::size_t set,
                       const std::array<std::uint32_t, N>& contexts) {
        static_assert(N <= MAX_CONTEXTS);
        return code_nibble<Range, N>(range, symbol, bits, sets_[set].weights, contexts);
    }
    template <typename Range, std::size_t N>
    unsigned code_byte(Range& range, unsigned symbol, std::size_t set, const std::array<std::uint32_t, N>& contexts) {
        const unsigned high = code_bits<Range, N>(range, symbol >> 4, 4, set, contexts);
        std::array<std::uint32_t, N> narrower;
        for (std::size_t i = 0; i < N; ++i) narrower[i] = mix_hash(contexts[i], high + 1);
        return (high << 4) | code_nibble<Range, N>(range, symbol & 15, 4, sets_[set].weights + 4, narrower);
    }

private:
    static constexpr unsigned BUCKET_BITS = 17;
    static constexpr std::size_t SETS = 64;
    static constexpr std::int32_t INITIAL_WEIGHT = 65536 * 40 / 100;
    static constexpr std::int32_t MAX_WEIGHT = 8 * 65536;
    static constexpr int LEARNING = 28;
    static constexpr int RATE[8] = {48000, 28000, 18000, 12000, 8192, 5461, 3500, 2000};  // of 65536

    Bucket& find(std::uint32_t hash) {
        const std::size_t index = hash >> (32 - BUCKET_BITS);
        const auto tag = static_cast<std::uint16_t>(hash | 1);
        Bucket& a = buckets_[index];
        if (a.tag == tag) return a;
        Bucket& b = buckets_[index ^ 1];
        if (b.tag == tag) return b;
        Bucket& old = (a.slots[0] & 7) <= (b.slots[0] & 7) ? a : b;
        old = Bucket{};
        old.tag = tag;
        return old;
    }

    using Weights = std::int32_t[MAX_CONTEXTS];

    template <typename Range, std::size_t N>
    unsigned code_nibble(Range& range, unsigned nibble, unsigned bits, Weights* weights,
                         const std::array<std::uint32_t, N>& contexts) {
        Slot* slots[N];
        for (std::size_t i = 0; i < N; ++i) __builtin_prefetch(&buckets_[contexts[i] >> (32 - BUCKET_BITS)]);
        for (std::size_t i = 0; i < N; ++i) slots[i] = find(contexts[i]).slots - 1;
        unsigned node = 1;
        for (unsigned bit = bits; bit-- > 0;) {
            std::int32_t* w = weights[3 - bit];
            std::int32_t inputs[N];
            std::int32_t sum = 0;
            for (std::size_t i = 0; i < N; ++i) {
                const Slot s = slots[i][node];
                inputs[i] = LOGISTIC.stretch_table[s >> 4];
                sum += (w[i] >> 4) * inputs[i];
            }
            const int p = LOGISTIC.squash(sum >> 12);
            const unsigned y = range.code((nibble >> bit) & 1, static_cast<Probability>(p));
            const int error = ((y != 0 ? 65535 : 0) - p) * LEARNING >> 4;
            for (std::size_t i = 0; i < N; ++i) {
                w[i] = std::clamp(w[i] + ((inputs[i] * error + 0x8000) >> 16), -MAX_WEIGHT, MAX_WEIGHT);
                Slot& s = slots[i][node];
                const int settled = s & 7, value = s >> 3;
                const int moved = value + (((y != 0 ? 8191 : 0) - value) * RATE[settled] >> 16);
                s = static_cast<Slot>((moved << 3) | std::min(settled + 1, 7));
            }
            node = node * 2 + y;
        }
        return node - (1U << bits);
    }

    struct WeightSet {
        Weights weights[8];
    };
    std::vector<Bucket> buckets_;
    std::vector<WeightSet> sets_;
};

}  // namespace entresol::columns
