#include "node/settlement/tx_manager.hpp"

#include <algorithm>

#include "core/base/check.hpp"

namespace entresol::settlement {
namespace {

using l1::L1Result;

U256 percent(const U256& value, std::uint64_t p) { return value * U256{p} / U256{100} + U256{1}; }

}  // namespace

TxManager::TxManager(std::shared_ptr<l1::L1Client> client, const Hash32& key, std::uint64_t chain_id)
    : client_(std::move(client)), key_(key), chain_id_(chain_id) {
    const auto address = crypto::address_of_key(key);
    CHECK(address.has_value());
    sender_ = *address;
}

L1Result<Hash32> TxManager::sign_and_send(Sent& sent) {
    CHECK(chain::sign_transaction(sent.tx, key_));
    return client_->send_raw(sent.sidecar ? chain::encode_pooled(sent.tx, *sent.sidecar) : chain::encode(sent.tx));
}

L1Result<TxManager::Ticket> TxManager::send(TxRequest request) {
    TRY(const auto nonce, client_->nonce(sender_, true));
    TRY(const auto fees, client_->suggest_fees());
    Sent sent;
    auto& tx = sent.tx;
    tx.type = request.sidecar ? chain::TxType::Blob : chain::TxType::DynamicFee;
    tx.chain_id = chain_id_;
    tx.nonce = nonce;
    tx.to = request.to;
    tx.data = std::move(request.data);
    tx.max_priority_fee_per_gas = fees.tip;
    tx.max_fee_per_gas = fees.base_fee * U256{2} + fees.tip;
    if (request.sidecar) {
        for (const auto& commitment : request.sidecar->commitments)
            tx.blob_hashes.push_back(crypto::kzg_to_versioned_hash(commitment));
        tx.max_fee_per_blob_gas = std::max(fees.blob_base_fee * U256{2}, U256{1});
        sent.sidecar = std::move(request.sidecar);
    }
    if (request.gas_limit) {
        tx.gas_limit = *request.gas_limit;
    } else {
        TRY(const auto estimate, client_->estimate_gas(sender_, *tx.to, tx.data, U256{}));
        tx.gas_limit = estimate + estimate / 5;
    }
    TRY(const auto hash, sign_and_send(sent));
    std::erase_if(sent_, [nonce](const auto& entry) { return entry.first == nonce; });
    sent_.emplace_back(nonce, std::move(sent));
    return Ticket{nonce, {hash}};
}

L1Result<TxManager::Progress> TxManager::check(const Ticket& ticket) {
    for (const auto& hash : ticket.hashes) {
        TRY(auto receipt, client_->find_receipt(hash));
        if (!receipt) continue;
        std::erase_if(sent_, [&](const auto& entry) { return entry.first == ticket.nonce; });
        return Progress{receipt->succeeded ? State::Included : State::Failed, hash, std::move(*receipt)};
    }
    TRY(const auto next_nonce, client_->nonce(sender_, false));
    if (next_nonce > ticket.nonce) return Progress{State::Lost, ticket.hashes.back(), {}};
    return Progress{State::Waiting, ticket.hashes.back(), {}};
}

L1Result<void> TxManager::replace(Ticket& ticket) {
    const auto it =
        std::find_if(sent_.begin(), sent_.end(), [&](const auto& entry) { return entry.first == ticket.nonce; });
    if (it == sent_.end())
        return fail(
            l1::L1Error{l1::L1ErrorKind::NotFound, "nothing was sent with nonce " + std::to_string(ticket.nonce)});
    auto& tx = it->second.tx;
    const std::uint64_t bump = tx.type == chain::TxType::Blob ? 200 : 125;
    tx.max_priority_fee_per_gas = percent(tx.max_priority_fee_per_gas, bump);
    tx.max_fee_per_gas = percent(tx.max_fee_per_gas, bump);
    if (tx.type == chain::TxType::Blob) tx.max_fee_per_blob_gas = percent(tx.max_fee_per_blob_gas, bump);
    TRY(const auto hash, sign_and_send(it->second));
    ticket.hashes.push_back(hash);
    return {};
}

}  // namespace entresol::settlement
