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

/// One account of the diff under its hashed key.
struct Part {
    Hash32 key;
    const AccountDiff* diff;
    std::span<const Hash32> slot_keys;  // hashed
};

std::vector<Part> sorted_parts(const StateDiff& diff, std::span<const Hash32> hashed) {
    std::vector<Part> parts;
    parts.reserve(diff.accounts.size());
    std::size_t next = 0;
    for (const auto& [address, part] : diff.accounts) {
        parts.push_back({hashed[next], &part, hashed.subspan(next + 1, part.storage.size())});
        next += 1 + part.storage.size();
    }
    std::sort(parts.begin(), parts.end(), [](const Part& a, const Part& b) { return a.key < b.key; });
    return parts;
}

Result<Hash32, TrieError> storage_root_of(const std::optional<Bytes>& leaf) {
    if (!leaf) return crypto::EMPTY_TRIE_ROOT;
    const auto account = decode_trie_account(*leaf);
    if (!account) return fail(TrieError::MalformedNode);
    return account->storage_root;
}

/// The storage roots that the parts begin with: of the trie, or of an emptied storage.
Result<std::vector<Hash32>, TrieError> find_storage_roots(trie::NodeSource& nodes, const Hash32& state_root,
                                                          std::span<const Part> parts) {
    std::vector<Hash32> keys;
    keys.reserve(parts.size());
    for (const auto& part : parts) keys.push_back(part.key);
    TRY(const auto leaves, trie::find_values(nodes, state_root, keys));
    std::vector<Hash32> roots;
    roots.reserve(parts.size());
    for (std::size_t i = 0; i < parts.size(); ++i) {
        TRY(const Hash32 root, storage_root_of(leaves[i]));
        roots.push_back(parts[i].diff->storage_cleared || !parts[i].diff->account ? crypto::EMPTY_TRIE_ROOT : root);
    }
    return roots;
}

}  // namespace

Result<Hash32, TrieError> compute_state_root(trie::NodeSource& nodes, const Hash32& state_root, const StateDiff& diff,
                                             StateSink& sink) {
    const std::vector<Hash32> hashed = hash_keys(diff);
    const std::vector<Part> parts = sorted_parts(diff, hashed);
    TRY(const auto old_roots, find_storage_roots(nodes, state_root, parts));

    StateStep step{.from = state_root, .to = {}, .accounts = {}, .storages = {}};
    step.storages.reserve(parts.size());
    for (const auto& part : parts)
        step.storages.push_back(
            {.account = part.key,
             .cleared = part.diff->storage_cleared || !part.diff->account,
             .slots = part.diff->account ? storage_changes(*part.diff, part.slot_keys) : std::vector<TrieChange>{}});
    std::vector<trie::TrieUpdate> updates;
    updates.reserve(parts.size());
    for (std::size_t i = 0; i < parts.size(); ++i) updates.push_back({old_roots[i], step.storages[i].slots});
    TRY(const auto new_roots, trie::update_roots(nodes, updates, sink));

    step.accounts.reserve(parts.size());
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto& account = parts[i].diff->account;
        step.accounts.push_back({parts[i].key, account ? encode(TrieAccount{*account, new_roots[i]}) : Bytes{}});
    }
    TRY(step.to, trie::update_root(nodes, state_root, step.accounts, sink));
    std::erase_if(step.storages, [](const auto& storage) { return !storage.cleared && storage.slots.empty(); });
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
        one.accounts[address].account.emplace();  // as it is
    const std::vector<Hash32> hashed = hash_keys(one);
    const std::vector<Part> parts = sorted_parts(one, hashed);
    TRY(const auto old_roots, find_storage_roots(nodes, state_root, parts));
    if (!parts[0].diff->account) return crypto::EMPTY_TRIE_ROOT;
    return trie::update_root(nodes, old_roots[0], storage_changes(*parts[0].diff, parts[0].slot_keys), sink);
}

}  // namespace entresol::state
