#include "core/derive/byte_cursor.hpp"

namespace entresol::derive {

std::optional<ByteView> ByteCursor::take(std::size_t count) {
    if (count > rest_.size()) return std::nullopt;
    const ByteView taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
}

std::optional<std::uint64_t> ByteCursor::take_uvarint() {
    constexpr std::size_t MAX_GROUPS = 10;  // ceil(64 / 7)
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < MAX_GROUPS && i < rest_.size(); ++i) {
        const std::uint64_t group = rest_[i] & 0x7fU;
        if (i == MAX_GROUPS - 1 && rest_[i] > 1) return std::nullopt;  // above 64 bits
        value |= group << (7 * i);
        if ((rest_[i] & 0x80U) == 0) {
            rest_ = rest_.subspan(i + 1);
            return value;
        }
    }
    return std::nullopt;
}

void append_uvarint(Bytes& out, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) out.push_back(static_cast<std::uint8_t>(value | 0x80U));
    out.push_back(static_cast<std::uint8_t>(value));
}

}  // namespace entresol::derive
