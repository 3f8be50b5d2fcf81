// The journal's insides, shared by journal.cpp (accounts, storage, undo) and journal_diff.cpp (end of a transaction, diffs).
#pragma once

#include "core/base/seeded_hash.hpp"
#include "core/state/journal.hpp"
#include "core/state/open_map.hpp"

namespace entresol::state {

using TransactionNumber = std::uint32_t;  // from 1; a stamp of 0 never equals the running one

struct AccountState {
    bool exists = false;
    Account account;  // default while absent
    bool operator==(const AccountState&) const = default;
};

struct CachedAccount {
    CachedAccount(const Address& a, SeededHash hash) : address(a), slots(hash) {}

    Address address;
    bool loaded = false;         // warmed only, until someone asks
    bool in_view = false;        // the view has it, so it may have storage there
    bool storage_wiped = false;  // the view's storage no longer shows
    AccountState now;
    AccountState at_transaction_start;  // set with touched_in
    AccountState at_block_start;
    CodePtr code;  // null until asked
    TransactionNumber warm_in = 0;
    TransactionNumber touched_in = 0;
    TransactionNumber created_in = 0;
    TransactionNumber destroyed_in = 0;
    OpenMap<U256, StorageSlot, SeededHash> slots;
};

[[nodiscard]] inline U256 words_of(const Address& a) {
    return {load_be64(a.data()), load_be64(a.data() + 8), load_be32(a.data() + 16), 0};
}
/// As operator==, without a call: every access to state asks.
[[nodiscard]] inline bool is_same(const Address& a, const Address& b) { return words_of(a) == words_of(b); }

struct TransientKey {
    Address address;
    U256 key;
    bool operator==(const TransientKey&) const = default;
};
struct TransientKeyHash {
    SeededHash hash;
    std::size_t operator()(const TransientKey& k) const { return hash(k.address, k.key); }
};
struct TransientSlot {
    U256 value;
    std::uint32_t undo_at = 0;  // as in StorageSlot
};

enum class UndoKind : std::uint8_t {
    Existence,
    Balance,
    Nonce,
    Code,
    Touch,
    Creation,
    SelfDestruct,
    StorageWipe,
    Storage,
    SlotWarmth,
    AccountWarmth,
    Transient,
    Log,
    Refund,
};

struct Undo {
    UndoKind kind;
    std::uint32_t account = 0;  // index, as is slot
    std::uint32_t slot = 0;
    U256 old;  // balance, nonce, storage value, refund counter
};

/// What a finished transaction changed: a slot by index, or one of the two marks below.
struct Change {
    std::uint32_t account;
    std::uint32_t slot;
};
inline constexpr std::uint32_t CHANGED_ACCOUNT = ~std::uint32_t{0};
inline constexpr std::uint32_t WIPED_STORAGE = ~std::uint32_t{0} - 1;

struct OldCode {
    Hash32 hash;
    CodePtr code;
};

enum class DiffBase : std::uint8_t { BlockStart, Mark };

struct Journal::Impl {
    Impl(StateView& v, Credits c)
        : view(v),
          hash(v.hash_seed()),
          empty_code(make_code({})),
          accounts(hash),
          transient(TransientKeyHash{hash}),
          defers_credits(c == Credits::Deferred) {}

    StateView& view;
    SeededHash hash;
    CodePtr empty_code;
    OpenMap<Address, std::unique_ptr<CachedAccount>, SeededHash>
        accounts;  // pointers stay valid for the journal's life
    std::vector<Undo> undo;
    std::vector<OldCode> old_codes;      // one for each UndoKind::Code, in order
    std::vector<std::uint32_t> touched;  // in this transaction, with repetitions after roll-backs
    std::vector<Change> changes;         // of finished transactions, since the journal began
    std::size_t taken = 0;               // changes that take_diff has told
    std::size_t marked = 0;              // changes that diff_since_mark has told
    OpenMap<TransientKey, TransientSlot, TransientKeyHash> transient;
    std::vector<chain::Log> logs;
    std::int64_t refund = 0;
    std::uint32_t refund_undo_at = 0;   // as in StorageSlot
    std::size_t newest_checkpoint = 0;  // none that is still in use lies behind it
    TransactionNumber transaction = 1;
    bool defers_credits;
    bool credits_unclear = false;  // see take_credits
    std::vector<Credit> credits;   // of accounts that nobody has loaded: a handful
    std::uint32_t last = 0;        // the account found last: runs of accesses go to one contract

    std::uint32_t index_of(const Address& address);
    CachedAccount& at(std::uint32_t index) { return *accounts.value(index); }
    CachedAccount& load(std::uint32_t index);
    [[nodiscard]] bool is_loaded(const Address& address) { return at(index_of(address)).loaded; }
    /// Pays what was deferred to an account that is being loaded.
    void pay_credit(std::uint32_t index);
    void apply(const Address& address, const AccountDiff& part, const std::map<Hash32, CodePtr>& codes);
    void apply_slots(std::uint32_t index, const std::map<U256, U256>& slots);
    CachedAccount& load(const Address& address) { return load(index_of(address)); }
    const CodePtr& load_code(CachedAccount& account);
    StorageSlot& load_slot(CachedAccount& account, std::uint32_t slot);
    Warmth warm(std::uint32_t account, std::uint32_t slot);
    void push(UndoKind kind, std::uint32_t account, std::uint32_t slot = 0, const U256& old = {}) {
        undo.push_back({kind, account, slot, old});
    }

    /// True when the undo list has, since the newest checkpoint, what this entry would say again: any roll-back from here on undoes the first write.
    [[nodiscard]] bool is_noted(std::uint32_t at, UndoKind kind, std::uint32_t account, std::uint32_t slot) const {
        if (at < newest_checkpoint || at >= undo.size()) return false;
        const Undo& entry = undo[at];
        return entry.kind == kind && entry.account == account && entry.slot == slot;
    }
    /// Pushes unless it is noted; `at` remembers where.
    void note(std::uint32_t& at, UndoKind kind, std::uint32_t account, std::uint32_t slot, const U256& old) {
        if (is_noted(at, kind, account, slot)) return;
        CHECK(undo.size() < ~std::uint32_t{0});
        at = static_cast<std::uint32_t>(undo.size());
        push(kind, account, slot, old);
    }

    /// Loads, and makes the account exist and count as touched; every change to an account goes through here first.
    CachedAccount& touch(std::uint32_t index);
    void wipe_storage(std::uint32_t index);
    void undo_one(const Undo& entry);
    void undo_account(const Undo& entry, CachedAccount& account);

    /// Ends a transaction; without rules nothing is deleted (changes made between transactions).
    void close(const chain::Rules* rules);
    void destroy(std::uint32_t index);
    void note_wipe(std::uint32_t index);
    StateDiff build_diff(std::size_t from, DiffBase base);
    void add_account_diff(StateDiff& diff, CachedAccount& account, AccountDiff part, DiffBase base);
};

}  // namespace entresol::state
