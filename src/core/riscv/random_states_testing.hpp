// Machines in states that programs seldom reach: any word at pc, registers that point at and around the same few places, both
// ends of memory among them, handlers set or not, now and then stopped. `random` is any source of 64-bit numbers.
#pragma once

#include <cstdint>
#include <iterator>

#include "core/riscv/decode.hpp"
#include "core/riscv/machine.hpp"

namespace entresol::riscv::testing {

inline constexpr std::uint64_t PLACES[] = {0,
                                           0x80000000,
                                           0x80000fe0,
                                           0x80001000,
                                           0x7fffffffffffffe0,
                                           0x8000000000000000,
                                           ~std::uint64_t{0} - 4095,
                                           ~std::uint64_t{0} - 63};

/// Near one of the places, seldom more than two leaves away; wraps.
template <typename Random>
std::uint64_t some_place(Random& random) {
    const std::uint64_t r = random();
    return PLACES[r % std::size(PLACES)] + (r >> 8) % 96 - 16;
}

/// Four in five times one of the table's instructions with other bits at random, otherwise any word.
template <typename Random>
std::uint32_t some_word(Random& random) {
    const std::uint64_t r = random();
    const auto bits = static_cast<std::uint32_t>(r);
    if ((r >> 32) % 5 == 0) return bits;
    const auto& row = encodings()[(r >> 40) % encodings().size()];
    std::uint32_t word = row.match | (bits & ~row.mask);
    // Offsets near zero, so that what a base register points at is met.
    if ((r >> 36) % 2 == 0 && row.format == Format::I) word &= 0x01ffffff;
    if ((r >> 36) % 2 == 0 && row.format == Format::S) word &= 0x01ffffff;
    return word;
}

template <typename Random>
std::uint64_t some_value(Random& random) {
    const std::uint64_t r = random();
    switch (r % 8) {
        case 0: return 0;
        case 1: return ~std::uint64_t{0};
        case 2: return std::uint64_t{1} << 63;
        case 3: return r >> 40;
        case 4: return random();
        default: return some_place(random) & ~std::uint64_t{r % 16 == 7 ? 0U : 7U};
    }
}

/// Writes a few words around the places, as a program would have left them.
template <typename Random>
void write_places(Memory& memory, Random& random) {
    for (int i = 0; i < 4; ++i) memory.store(some_place(random) & ~std::uint64_t{7}, 8, random());
}

template <typename Random>
Hart some_hart(Random& random) {
    constexpr std::uint64_t ALIGNED = ~std::uint64_t{3};
    Hart hart;
    for (std::size_t i = 1; i < hart.x.size(); ++i) hart.x[i] = some_value(random);
    hart.pc = some_place(random) & ALIGNED;
    if (random() % 4 == 0) hart.x[17] = 93;
    if (random() % 32 == 0) hart.status = random() % 2 == 0 ? Status::Exited : Status::Trapped;
    if (random() % 2 == 0) hart.mtvec = some_value(random) & ALIGNED;
    hart.exit_code = some_value(random);
    hart.mscratch = some_value(random);
    hart.mepc = some_value(random) & ALIGNED;
    hart.mcause = some_value(random);
    hart.mtval = some_value(random);
    return hart;
}

}  // namespace entresol::riscv::testing
