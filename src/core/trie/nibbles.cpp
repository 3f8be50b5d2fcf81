#include "core/trie/nibbles.hpp"

#include <algorithm>

namespace entresol::trie {

std::size_t common_prefix(const Nibbles& a, const Nibbles& b) {
    const std::size_t limit = std::min(a.size(), b.size());
    std::size_t n = 0;
    while (n < limit && a[n] == b[n]) ++n;
    return n;
}

std::strong_ordering compare(const Nibbles& a, const Nibbles& b) {
    const std::size_t n = common_prefix(a, b);
    if (n == a.size() || n == b.size()) return a.size() <=> b.size();
    return a[n] <=> b[n];
}

Nibbles single_nibble(std::uint8_t nibble) {
    static constexpr std::uint8_t PACKED[16] = {0x00, 0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70,
                                                0x80, 0x90, 0xa0, 0xb0, 0xc0, 0xd0, 0xe0, 0xf0};
    CHECK(nibble < 16);
    return Nibbles(ByteView(PACKED + nibble, 1)).first(1);
}

Bytes pack(const Nibbles& a, const Nibbles& b) {
    Bytes out((a.size() + b.size() + 1) / 2);
    std::size_t at = 0;
    for (const Nibbles* part : {&a, &b}) {
        for (std::size_t i = 0; i < part->size(); ++i, ++at)
            out[at / 2] = static_cast<std::uint8_t>(out[at / 2] | (*part)[i] << (at % 2 == 0 ? 4 : 0));
    }
    return out;
}

}  // namespace entresol::trie
