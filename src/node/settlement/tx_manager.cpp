#include "node/settlement/tx_manager.hpp"

#include <algorithm>

#include "core/base/check.hpp"
#include "core/base/hex.hpp"
#include "node/io/log.hpp"

namespace entresol::settlement {
namespace {

using l1::L1Error;
using l1::L1ErrorKind;
using l1::L1Result;

// geth's pools take a replacement only for so much more: 10 % on both fees (legacypool's PriceBump), for blobs 100 % on all three (blobpool's).
constexpr std::uint64_t NORMAL_BUMP_PERCENT = 10, BLOB_BUMP_PERCENT = 100;
constexpr std::uint64_t TRANSFER_GAS = 21'000;
constexpr std::size_t CELL_PROOFS_PER_BLOB = 128;  // EIP-7594

// Rounded up, and more than before even from zero.
U256 bumped(const U256& fee, std::uint64_t percent) { return fee + fee * U256{percent} / U256{100} + U256{1}; }

// A blob of zeros: its polynomial is zero, so that commitment and proofs are the point at infinity (compressed, ZCash flags).
chain::BlobSidecar empty_sidecar(std::uint8_t version) {
    chain::BlobSidecar sidecar{.version = version, .blobs = {Bytes(crypto::BYTES_PER_BLOB)}};
    crypto::KzgProof infinity;
    infinity.bytes[0] = 0xc0;
    sidecar.commitments.emplace_back().bytes[0] = 0xc0;
    sidecar.proofs.assign(version == 0 ? 1 : CELL_PROOFS_PER_BLOB, infinity);
    return sidecar;
}

void carry(chain::Transaction& tx, const chain::BlobSidecar& sidecar) {
    tx.blob_hashes.clear();
    for (const auto& commitment : sidecar.commitments)
        tx.blob_hashes.push_back(crypto::kzg_to_versioned_hash(commitment));
}

L1Error unknown(const TxManager::Ticket& ticket) {
    return {L1ErrorKind::NotFound, "nothing is under way with nonce " + std::to_string(ticket.nonce)};
}

}  // namespace

TxManager::TxManager(std::shared_ptr<l1::L1Client> client, const Hash32& key, std::uint64_t chain_id, Outbox outbox,
                     FeeCeiling ceiling)
    : client_(std::move(client)), key_(key), chain_id_(chain_id), outbox_(std::move(outbox)), ceiling_(ceiling) {
    const auto address = crypto::address_of_key(key);
    CHECK(address.has_value());
    sender_ = *address;
    for (auto& entry : outbox_.load()) {
        next_id_ = entry.id + 1;
        entries_.emplace(entry.id, std::move(entry));
    }
}

// Effects are recorded before they are sent.
void TxManager::sign_and_record(OutboxEntry& entry, std::vector<Hash32> OutboxEntry::* kind) {
    CHECK(chain::sign_transaction(entry.tx, key_));
    (entry.*kind).push_back(chain::transaction_hash(entry.tx));
    entry.delivered = false;
    outbox_.save(entry);
}

// A refusal is an answer as well: it is known already, or it will be replaced when it has waited long.
L1Result<void> TxManager::deliver(OutboxEntry& entry) {
    const auto sent = client_->send_raw(encode_raw(entry));
    entry.delivered = sent.has_value() || sent.error().kind == L1ErrorKind::Rejected;
    if (!sent) return fail(sent.error());
    return {};
}

L1Result<TxManager::Ticket> TxManager::send(TxRequest request) {
    TRY(auto nonce, client_->nonce(sender_, true));
    const auto is_taken = [&](const auto& each) { return !each.second.delivered && each.second.tx.nonce == nonce; };
    while (std::any_of(entries_.begin(), entries_.end(), is_taken)) ++nonce;  // L1 has not heard of it yet
    TRY(const auto fees, client_->suggest_fees());
    OutboxEntry entry;
    auto& tx = entry.tx;
    tx.type = request.sidecar ? chain::TxType::Blob : chain::TxType::DynamicFee;
    tx.chain_id = chain_id_;
    tx.nonce = nonce;
    tx.to = request.to;
    tx.data = std::move(request.data);
    tx.value = request.value;
    tx.max_fee_per_gas = std::min(fees.base_fee * U256{2} + fees.tip, ceiling_.max_fee_per_gas);
    tx.max_priority_fee_per_gas = std::min(fees.tip, tx.max_fee_per_gas);
    if (request.sidecar) {
        carry(tx, *request.sidecar);
        tx.max_fee_per_blob_gas =
            std::clamp(fees.blob_base_fee * U256{2}, U256{1}, std::max(U256{1}, ceiling_.max_fee_per_blob_gas));
        entry.sidecar = std::move(request.sidecar);
    }
    if (request.gas_limit) {
        tx.gas_limit = *request.gas_limit;
    } else {
        TRY(const auto estimate, client_->estimate_gas(sender_, *tx.to, tx.data, tx.value));
        tx.gas_limit = estimate + estimate / 5;
    }
    entry.id = next_id_++;
    entry.note = std::move(request.note);
    sign_and_record(entry, &OutboxEntry::hashes);
    auto& kept = entries_[entry.id] = std::move(entry);
    const Ticket ticket{kept.id, kept.tx.nonce};
    const auto delivered = deliver(kept);
    if (!delivered && delivered.error().kind == L1ErrorKind::Rejected) {
        settle(ticket);
        return fail(delivered.error());
    }
    return ticket;
}

L1Result<TxManager::Progress> TxManager::look(const OutboxEntry& entry) {
    for (const auto& hash : entry.hashes) {
        TRY(auto receipt, client_->find_receipt(hash));
        if (receipt) return Progress{receipt->succeeded ? State::Included : State::Failed, hash, std::move(*receipt)};
    }
    for (const auto& hash : entry.cancellations) {
        TRY(auto receipt, client_->find_receipt(hash));
        if (receipt) return Progress{State::Cancelled, hash, std::move(*receipt)};
    }
    return Progress{State::Waiting, entry.hashes.empty() ? Hash32{} : entry.hashes.back(), {}};
}

L1Result<TxManager::Progress> TxManager::check(const Ticket& ticket) {
    const auto it = entries_.find(ticket.id);
    if (it == entries_.end()) return fail(unknown(ticket));
    TRY(auto progress, look(it->second));
    if (progress.state != State::Waiting) return progress;
    TRY(const auto next_nonce, client_->nonce(sender_, false));
    if (next_nonce > ticket.nonce) {
        TRY(progress, look(it->second));  // it may have been included between the two questions
        if (progress.state == State::Waiting) progress.state = State::Lost;
        return progress;
    }
    if (it->second.delivered) {
        TRY(const auto pending_nonce, client_->nonce(sender_, true));
        if (pending_nonce > ticket.nonce) return progress;
        TRY_VOID(fill_gap_below(ticket.nonce));  // L1's pool forgot it, as after a reorg or when it was full
    }
    const auto delivered = deliver(it->second);
    if (!delivered && !it->second.delivered) return fail(delivered.error());
    return progress;
}

// False where the ceiling leaves no room for what pools demand.
L1Result<bool> TxManager::raise(chain::Transaction& tx) {
    TRY(const auto market, client_->suggest_fees());
    const bool blobs = tx.type == chain::TxType::Blob;
    const auto percent = blobs ? BLOB_BUMP_PERCENT : NORMAL_BUMP_PERCENT;
    const U256 least_fee = bumped(tx.max_fee_per_gas, percent),
               least_tip = bumped(tx.max_priority_fee_per_gas, percent);
    const U256 least_blob_fee = blobs ? bumped(tx.max_fee_per_blob_gas, percent) : U256{};
    if (least_fee > ceiling_.max_fee_per_gas || least_blob_fee > ceiling_.max_fee_per_blob_gas) return false;
    const U256 tip = std::max(least_tip, market.tip);
    tx.max_fee_per_gas = std::max(least_fee, std::min(market.base_fee * U256{2} + tip, ceiling_.max_fee_per_gas));
    tx.max_priority_fee_per_gas = std::min(tip, tx.max_fee_per_gas);
    if (blobs)
        tx.max_fee_per_blob_gas =
            std::max(least_blob_fee, std::min(market.blob_base_fee * U256{2}, ceiling_.max_fee_per_blob_gas));
    return true;
}

// A refusal ("underpriced", "nonce too low") leaves the earlier sending where it is; check() tells what became of it.
L1Result<void> TxManager::send_instead(OutboxEntry& entry, OutboxEntry newer) {
    entry = std::move(newer);
    auto delivered = deliver(entry);
    if (delivered || !entry.delivered) return delivered;
    io::log_info("tx", "a replacement was refused", {{"nonce", entry.tx.nonce}, {"reason", delivered.error().message}});
    return {};
}

// What a reorg took and L1's pool forgot was settled here long ago: its nonce stays open, and what was sent after it waits for ever.
L1Result<void> TxManager::fill_gap_below(std::uint64_t nonce) {
    constexpr std::size_t MOST = 16;  // at once
    for (std::size_t i = 0; i < MOST; ++i) {
        TRY(const auto next, client_->nonce(sender_, true));
        const auto is_ours = [&](const auto& each) { return each.second.tx.nonce == next; };
        if (next >= nonce || std::any_of(entries_.begin(), entries_.end(), is_ours)) return {};
        TRY(const auto filler, send({.to = sender_, .data = {}, .gas_limit = TRANSFER_GAS, .sidecar = std::nullopt}));
        settle(filler);
        io::log_warning("tx", "filled a nonce that L1 forgot", {{"nonce", filler.nonce}});
    }
    return {};
}

L1Result<void> TxManager::replace(const Ticket& ticket) {
    const auto it = entries_.find(ticket.id);
    if (it == entries_.end()) return fail(unknown(ticket));
    TRY_VOID(fill_gap_below(ticket.nonce));
    OutboxEntry newer = it->second;
    TRY(const bool raised, raise(newer.tx));
    if (!raised) return {};
    sign_and_record(newer, newer.cancellations.empty() ? &OutboxEntry::hashes : &OutboxEntry::cancellations);
    return send_instead(it->second, std::move(newer));
}

L1Result<void> TxManager::cancel(const Ticket& ticket) {
    const auto it = entries_.find(ticket.id);
    if (it == entries_.end()) return fail(unknown(ticket));
    if (!it->second.cancellations.empty()) return replace(ticket);
    OutboxEntry newer = it->second;
    auto& tx = newer.tx;
    TRY(const bool raised, raise(tx));
    if (!raised) return {};
    tx.to = sender_;
    tx.value = {};
    tx.data.clear();
    tx.gas_limit = TRANSFER_GAS;
    if (newer.sidecar) {
        newer.sidecar = empty_sidecar(newer.sidecar->version);
        carry(tx, *newer.sidecar);
    }
    sign_and_record(newer, &OutboxEntry::cancellations);
    io::log_info("tx", "cancelled", {{"nonce", tx.nonce}, {"l1_tx", to_hex(newer.cancellations.back())}});
    return send_instead(it->second, std::move(newer));
}

void TxManager::settle(const Ticket& ticket) {
    if (entries_.erase(ticket.id) != 0) outbox_.erase(ticket.id);
}

std::vector<TxManager::Unsettled> TxManager::unsettled() const {
    std::vector<Unsettled> out;
    for (const auto& [id, entry] : entries_) out.push_back({{id, entry.tx.nonce}, entry.note});
    return out;
}

}  // namespace entresol::settlement
