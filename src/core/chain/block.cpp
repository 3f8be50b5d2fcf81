#include "core/chain/block.hpp"

#include "core/trie/trie.hpp"

namespace entresol::chain {
namespace {

using codec::RlpError;
using codec::RlpReader;

Result<Withdrawal, RlpError> read_withdrawal(RlpReader& list) {
    TRY(RlpReader in, list.read_list());
    Withdrawal withdrawal;
    TRY(withdrawal.index, in.read_u64());
    TRY(withdrawal.validator_index, in.read_u64());
    TRY(withdrawal.address, in.read_fixed<Address>());
    TRY(withdrawal.amount_gwei, in.read_u64());
    TRY_VOID(in.expect_end());
    return withdrawal;
}

/// In a block a legacy transaction is a list, a typed one a string (EIP-2718).
void append_transaction(Bytes& out, const Transaction& tx) {
    const Bytes encoded = encode(tx);
    if (tx.type == TxType::Legacy)
        append(out, encoded);
    else
        codec::append_string(out, encoded);
}

std::optional<Transaction> read_transaction(RlpReader& list) {
    const bool is_legacy = list.next_is_list();
    const auto encoded = is_legacy ? list.read_raw() : list.read_string();
    if (!encoded || encoded->empty()) return std::nullopt;
    if (!is_legacy && (*encoded)[0] >= 0xc0) return std::nullopt;  // a legacy transaction in a string
    auto tx = decode_transaction(*encoded);
    if (!tx) return std::nullopt;
    return std::move(*tx);
}

std::optional<std::vector<Transaction>> read_transactions(RlpReader& in) {
    auto list = in.read_list();
    if (!list) return std::nullopt;
    std::vector<Transaction> transactions;
    while (!list->empty()) {
        auto tx = read_transaction(*list);
        if (!tx) return std::nullopt;
        transactions.push_back(std::move(*tx));
    }
    return transactions;
}

std::optional<std::vector<Header>> read_ommers(RlpReader& in) {
    auto list = in.read_list();
    if (!list) return std::nullopt;
    std::vector<Header> ommers;
    while (!list->empty()) {
        const auto raw = list->read_raw();
        if (!raw) return std::nullopt;
        auto header = decode_header(*raw);
        if (!header) return std::nullopt;
        ommers.push_back(std::move(*header));
    }
    return ommers;
}

std::optional<std::vector<Withdrawal>> read_withdrawals(RlpReader& in) {
    auto list = in.read_list();
    if (!list) return std::nullopt;
    std::vector<Withdrawal> withdrawals;
    while (!list->empty()) {
        const auto withdrawal = read_withdrawal(*list);
        if (!withdrawal) return std::nullopt;
        withdrawals.push_back(*withdrawal);
    }
    return withdrawals;
}

template <typename T>
Hash32 compute_root_of(const std::vector<T>& items) {
    std::vector<Bytes> encoded;
    encoded.reserve(items.size());
    for (const auto& item : items) encoded.push_back(encode(item));
    return trie::compute_ordered_root(encoded);
}

}  // namespace

Bytes encode(const Withdrawal& withdrawal) {
    Bytes out;
    codec::append_uint(out, withdrawal.index);
    codec::append_uint(out, withdrawal.validator_index);
    codec::append_fixed(out, withdrawal.address);
    codec::append_uint(out, withdrawal.amount_gwei);
    codec::close_list(out, 0);
    return out;
}

Bytes encode(const Block& block) {
    Bytes out = encode(block.header);
    const std::size_t transactions_start = out.size();
    for (const auto& tx : block.transactions) append_transaction(out, tx);
    codec::close_list(out, transactions_start);
    const std::size_t ommers_start = out.size();
    for (const auto& ommer : block.ommers) append(out, encode(ommer));
    codec::close_list(out, ommers_start);
    if (block.withdrawals) {
        const std::size_t withdrawals_start = out.size();
        for (const auto& withdrawal : *block.withdrawals) append(out, encode(withdrawal));
        codec::close_list(out, withdrawals_start);
    }
    codec::close_list(out, 0);
    return out;
}

std::optional<Block> decode_block(ByteView rlp) {
    RlpReader outer(rlp);
    auto in = outer.read_list();
    if (!in || !outer.empty()) return std::nullopt;
    const auto raw_header = in->read_raw();
    if (!raw_header) return std::nullopt;
    auto header = decode_header(*raw_header);
    auto transactions = read_transactions(*in);
    if (!header || !transactions) return std::nullopt;
    auto ommers = read_ommers(*in);
    if (!ommers) return std::nullopt;
    Block block{std::move(*header), std::move(*transactions), std::move(*ommers), std::nullopt};
    if (in->empty()) return block;
    block.withdrawals = read_withdrawals(*in);
    if (!block.withdrawals || !in->empty()) return std::nullopt;
    return block;
}

Hash32 compute_transactions_root(const std::vector<Transaction>& transactions) { return compute_root_of(transactions); }
Hash32 compute_withdrawals_root(const std::vector<Withdrawal>& withdrawals) { return compute_root_of(withdrawals); }

}  // namespace entresol::chain
