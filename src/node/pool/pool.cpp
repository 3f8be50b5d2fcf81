#include "node/pool/pool.hpp"

#include <algorithm>

#include "core/base/hex.hpp"

namespace entresol::pool {
namespace {

using State = Whereabouts::State;

// Everything the sender could have to pay: gas, blob gas and value.
U256 max_cost(const chain::Transaction& tx) {
    constexpr std::uint64_t GAS_PER_BLOB = 1ULL << 17;  // EIP-4844
    return tx.max_fee_per_gas * U256{tx.gas_limit} +
           tx.max_fee_per_blob_gas * U256{tx.blob_hashes.size() * GAS_PER_BLOB} + tx.value;
}

bool is_bumped(const U256& old_price, const U256& new_price, unsigned percent) {
    return new_price * U256{100} >= old_price * U256{100 + percent};
}

}  // namespace

Pool::Pool(const Limits& limits, SenderStateOf sender_state, std::function<std::uint64_t()> now_ms)
    : limits_(limits), sender_state_(std::move(sender_state)), now_ms_(std::move(now_ms)) {}

Pool::Sender& Pool::sender_at(const Address& address, std::uint64_t nonce) {
    const auto [it, is_new] = senders_.try_emplace(address);
    if (is_new) it->second.next_nonce = nonce;
    return it->second;
}

Result<void, PoolError> Pool::check_replacement(const CheckedTransaction& old_tx,
                                                const CheckedTransaction& new_tx) const {
    const bool blobs = old_tx.tx.type == chain::TxType::Blob;
    const unsigned percent = blobs ? limits_.blob_price_bump_percent : limits_.price_bump_percent;
    const bool enough = is_bumped(old_tx.tx.max_fee_per_gas, new_tx.tx.max_fee_per_gas, percent) &&
                        is_bumped(old_tx.tx.max_priority_fee_per_gas, new_tx.tx.max_priority_fee_per_gas, percent) &&
                        (!blobs || is_bumped(old_tx.tx.max_fee_per_blob_gas, new_tx.tx.max_fee_per_blob_gas, percent));
    if (!enough) return fail(PoolError::ReplacementUnderpriced);
    return {};
}

Result<void, PoolError> Pool::add(const TxPtr& tx) {
    if (by_hash_.contains(tx->hash)) return fail(PoolError::AlreadyKnown);
    if (tx->tx.max_priority_fee_per_gas < limits_.min_tip) return fail(PoolError::Underpriced);
    if (tx->tx.type == chain::TxType::Blob &&
        tx->tx.max_fee_per_blob_gas.is_zero())  // MIN_BASE_FEE_PER_BLOB_GAS: never
        return fail(PoolError::Underpriced);
    const SenderState account = sender_state_(tx->sender);
    if (tx->tx.nonce < account.nonce) return fail(PoolError::NonceTooLow);
    if (tx->tx.nonce - account.nonce > limits_.max_nonce_gap) return fail(PoolError::NonceTooFar);
    if (!account.is_eoa && !tx->impersonated) return fail(PoolError::SenderNotEoa);
    if (account.balance < max_cost(tx->tx)) return fail(PoolError::InsufficientFunds);

    Sender& sender = sender_at(tx->sender, account.nonce);
    const auto same_nonce = sender.by_nonce.find(tx->tx.nonce);
    if (same_nonce != sender.by_nonce.end()) {
        TRY_VOID(check_replacement(*same_nonce->second.tx, *tx));
        forget(same_nonce->second.tx->hash, {.state = State::Replaced,
                                             .reason = "replaced by a transaction with a higher fee",
                                             .replaced_by = tx->hash});
    } else if (sender.by_nonce.size() >= limits_.max_per_sender) {
        return fail(PoolError::SenderLimit);
    } else if (by_hash_.size() >= limits_.max_transactions && !make_room(*tx)) {
        return fail(PoolError::PoolFull);
    }
    Sender& target = sender_at(tx->sender, account.nonce);  // make_room may have erased and rehashed
    target.by_nonce[tx->tx.nonce] = {tx, arrivals_++};
    by_hash_.emplace(tx->hash, tx);
    reasons_.erase(tx->hash);
    update_ready(tx->sender, target);
    return {};
}

std::optional<U256> Pool::tip_of(const chain::Transaction& tx) const {
    if (tx.max_fee_per_gas < base_fee_) return std::nullopt;
    if (tx.type == chain::TxType::Blob && tx.max_fee_per_blob_gas < blob_base_fee_) return std::nullopt;
    return std::min(tx.max_priority_fee_per_gas, tx.max_fee_per_gas - base_fee_);
}

void Pool::update_ready(const Address& address, Sender& sender) {
    if (sender.ready) ready_.erase(*sender.ready);
    sender.ready.reset();
    if (sender.set_aside) return;
    const auto head = sender.by_nonce.find(sender.next_nonce);
    if (head == sender.by_nonce.end()) return;
    const auto tip = tip_of(head->second.tx->tx);
    if (!tip) return;
    sender.ready = Ready{*tip, head->second.arrival, address};
    ready_.insert(*sender.ready);
}

// Evicts the transaction that is furthest from being included: behind a gap first, else the cheapest tail that pays less than the newcomer; of equals the
// one that came last.
bool Pool::make_room(const CheckedTransaction& for_tx) {
    TxPtr worst;
    bool worst_is_queued = false;
    std::uint64_t worst_arrival = 0;
    for (const auto& [address, sender] : senders_) {
        if (sender.by_nonce.empty() || address == for_tx.sender) continue;
        const auto& [tail, arrival] = sender.by_nonce.rbegin()->second;
        const bool queued = tail->tx.nonce - sender.next_nonce >= sender.by_nonce.size();
        const auto& tip = tail->tx.max_priority_fee_per_gas;
        if (worst == nullptr || (queued && !worst_is_queued) ||
            (queued == worst_is_queued && (tip < worst->tx.max_priority_fee_per_gas ||
                                           (tip == worst->tx.max_priority_fee_per_gas && arrival > worst_arrival)))) {
            worst = tail;
            worst_is_queued = queued;
            worst_arrival = arrival;
        }
    }
    if (worst == nullptr) return false;
    if (!worst_is_queued && worst->tx.max_priority_fee_per_gas >= for_tx.tx.max_priority_fee_per_gas) return false;
    forget(worst->hash, {.state = State::Evicted, .reason = "evicted: the pool was full and others pay more"});
    return true;
}

void Pool::forget(const Hash32& hash, Whereabouts reason) {
    const auto it = by_hash_.find(hash);
    if (it == by_hash_.end()) return;
    const TxPtr tx = it->second;
    by_hash_.erase(it);
    if (const auto sender = senders_.find(tx->sender); sender != senders_.end()) {
        sender->second.by_nonce.erase(tx->tx.nonce);
        update_ready(tx->sender, sender->second);
        if (sender->second.by_nonce.empty()) {
            if (sender->second.ready) ready_.erase(*sender->second.ready);
            senders_.erase(sender);
        }
    }
    remember(hash, std::move(reason));
}

void Pool::remember(const Hash32& hash, Whereabouts reason) {
    reasons_[hash] = {std::move(reason), now_ms_() + limits_.keep_reasons_ms};
    reason_order_.push_back(hash);
    while (reason_order_.size() - reason_head_ > limits_.max_reasons) reasons_.erase(reason_order_[reason_head_++]);
    if (reason_head_ > limits_.max_reasons) {
        reason_order_.erase(reason_order_.begin(), reason_order_.begin() + static_cast<std::ptrdiff_t>(reason_head_));
        reason_head_ = 0;
    }
}

TxPtr Pool::find(const Hash32& hash) const {
    const auto it = by_hash_.find(hash);
    return it == by_hash_.end() ? nullptr : it->second;
}

bool Pool::remove(const Hash32& hash, Whereabouts reason) {
    if (!by_hash_.contains(hash)) return false;
    forget(hash, std::move(reason));
    return true;
}

void Pool::clear() {
    by_hash_.clear();
    senders_.clear();
    ready_.clear();
}

void Pool::next_round(const U256& base_fee, const U256& blob_base_fee) {
    base_fee_ = base_fee;
    blob_base_fee_ = blob_base_fee;
    for (auto& [address, sender] : senders_) {
        sender.set_aside.reset();
        update_ready(address, sender);
    }
}

TxPtr Pool::best() const {
    if (ready_.empty()) return nullptr;
    const auto& sender = senders_.at(ready_.begin()->sender);
    return sender.by_nonce.at(sender.next_nonce).tx;
}

void Pool::set_aside(const Address& address, std::string reason) {
    const auto it = senders_.find(address);
    if (it == senders_.end()) return;
    it->second.set_aside = std::move(reason);
    update_ready(address, it->second);
}

void Pool::mark_included(const Hash32& hash, std::uint64_t block_number) {
    const auto tx = find(hash);
    if (tx == nullptr) return;
    // The sender's entry may vanish with its last transaction: nonces are read anew when it comes back.
    mark_executed(tx->sender, tx->tx.nonce + 1);
    const Whereabouts included{
        .state = State::Included, .reason = "in block " + std::to_string(block_number), .block_number = block_number};
    if (by_hash_.contains(hash)) return forget(hash, included);
    reasons_[hash].whereabouts = included;
}

void Pool::mark_executed(const Address& address, std::uint64_t next_nonce) {
    const auto it = senders_.find(address);
    if (it == senders_.end()) return;
    it->second.next_nonce = next_nonce;
    drop_below(address, it->second, next_nonce);
}

void Pool::drop_below(const Address& address, Sender& sender, std::uint64_t nonce) {
    std::vector<Hash32> stale;
    for (const auto& [tx_nonce, queued] : sender.by_nonce) {
        if (tx_nonce >= nonce) break;
        stale.push_back(queued.tx->hash);
    }
    if (stale.empty()) return update_ready(address, sender);
    for (const auto& hash : stale)
        forget(hash, {.state = State::Dropped, .reason = "its nonce was used by another transaction"});
    if (const auto it = senders_.find(address); it != senders_.end()) update_ready(address, it->second);
}

void Pool::refresh() {
    std::vector<std::pair<Address, std::uint64_t>> nonces;
    nonces.reserve(senders_.size());
    for (const auto& [address, sender] : senders_) nonces.emplace_back(address, sender_state_(address).nonce);
    for (const auto& [address, nonce] : nonces) mark_executed(address, nonce);
}

Whereabouts Pool::why(const Hash32& hash) const {
    const auto tx = find(hash);
    if (tx == nullptr) {
        const auto it = reasons_.find(hash);
        if (it == reasons_.end() || it->second.until_ms < now_ms_()) return {};
        return it->second.whereabouts;
    }
    const auto& sender = senders_.at(tx->sender);
    const auto next = sender.by_nonce.contains(sender.next_nonce) ? pending_nonce(tx->sender) : sender.next_nonce;
    if (tx->tx.nonce > next)
        return {.state = State::NonceGap,
                .reason = "waits for nonce " + std::to_string(next) + " of the same sender; its own nonce is " +
                          std::to_string(tx->tx.nonce),
                .expected_nonce = next};
    if (tx->tx.max_fee_per_gas < base_fee_)
        return {.state = State::FeeTooLow,
                .reason = "its fee cap " + to_decimal(tx->tx.max_fee_per_gas) + " wei is below the base fee " +
                          to_decimal(base_fee_) + " wei"};
    if (sender_state_(tx->sender).balance < max_cost(tx->tx))
        return {.state = State::BalanceTooLow,
                .reason = "the sender's balance no longer covers " + to_decimal(max_cost(tx->tx)) + " wei"};
    return {.state = State::Ready,
            .reason = sender.set_aside.value_or("executable; goes into the next mini-block with room")};
}

std::uint64_t Pool::pending_nonce(const Address& address) const {
    const auto it = senders_.find(address);
    if (it == senders_.end()) return sender_state_(address).nonce;
    auto nonce = it->second.next_nonce;
    while (it->second.by_nonce.contains(nonce)) ++nonce;
    return nonce;
}

Pool::Content Pool::content() const {
    Content content;
    for (const auto& [address, sender] : senders_) {
        const auto gap = pending_nonce(address);
        for (const auto& [nonce, queued] : sender.by_nonce)
            (nonce < gap ? content.pending : content.queued)[address].emplace(nonce, queued.tx);
    }
    return content;
}

}  // namespace entresol::pool
