// Where pages lie in the host's memory, remembered by page number: one place for each remainder, for loads and for stores apart.
#pragma once

#include <array>
#include <cstdint>

#include "core/riscv/memory.hpp"

namespace entresol::riscv {

inline constexpr std::size_t PLACES_KEPT = 1024;

[[nodiscard]] constexpr std::size_t place_of(std::uint64_t address) { return address / PAGE_BYTES % PLACES_KEPT; }
/// What an aligned access of so many bytes must find as its place's tag; a misaligned one finds it nowhere.
template <unsigned BYTES>
[[nodiscard]] constexpr std::uint64_t tag_of(std::uint64_t address) {
    return address & (~(PAGE_BYTES - 1) | (BYTES - 1));
}

/// BYTE is const for loads.
template <typename BYTE>
struct Place {
    /// No access has it: a page's address, but for the bits in which a misaligned one differs.
    static constexpr std::uint64_t NO_TAG = 8;
    std::uint64_t tag = NO_TAG;
    BYTE* page = nullptr;
};

template <typename BYTE>
class Places {
public:
    void forget() { places_.fill({}); }
    void forget(std::uint64_t address) {
        auto& place = places_[place_of(address)];
        if (place.tag == address - address % PAGE_BYTES) place = {};
    }
    void remember(std::uint64_t address, BYTE* page) {
        places_[place_of(address)] = {address - address % PAGE_BYTES, page};
    }
    [[nodiscard]] const Place<BYTE>* data() const { return places_.data(); }

private:
    std::array<Place<BYTE>, PLACES_KEPT> places_{};
};
using LoadPlace = Place<const std::uint8_t>;
using StorePlace = Place<std::uint8_t>;

}  // namespace entresol::riscv
