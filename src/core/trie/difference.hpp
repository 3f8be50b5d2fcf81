// What differs between two tries: found by descending where references differ, so that the cost is that of the difference and not of the tries.
#pragma once

#include "core/trie/trie.hpp"

namespace entresol::trie {

class DifferenceVisitor {
public:
    virtual ~DifferenceVisitor() = default;
    /// One key whose value differs; empty stands for absent. Ascending by key. An error ends the visit and is its result.
    [[nodiscard]] virtual Result<void, TrieError> change(const Hash32& key, ByteView before, ByteView after) = 0;
};

/// For tries of 32-byte keys, as a state's are. Memory is bounded by the depth of the tries.
[[nodiscard]] Result<void, TrieError> visit_difference(NodeSource& source, const Hash32& before, const Hash32& after,
                                                       DifferenceVisitor& visitor);

}  // namespace entresol::trie
