#include "core/columns/row.hpp"

#include <algorithm>

#include "core/base/endian.hpp"
#include "core/codec/rlp.hpp"

namespace entresol::columns {
namespace {

using codec::RlpReader;

constexpr std::uint8_t FIRST_LIST_BYTE = 0xc0;
constexpr std::uint8_t PARITY_BIT = 0x80;
constexpr std::size_t SIGNATURE_HALF = 32;

bool read_number(RlpReader& in, Number& number, std::size_t max_size = 32) {
    const auto bytes = in.read_string();
    if (!bytes || bytes->size() > max_size || (!bytes->empty() && (*bytes)[0] == 0)) return false;
    number.size = static_cast<std::uint8_t>(bytes->size());
    std::copy(bytes->begin(), bytes->end(), number.bytes);
    return true;
}

bool read_access_list(RlpReader& in, std::vector<AccessEntry>& list) {
    auto entries = in.read_list();
    if (!entries) return false;
    while (!entries->empty()) {
        auto entry = entries->read_list();
        if (!entry) return false;
        const auto address = entry->read_fixed<Address>();
        auto keys = entry->read_list();
        if (!address || !keys || !entry->empty()) return false;
        AccessEntry item{*address, {}};
        while (!keys->empty()) {
            const auto key = keys->read_fixed<Hash32>();
            if (!key) return false;
            item.keys.push_back(*key);
        }
        list.push_back(std::move(item));
    }
    return true;
}

// EIP-7702: [chain_id, address, nonce, y_parity, r, s].
bool read_authorizations(RlpReader& in, std::vector<AuthorizationRow>& list) {
    auto tuples = in.read_list();
    if (!tuples) return false;
    while (!tuples->empty()) {
        auto tuple = tuples->read_list();
        AuthorizationRow item;
        if (!tuple || !read_number(*tuple, item.chain_id)) return false;
        const auto address = tuple->read_fixed<Address>();
        if (!address || !read_number(*tuple, item.nonce) || !read_number(*tuple, item.y_parity) ||
            !read_number(*tuple, item.r) || !read_number(*tuple, item.s) || !tuple->empty())
            return false;
        item.address = *address;
        list.push_back(item);
    }
    return true;
}

// EIP-155: v = 35 + 2 * chain_id + y_parity; without protection 27 + y_parity.
std::uint64_t protected_v(std::uint64_t chain_id) { return 35 + 2 * chain_id; }

bool read_legacy_v(Row& row, std::uint64_t v, std::uint64_t chain_id, unsigned& parity) {
    row.kind = v == 27 || v == 28 ? Kind::UnprotectedLegacy : Kind::ProtectedLegacy;
    parity = static_cast<unsigned>(v - (row.kind == Kind::UnprotectedLegacy ? 27 : protected_v(chain_id)));
    return parity <= 1;
}

bool read_signature(RlpReader& in, Row& row, std::uint64_t chain_id) {
    Number v, r, s;
    if (!read_number(in, v, 8) || !read_number(in, r) || !read_number(in, s)) return false;
    auto parity = static_cast<unsigned>(to_u64(v));
    if (row.kind == Kind::ProtectedLegacy && !read_legacy_v(row, to_u64(v), chain_id, parity)) return false;
    if (parity > 1) return false;
    std::copy_n(r.bytes, r.size, row.signature + SIGNATURE_HALF - r.size);
    std::copy_n(s.bytes, s.size, row.signature + 2 * SIGNATURE_HALF - s.size);
    if ((row.signature[SIGNATURE_HALF] & PARITY_BIT) != 0) return false;  // a high s has no room for the parity
    if (parity != 0) row.signature[SIGNATURE_HALF] |= PARITY_BIT;
    return true;
}

bool read_kind(ByteView& tx, Row& row) {
    if (tx.empty()) return false;
    row.kind = Kind::ProtectedLegacy;
    if (tx[0] >= FIRST_LIST_BYTE) return true;
    if (tx[0] != 1 && tx[0] != 2 && tx[0] != 4) return false;
    row.kind = static_cast<Kind>(tx[0]);
    tx = tx.subspan(1);
    return true;
}

bool read_fields(RlpReader& in, Row& row) {
    if (!read_number(in, row.nonce, 8)) return false;
    if (has_tip(row.kind) && !read_number(in, row.tip)) return false;
    if (!read_number(in, row.max_fee) || !read_number(in, row.gas, 8)) return false;
    const auto to = in.read_string();
    if (!to || (!to->empty() && to->size() != Address::SIZE)) return false;
    row.creates = to->empty();
    if (!row.creates) row.to = from_bytes<Address>(*to);
    if (!read_number(in, row.value)) return false;
    const auto data = in.read_string();
    if (!data) return false;
    row.data.assign(data->begin(), data->end());
    if (has_access_list(row.kind) && !read_access_list(in, row.access_list)) return false;
    return row.kind != Kind::SetCode || read_authorizations(in, row.authorizations);
}

bool read_row(ByteView tx, Row& row, std::uint64_t chain_id, Form form) {
    if (!read_kind(tx, row)) return false;
    RlpReader outer(tx);
    auto in = outer.read_list();
    if (!in || !outer.empty()) return false;
    if (row.kind != Kind::ProtectedLegacy) {
        const auto id = in->read_u64();
        if (!id || *id != chain_id) return false;
    }
    if (!read_fields(*in, row)) return false;
    if (form == Form::Signed && !read_signature(*in, row, chain_id)) return false;
    return in->empty();
}

void append_access_list(Bytes& out, const std::vector<AccessEntry>& list) {
    const std::size_t start = out.size();
    for (const AccessEntry& entry : list) {
        const std::size_t entry_start = out.size();
        codec::append_fixed(out, entry.address);
        const std::size_t keys_start = out.size();
        for (const Hash32& key : entry.keys) codec::append_fixed(out, key);
        codec::close_list(out, keys_start);
        codec::close_list(out, entry_start);
    }
    codec::close_list(out, start);
}

void append_authorizations(Bytes& out, const std::vector<AuthorizationRow>& list) {
    const std::size_t start = out.size();
    for (const AuthorizationRow& item : list) {
        const std::size_t item_start = out.size();
        codec::append_string(out, item.chain_id.view());
        codec::append_fixed(out, item.address);
        for (const Number* number : {&item.nonce, &item.y_parity, &item.r, &item.s})
            codec::append_string(out, number->view());
        codec::close_list(out, item_start);
    }
    codec::close_list(out, start);
}

ByteView without_zeros(ByteView bytes) {
    while (!bytes.empty() && bytes[0] == 0) bytes = bytes.subspan(1);
    return bytes;
}

void append_signature(Bytes& out, const Row& row, std::uint64_t chain_id) {
    std::uint8_t s[SIGNATURE_HALF];
    std::copy_n(row.signature + SIGNATURE_HALF, SIGNATURE_HALF, s);
    std::uint64_t v = s[0] >> 7;
    s[0] &= PARITY_BIT - 1;
    if (row.kind == Kind::UnprotectedLegacy) v += 27;
    if (row.kind == Kind::ProtectedLegacy) v += protected_v(chain_id);
    codec::append_uint(out, v);
    codec::append_string(out, without_zeros(ByteView(row.signature, SIGNATURE_HALF)));
    codec::append_string(out, without_zeros(s));
}

}  // namespace

Number make_number(std::uint64_t value) {
    std::uint8_t big_endian[8];
    store_be64(big_endian, value);
    Number number;
    const ByteView digits = without_zeros(big_endian);
    number.size = static_cast<std::uint8_t>(digits.size());
    std::copy(digits.begin(), digits.end(), number.bytes);
    return number;
}

std::uint64_t to_u64(const Number& number) {
    std::uint64_t value = 0;
    for (const std::uint8_t byte : number.view()) value = (value << 8) | byte;
    return value;
}

Row split(ByteView transaction, std::uint64_t chain_id, Form form) {
    Row row;
    if (read_row(transaction, row, chain_id, form)) return row;
    row = Row{};
    row.data.assign(transaction.begin(), transaction.end());
    return row;
}

void append_transaction(Bytes& out, const Row& row, std::uint64_t chain_id, Form form) {
    if (row.kind == Kind::Raw) return append(out, row.data);
    const bool legacy = row.kind == Kind::ProtectedLegacy || row.kind == Kind::UnprotectedLegacy;
    if (!legacy) out.push_back(static_cast<std::uint8_t>(row.kind));
    const std::size_t start = out.size();
    if (!legacy) codec::append_uint(out, chain_id);
    codec::append_string(out, row.nonce.view());
    if (has_tip(row.kind)) codec::append_string(out, row.tip.view());
    codec::append_string(out, row.max_fee.view());
    codec::append_string(out, row.gas.view());
    codec::append_string(out, row.creates ? ByteView{} : row.to.view());
    codec::append_string(out, row.value.view());
    codec::append_string(out, row.data);
    if (has_access_list(row.kind)) append_access_list(out, row.access_list);
    if (row.kind == Kind::SetCode) append_authorizations(out, row.authorizations);
    if (form == Form::Signed) append_signature(out, row, chain_id);
    codec::close_list(out, start);
}

}  // namespace entresol::columns
