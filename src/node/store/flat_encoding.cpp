#include "node/store/flat_encoding.hpp"

#include <algorithm>
#include <stdexcept>

#include "core/codec/rlp.hpp"

namespace entresol::store {
namespace {

[[noreturn]] void refuse(const char* what) {
    throw std::runtime_error(std::string("database: the flat state holds a damaged ") + what);
}

void append_hash_unless(Bytes& out, const Hash32& hash, const Hash32& usual) {
    codec::append_string(out, hash == usual ? ByteView{} : hash.view());
}

Result<Hash32, codec::RlpError> read_hash_or(codec::RlpReader& fields, const Hash32& usual) {
    TRY(const ByteView bytes, fields.read_string());
    if (bytes.empty()) return usual;
    if (bytes.size() != Hash32::SIZE) return fail(codec::RlpError::WrongLength);
    return from_bytes<Hash32>(bytes);
}

Result<state::TrieAccount, codec::RlpError> read_account(ByteView rlp) {
    codec::RlpReader outer(rlp);
    TRY(codec::RlpReader fields, outer.read_list());
    state::TrieAccount result;
    TRY(result.account.nonce, fields.read_u64());
    TRY(result.account.balance, fields.read_u256());
    TRY(result.storage_root, read_hash_or(fields, crypto::EMPTY_TRIE_ROOT));
    TRY(result.account.code_hash, read_hash_or(fields, crypto::EMPTY_CODE_HASH));
    TRY_VOID(fields.expect_end());
    return result;
}

}  // namespace

SlotKey slot_key(const Hash32& account, const Hash32& key) {
    SlotKey out;
    std::copy(account.bytes.begin(), account.bytes.end(), out.bytes.begin());
    std::copy(key.bytes.begin(), key.bytes.end(), out.bytes.begin() + Hash32::SIZE);
    return out;
}

Bytes encode_marker(const Marker& marker) {
    Bytes out = to_bytes(marker.from.view());
    append(out, marker.to.view());
    return out;
}

Marker decode_marker(const std::optional<Bytes>& value) {
    if (!value) return {crypto::EMPTY_TRIE_ROOT, crypto::EMPTY_TRIE_ROOT};
    if (value->size() != 2 * Hash32::SIZE) refuse("marker");
    const ByteView bytes(*value);
    return {from_bytes<Hash32>(bytes.first(Hash32::SIZE)), from_bytes<Hash32>(bytes.last(Hash32::SIZE))};
}

void put_account(WriteBatch& batch, const Hash32& key, ByteView leaf) {
    if (leaf.empty()) return batch.erase(Table::Accounts, key.view());
    const auto account = state::decode_trie_account(leaf);
    if (!account) refuse("account");
    batch.put(Table::Accounts, key.view(), encode_flat_account(*account));
}

// RLP of an integer as it stands in the trie: at most 33 bytes, and the shortest there is.
void put_slot(WriteBatch& batch, const Hash32& account, const Hash32& key, ByteView leaf) {
    const SlotKey slot = slot_key(account, key);
    if (leaf.empty()) return batch.erase(Table::Slots, slot.view());
    batch.put(Table::Slots, slot.view(), to_bytes(leaf));
}

Bytes encode_flat_account(const state::TrieAccount& account) {
    Bytes out;
    codec::append_uint(out, account.account.nonce);
    codec::append_uint(out, account.account.balance);
    append_hash_unless(out, account.storage_root, crypto::EMPTY_TRIE_ROOT);
    append_hash_unless(out, account.account.code_hash, crypto::EMPTY_CODE_HASH);
    codec::close_list(out, 0);
    return out;
}

std::optional<state::TrieAccount> decode_flat_account(const std::optional<Bytes>& value) {
    if (!value) return std::nullopt;
    const auto account = read_account(*value);
    if (!account) refuse("account");
    return *account;
}

U256 decode_flat_slot(const std::optional<Bytes>& value) {
    if (!value) return {};
    const auto slot = codec::RlpReader(*value).read_u256();
    if (!slot) refuse("slot");
    return *slot;
}

}  // namespace entresol::store
