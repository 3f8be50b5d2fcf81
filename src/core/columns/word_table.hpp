// Words of 32 bytes that call data has shown, each under a number of 16 bits, so that a repetition costs the number. Addresses are words too.
#pragma once

#include <optional>

#include "core/columns/hash.hpp"

namespace entresol::columns {

class WordTable {
public:
    static constexpr std::size_t CAPACITY = 65536;

    [[nodiscard]] std::size_t size() const { return words_.size(); }
    /// Precondition: index < size().
    [[nodiscard]] const Hash32& operator[](std::size_t index) const { return words_[index]; }
    /// The number of a word; nothing for one that was never there, made room for another, or has lost its place in the index to one of the same hash.
    [[nodiscard]] std::optional<std::uint16_t> find(const Hash32& word) const {
        const std::uint32_t index = index_[slot_of(word)];
        if (index < words_.size() && words_[index] == word) return static_cast<std::uint16_t>(index);
        return std::nullopt;
    }
    /// Takes the next number, after the last one the first again.
    void add(const Hash32& word) {
        const std::size_t at = next_;
        if (at == words_.size())
            words_.push_back(word);
        else
            words_[at] = word;
        index_[slot_of(word)] = static_cast<std::uint32_t>(at);
        next_ = (at + 1) % CAPACITY;
    }

private:
    static constexpr unsigned INDEX_BITS = 17;
    static constexpr std::uint32_t NONE = 0xffffffffU;
    [[nodiscard]] static std::size_t slot_of(const Hash32& word) { return hash(word) >> (32 - INDEX_BITS); }

    std::vector<Hash32> words_;
    std::size_t next_ = 0;
    std::vector<std::uint32_t> index_ = std::vector<std::uint32_t>(std::size_t{1} << INDEX_BITS, NONE);
};

}  // namespace entresol::columns
