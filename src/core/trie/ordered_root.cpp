#include "core/codec/rlp.hpp"
#include "core/crypto/keccak.hpp"
#include "core/trie/tree.hpp"

namespace entresol::trie {

Hash32 compute_ordered_root(std::span<const Bytes> values) {
    if (values.empty()) return crypto::EMPTY_TRIE_ROOT;
    std::vector<Bytes> keys(values.size());
    for (std::size_t i = 0; i < keys.size(); ++i) codec::append_uint(keys[i], std::uint64_t{i});
    // rlp(0) is 0x80, so that index 0 comes between 127 (0x7f) and 128 (0x8180); the others are in order.
    constexpr std::size_t BEFORE_ZERO = 127;
    std::vector<Item> items;
    items.reserve(values.size());
    const auto add = [&](std::size_t i) { items.push_back({Nibbles(keys[i]), values[i]}); };
    for (std::size_t i = 1; i < values.size() && i <= BEFORE_ZERO; ++i) add(i);
    add(0);
    for (std::size_t i = BEFORE_ZERO + 1; i < values.size(); ++i) add(i);
    Tree tree(nullptr);
    return tree.seal(tree.build(0, items), nullptr);
}

}  // namespace entresol::trie
