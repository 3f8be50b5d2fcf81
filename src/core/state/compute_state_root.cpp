// The state root after a diff: storage tries first, then the account trie; only what changed is read and hashed.
#include <algorithm>

#include "core/codec/rlp.hpp"
#include "core/state/trie_state.hpp"

namespace entresol::state {

namespace {

using trie::TrieChange;
using trie::TrieError;

void sort_by_key(std::vector<TrieChange>& changes) {
    std::sort(changes.begin(), changes.end(), [](const TrieChange& a, const TrieChange& b) { return a.key < b.key; });
}

/// Hashes all keys of the diff at once: for each account its address, then its slots.
std::vector<Hash32> hash_keys(const StateDiff& diff) {
    std::vector<Hash32> slots;  // big-endian slot keys; complete before views point into them
    for (const auto& [address, part] : diff.accounts)
        for (const auto& [key, value] : part.storage) slots.push_back(to_hash32(key));
    std::vector<ByteView> messages;
    messages.reserve(diff.accounts.size() + slots.size());
    std::size_t next_slot = 0;
    for (const auto& [address, part] : diff.accounts) {
        messages.push_back(address.view());
        for (std::size_t i = 0; i < part.storage.size(); ++i) messages.push_back(slots[next_slot++].view());
    }
    std::vector<Hash32> digests(messages.size());
    crypto::keccak256_many(messages, digests);
    return digests;
}

std::vector<TrieChange> storage_changes(const AccountDiff& part, std::span<const Hash32> hashed_keys) {
    std::vector<TrieChange> changes;
    changes.reserve(part.storage.size());
    std::size_t i = 0;
    for (const auto& [key, value] : part.storage) {
        Bytes encoded;
        if (!value.is_zero()) codec::append_uint(encoded, value);
        changes.push_back({hashed_keys[i++], std::move(encoded)});
    }
    sort_by_key(changes);
    return changes;
}

Result<std::optional<Hash32>, TrieError> find_storage_root(trie::NodeSource& nodes, const Hash32& state_root,
                                                           const Hash32& hashed_address) {
    TRY(const auto leaf, trie::find_value(nodes, state_root, hashed_address.view()));
    if (!leaf) return std::optional<Hash32>{};
    const auto account = decode_trie_account(*leaf);
    if (!account) return fail(TrieError::MalformedNode);
    return std::optional{account->storage_root};
}

/// The account's storage root after its part of the diff, of which `changes` are the slots.
Result<Hash32, TrieError> update_storage_root(trie::NodeSource& nodes, const Hash32& state_root,
                                              const Hash32& hashed_address, const AccountDiff& part,
                                              std::span<const TrieChange> changes, trie::NodeSink& sink) {
    Hash32 root = crypto::EMPTY_TRIE_ROOT;
    if (!part.storage_cleared) {
        TRY(const auto old_root, find_storage_root(nodes, state_root, hashed_address));
        if (old_root) root = *old_root;
    }
    if (changes.empty()) return root;
    return trie::update_root(nodes, root, changes, sink);
}

}  // namespace

Result<Hash32, TrieError> compute_state_root(trie::NodeSource& nodes, const Hash32& state_root, const StateDiff& diff,
                                             StateSink& sink) {
    const std::vector<Hash32> hashed = hash_keys(diff);
    StateStep step{.from = state_root, .to = {}, .accounts = {}, .storages = {}};
    step.accounts.reserve(diff.accounts.size());
    std::size_t next = 0;
    for (const auto& [address, part] : diff.accounts) {
        const Hash32& key = hashed[next];
        const std::span<const Hash32> slot_keys(hashed.data() + next + 1, part.storage.size());
        next += 1 + part.storage.size();
        const bool is_cleared = part.storage_cleared || !part.account;
        StateStep::Storage storage{.account = key, .cleared = is_cleared, .slots = {}};
        Bytes leaf;
        if (part.account) {
            storage.slots = storage_changes(part, slot_keys);
            TrieAccount account{*part.account, {}};
            TRY(account.storage_root, update_storage_root(nodes, state_root, key, part, storage.slots, sink));
            leaf = encode(account);
        }
        step.accounts.push_back({key, std::move(leaf)});
        if (is_cleared || !storage.slots.empty()) step.storages.push_back(std::move(storage));
    }
    sort_by_key(step.accounts);
    TRY(step.to, trie::update_root(nodes, state_root, step.accounts, sink));
    const Hash32 root = step.to;
    sink.put_step(std::move(step));
    return root;
}

Result<Hash32, TrieError> compute_storage_root(trie::NodeSource& nodes, const Hash32& state_root, const StateDiff& diff,
                                               const Address& address, trie::NodeSink& sink) {
    StateDiff one;
    const auto found = diff.accounts.find(address);
    if (found != diff.accounts.end())
        one.accounts.insert(*found);
    else
        one.accounts[address];
    const AccountDiff& part = one.accounts.begin()->second;
    if (found != diff.accounts.end() && !part.account) return crypto::EMPTY_TRIE_ROOT;
    const std::vector<Hash32> hashed = hash_keys(one);
    const auto changes = storage_changes(part, std::span(hashed).subspan(1));
    return update_storage_root(nodes, state_root, hashed[0], part, changes, sink);
}

}  // namespace entresol::state
