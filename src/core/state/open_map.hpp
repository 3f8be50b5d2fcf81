// Open-addressing hash map for the journal: entries lie in one vector in order of insertion and keep their index; nothing is ever erased but all.
// The order of iteration is the order of insertion, so that it never depends on the hash.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "core/base/check.hpp"

namespace entresol::state {

template <typename Key, typename Value, typename Hash>
class OpenMap {
public:
    static constexpr std::uint32_t NOT_FOUND = ~std::uint32_t{0};
    explicit OpenMap(Hash hash) : hash_(hash) {}

    [[nodiscard]] std::uint32_t find(const Key& key) const {
        if (cells_.empty()) return NOT_FOUND;
        const std::uint64_t hash = hash_(key);
        for (std::size_t i = hash & mask();; i = (i + 1) & mask()) {
            const std::uint64_t cell = cells_[i];
            if (cell == 0) return NOT_FOUND;
            if (tag(cell) == tag(hash) && entries_[index(cell)].first == key) return index(cell);
        }
    }

    /// The key's index; a new entry holds a default value.
    std::uint32_t find_or_insert(const Key& key) {
        if (const auto found = find(key); found != NOT_FOUND) return found;
        if ((entries_.size() + 1) * 4 > cells_.size() * 3) grow();
        CHECK(entries_.size() < NOT_FOUND - 1);
        const auto position = static_cast<std::uint32_t>(entries_.size());
        entries_.emplace_back(key, Value{});
        place(hash_(key), position);
        return position;
    }

    [[nodiscard]] const Key& key(std::uint32_t position) const { return entries_[position].first; }
    [[nodiscard]] Value& value(std::uint32_t position) { return entries_[position].second; }
    [[nodiscard]] const Value& value(std::uint32_t position) const { return entries_[position].second; }
    [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(entries_.size()); }

    void clear() {
        if (entries_.empty()) return;
        entries_.clear();
        cells_.assign(cells_.size(), 0);
    }

private:
    // A cell: upper half of the hash, then index + 1; zero is free.
    [[nodiscard]] static std::uint64_t tag(std::uint64_t word) { return word >> 32; }
    [[nodiscard]] static std::uint32_t index(std::uint64_t cell) { return static_cast<std::uint32_t>(cell) - 1; }
    [[nodiscard]] std::size_t mask() const { return cells_.size() - 1; }

    void place(std::uint64_t hash, std::uint32_t position) {
        std::size_t i = hash & mask();
        while (cells_[i] != 0) i = (i + 1) & mask();
        cells_[i] = (tag(hash) << 32) | (position + 1);
    }
    void grow() {
        cells_.assign(cells_.empty() ? 8 : cells_.size() * 2, 0);
        for (std::uint32_t i = 0; i < size(); ++i) place(hash_(entries_[i].first), i);
    }

    Hash hash_;
    std::vector<std::pair<Key, Value>> entries_;
    std::vector<std::uint64_t> cells_;
};

}  // namespace entresol::state
