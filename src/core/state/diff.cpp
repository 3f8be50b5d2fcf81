#include "core/state/diff.hpp"

namespace entresol::state {

void StateDiff::merge(const StateDiff& later) {
    for (const auto& [address, part] : later.accounts) {
        AccountDiff& mine = accounts[address];
        mine.account = part.account;
        if (part.storage_cleared) {
            mine.storage_cleared = true;
            mine.storage.clear();
        }
        for (const auto& [key, value] : part.storage) {
            if (mine.storage_cleared && value.is_zero())
                mine.storage.erase(key);
            else
                mine.storage[key] = value;
        }
    }
    for (const auto& [hash, code] : later.codes) codes[hash] = code;
}

}  // namespace entresol::state
