#include "core/derive/bitlist.hpp"

#include <bit>

namespace entresol::derive {

std::optional<Bitlist> Bitlist::take(ByteCursor& in, std::size_t bits) {
    const auto bytes = in.take(bits / 8 + (bits % 8 != 0 ? 1 : 0));
    if (!bytes) return std::nullopt;
    if (bits % 8 != 0 && ((*bytes)[0] >> (bits % 8)) != 0) return std::nullopt;
    Bitlist list;
    list.size_ = bits;
    list.bytes_ = to_bytes(*bytes);
    return list;
}

std::size_t Bitlist::count() const {
    std::size_t total = 0;
    for (const std::uint8_t byte : bytes_) total += static_cast<std::size_t>(std::popcount(byte));
    return total;
}

}  // namespace entresol::derive
