// A transaction as the fields that are coded, and its exact bytes from them.
#pragma once

#include <optional>
#include <vector>

#include "core/columns/columns.hpp"

namespace entresol::columns {

/// An unsigned integer as RLP has it: big-endian without leading zeros, up to 32 bytes.
struct Number {
    std::uint8_t size = 0;
    std::uint8_t bytes[32] = {};

    [[nodiscard]] ByteView view() const { return {bytes, size}; }
    bool operator==(const Number& o) const { return size == o.size && std::memcmp(bytes, o.bytes, size) == 0; }
};
[[nodiscard]] Number make_number(std::uint64_t value);
/// Precondition: at most eight bytes.
[[nodiscard]] std::uint64_t to_u64(const Number& number);

enum class Kind : std::uint8_t {
    UnprotectedLegacy = 0,
    AccessList = 1,
    DynamicFee = 2,
    ProtectedLegacy = 3,
    SetCode = 4,
    Raw = 5
};
inline constexpr unsigned KIND_COUNT = 6;

struct AccessEntry {
    Address address;
    std::vector<Hash32> keys;
};

/// EIP-7702.
struct AuthorizationRow {
    Number chain_id;
    Address address;
    Number nonce;
    Number y_parity;
    Number r, s;
};

struct Row {
    Kind kind = Kind::Raw;
    Number nonce, gas, value;
    Number tip;      // max_priority_fee_per_gas; types 2 and 4 alone
    Number max_fee;  // or gas price
    bool creates = false;
    Address to;
    Bytes data;  // a Raw row: the whole transaction
    std::vector<AccessEntry> access_list;
    std::vector<AuthorizationRow> authorizations;
    std::uint8_t signature[64] = {};  // r and s, with the y parity in the top bit of s (EIP-2098)
};

[[nodiscard]] inline bool has_tip(Kind kind) { return kind == Kind::DynamicFee || kind == Kind::SetCode; }
[[nodiscard]] inline bool has_access_list(Kind kind) {
    return kind == Kind::AccessList || kind == Kind::DynamicFee || kind == Kind::SetCode;
}

/// What does not come back from `append_transaction` byte by byte becomes a Raw row: this never fails.
[[nodiscard]] Row split(ByteView transaction, std::uint64_t chain_id, Form form);
void append_transaction(Bytes& out, const Row& row, std::uint64_t chain_id, Form form);

}  // namespace entresol::columns
