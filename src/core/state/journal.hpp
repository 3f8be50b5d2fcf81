// The state of a block in progress: a cache over a view, with a journal of typed undo entries so that any call frame can be rolled back.
//
// Life: one Journal a block. begin_transaction() … checkpoint()/revert_to() by call frames … finish_transaction(); take_diff() at the end.
// Not thread-safe. References returned by it are valid until the next call that may load an account or slot.
#pragma once

#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/chain/forks.hpp"
#include "core/chain/receipt.hpp"
#include "core/state/account.hpp"
#include "core/state/diff.hpp"

namespace entresol::state {

enum class Warmth : std::uint8_t { Cold, Warm };  // before the access (EIP-2929)

struct StorageSlot {
    U256 current;
    U256 original;  // at the start of the transaction (EIP-2200)
    U256 at_block_start;
    std::uint32_t warm_in = 0;  // transaction number that warmed it; compared with the journal's
    std::uint32_t undo_at = 0;  // where the journal last noted how to undo a write; may be out of date
    bool loaded = false;        // warmed only, until someone reads it: an access list may name what a witness lacks
};

struct StorageWrite {
    U256 original;
    U256 current;  // before this write
    Warmth warmth;
};

/// When a credit (Journal::credit) is paid. Deferred: once something asks for the account, so that work that runs beside other work does not depend on a
/// balance that everyone raises and nobody reads.
enum class Credits : std::uint8_t { AtOnce, Deferred };

/// What an account that was never loaded has been given.
struct Credit {
    Address address;
    U256 amount;
    bool begins_with_nothing =
        false;                   // the first transaction gave zero: a touch, which deletes an empty account (EIP-161)
    std::uint32_t first_in = 0;  // number of that transaction
};

class Journal {
public:
    explicit Journal(StateView& view, Credits credits = Credits::AtOnce);
    ~Journal();
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;

    using Checkpoint = std::size_t;

    // --- transaction and frame boundaries
    void begin_transaction();
    [[nodiscard]] Checkpoint checkpoint() const;
    void revert_to(Checkpoint checkpoint);
    /// Destroys what self-destructed, deletes touched empty accounts (EIP-161 from Spurious Dragon), forgets transient storage and warmth, closes undo.
    void finish_transaction(const chain::Rules& rules);
    /// Everything changed since construction (or the last take_diff), and starts anew over the same cache.
    [[nodiscard]] StateDiff take_diff();
    /// Everything changed by the transactions finished since the last call of this function (for previews and traces); does not consume take_diff's.
    [[nodiscard]] StateDiff diff_since_mark();
    /// Forgets what diff_since_mark would tell.
    void mark();
    /// Between transactions: what another journal's transactions, run on this state, had as their diff. take_diff then tells what it would tell had they run
    /// here.
    void apply(const StateDiff& diff);
    /// Between transactions: what another journal deferred.
    void apply(const Credit& credit, const chain::Rules& rules);
    /// What was deferred and not asked for since. Nothing: an account that is empty was asked for after a credit of zero, which only the order of all
    /// transactions can decide.
    [[nodiscard]] std::optional<std::vector<Credit>> take_credits();

    // --- accounts
    [[nodiscard]] bool exists(const Address& address);
    [[nodiscard]] bool is_empty(const Address& address);  // absent counts as empty (EIP-161)
    [[nodiscard]] const U256& balance(const Address& address);
    [[nodiscard]] std::uint64_t nonce(const Address& address);
    [[nodiscard]] const Hash32& code_hash(const Address& address);  // zero hash when absent
    [[nodiscard]] const CodePtr& code(const Address& address);      // never null
    [[nodiscard]] std::optional<Account> find_account(const Address& address);
    /// True when a contract may be created here: no nonce, no code, no storage (EIP-684, EIP-7610).
    [[nodiscard]] bool is_free_for_creation(const Address& address);

    void add_balance(const Address& address, const U256& amount);  // touches the account
    /// As add_balance, for fees: the last thing that happens in a transaction, and deferred where the journal was made so.
    void credit(const Address& address, const U256& amount);
    /// False, and nothing changed, when the balance is too small.
    [[nodiscard]] bool sub_balance(const Address& address, const U256& amount);
    void set_balance(const Address& address, const U256& balance);
    void set_nonce(const Address& address, std::uint64_t nonce);
    void set_code(const Address& address, ByteView code);
    void touch(const Address& address);
    /// Marks a contract as created in this transaction (EIP-6780), clears what storage it had.
    void create_contract(const Address& address);
    [[nodiscard]] bool was_created_here(const Address& address);
    /// True the first time in this transaction (refunds before London count it once).
    bool mark_self_destructed(const Address& address);

    // --- storage
    [[nodiscard]] U256 load_storage(const Address& address, const U256& key);  // without warming
    [[nodiscard]] U256 load_original_storage(const Address& address, const U256& key);
    /// Reads and warms in one look-up.
    [[nodiscard]] U256 load_storage(const Address& address, const U256& key, Warmth& warmth_before);
    /// Writes and warms in one look-up; tells what EIP-2200 and EIP-3529 need to price it.
    StorageWrite store_storage(const Address& address, const U256& key, const U256& value);
    [[nodiscard]] U256 load_transient(const Address& address, const U256& key);  // EIP-1153
    void store_transient(const Address& address, const U256& key, const U256& value);
    [[nodiscard]] bool has_storage(const Address& address);
    /// All slots read as zero from here on (state overrides; creation does it by itself).
    void clear_storage(const Address& address);

    // --- warmth (EIP-2929)
    Warmth warm_account(const Address& address);
    Warmth warm_slot(const Address& address, const U256& key);

    // --- logs, refund counter
    void add_log(chain::Log log);
    [[nodiscard]] const std::vector<chain::Log>& logs() const;  // of the transaction, until the next begins
    /// Moves them out. Precondition: the transaction is finished.
    [[nodiscard]] std::vector<chain::Log> take_logs();
    void add_refund(std::int64_t gas);
    [[nodiscard]] std::int64_t refund() const;

    [[nodiscard]] Hash32 block_hash(std::uint64_t number);
    [[nodiscard]] StateView& view();
    [[nodiscard]] bool has_failed() const;  // the view could not read something

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace entresol::state
