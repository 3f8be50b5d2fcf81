// Keys and values of the flat state's two tables. An account without code and storage, as most are, leaves both hashes out.
#pragma once

#include <optional>

#include "core/state/trie_state.hpp"
#include "node/store/key_value.hpp"

namespace entresol::store {

using SlotKey = FixedBytes<64>;  // hash of the address, hash of the slot: an account's slots lie together
[[nodiscard]] SlotKey slot_key(const Hash32& account, const Hash32& key);

/// Between which states the tables stand; equal where they stand at one. Kept beside the accounts, whose keys are longer.
struct Marker {
    Hash32 from, to;
};
inline constexpr std::uint8_t MARKER_BYTES[1] = {0};
inline constexpr ByteView MARKER_KEY{MARKER_BYTES, 1};
[[nodiscard]] Bytes encode_marker(const Marker& marker);
/// Nothing stands for the empty state.
[[nodiscard]] Marker decode_marker(const std::optional<Bytes>& value);

/// From the tries' leaves; an empty one erases.
void put_account(WriteBatch& batch, const Hash32& key, ByteView leaf);
void put_slot(WriteBatch& batch, const Hash32& account, const Hash32& key, ByteView leaf);
/// RLP [nonce, balance, storage root or "", code hash or ""].
[[nodiscard]] Bytes encode_flat_account(const state::TrieAccount& account);
/// Throw std::runtime_error where the bytes are none that this program writes.
[[nodiscard]] std::optional<state::TrieAccount> decode_flat_account(const std::optional<Bytes>& value);
[[nodiscard]] U256 decode_flat_slot(const std::optional<Bytes>& value);

}  // namespace entresol::store
