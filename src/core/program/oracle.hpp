// Where the program's knowledge comes from: byte strings by their hash. In the proof machine its preimage call, on the host whatever fetches and records them.
#pragma once

#include "core/derive/providers.hpp"

namespace entresol::program {

/// What is read next, for an oracle that must look for it first. No result depends on hints: the proof machine has none.
enum class Hint : std::uint8_t {
    L1Header,        // its hash
    L1Transactions,  // the block's hash: its transactions' trie
    L1Receipts,      // the same of its receipts
    L2Output,        // an output root
    L2Header,
    L2Transactions,
    L2Execution,  // of the block after this one: state and code
};

class Oracle {
public:
    virtual ~Oracle() = default;
    /// The byte string with this keccak256. Nothing: it is not known; the machine's oracle never says so, its run cannot go on there.
    [[nodiscard]] virtual std::optional<Bytes> find(const Hash32& key) = 0;
    /// A blob of that L1 block: 4096 field elements of 32 bytes.
    [[nodiscard]] virtual std::optional<Bytes> find_blob(const derive::L1BlockRef& block, const derive::BlobId& id) = 0;
    virtual void hint(Hint /*what*/, const Hash32& /*hash*/) {}
};

}  // namespace entresol::program
