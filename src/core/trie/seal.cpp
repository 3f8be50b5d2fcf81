// Hashing a tree level by level: all nodes of a level have sealed children, so their messages are hashed many at once.
#include <algorithm>

#include "core/codec/rlp.hpp"
#include "core/crypto/keccak.hpp"
#include "core/trie/tree.hpp"

namespace entresol::trie {
namespace {

constexpr std::size_t HASHED_FROM_SIZE = 32;
constexpr std::uint8_t HASH_PREFIX = 0xa0;
constexpr std::uint8_t EMPTY_STRING = 0x80;

using Levels = std::vector<std::vector<Node*>>;

/// Files the node under its height above the leaves, and returns that height plus one; 0 for what is not of this tree.
std::size_t file_by_height(const Link& link, Levels& levels) {
    if (link.node == nullptr) return 0;
    std::size_t height = file_by_height(link.node->child, levels);
    if (link.node->children != nullptr)
        for (const Link& child : *link.node->children) height = std::max(height, file_by_height(child, levels));
    if (levels.size() <= height) levels.resize(height + 1);
    levels[height].push_back(link.node);
    return height + 1;
}

void append_ref(Bytes& out, const Link& link) {
    if (link.empty())
        out.push_back(EMPTY_STRING);
    else
        append(out, link.node != nullptr ? ByteView(link.node->ref).first(link.node->ref_size) : link.stored);
}

Bytes encode(const Node& node) {
    Bytes out;
    out.reserve(node.kind == NodeKind::Branch ? 540 : node.path.size() / 2 + node.value.size() + 44);
    if (node.kind == NodeKind::Branch) {
        for (const Link& child : *node.children) append_ref(out, child);
        codec::append_string(out, node.value);
    } else {
        append_path(out, node.path, node.kind);
        if (node.kind == NodeKind::Leaf)
            codec::append_string(out, node.value);
        else
            append_ref(out, node.child);
    }
    codec::close_list(out, 0);
    return out;
}

void set_ref(Node& node, const Hash32& hash) {
    node.ref[0] = HASH_PREFIX;
    std::copy(hash.bytes.begin(), hash.bytes.end(), node.ref.begin() + 1);
    node.ref_size = 33;
}

void seal_level(const std::vector<Node*>& level, NodeSink* sink) {
    std::vector<Node*> hashed;
    std::vector<Bytes> encoded;
    for (Node* const node : level) {
        Bytes rlp = encode(*node);
        if (rlp.size() < HASHED_FROM_SIZE && !node->is_root) {
            std::copy(rlp.begin(), rlp.end(), node->ref.begin());
            node->ref_size = static_cast<std::uint8_t>(rlp.size());
            continue;
        }
        hashed.push_back(node);
        encoded.push_back(std::move(rlp));
    }
    const std::vector<ByteView> messages(encoded.begin(), encoded.end());
    std::vector<Hash32> hashes(messages.size());
    crypto::keccak256_many(messages, hashes);
    for (std::size_t i = 0; i < hashed.size(); ++i) {
        set_ref(*hashed[i], hashes[i]);
        if (sink != nullptr) sink->put_node(hashes[i], std::move(encoded[i]));
    }
}

}  // namespace

std::vector<Hash32> Tree::seal(std::span<const Link> roots, NodeSink* sink) {
    Levels levels;
    for (const Link& root : roots) {
        CHECK(root.node != nullptr);
        root.node->is_root = true;
        (void)file_by_height(root, levels);
    }
    for (const auto& level : levels) seal_level(level, sink);
    std::vector<Hash32> hashes;
    hashes.reserve(roots.size());
    for (const Link& root : roots) hashes.push_back(from_bytes<Hash32>(ByteView(root.node->ref).subspan(1)));
    return hashes;
}

}  // namespace entresol::trie
