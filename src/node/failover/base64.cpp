#include "node/failover/base64.hpp"

#include <cstdint>

namespace entresol::failover {
namespace {

constexpr std::string_view ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::uint32_t byte_at(std::string_view bytes, std::size_t i) {
    return i < bytes.size() ? static_cast<std::uint8_t>(bytes[i]) : 0U;
}

}  // namespace

std::string encode_base64(std::string_view bytes) {
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::uint32_t group = byte_at(bytes, i) << 16U | byte_at(bytes, i + 1) << 8U | byte_at(bytes, i + 2);
        text += ALPHABET[group >> 18U];
        text += ALPHABET[group >> 12U & 63U];
        text += i + 1 < bytes.size() ? ALPHABET[group >> 6U & 63U] : '=';
        text += i + 2 < bytes.size() ? ALPHABET[group & 63U] : '=';
    }
    return text;
}

std::optional<std::string> decode_base64(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    std::size_t padding = 0;
    while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
    std::string bytes;
    bytes.reserve(text.size() / 4 * 3);
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool is_padding = i + padding >= text.size();
        const auto digit = is_padding ? 0 : ALPHABET.find(text[i]);
        if (digit == std::string_view::npos) return std::nullopt;
        group = group << 6U | static_cast<std::uint32_t>(digit);
        if (i % 4 != 3) continue;
        for (const unsigned shift : {16U, 8U, 0U}) bytes += static_cast<char>(group >> shift & 0xFFU);
        group = 0;
    }
    // One text for each value: the bits that padding hides are zero.
    for (std::size_t i = 0; i < padding; ++i) {
        if (bytes.back() != '\0') return std::nullopt;
        bytes.pop_back();
    }
    return encode_base64(bytes) == text ? std::optional(bytes) : std::nullopt;
}

}  // namespace entresol::failover
