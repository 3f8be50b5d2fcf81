#include "core/derive/span_transactions.hpp"

#include "core/codec/rlp.hpp"
#include "core/derive/bitlist.hpp"

namespace entresol::derive {
namespace {

using codec::RlpReader;

/// Fields of a transaction that every type has, apart from those that tx_datas carries.
struct Columns {
    std::uint64_t nonce = 0;
    std::uint64_t gas = 0;
    ByteView to;  // 20 bytes, or none for a contract creation
    Hash32 r;
    Hash32 s;
    bool y_parity = false;
    bool is_protected = true;
};

/// One row for each type. Prices stand between nonce and gas in the transaction, after the value in tx_datas; lists follow the data in both.
struct Shape {
    std::uint8_t type;
    int prices;  // gasPrice, or max_priority_fee_per_gas and max_fee_per_gas
    int lists;   // access_list, authorization_list
};
constexpr Shape SHAPES[] = {{0, 1, 0}, {1, 1, 1}, {2, 2, 1}, {4, 2, 2}};

const Shape* find_shape(std::uint8_t type) {
    for (const Shape& shape : SHAPES)
        if (shape.type == type) return &shape;
    return nullptr;
}

bool skip_access_list(RlpReader& in) {
    auto entries = in.read_list();
    if (!entries) return false;
    while (!entries->empty()) {
        auto entry = entries->read_list();
        if (!entry || !entry->read_fixed<Address>()) return false;
        auto keys = entry->read_list();
        if (!keys || !entry->empty()) return false;
        while (!keys->empty())
            if (!keys->read_fixed<Hash32>()) return false;
    }
    return true;
}

// EIP-7702: [chain_id, address, nonce, y_parity, r, s].
bool skip_authorizations(RlpReader& in) {
    auto tuples = in.read_list();
    if (!tuples) return false;
    while (!tuples->empty()) {
        auto tuple = tuples->read_list();
        if (!tuple || !tuple->read_u256() || !tuple->read_fixed<Address>() || !tuple->read_u64()) return false;
        const auto y_parity = tuple->read_u64();
        if (!y_parity || *y_parity > 0xff || !tuple->read_u256() || !tuple->read_u256() || !tuple->empty())
            return false;
    }
    return true;
}

bool skip_lists(RlpReader& in, const Shape& shape) {
    return (shape.lists < 1 || skip_access_list(in)) && (shape.lists < 2 || skip_authorizations(in));
}

/// Reads with `skip` and gives the bytes that it passed.
template <typename Skip>
std::optional<ByteView> raw(RlpReader& in, Skip skip) {
    const ByteView before = in.rest();
    if (!skip(in)) return std::nullopt;
    return before.first(before.size() - in.rest().size());
}

std::optional<ByteView> raw_prices(RlpReader& in, const Shape& shape) {
    return raw(in, [&](RlpReader& r) {
        for (int i = 0; i < shape.prices; ++i)
            if (!r.read_u256()) return false;
        return true;
    });
}
std::optional<ByteView> raw_value(RlpReader& in) {
    return raw(in, [](RlpReader& r) { return r.read_u256().has_value(); });
}
std::optional<ByteView> raw_data_and_lists(RlpReader& in, const Shape& shape) {
    return raw(in, [&](RlpReader& r) { return r.read_string().has_value() && skip_lists(r, shape); });
}

// EIP-155: v = 35 + 2 * chain_id + y_parity; without protection 27 + y_parity.
U256 compute_v(const Columns& c, std::uint64_t chain_id) {
    return (c.is_protected ? U256(35) + U256(chain_id) + U256(chain_id) : U256(27)) + U256(c.y_parity ? 1 : 0);
}

bool read_legacy_v(Columns& c, const U256& v, std::uint64_t chain_id) {
    for (const bool is_protected : {false, true})
        for (const bool y_parity : {false, true}) {
            c.is_protected = is_protected;
            c.y_parity = y_parity;
            if (compute_v(c, chain_id) == v) return true;
        }
    return false;
}

/// Splits an encoded transaction; appends its row of tx_datas.
Result<Columns, BatchError> split(ByteView tx, std::uint64_t chain_id, Bytes& datas) {
    if (tx.empty()) return fail(BatchError::TransactionData);
    const bool typed = tx[0] <= 0x7f;
    const Shape* shape = find_shape(typed ? tx[0] : 0);
    if (shape == nullptr || (typed && tx[0] == 0)) return fail(BatchError::TransactionType);
    RlpReader outer(typed ? tx.subspan(1) : tx);
    auto in = outer.read_list();
    if (!in || !outer.empty()) return fail(BatchError::TransactionData);

    if (typed) {
        const auto id = in->read_u64();
        if (!id) return fail(BatchError::TransactionData);
        if (*id != chain_id) return fail(BatchError::WrongChainId);
    }
    Columns c;
    const auto nonce = in->read_u64();
    const auto prices = raw_prices(*in, *shape);
    const auto gas = in->read_u64();
    const auto to = in->read_string();
    const auto value = raw_value(*in);
    const auto rest = raw_data_and_lists(*in, *shape);
    const auto v = in->read_u256();
    const auto r = in->read_u256();
    const auto s = in->read_u256();
    if (!nonce || !prices || !gas || !to || !value || !rest || !v || !r || !s || !in->empty())
        return fail(BatchError::TransactionData);
    if (!to->empty() && to->size() != Address::SIZE) return fail(BatchError::TransactionData);
    if (to->empty() && shape->lists == 2) return fail(BatchError::TransactionData);  // EIP-7702: no contract creation
    c.nonce = *nonce;
    c.gas = *gas;
    c.to = *to;
    c.r = to_hash32(*r);
    c.s = to_hash32(*s);
    if (!typed) {
        if (!read_legacy_v(c, *v, chain_id)) return fail(BatchError::WrongChainId);
    } else {
        if (*v > U256(1)) return fail(BatchError::TransactionData);
        c.y_parity = *v == U256(1);
        datas.push_back(tx[0]);
    }
    codec::append_list_header(datas, value->size() + prices->size() + rest->size());
    for (const ByteView part : {*value, *prices, *rest}) append(datas, part);
    return c;
}

/// A row of tx_datas, still as the views of the fields that it carries.
struct DataRow {
    const Shape* shape = nullptr;
    ByteView value;
    ByteView prices;
    ByteView rest;
};

Result<DataRow, BatchError> take_data_row(ByteCursor& in) {
    if (in.empty()) return fail(BatchError::Truncated);
    const std::uint8_t first = in.rest()[0];
    const bool typed = first <= 0x7f;
    DataRow row;
    row.shape = find_shape(typed ? first : 0);
    if (row.shape == nullptr || (typed && first == 0)) return fail(BatchError::TransactionType);
    if (typed) (void)in.take(1);
    RlpReader reader(in.rest());
    if (reader.empty()) return fail(BatchError::Truncated);
    auto fields = reader.read_list();
    if (!fields) return fail(BatchError::TransactionData);
    const auto value = raw_value(*fields);
    const auto prices = raw_prices(*fields, *row.shape);
    const auto rest = raw_data_and_lists(*fields, *row.shape);
    if (!value || !prices || !rest || !fields->empty()) return fail(BatchError::TransactionData);
    row.value = *value;
    row.prices = *prices;
    row.rest = *rest;
    (void)in.take(in.remaining() - reader.rest().size());
    return row;
}

Bytes join(const Columns& c, const DataRow& row, std::uint64_t chain_id) {
    const bool typed = row.shape->type != 0;
    Bytes payload;
    payload.reserve(row.rest.size() + 160);
    if (typed) codec::append_uint(payload, chain_id);
    codec::append_uint(payload, c.nonce);
    append(payload, row.prices);
    codec::append_uint(payload, c.gas);
    codec::append_string(payload, c.to);
    append(payload, row.value);
    append(payload, row.rest);
    codec::append_uint(payload, typed ? U256(c.y_parity ? 1 : 0) : compute_v(c, chain_id));
    codec::append_uint(payload, to_u256(c.r));
    codec::append_uint(payload, to_u256(c.s));
    Bytes tx;
    tx.reserve(payload.size() + 10);
    if (typed) tx.push_back(row.shape->type);
    codec::append_list(tx, payload);
    return tx;
}

Result<Bitlist, BatchError> take_bits(ByteCursor& in, std::size_t count) {
    if (in.remaining() < count / 8 + (count % 8 != 0 ? 1 : 0)) return fail(BatchError::Truncated);
    auto bits = Bitlist::take(in, count);
    if (!bits) return fail(BatchError::NonCanonicalBits);
    return *std::move(bits);
}

/// tx_nonces or tx_gases.
Result<void, BatchError> take_numbers(ByteCursor& in, std::vector<Columns>& columns, std::uint64_t Columns::* field) {
    for (Columns& c : columns) {
        const auto number = in.take_uvarint();
        if (!number) return fail(BatchError::Truncated);
        c.*field = *number;
    }
    return {};
}

}  // namespace

Result<void, BatchError> append_span_transactions(Bytes& out, std::span<const Bytes> transactions,
                                                  std::uint64_t chain_id) {
    std::vector<Columns> columns;
    columns.reserve(transactions.size());
    std::vector<bool> legacy_protection;
    Bitlist creations(transactions.size()), parities(transactions.size());
    Bytes datas;
    for (const Bytes& tx : transactions) {
        TRY(const Columns c, split(tx, chain_id, datas));
        if (c.to.empty()) creations.set(columns.size());
        if (c.y_parity) parities.set(columns.size());
        if (tx[0] > 0x7f) legacy_protection.push_back(c.is_protected);
        columns.push_back(c);
    }
    Bitlist protections(legacy_protection.size());
    for (std::size_t i = 0; i < legacy_protection.size(); ++i)
        if (legacy_protection[i]) protections.set(i);

    append(out, creations.view());
    append(out, parities.view());
    for (const Columns& c : columns) {
        append(out, c.r.view());
        append(out, c.s.view());
    }
    for (const Columns& c : columns) append(out, c.to);
    append(out, datas);
    for (const Columns& c : columns) append_uvarint(out, c.nonce);
    for (const Columns& c : columns) append_uvarint(out, c.gas);
    append(out, protections.view());
    return {};
}

Result<std::vector<Bytes>, BatchError> take_span_transactions(ByteCursor& in, std::size_t count,
                                                              std::uint64_t chain_id) {
    constexpr std::size_t SIGNATURE_BYTES = 64;
    TRY(const Bitlist creations, take_bits(in, count));
    TRY(const Bitlist parities, take_bits(in, count));
    if (in.remaining() / SIGNATURE_BYTES < count)
        return fail(BatchError::Truncated);  // before anything of this size is allocated
    std::vector<Columns> columns(count);
    for (std::size_t i = 0; i < count; ++i) {
        const ByteView signature = *in.take(SIGNATURE_BYTES);
        columns[i].r = from_bytes<Hash32>(signature.first(32));
        columns[i].s = from_bytes<Hash32>(signature.last(32));
        columns[i].y_parity = parities.get(i);
    }
    for (std::size_t i = 0; i < count; ++i) {
        if (creations.get(i)) continue;
        const auto to = in.take(Address::SIZE);
        if (!to) return fail(BatchError::Truncated);
        columns[i].to = *to;
    }
    std::vector<DataRow> rows;
    rows.reserve(count);
    std::size_t legacy_count = 0;
    for (std::size_t i = 0; i < count; ++i) {
        TRY(const DataRow row, take_data_row(in));
        if (row.shape->lists == 2 && creations.get(i)) return fail(BatchError::TransactionData);
        if (row.shape->type == 0) ++legacy_count;
        rows.push_back(row);
    }
    TRY_VOID(take_numbers(in, columns, &Columns::nonce));
    TRY_VOID(take_numbers(in, columns, &Columns::gas));
    TRY(const Bitlist protections, take_bits(in, legacy_count));
    std::vector<Bytes> transactions;
    transactions.reserve(count);
    std::size_t legacy_index = 0;
    for (std::size_t i = 0; i < count; ++i) {
        if (rows[i].shape->type == 0) columns[i].is_protected = protections.get(legacy_index++);
        transactions.push_back(join(columns[i], rows[i], chain_id));
    }
    return transactions;
}

}  // namespace entresol::derive
