// Work that ran elsewhere: credits that wait until someone asks, and diffs of transactions that another journal ran on the same state.
#include <algorithm>

#include "core/state/journal_impl.hpp"

namespace entresol::state {

// ---------------------------------------------------------------- credits

void Journal::credit(const Address& address, const U256& amount) {
    if (!impl_->defers_credits || impl_->is_loaded(address)) return add_balance(address, amount);
    const auto found = std::ranges::find(impl_->credits, address, &Credit::address);
    if (found == impl_->credits.end()) {
        impl_->credits.push_back({address, amount, amount.is_zero(), impl_->transaction});
        return;
    }
    found->amount += amount;
    if (found->first_in == impl_->transaction && !amount.is_zero()) found->begins_with_nothing = false;
}

void Journal::Impl::pay_credit(std::uint32_t index) {
    CachedAccount& account = at(index);
    const auto credit = std::ranges::find(credits, account.address, &Credit::address);
    if (credit == credits.end()) return;
    if (credit->begins_with_nothing && account.now.account.is_empty()) credits_unclear = true;
    if (!credit->amount.is_zero()) {
        account.now.exists = true;
        account.now.account.balance += credit->amount;
        changes.push_back({index, CHANGED_ACCOUNT});
    }
    credits.erase(credit);
}

std::optional<std::vector<Credit>> Journal::take_credits() {
    if (impl_->credits_unclear) return std::nullopt;
    return std::exchange(impl_->credits, {});
}

void Journal::apply(const Credit& credit, const chain::Rules& rules) {
    if (credit.begins_with_nothing) {
        begin_transaction();
        touch(credit.address);
        finish_transaction(rules);
    }
    if (credit.amount.is_zero()) return;
    begin_transaction();
    add_balance(credit.address, credit.amount);
    finish_transaction(rules);
}

// ---------------------------------------------------------------- diffs

void Journal::mark() {
    impl_->close(nullptr);
    impl_->marked = impl_->changes.size();
}

void Journal::apply(const StateDiff& diff) {
    impl_->close(nullptr);
    for (const auto& [address, part] : diff.accounts) impl_->apply(address, part, diff.codes);
}

void Journal::Impl::apply(const Address& address, const AccountDiff& part, const std::map<Hash32, CodePtr>& codes) {
    const auto index = index_of(address);
    CachedAccount& account = load(index);
    if (!part.account || part.storage_cleared) {
        const AccountState before = account.now;
        const CodePtr code = account.code;
        account.at_transaction_start = before;
        destroy(index);
        if (part.account) account.now = before, account.code = code;  // only its storage went
    }
    const AccountState after = part.account ? AccountState{true, *part.account} : AccountState{};
    if (account.now != after || !part.account) {
        if (account.now.account.code_hash != after.account.code_hash) {
            const auto code = codes.find(after.account.code_hash);
            account.code = code == codes.end() ? nullptr : code->second;
        }
        account.now = after;
        changes.push_back({index, CHANGED_ACCOUNT});
    }
    account.at_transaction_start = account.now;
    apply_slots(index, part.storage);
}

void Journal::Impl::apply_slots(std::uint32_t index, const std::map<U256, U256>& slots) {
    CachedAccount& account = at(index);
    for (const auto& [key, value] : slots) {
        const auto position = account.slots.find_or_insert(key);
        StorageSlot& slot = load_slot(account, position);
        if (slot.current == value) continue;
        slot.current = slot.original = value;
        changes.push_back({index, position});
    }
}

}  // namespace entresol::state
