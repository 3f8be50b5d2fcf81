#include "core/state/journal.hpp"

#include "core/state/journal_impl.hpp"

namespace entresol::state {

namespace {
/// Touching the RIPEMD-160 precompile outlives a roll-back: consensus since mainnet block 2675119, where the empty account 0x3 was deleted
/// although the call had run out of gas (EIP-161, addendum).
bool survives_revert(const Address& address) {
    for (std::size_t i = 0; i < 19; ++i)
        if (address.bytes[i] != 0) return false;
    return address.bytes[19] == 3;
}
}  // namespace

// ---------------------------------------------------------------- look-ups

std::uint32_t Journal::Impl::index_of(const Address& address) {
    if (last < accounts.size() && is_same(accounts.key(last), address)) return last;
    last = accounts.find_or_insert(address);
    auto& slot = accounts.value(last);
    if (slot == nullptr) slot = std::make_unique<CachedAccount>(address, hash);
    return last;
}

CachedAccount& Journal::Impl::load(std::uint32_t index) {
    CachedAccount& account = at(index);
    if (account.loaded) return account;
    account.loaded = true;
    if (const auto found = view.find_account(account.address)) {
        account.in_view = true;
        account.now = {true, *found};
    }
    account.at_block_start = account.now;
    if (!credits.empty()) pay_credit(index);
    account.at_transaction_start = account.now;
    return account;
}

const CodePtr& Journal::Impl::load_code(CachedAccount& account) {
    if (account.code != nullptr) return account.code;
    if (account.now.account.code_hash != crypto::EMPTY_CODE_HASH)
        account.code = view.load_code(account.now.account.code_hash);
    if (account.code == nullptr) account.code = empty_code;  // no code, or a view that failed and says so
    return account.code;
}

StorageSlot& Journal::Impl::load_slot(CachedAccount& account, std::uint32_t slot) {
    StorageSlot& s = account.slots.value(slot);
    if (s.loaded) return s;
    s.loaded = true;
    if (account.in_view && !account.storage_wiped)
        s.current = view.load_storage(account.address, account.slots.key(slot));
    s.original = s.at_block_start = s.current;
    return s;
}

// ---------------------------------------------------------------- boundaries and undo

Journal::Journal(StateView& view, Credits credits) : impl_(std::make_unique<Impl>(view, credits)) {}
Journal::~Journal() = default;

void Journal::begin_transaction() {
    impl_->close(nullptr);
    impl_->logs.clear();
}

Journal::Checkpoint Journal::checkpoint() const { return impl_->newest_checkpoint = impl_->undo.size(); }

void Journal::revert_to(Checkpoint checkpoint) {
    auto& undo = impl_->undo;
    CHECK(checkpoint <= undo.size());
    while (undo.size() > checkpoint) {
        impl_->undo_one(undo.back());
        undo.pop_back();
    }
}

void Journal::Impl::undo_one(const Undo& entry) {
    switch (entry.kind) {
        case UndoKind::Log: logs.pop_back(); return;
        case UndoKind::Refund: refund = static_cast<std::int64_t>(entry.old.limb[0]); return;
        case UndoKind::Transient: transient.value(entry.slot).value = entry.old; return;
        default: undo_account(entry, at(entry.account)); return;
    }
}

void Journal::Impl::undo_account(const Undo& entry, CachedAccount& account) {
    switch (entry.kind) {
        case UndoKind::Existence: account.now = {}; break;
        case UndoKind::Balance: account.now.account.balance = entry.old; break;
        case UndoKind::Nonce: account.now.account.nonce = entry.old.limb[0]; break;
        case UndoKind::Code:
            account.now.account.code_hash = old_codes.back().hash;
            account.code = std::move(old_codes.back().code);
            old_codes.pop_back();
            break;
        case UndoKind::Touch:
            if (!survives_revert(account.address)) account.touched_in = 0;
            break;
        case UndoKind::Creation: account.created_in = 0; break;
        case UndoKind::SelfDestruct: account.destroyed_in = 0; break;
        case UndoKind::StorageWipe:
            account.storage_wiped = false;
            for (std::uint32_t i = entry.slot; i < account.slots.size(); ++i)
                account.slots.value(i).loaded = false;  // read as zero meanwhile
            break;
        case UndoKind::Storage: account.slots.value(entry.slot).current = entry.old; break;
        case UndoKind::SlotWarmth: account.slots.value(entry.slot).warm_in = 0; break;
        case UndoKind::AccountWarmth: account.warm_in = 0; break;
        case UndoKind::Log:
        case UndoKind::Refund:
        case UndoKind::Transient: CHECK(false);
    }
}

// ---------------------------------------------------------------- accounts

CachedAccount& Journal::Impl::touch(std::uint32_t index) {
    CachedAccount& account = load(index);
    if (account.touched_in != transaction) {
        account.touched_in = transaction;
        account.at_transaction_start = account.now;
        touched.push_back(index);
        push(UndoKind::Touch, index);
    }
    if (!account.now.exists) {
        account.now.exists = true;
        account.code = empty_code;
        push(UndoKind::Existence, index);
    }
    return account;
}

bool Journal::exists(const Address& address) { return impl_->load(address).now.exists; }
bool Journal::is_empty(const Address& address) { return impl_->load(address).now.account.is_empty(); }
const U256& Journal::balance(const Address& address) { return impl_->load(address).now.account.balance; }
std::uint64_t Journal::nonce(const Address& address) { return impl_->load(address).now.account.nonce; }
const CodePtr& Journal::code(const Address& address) { return impl_->load_code(impl_->load(address)); }

const Hash32& Journal::code_hash(const Address& address) {
    static constexpr Hash32 ZERO{};
    const auto& now = impl_->load(address).now;
    return now.exists ? now.account.code_hash : ZERO;
}

std::optional<Account> Journal::find_account(const Address& address) {
    const auto& now = impl_->load(address).now;
    if (!now.exists) return std::nullopt;
    return now.account;
}

bool Journal::is_free_for_creation(const Address& address) {
    const auto& account = impl_->load(address).now.account;
    return account.nonce == 0 && account.code_hash == crypto::EMPTY_CODE_HASH && !has_storage(address);
}

void Journal::set_balance(const Address& address, const U256& balance) {
    const auto index = impl_->index_of(address);
    auto& account = impl_->touch(index);
    impl_->push(UndoKind::Balance, index, 0, account.now.account.balance);
    account.now.account.balance = balance;
}

void Journal::add_balance(const Address& address, const U256& amount) {
    if (amount.is_zero()) return touch(address);
    set_balance(address, balance(address) + amount);
}

bool Journal::sub_balance(const Address& address, const U256& amount) {
    const U256 before = balance(address);
    if (before < amount) return false;
    if (!amount.is_zero()) set_balance(address, before - amount);
    return true;
}

void Journal::set_nonce(const Address& address, std::uint64_t nonce) {
    const auto index = impl_->index_of(address);
    auto& account = impl_->touch(index);
    impl_->push(UndoKind::Nonce, index, 0, account.now.account.nonce);
    account.now.account.nonce = nonce;
}

void Journal::set_code(const Address& address, ByteView code) {
    const auto index = impl_->index_of(address);
    auto& account = impl_->touch(index);
    impl_->push(UndoKind::Code, index);
    impl_->old_codes.push_back({account.now.account.code_hash, std::move(account.code)});
    account.now.account.code_hash = code.empty() ? crypto::EMPTY_CODE_HASH : crypto::keccak256(code);
    account.code = code.empty() ? impl_->empty_code : make_code(code);
}

void Journal::touch(const Address& address) { impl_->touch(impl_->index_of(address)); }

void Journal::create_contract(const Address& address) {
    const auto index = impl_->index_of(address);
    auto& account = impl_->touch(index);
    if (account.created_in != impl_->transaction) {
        impl_->push(UndoKind::Creation, index);
        account.created_in = impl_->transaction;
    }
    if (has_storage(address)) impl_->wipe_storage(index);
}

bool Journal::was_created_here(const Address& address) { return impl_->load(address).created_in == impl_->transaction; }

bool Journal::mark_self_destructed(const Address& address) {
    const auto index = impl_->index_of(address);
    auto& account = impl_->touch(index);
    if (account.destroyed_in == impl_->transaction) return false;
    impl_->push(UndoKind::SelfDestruct, index);
    account.destroyed_in = impl_->transaction;
    return true;
}

// ---------------------------------------------------------------- storage

void Journal::Impl::wipe_storage(std::uint32_t index) {
    CachedAccount& account = load(index);
    for (std::uint32_t i = 0; i < account.slots.size(); ++i) {
        StorageSlot& slot = load_slot(account, i);
        if (slot.current.is_zero()) continue;
        push(UndoKind::Storage, index, i, slot.current);
        slot.current = {};
    }
    if (account.storage_wiped) return;
    push(UndoKind::StorageWipe, index, account.slots.size());
    account.storage_wiped = true;
}

void Journal::clear_storage(const Address& address) {
    const auto index = impl_->index_of(address);
    impl_->touch(index);
    impl_->wipe_storage(index);
}

bool Journal::has_storage(const Address& address) {
    auto& account = impl_->load(address);
    for (std::uint32_t i = 0; i < account.slots.size(); ++i)
        if (!account.slots.value(i).current.is_zero()) return true;
    return account.in_view && !account.storage_wiped && impl_->view.has_storage(address);
}

U256 Journal::load_storage(const Address& address, const U256& key) {
    auto& account = impl_->load(address);
    return impl_->load_slot(account, account.slots.find_or_insert(key)).current;
}

U256 Journal::load_original_storage(const Address& address, const U256& key) {
    auto& account = impl_->load(address);
    return impl_->load_slot(account, account.slots.find_or_insert(key)).original;
}

U256 Journal::load_storage(const Address& address, const U256& key, Warmth& warmth_before) {
    const auto index = impl_->index_of(address);
    auto& account = impl_->load(index);
    const auto slot = account.slots.find_or_insert(key);
    warmth_before = impl_->warm(index, slot);
    return impl_->load_slot(account, slot).current;
}

StorageWrite Journal::store_storage(const Address& address, const U256& key, const U256& value) {
    const auto index = impl_->index_of(address);
    auto& account = impl_->load(index);
    const auto position = account.slots.find_or_insert(key);
    const Warmth warmth = impl_->warm(index, position);
    StorageSlot& slot = impl_->load_slot(account, position);
    const StorageWrite result{slot.original, slot.current, warmth};
    if (value != slot.current) {
        impl_->note(slot.undo_at, UndoKind::Storage, index, position, slot.current);
        slot.current = value;
    }
    return result;
}

U256 Journal::load_transient(const Address& address, const U256& key) {
    const auto position = impl_->transient.find({address, key});
    return position == impl_->transient.NOT_FOUND ? U256{} : impl_->transient.value(position).value;
}

void Journal::store_transient(const Address& address, const U256& key, const U256& value) {
    const auto position = impl_->transient.find_or_insert({address, key});
    TransientSlot& slot = impl_->transient.value(position);
    impl_->note(slot.undo_at, UndoKind::Transient, 0, position, slot.value);
    slot.value = value;
}

// ---------------------------------------------------------------- warmth, logs, refund

Warmth Journal::Impl::warm(std::uint32_t account, std::uint32_t slot) {
    auto& warm_in = at(account).slots.value(slot).warm_in;
    if (warm_in == transaction) return Warmth::Warm;
    warm_in = transaction;
    push(UndoKind::SlotWarmth, account, slot);
    return Warmth::Cold;
}

Warmth Journal::warm_account(const Address& address) {
    const auto index = impl_->index_of(address);  // not loaded: an access list may name what nobody reads
    auto& account = impl_->at(index);
    if (account.warm_in == impl_->transaction) return Warmth::Warm;
    account.warm_in = impl_->transaction;
    impl_->push(UndoKind::AccountWarmth, index);
    return Warmth::Cold;
}

Warmth Journal::warm_slot(const Address& address, const U256& key) {
    const auto index = impl_->index_of(address);
    return impl_->warm(index, impl_->at(index).slots.find_or_insert(key));
}

void Journal::add_log(chain::Log log) {
    impl_->logs.push_back(std::move(log));
    impl_->push(UndoKind::Log, 0);
}
const std::vector<chain::Log>& Journal::logs() const { return impl_->logs; }
std::vector<chain::Log> Journal::take_logs() {
    CHECK(impl_->undo.empty());  // no roll-back may look for them afterwards
    return std::exchange(impl_->logs, {});
}

void Journal::add_refund(std::int64_t gas) {
    impl_->note(impl_->refund_undo_at, UndoKind::Refund, 0, 0, U256{static_cast<std::uint64_t>(impl_->refund)});
    impl_->refund += gas;
}
std::int64_t Journal::refund() const { return impl_->refund; }

Hash32 Journal::block_hash(std::uint64_t number) { return impl_->view.load_block_hash(number); }
StateView& Journal::view() { return impl_->view; }
bool Journal::has_failed() const { return impl_->view.has_failed(); }

}  // namespace entresol::state
