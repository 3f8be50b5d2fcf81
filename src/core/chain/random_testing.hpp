// For tests: random well-formed transactions and receipts of every type.
#pragma once

#include <random>

#include "core/chain/receipt.hpp"

namespace entresol::chain {

inline constexpr TxType ALL_TYPES[] = {TxType::Legacy, TxType::AccessList, TxType::DynamicFee,
                                       TxType::Blob,   TxType::SetCode,    TxType::Deposit};

class RandomData {
public:
    explicit RandomData(std::uint64_t seed) : random_(seed) {}

    std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
    /// Small and large ones, so that every encoded length occurs.
    std::uint64_t u64() { return random_() >> below(64); }
    U256 u256() { return U256{random_(), random_(), random_(), random_()} >> static_cast<unsigned>(below(256)); }
    Bytes bytes(std::size_t size) {
        Bytes out(size);
        for (auto& byte : out) byte = static_cast<std::uint8_t>(random_());
        return out;
    }
    template <typename T>
    T fixed() {
        return from_bytes<T>(bytes(T::SIZE));
    }
    template <typename T>
    std::vector<T> fixed_list(std::uint64_t max) {
        std::vector<T> list(below(max + 1));
        for (auto& item : list) item = fixed<T>();
        return list;
    }
    crypto::Signature signature() {
        return {(u256() >> 1) + U256{1}, (u256() >> 1) + U256{1}, static_cast<std::uint8_t>(below(2))};
    }

    Transaction transaction(TxType type) {
        Transaction tx;
        tx.type = type;
        tx.gas_limit = u64();
        tx.value = u256();
        tx.data = bytes(below(300));
        const bool needs_recipient = type == TxType::Blob || type == TxType::SetCode;
        if (needs_recipient || below(4) != 0) tx.to = fixed<Address>();
        if (type == TxType::Deposit) return deposit(std::move(tx));
        tx.nonce = u64();
        if (type != TxType::Legacy || below(2) == 0) tx.chain_id = u64();
        tx.max_fee_per_gas = tx.max_priority_fee_per_gas = u256();
        tx.signature = signature();
        if (type == TxType::Legacy) return tx;
        for (std::uint64_t n = below(3); n > 0; --n)
            tx.access_list.push_back({fixed<Address>(), fixed_list<Hash32>(3)});
        if (type != TxType::AccessList) tx.max_priority_fee_per_gas = u256();
        if (type == TxType::Blob) {
            tx.max_fee_per_blob_gas = u256();
            tx.blob_hashes = fixed_list<Hash32>(6);
        }
        if (type == TxType::SetCode)
            for (std::uint64_t n = below(3); n > 0; --n) tx.authorizations.push_back(authorization());
        return tx;
    }

    Receipt receipt(TxType type) {
        Receipt receipt;
        receipt.type = type;
        receipt.succeeded = below(2) == 0;
        if (type == TxType::Legacy && receipt.succeeded && below(2) == 0) {
            receipt.succeeded = false;
            receipt.post_state = fixed<Hash32>();
        }
        receipt.cumulative_gas_used = u64();
        for (std::uint64_t n = below(4); n > 0; --n)
            receipt.logs.push_back({fixed<Address>(), fixed_list<Hash32>(4), bytes(below(100))});
        receipt.bloom = compute_bloom(receipt.logs);
        if (type == TxType::Deposit && below(3) != 0) {
            receipt.deposit_nonce = u64();
            if (below(2) == 0) receipt.deposit_receipt_version = 1;
        }
        return receipt;
    }

private:
    Transaction deposit(Transaction tx) {
        tx.source_hash = fixed<Hash32>();
        tx.from = fixed<Address>();
        tx.mint = below(2) == 0 ? U256{} : u256();
        tx.is_system = below(2) == 0;
        return tx;
    }
    Authorization authorization() {
        Authorization item;
        item.chain_id = u256();
        item.address = fixed<Address>();
        item.nonce = u64();
        item.signature = {u256(), u256(), static_cast<std::uint8_t>(below(2))};
        item.y_parity = U256{item.signature.y_parity};
        return item;
    }

    std::mt19937_64 random_;
};

}  // namespace entresol::chain
