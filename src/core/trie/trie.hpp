// Merkle Patricia trie (yellow paper, appendix D) over nodes found by hash. Pure: nodes come from a NodeSource, new ones go to a NodeSink.
// Keys are arbitrary byte strings here; state and storage tries pass keccak256 of the address or slot.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"

namespace entresol::trie {

enum class TrieError {
    MissingNode,    // the source does not have a node the path needs
    MalformedNode,  // a node is not a valid branch, extension or leaf
    InvalidProof,   // a proof node does not hash to what its parent says
};
[[nodiscard]] const char* to_string(TrieError error);

/// Where nodes come from. Implementations: database, witness, overlay of a block in progress.
class NodeSource {
public:
    virtual ~NodeSource() = default;
    /// The RLP of the node with this keccak256; nothing when it is not here.
    [[nodiscard]] virtual std::optional<Bytes> find_node(const Hash32& hash) = 0;
};

class NodeSink {
public:
    virtual ~NodeSink() = default;
    virtual void put_node(const Hash32& hash, Bytes rlp) = 0;
};

struct TrieChange {
    Hash32 key;   // already hashed
    Bytes value;  // empty deletes
};

/// The value under key; nothing when absent.
[[nodiscard]] Result<std::optional<Bytes>, TrieError> find_value(NodeSource& source, const Hash32& root, ByteView key);

/// The values under strictly ascending keys of 32 bytes, in their order; each node on their paths is read once.
[[nodiscard]] Result<std::vector<std::optional<Bytes>>, TrieError> find_values(NodeSource& source, const Hash32& root,
                                                                               std::span<const Hash32> keys);

/// The root after applying changes (strictly ascending by key). Only nodes on changed paths are read and hashed; they are hashed level by level,
/// many at once. Every new node of 32 bytes or more, and the root, goes to the sink.
[[nodiscard]] Result<Hash32, TrieError> update_root(NodeSource& source, const Hash32& root,
                                                    std::span<const TrieChange> changes, NodeSink& sink);

/// The same for many tries, their nodes hashed together: small tries too fill the lanes.
struct TrieUpdate {
    Hash32 root;
    std::span<const TrieChange> changes;
};
[[nodiscard]] Result<std::vector<Hash32>, TrieError> update_roots(NodeSource& source,
                                                                  std::span<const TrieUpdate> updates, NodeSink& sink);

/// The same for keys of any length up to 1024 bytes, which may be prefixes of each other. Key and value are views for the time of the call.
struct KeyChange {
    ByteView key;
    ByteView value;  // empty deletes
};
[[nodiscard]] Result<Hash32, TrieError> update_root(NodeSource& source, const Hash32& root,
                                                    std::span<const KeyChange> changes, NodeSink& sink);

/// Root of an ordered list (transactions, receipts, withdrawals): key i is rlp(i).
[[nodiscard]] Hash32 compute_ordered_root(std::span<const Bytes> values);

/// Nodes from the root to the key, as eth_getProof returns them; shows absence too.
[[nodiscard]] Result<std::vector<Bytes>, TrieError> make_proof(NodeSource& source, const Hash32& root, ByteView key);
/// The proven value, or nothing when the proof shows absence. Every node must be used and hash to its parent's reference.
[[nodiscard]] Result<std::optional<Bytes>, TrieError> verify_proof(const Hash32& root, ByteView key,
                                                                   std::span<const Bytes> proof);

}  // namespace entresol::trie
