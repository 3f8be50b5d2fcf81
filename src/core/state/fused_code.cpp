#include "core/state/fused_code.hpp"

#include <array>

#include "core/state/account.hpp"

namespace entresol::state {
namespace {

template <typename... Bytes>
constexpr FusedRow make_row(std::uint8_t byte, bool jumps, Bytes... code) {
    return {byte, sizeof...(code), {static_cast<std::uint8_t>(code)...}, jumps};
}
constexpr FusedRow ROWS[] = {
#define X(byte, name, jumps, ...) make_row(byte, jumps, __VA_ARGS__),
    ENTRESOL_FUSED(X)
#undef X
};
constexpr std::size_t COUNT = std::size(ROWS);
constexpr std::uint8_t INVALID = 0xfe;

/// What a byte means as an opcode: the rows that begin with it, and what to run where none fits.
struct FirstByte {
    std::uint8_t rows[13]{};  // index + 1, 0 ends
    std::uint8_t plain = 0;
    std::uint8_t data = 0;  // bytes after a PUSH
};
constexpr std::array<FirstByte, 256> make_first_bytes() {
    std::array<FirstByte, 256> table{};
    for (std::size_t byte = 0; byte < 256; ++byte) {
        table[byte].plain = static_cast<std::uint8_t>(byte);
        if (byte >= 0x60 && byte <= 0x7f) table[byte].data = static_cast<std::uint8_t>(byte - 0x5f);
    }
    for (std::size_t row = 0; row < COUNT; ++row) {
        table[ROWS[row].byte].plain = INVALID;
        auto& rows = table[ROWS[row].code[0]].rows;
        std::size_t free = 0;
        while (rows[free] != 0) ++free;
        rows[free] = static_cast<std::uint8_t>(row + 1);
    }
    return table;
}
constexpr std::array<FirstByte, 256> FIRST_BYTES = make_first_bytes();

// Before the last byte, which jumps.
std::uint64_t target_of(const FusedRow& row, const std::uint8_t* bytes) {
    const bool is_two_bytes = row.code[row.length - 3] == FusedRow::ANY;
    return is_two_bytes ? load_be16(bytes + row.length - 3) : bytes[row.length - 2];
}

bool matches(const FusedRow& row, const Code& code, std::size_t at) {
    const std::uint8_t* bytes = code.bytes.data() + at;
    for (std::size_t i = 1; i < row.length; ++i)
        if (row.code[i] != FusedRow::ANY && row.code[i] != bytes[i]) return false;
    return !row.jumps || code.is_jump_dest(target_of(row, bytes));
}

std::uint8_t choose(const FirstByte& first, const Code& code, std::size_t at) {
    for (const auto row : first.rows) {
        if (row == 0) break;
        if (matches(ROWS[row - 1], code, at)) return ROWS[row - 1].byte;
    }
    return first.plain;
}

}  // namespace

void fuse(Code& code, CodeUse use) {
    code.fused = code.bytes;
    for (std::size_t at = 0; at < code.size; ++at) {
        const FirstByte& first = FIRST_BYTES[code.bytes[at]];
        code.fused[at] = use == CodeUse::Contract ? choose(first, code, at) : first.plain;
        at += first.data;
    }
}

}  // namespace entresol::state
