// The window: what both sides know of everything coded since the last reset.
#pragma once

#include "core/columns/history.hpp"
#include "core/columns/mixer.hpp"
#include "core/columns/word_table.hpp"

namespace entresol::columns {

struct Memory {
    static constexpr unsigned GUESS_BITS = 14;
    static constexpr std::size_t GUESSES = std::size_t{1} << GUESS_BITS;
    [[nodiscard]] static std::size_t guess_slot(std::uint32_t hash) { return hash >> (32 - GUESS_BITS); }

    Mixer mixer;
    WordTable words;
    History history;
    std::vector<Hash32> next_words =
        std::vector<Hash32>(GUESSES);  // what followed the same two words in the same function
    std::vector<Hash32> place_words =
        std::vector<Hash32>(GUESSES);                            // what stood at the same place of the same function
    std::vector<Number> numbers = std::vector<Number>(GUESSES);  // last one under what it may depend on
    std::vector<std::uint32_t> selectors = std::vector<std::uint32_t>(GUESSES);  // last one at the same place
    std::vector<std::uint64_t> nonces = std::vector<std::uint64_t>(GUESSES);
    // Of the last transaction
    Kind kind = Kind::DynamicFee;
    Number value, gas, tip, max_fee;
    std::uint32_t last_to = 0;      // hash of the recipient
    std::uint32_t word_number = 0;  // last one used
    // Of the last block
    std::uint64_t timestamp = 0, epoch = 0, time_step = 0;
    std::uint64_t transaction_count = 0;
};

}  // namespace entresol::columns
