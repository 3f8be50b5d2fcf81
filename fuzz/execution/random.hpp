// Choices from a seed, the same on every machine.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>

#include "core/base/bytes.hpp"
#include "core/base/uint256.hpp"

namespace entresol::fuzz {

/// splitmix64 (Steele, Lea, Flood 2014).
class Random {
public:
    explicit Random(std::uint64_t seed) : state_(seed) {}
    std::uint64_t next() {
        std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
        return z ^ (z >> 31);
    }
    /// Below the bound, which is not zero.
    std::uint64_t below(std::uint64_t bound) { return next() % bound; }
    bool one_in(std::uint64_t n) { return below(n) == 0; }
    template <typename T>
    const T& of(std::span<const T> choices) {
        return choices[below(choices.size())];
    }
    template <typename T>
    T of(std::initializer_list<T> choices) {
        return *(choices.begin() + static_cast<std::ptrdiff_t>(below(choices.size())));
    }
    Bytes bytes(std::size_t size) {
        Bytes out(size);
        for (auto& byte : out) byte = static_cast<std::uint8_t>(next());
        return out;
    }
    U256 full_word() { return load_be(bytes(32)); }
    /// Words at which arithmetic has its edges, and now and then any.
    U256 word() {
        switch (below(12)) {
            case 0: return U256{};
            case 1: return U256{1};
            case 2: return U256{below(70)};
            case 3: return U256{1} << static_cast<unsigned>(below(256));
            case 4: return (U256{1} << static_cast<unsigned>(below(256))) - U256{1};
            case 5: return U256{} - (U256{1} << static_cast<unsigned>(below(256)));
            case 6: return U256{} - U256{below(70)};
            case 7: return U256{next()};
            case 8: return U256{next() >> below(64)};
            case 9: return U256{of<std::uint64_t>({31, 32, 33, 255, 256, 257, 1023, 1024, 65535, 65536})};
            default: return full_word() >> static_cast<unsigned>(below(256));
        }
    }

private:
    std::uint64_t state_;
};

}  // namespace entresol::fuzz
