// A whole canonical chain as bytes: blocks with their receipts, and the state after each. What a devnet dumps and loads.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"

namespace entresol::store {
class BlockStore;
}

namespace entresol::ledger {

class Ledger;

/// Nothing here is taken on trust: nodes and codes are found by their own hashes, blocks by their headers'.
struct ChainArchive {
    struct Block {
        Bytes body;      // RLP
        Bytes receipts;  // encode_outcomes
        std::optional<Hash32>
            base_root;  // of the state under it, where development methods had written to its parent's
    };
    std::vector<Block> blocks;  // 1 … head
    std::vector<Bytes>
        nodes;  // every trie node that the state under or after one of these blocks, or the genesis state, needs; each once
    std::vector<Bytes> codes;
    std::uint64_t safe = 0, finalized = 0;  // block numbers
};

/// Reads the canonical chain up to its head. On the chain's loop, so that the head stays where it is.
[[nodiscard]] ChainArchive make_archive(const Ledger& ledger);

/// Fills a store that holds the chain's genesis block and nothing above it. Checks everything before it writes anything: parents, roots of bodies and
/// receipts, and that every state is complete. The error says what is wrong, in words.
[[nodiscard]] Result<void, std::string> restore_archive(const ChainArchive& archive, store::BlockStore& store);

}  // namespace entresol::ledger
