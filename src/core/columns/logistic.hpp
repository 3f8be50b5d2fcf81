// The logistic function and its inverse in integers, by a recurrence, so that every machine has the same tables.
#pragma once

#include <array>
#include <cstdint>

namespace entresol::columns {

/// Stretched probabilities are ln(p / (1 - p)) in units of 1/256, within ±LIMIT.
inline constexpr int STRETCH_LIMIT = 2815;  // 11 * 256 - 1

/// squash(x) = 65536 / (1 + e^(-x/256)), for x from -STRETCH_LIMIT to STRETCH_LIMIT, and stretch(p) = the least x with squash(x) >= p, of p = 16 * index + 8.
struct Logistic {
    std::array<std::uint16_t, 2 * STRETCH_LIMIT + 1> squash_table{};
    std::array<std::int16_t, 4096> stretch_table{};

    constexpr Logistic() {
        // e^(-1/256) * 2^32, rounded down.
        constexpr std::uint64_t DECAY = 4'278'222'763;
        std::uint64_t power = std::uint64_t{1} << 32;
        for (int x = 0; x <= STRETCH_LIMIT; ++x) {
            const auto value = (std::uint64_t{1} << 48) / ((std::uint64_t{1} << 32) + power);
            squash_table.data()[STRETCH_LIMIT + x] = static_cast<std::uint16_t>(value);
            squash_table.data()[STRETCH_LIMIT - x] = static_cast<std::uint16_t>(65536 - value);
            power = power * DECAY >> 32;
        }
        int x = -STRETCH_LIMIT;
        for (std::size_t i = 0; i < stretch_table.size(); ++i) {
            while (x < STRETCH_LIMIT && squash_table.data()[STRETCH_LIMIT + x] < 16 * i + 8) ++x;
            stretch_table[i] = static_cast<std::int16_t>(x);
        }
    }
    [[nodiscard]] constexpr int squash(int x) const {
        if (x > STRETCH_LIMIT) x = STRETCH_LIMIT;
        if (x < -STRETCH_LIMIT) x = -STRETCH_LIMIT;
        return squash_table.data()[STRETCH_LIMIT + x];
    }
};
inline constexpr Logistic LOGISTIC{};

}  // namespace entresol::columns
