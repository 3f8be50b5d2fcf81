// Every node below a root, each read once: what copies a state, or checks that nothing of it is missing.
#pragma once

#include "core/trie/trie.hpp"

namespace entresol::trie {

class TrieVisitor {
public:
    virtual ~TrieVisitor() = default;
    /// Before a node is read. False leaves out the node and all below it: it is known already.
    virtual bool enter(const Hash32& hash) = 0;
    /// A node that is found by hash, before what is below it. Nodes embedded in their parent are no calls of their own.
    virtual void node(const Hash32& hash, ByteView rlp) = 0;
    /// A value of the trie. False stops the walk with MalformedNode: it is none of this trie's.
    virtual bool value(ByteView bytes) = 0;
};

/// Memory is bounded by the trie's depth times its width, whatever the nodes say; a source that answers by hash cannot make it go round in a circle.
[[nodiscard]] Result<void, TrieError> walk(NodeSource& source, const Hash32& root, TrieVisitor& visitor);

}  // namespace entresol::trie
