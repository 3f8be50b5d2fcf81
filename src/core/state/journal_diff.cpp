// The end of a transaction, and what changed.
#include "core/state/journal_impl.hpp"

namespace entresol::state {

void Journal::finish_transaction(const chain::Rules& rules) { impl_->close(&rules); }

void Journal::Impl::close(const chain::Rules* rules) {
    for (const auto index : touched) {
        CachedAccount& account = at(index);
        if (account.touched_in != transaction) continue;  // rolled back, or seen already
        account.touched_in = 0;
        // EIP-6780: from Cancun on, only what was created in the same transaction goes.
        const bool destroyed = rules != nullptr && account.destroyed_in == transaction &&
                               (!rules->at_least(chain::Fork::Cancun) || account.created_in == transaction);
        // EIP-161: touched and empty accounts are deleted.
        const bool emptied = rules != nullptr && rules->at_least(chain::Fork::SpuriousDragon) && account.now.exists &&
                             account.now.account.is_empty();
        if (destroyed || emptied) destroy(index);
        if (account.now != account.at_transaction_start) changes.push_back({index, CHANGED_ACCOUNT});
    }
    for (const Undo& entry : undo) {
        if (entry.kind == UndoKind::StorageWipe) note_wipe(entry.account);
        if (entry.kind != UndoKind::Storage) continue;
        StorageSlot& slot = at(entry.account).slots.value(entry.slot);
        if (slot.current == slot.original) continue;
        slot.original = slot.current;
        changes.push_back({entry.account, entry.slot});
    }
    touched.clear();
    undo.clear();
    old_codes.clear();
    transient.clear();
    refund = 0;
    newest_checkpoint = 0;
    ++transaction;
}

// After a wipe even a slot that holds what it held before is news: whoever applies the diff has lost it.
void Journal::Impl::note_wipe(std::uint32_t index) {
    changes.push_back({index, WIPED_STORAGE});
    CachedAccount& account = at(index);
    for (std::uint32_t i = 0; i < account.slots.size(); ++i) {
        const StorageSlot& slot = account.slots.value(i);
        if (!slot.current.is_zero() && slot.current == slot.original) changes.push_back({index, i});
    }
}

void Journal::Impl::destroy(std::uint32_t index) {
    CachedAccount& account = at(index);
    account.now = {};
    account.code = empty_code;
    account.storage_wiped = true;
    for (std::uint32_t i = 0; i < account.slots.size(); ++i) {
        StorageSlot& slot = account.slots.value(i);
        slot.current = slot.original = {};
    }
    if (account.at_transaction_start.exists) changes.push_back({index, WIPED_STORAGE});
}

StateDiff Journal::take_diff() {
    impl_->close(nullptr);
    StateDiff diff = impl_->build_diff(impl_->taken, DiffBase::BlockStart);
    for (std::size_t i = impl_->taken; i < impl_->changes.size(); ++i) {
        CachedAccount& account = impl_->at(impl_->changes[i].account);
        account.at_block_start = account.now;
        for (std::uint32_t s = 0; impl_->changes[i].slot == WIPED_STORAGE && s < account.slots.size(); ++s)
            account.slots.value(s).at_block_start = account.slots.value(s).current;
        if (impl_->changes[i].slot < WIPED_STORAGE) {
            StorageSlot& slot = account.slots.value(impl_->changes[i].slot);
            slot.at_block_start = slot.current;
        }
    }
    impl_->taken = impl_->changes.size();
    return diff;
}

StateDiff Journal::diff_since_mark() {
    impl_->close(nullptr);
    StateDiff diff = impl_->build_diff(impl_->marked, DiffBase::Mark);
    impl_->marked = impl_->changes.size();
    return diff;
}

StateDiff Journal::Impl::build_diff(std::size_t from, DiffBase base) {
    std::map<std::uint32_t, AccountDiff> parts;
    for (std::size_t i = from; i < changes.size(); ++i) {
        AccountDiff& part = parts[changes[i].account];
        if (changes[i].slot == WIPED_STORAGE) part.storage_cleared = true;
    }
    for (std::size_t i = from; i < changes.size(); ++i) {
        const auto [index, position] = changes[i];
        if (position >= WIPED_STORAGE) continue;
        AccountDiff& part = parts[index];
        const StorageSlot& slot = at(index).slots.value(position);
        const bool says_something = part.storage_cleared
                                        ? !slot.current.is_zero()
                                        : base == DiffBase::Mark || slot.current != slot.at_block_start;
        if (says_something) part.storage[at(index).slots.key(position)] = slot.current;
    }
    StateDiff diff;
    for (auto& [index, part] : parts) add_account_diff(diff, at(index), std::move(part), base);
    return diff;
}

void Journal::Impl::add_account_diff(StateDiff& diff, CachedAccount& account, AccountDiff part, DiffBase base) {
    if (base == DiffBase::BlockStart) {
        if (!account.now.exists && !account.at_block_start.exists) return;  // came and went within the block
        if (!account.at_block_start.exists) part.storage_cleared = false;   // there was none
        if (account.now == account.at_block_start && part.storage.empty() && !part.storage_cleared) return;
    }
    if (account.now.exists) {
        part.account = account.now.account;
        const bool new_code =
            base == DiffBase::Mark || account.now.account.code_hash != account.at_block_start.account.code_hash;
        if (new_code && account.now.account.code_hash != crypto::EMPTY_CODE_HASH && account.code != nullptr)
            diff.codes[account.now.account.code_hash] = account.code;
    } else {
        part.storage_cleared = true;
        part.storage.clear();
    }
    diff.accounts[account.address] = std::move(part);
}

}  // namespace entresol::state
