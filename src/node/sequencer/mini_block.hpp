// Mini-blocks: what a user is told within milliseconds. Each is an exact prefix extension of the block in progress, chained by hash and signed.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/crypto/secp256k1.hpp"
#include "core/stf/transition.hpp"
#include "node/pool/pool.hpp"
#include "node/sequencer/prefix_list.hpp"

namespace entresol::sequencer {

struct MiniBlock {
    Hash32 parent;                   // the mini-block before; the parent block's hash for the first of a block
    std::uint64_t block_number = 0;  // the block it will be part of
    std::uint64_t block_timestamp = 0;
    std::uint32_t index = 0;     // in the block, from 0
    std::uint32_t first_tx = 0;  // position of its first transaction in the block
    std::uint64_t made_at_ms = 0;
    std::vector<Hash32> tx_hashes;
    Hash32 receipts_root;         // of its own receipts, in order
    Hash32 hash;                  // keccak256(rlp of all above but made_at_ms)
    crypto::Signature signature;  // of hash, by the sequencer
};
using MiniBlockPtr = std::shared_ptr<const MiniBlock>;

[[nodiscard]] Hash32 compute_hash(const MiniBlock& mini_block);

/// A transaction in the block in progress, as mini-blocks have shown it.
struct PreviewTransaction {
    chain::Transaction tx;
    Hash32 hash;
    Address sender;
    stf::TxOutcome outcome;
    MiniBlockPtr mini_block;
    std::size_t index = 0;      // in the block
    std::size_t first_log = 0;  // of its logs, in the block
};

/// The block in progress as of the newest mini-block; immutable.
struct Preview {
    chain::Header header;  // number, timestamp, fees as the sealed block will have them; roots still empty
    Hash32 parent_hash;
    Hash32
        base_root;  // of the state before its first transaction: the parent's, or what development methods made of it
    PrefixList<std::shared_ptr<const PreviewTransaction>> transactions;
    PrefixList<MiniBlockPtr> mini_blocks;
};

}  // namespace entresol::sequencer
