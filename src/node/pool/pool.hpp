// Transactions that wait: admission, replacement, eviction, order, and an answer to "why is my transaction not in a block?".
// Not thread-safe: lives on its chain's loop; snapshots for RPC are copies.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/base/result.hpp"
#include "core/chain/forks.hpp"
#include "core/chain/transaction.hpp"
#include "core/stf/transition.hpp"
#include "node/io/hash_seed.hpp"

namespace entresol::pool {

/// A transaction that passed every check that needs no state: decoded, signed, within limits, sender known.
struct CheckedTransaction {
    chain::Transaction tx;
    std::optional<chain::BlobSidecar> sidecar;
    Hash32 hash;
    Address sender;
    std::size_t size_bytes = 0;  // encoded, without sidecar
    std::uint64_t arrived_ms = 0;
    bool impersonated = false;  // a devnet's unsigned transaction
};
using TxPtr = std::shared_ptr<const CheckedTransaction>;

enum class PoolError : std::uint8_t {
    AlreadyKnown,
    NonceTooLow,
    NonceTooFar,
    ReplacementUnderpriced,
    InsufficientFunds,
    Underpriced,
    PoolFull,
    SenderLimit,
    OversizedData,
    GasLimitTooHigh,
    IntrinsicGas,
    FloorGas,
    InitcodeTooLarge,
    WrongChainId,
    TypeNotSupported,
    TipAboveFeeCap,
    InvalidSender,
    InvalidBlobs,
    EmptyAuthorizations,
    SetCodeCreate,
    SenderNotEoa,
    Unprotected,
};
[[nodiscard]] const char* to_string(PoolError error);
/// The words geth uses, so that tools which match on them keep working.
[[nodiscard]] std::string geth_message(PoolError error);

struct Limits {
    std::size_t max_transactions = 50'000;
    std::size_t max_per_sender = 4'096;
    std::size_t max_tx_bytes = 128 * 1024;  // as geth's txMaxSize
    std::size_t max_nonce_gap = 1'024;
    unsigned price_bump_percent = 10;
    unsigned blob_price_bump_percent = 100;
    U256 min_tip;
    std::uint64_t keep_reasons_ms = 24ULL * 3600 * 1000;
    std::size_t max_reasons = 100'000;
};

/// Checks that need no state. `block_gas_limit` bounds the transaction's gas.
[[nodiscard]] Result<void, PoolError> check_stateless(const chain::Transaction& tx, std::size_t size_bytes,
                                                      const chain::Rules& rules, std::uint64_t block_gas_limit,
                                                      const Limits& limits);

/// What the pool needs to know of a sender, at the newest state (previews included).
struct SenderState {
    std::uint64_t nonce = 0;
    U256 balance;
    bool is_eoa = true;
};
using SenderStateOf = std::function<SenderState(const Address&)>;

/// Where a transaction is, in words a person understands.
struct Whereabouts {
    enum class State : std::uint8_t {
        Unknown,
        Ready,
        NonceGap,
        FeeTooLow,
        BalanceTooLow,
        Included,
        Replaced,
        Evicted,
        Dropped
    };
    State state = State::Unknown;
    std::string reason;                                          // a sentence with the numbers
    std::optional<std::uint64_t> expected_nonce = std::nullopt;  // for NonceGap
    std::optional<Hash32> replaced_by = std::nullopt;
    std::optional<std::uint64_t> block_number = std::nullopt;
};
[[nodiscard]] const char* to_string(Whereabouts::State state);

class Pool {
public:
    Pool(const Limits& limits, SenderStateOf sender_state, std::function<std::uint64_t()> now_ms);

    Result<void, PoolError> add(const TxPtr& tx);
    [[nodiscard]] TxPtr find(const Hash32& hash) const;
    bool remove(const Hash32& hash, Whereabouts reason);
    /// What became of a transaction that is not here: one that add() refused, though it had been accepted before.
    void remember(const Hash32& hash, Whereabouts reason);
    void clear();

    /// A new block begins: its prices decide who is ready, and everyone set aside gets another chance.
    void next_round(const U256& base_fee, const U256& blob_base_fee);
    /// The best transaction for the block in progress whose nonce is its sender's next: highest tip first, then first come. Null when none is ready.
    [[nodiscard]] TxPtr best() const;
    /// The sender is passed over until the next round (its next transaction does not fit this block).
    void set_aside(const Address& address, std::string reason);

    /// Its nonce is used: takes it out, and everything of this sender below the next nonce.
    void mark_included(const Hash32& hash, std::uint64_t block_number);
    void mark_executed(const Address& address, std::uint64_t next_nonce);
    /// After a reorg or a revert: nonces of all senders are read anew.
    void refresh();

    [[nodiscard]] std::size_t size() const { return by_hash_.size(); }
    [[nodiscard]] Whereabouts why(const Hash32& hash) const;
    /// The nonce after all of the sender's consecutive transactions.
    [[nodiscard]] std::uint64_t pending_nonce(const Address& address) const;

    struct Content {
        std::map<Address, std::map<std::uint64_t, TxPtr>> pending;  // executable now, in a row
        std::map<Address, std::map<std::uint64_t, TxPtr>> queued;   // behind a gap
    };
    [[nodiscard]] Content content() const;

private:
    struct Queued {
        TxPtr tx;
        std::uint64_t arrival = 0;  // how many came before it
    };
    // Orders the heads of all senders' queues; `arrival` is the transaction's own and makes every key unique.
    struct Ready {
        U256 tip;
        std::uint64_t arrival;
        Address sender;
        bool operator<(const Ready& o) const {
            if (tip != o.tip) return tip > o.tip;
            return arrival < o.arrival;
        }
    };
    struct Sender {
        std::uint64_t next_nonce = 0;
        std::map<std::uint64_t, Queued> by_nonce;
        std::optional<std::string> set_aside;
        std::optional<Ready> ready;
    };
    [[nodiscard]] Result<void, PoolError> check_replacement(const CheckedTransaction& old_tx,
                                                            const CheckedTransaction& new_tx) const;
    [[nodiscard]] bool make_room(const CheckedTransaction& for_tx);
    void forget(const Hash32& hash, Whereabouts reason);
    void drop_below(const Address& address, Sender& sender, std::uint64_t nonce);
    /// Its entry, made with this next nonce where there is none.
    [[nodiscard]] Sender& sender_at(const Address& address, std::uint64_t nonce);
    void update_ready(const Address& address, Sender& sender);
    [[nodiscard]] std::optional<U256> tip_of(const chain::Transaction& tx) const;

    Limits limits_;
    SenderStateOf sender_state_;
    std::function<std::uint64_t()> now_ms_;
    U256 base_fee_;
    U256 blob_base_fee_;
    std::uint64_t arrivals_ = 0;
    std::set<Ready> ready_;
    std::unordered_map<Hash32, TxPtr, io::TableHash> by_hash_;
    std::unordered_map<Address, Sender, io::TableHash> senders_;
    struct Remembered {
        Whereabouts whereabouts;
        std::uint64_t until_ms;
    };
    std::unordered_map<Hash32, Remembered, io::TableHash> reasons_;
    std::vector<Hash32> reason_order_;  // oldest first from reason_head_
    std::size_t reason_head_ = 0;
};

}  // namespace entresol::pool
