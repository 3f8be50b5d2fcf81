#include "core/base/hex.hpp"

namespace entresol {
namespace {

constexpr char DIGITS[] = "0123456789abcdef";

int nibble(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool has_prefix(std::string_view text) {
    return text.size() >= 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
}

}  // namespace

std::string to_hex(ByteView data) {
    std::string out(2 + 2 * data.size(), '0');
    out[1] = 'x';
    for (std::size_t i = 0; i < data.size(); ++i) {
        out[2 + 2 * i] = DIGITS[data[i] >> 4];
        out[3 + 2 * i] = DIGITS[data[i] & 15];
    }
    return out;
}

std::string to_quantity(std::uint64_t value) { return to_quantity(U256{value}); }

std::string to_quantity(const U256& value) {
    if (value.is_zero()) return "0x0";
    std::string out = "0x";
    bool started = false;
    for (int shift = 252; shift >= 0; shift -= 4) {
        const auto digit = (value.limb[static_cast<std::size_t>(shift / 64)] >> (shift % 64)) & 15;
        started = started || digit != 0;
        if (started) out += DIGITS[digit];
    }
    return out;
}

std::optional<Bytes> parse_hex(std::string_view text) {
    if (has_prefix(text)) text.remove_prefix(2);
    if (text.size() % 2 != 0) return std::nullopt;
    Bytes out(text.size() / 2);
    for (std::size_t i = 0; i < out.size(); ++i) {
        const int high = nibble(text[2 * i]);
        const int low = nibble(text[2 * i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        out[i] = static_cast<std::uint8_t>(high << 4 | low);
    }
    return out;
}

std::optional<U256> parse_quantity(std::string_view text) {
    if (!has_prefix(text)) return std::nullopt;
    text.remove_prefix(2);
    if (text.empty() || text.size() > 64) return std::nullopt;
    U256 value;
    for (const char c : text) {
        const int digit = nibble(c);
        if (digit < 0) return std::nullopt;
        value = (value << 4U) | U256{static_cast<std::uint64_t>(digit)};
    }
    return value;
}

std::optional<std::uint64_t> parse_quantity64(std::string_view text) {
    const auto value = parse_quantity(text);
    if (!value || !value->fits_u64()) return std::nullopt;
    return value->limb[0];
}

}  // namespace entresol
