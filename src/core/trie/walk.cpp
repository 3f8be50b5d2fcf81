#include "core/trie/walk.hpp"

#include "core/crypto/keccak.hpp"
#include "core/trie/node.hpp"

namespace entresol::trie {
namespace {

// A reference is a hash to read later, or a node of its own: then at most 31 bytes, so this goes few levels deep.
Result<void, TrieError> visit_node(ByteView rlp, TrieVisitor& visitor, std::vector<Hash32>& to_read) {
    TRY(const NodeView node, parse_node(rlp));
    if (!node.value.empty() && !visitor.value(node.value)) return fail(TrieError::MalformedNode);
    for (auto child = node.children.rbegin(); child != node.children.rend(); ++child) {  // the first one is read next
        if (child->empty()) continue;
        if (const auto hash = hash_of(*child))
            to_read.push_back(*hash);
        else
            TRY_VOID(visit_node(*child, visitor, to_read));
    }
    return {};
}

}  // namespace

Result<void, TrieError> walk(NodeSource& source, const Hash32& root, TrieVisitor& visitor) {
    if (root == crypto::EMPTY_TRIE_ROOT) return {};
    std::vector<Hash32> to_read{root};
    while (!to_read.empty()) {
        const Hash32 hash = to_read.back();
        to_read.pop_back();
        if (!visitor.enter(hash)) continue;
        const auto rlp = source.find_node(hash);
        if (!rlp) return fail(TrieError::MissingNode);
        visitor.node(hash, *rlp);
        TRY_VOID(visit_node(*rlp, visitor, to_read));
    }
    return {};
}

}  // namespace entresol::trie
