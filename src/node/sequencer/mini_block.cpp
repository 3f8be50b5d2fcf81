#include "node/sequencer/mini_block.hpp"

#include "core/codec/rlp.hpp"
#include "core/crypto/keccak.hpp"

namespace entresol::sequencer {

Hash32 compute_hash(const MiniBlock& mini_block) {
    Bytes hashes;
    for (const auto& hash : mini_block.tx_hashes) codec::append_fixed(hashes, hash);
    Bytes payload;
    codec::append_fixed(payload, mini_block.parent);
    codec::append_uint(payload, mini_block.block_number);
    codec::append_uint(payload, mini_block.block_timestamp);
    codec::append_uint(payload, mini_block.index);
    codec::append_uint(payload, mini_block.first_tx);
    codec::append_list(payload, hashes);
    codec::append_fixed(payload, mini_block.receipts_root);
    Bytes encoded;
    codec::append_list(encoded, payload);
    return crypto::keccak256(encoded);
}

}  // namespace entresol::sequencer
