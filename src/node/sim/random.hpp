// All chance of a simulation: one seed, from which each part draws a stream of its own, so that a change in one part leaves the others' draws alone.
#pragma once

#include <cstdint>
#include <string_view>

namespace entresol::sim {

class Random {
public:
    explicit Random(std::uint64_t seed) : state_(seed) {}

    /// A stream for one purpose; the same for the same seed and name.
    [[nodiscard]] Random fork(std::string_view purpose) const {
        std::uint64_t hash = state_ ^ 0xcbf29ce484222325ULL;
        for (const char c : purpose) hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001b3ULL;  // FNV-1a
        Random child(hash);
        (void)child.next();
        return child;
    }

    // SplitMix64 (Steele, Lea, Flood 2014): standard libraries differ in their distributions, this is the same everywhere.
    std::uint64_t next() {
        std::uint64_t z = state_ += 0x9e3779b97f4a7c15ULL;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
        return z ^ (z >> 31);
    }
    /// 0 … bound - 1; the bias of a small bound is of no matter here.
    std::uint64_t below(std::uint64_t bound) { return next() % bound; }
    std::uint64_t between(std::uint64_t least, std::uint64_t most) { return least + below(most - least + 1); }
    bool chance(std::uint64_t per_mille) { return below(1000) < per_mille; }

private:
    std::uint64_t state_;
};

}  // namespace entresol::sim
