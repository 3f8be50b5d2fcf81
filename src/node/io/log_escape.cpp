#include "node/io/log_escape.hpp"

#include <cstdint>

namespace entresol::io {
namespace {

constexpr char DIGITS[] = "0123456789abcdef";

bool is_control(unsigned char byte) { return byte < 0x20 || byte == 0x7f; }

// The size of the UTF-8 sequence at the begin of `text` (RFC 3629 section 4: shortest form, no surrogates), 0 when there is none.
std::size_t utf8_size(std::string_view text) {
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = at(0);
    if (first < 0x80) return 1;
    const std::size_t size = first >= 0xc2 && first < 0xe0   ? 2
                             : first >= 0xe0 && first < 0xf0 ? 3
                             : first >= 0xf0 && first < 0xf5 ? 4
                                                             : 0;
    if (size == 0 || text.size() < size) return 0;
    std::uint32_t code = first & (0xff >> (size + 1));
    for (std::size_t i = 1; i < size; ++i) {
        if ((at(i) & 0xc0) != 0x80) return 0;
        code = code << 6 | (at(i) & 0x3f);
    }
    if ((size == 3 && code < 0x800) || (size == 4 && code < 0x10000) || code > 0x10ffff) return 0;
    return code >= 0xd800 && code < 0xe000 ? 0 : size;
}

}  // namespace

std::string escape_controls(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (!is_control(byte)) {
            out += c;
            continue;
        }
        out += "\\x";
        out += DIGITS[byte >> 4];
        out += DIGITS[byte & 15];
    }
    return out;
}

std::string quote_if_needed(std::string_view text) {
    bool is_plain = !text.empty();
    for (const char c : text)
        is_plain =
            is_plain && c != ' ' && c != '"' && c != '=' && c != '\\' && !is_control(static_cast<unsigned char>(c));
    if (is_plain) return std::string(text);
    std::string out = "\"";
    for (const char c : escape_controls(text)) {
        if (c == '"') out += '\\';
        out += c;
    }
    return out + '"';
}

std::string quote_json(std::string_view text) {
    std::string out = "\"";
    for (std::size_t i = 0; i < text.size();) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const auto size = utf8_size(text.substr(i));
        if (size == 0) {
            out += "\\ufffd";
        } else if (is_control(byte)) {
            out += "\\u00";
            out += DIGITS[byte >> 4];
            out += DIGITS[byte & 15];
        } else {
            if (byte == '"' || byte == '\\') out += '\\';
            out += text.substr(i, size);
        }
        i += size == 0 ? 1 : size;
    }
    return out + '"';
}

}  // namespace entresol::io
