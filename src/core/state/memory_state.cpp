#include "core/state/memory_state.hpp"

namespace entresol::state {

std::optional<Bytes> MemoryNodes::find_node(const Hash32& hash) {
    const auto found = nodes_.find(hash);
    if (found == nodes_.end()) return std::nullopt;
    return found->second;
}

void MemoryNodes::put_node(const Hash32& hash, Bytes rlp) { nodes_.insert_or_assign(hash, std::move(rlp)); }

void MemoryState::set_code(const Address& address, ByteView code) {
    const Hash32 hash = code.empty() ? crypto::EMPTY_CODE_HASH : crypto::keccak256(code);
    accounts[address].account.code_hash = hash;
    if (!code.empty()) codes[hash] = make_code(code);
}

void MemoryState::apply(const StateDiff& diff) {
    for (const auto& [address, part] : diff.accounts) {
        if (!part.account) {
            accounts.erase(address);
            continue;
        }
        Entry& entry = accounts[address];
        entry.account = *part.account;
        if (part.storage_cleared) entry.storage.clear();
        for (const auto& [key, value] : part.storage) {
            if (value.is_zero())
                entry.storage.erase(key);
            else
                entry.storage[key] = value;
        }
    }
    for (const auto& [hash, code] : diff.codes) codes[hash] = code;
}

StateDiff MemoryState::as_diff() const {
    StateDiff diff;
    for (const auto& [address, entry] : accounts) diff.accounts[address] = {entry.account, false, entry.storage};
    diff.codes = codes;
    return diff;
}

Hash32 MemoryState::compute_root() const {
    MemoryNodes nodes;
    const auto root = compute_state_root(nodes, crypto::EMPTY_TRIE_ROOT, as_diff(), nodes);
    return root.value();  // an empty trie lacks no node
}

std::optional<Account> MemoryState::find_account(const Address& address) {
    const auto found = accounts.find(address);
    if (found == accounts.end()) return std::nullopt;
    return found->second.account;
}

U256 MemoryState::load_storage(const Address& address, const U256& key) {
    const auto found = accounts.find(address);
    if (found == accounts.end()) return {};
    const auto slot = found->second.storage.find(key);
    return slot == found->second.storage.end() ? U256{} : slot->second;
}

bool MemoryState::has_storage(const Address& address) {
    const auto found = accounts.find(address);
    return found != accounts.end() && !found->second.storage.empty();
}

CodePtr MemoryState::find_code(const Hash32& code_hash) {
    const auto found = codes.find(code_hash);
    return found == codes.end() ? nullptr : found->second;
}

CodePtr MemoryState::load_code(const Hash32& code_hash) {
    CodePtr code = find_code(code_hash);
    if (code == nullptr) failed_ = true;
    return code;
}

Hash32 MemoryState::load_block_hash(std::uint64_t number) {
    const auto found = block_hashes.find(number);
    return found == block_hashes.end() ? Hash32{} : found->second;
}

}  // namespace entresol::state
