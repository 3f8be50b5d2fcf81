// What a transaction or block changed, in an order that does not depend on hash tables.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "core/state/account.hpp"

namespace entresol::state {

struct AccountDiff {
    std::optional<Account> account;  // nothing: the account is gone
    bool storage_cleared = false;    // all old storage is gone before `storage` applies
    std::map<U256, U256> storage;    // slot → new value, only changed slots; zero deletes
};

struct StateDiff {
    std::map<Address, AccountDiff> accounts;
    std::map<Hash32, CodePtr> codes;  // new code by hash
    /// Applies `later` on top.
    void merge(const StateDiff& later);
    [[nodiscard]] bool is_empty() const { return accounts.empty(); }
};

}  // namespace entresol::state
