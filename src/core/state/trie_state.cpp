#include "core/state/trie_state.hpp"

#include "core/codec/rlp.hpp"

namespace entresol::state {

Bytes encode(const TrieAccount& account) {
    Bytes payload;
    payload.reserve(110);
    codec::append_uint(payload, account.account.nonce);
    codec::append_uint(payload, account.account.balance);
    codec::append_fixed(payload, account.storage_root);
    codec::append_fixed(payload, account.account.code_hash);
    Bytes out;
    out.reserve(payload.size() + 3);
    codec::append_list(out, payload);
    return out;
}

namespace {
Result<TrieAccount, codec::RlpError> read_trie_account(ByteView rlp) {
    codec::RlpReader outer(rlp);
    TRY(codec::RlpReader fields, outer.read_list());
    TRY_VOID(outer.expect_end());
    TrieAccount result;
    TRY(result.account.nonce, fields.read_u64());
    TRY(result.account.balance, fields.read_u256());
    TRY(result.storage_root, fields.read_fixed<Hash32>());
    TRY(result.account.code_hash, fields.read_fixed<Hash32>());
    TRY_VOID(fields.expect_end());
    return result;
}
}  // namespace

std::optional<TrieAccount> decode_trie_account(ByteView rlp) {
    auto result = read_trie_account(rlp);
    if (!result) return std::nullopt;
    return *result;
}

TrieStateView::TrieStateView(trie::NodeSource& nodes, CodeSource& codes, const Hash32& state_root,
                             BlockHashes block_hashes, const HashSeed& seed)
    : nodes_(nodes),
      codes_(codes),
      state_root_(state_root),
      block_hashes_(std::move(block_hashes)),
      accounts_(0, SeededHash(seed)) {}

std::optional<TrieAccount> TrieStateView::find_trie_account(const Address& address) {
    const auto [entry, is_new] = accounts_.try_emplace(address);
    if (!is_new) return entry->second;
    const auto leaf = trie::find_value(nodes_, state_root_, crypto::keccak256(address.view()).view());
    if (leaf && leaf->has_value()) entry->second = decode_trie_account(**leaf);
    if (!leaf || leaf->has_value() != entry->second.has_value()) failed_ = true;
    return entry->second;
}

std::optional<Account> TrieStateView::find_account(const Address& address) {
    const auto found = find_trie_account(address);
    if (!found) return std::nullopt;
    return found->account;
}

U256 TrieStateView::load_storage(const Address& address, const U256& key) {
    const auto account = find_trie_account(address);
    if (!account || account->storage_root == crypto::EMPTY_TRIE_ROOT) return {};
    const auto leaf = trie::find_value(nodes_, account->storage_root, crypto::keccak256(to_hash32(key).view()).view());
    if (leaf && !leaf->has_value()) return {};
    if (leaf) {
        if (const auto value = codec::RlpReader(**leaf).read_u256()) return *value;
    }
    failed_ = true;
    return {};
}

bool TrieStateView::has_storage(const Address& address) {
    const auto account = find_trie_account(address);
    return account && account->storage_root != crypto::EMPTY_TRIE_ROOT;
}

CodePtr TrieStateView::load_code(const Hash32& code_hash) {
    CodePtr code = codes_.find_code(code_hash);
    if (code == nullptr) failed_ = true;
    return code;
}

Hash32 TrieStateView::load_block_hash(std::uint64_t number) {
    const auto hash = block_hashes_ ? block_hashes_(number) : std::nullopt;
    if (!hash) failed_ = true;
    return hash.value_or(Hash32{});
}

}  // namespace entresol::state
