#include "core/trie/node.hpp"

#include "core/codec/rlp.hpp"

namespace entresol::trie {
namespace {

using codec::RlpReader;

constexpr std::uint8_t HASH_PREFIX = 0xa0;  // RLP: a string of 32 bytes
constexpr std::uint8_t EMPTY_STRING = 0x80;
constexpr std::uint8_t FIRST_LIST = 0xc0;
constexpr std::size_t ENCODED_HASH_SIZE = 33;
constexpr std::size_t HASHED_FROM_SIZE = 32;  // shorter nodes are embedded in their parent
constexpr std::size_t BRANCH_ITEMS = 17;
constexpr std::uint8_t LEAF_FLAG = 2;  // hex prefix: the first nibble's bit 1
constexpr std::uint8_t ODD_FLAG = 1;   // and bit 0

/// A raw RLP item as a reference; an empty string becomes an empty view.
Result<EncodedRef, TrieError> parse_ref(ByteView raw) {
    if (raw.size() == 1 && raw[0] == EMPTY_STRING) return EncodedRef{};
    const bool is_hash = raw.size() == ENCODED_HASH_SIZE && raw[0] == HASH_PREFIX;
    const bool is_embedded = raw[0] >= FIRST_LIST && raw.size() < HASHED_FROM_SIZE;
    if (!is_hash && !is_embedded) return fail(TrieError::MalformedNode);
    return raw;
}

Result<NodeView, TrieError> parse_short(ByteView path_item, ByteView second_item) {
    const auto path = RlpReader(path_item).read_string();
    if (!path || path->empty()) return fail(TrieError::MalformedNode);
    const Nibbles prefixed(*path);
    const std::uint8_t flags = prefixed[0];
    const bool is_odd = (flags & ODD_FLAG) != 0;
    if (flags > (LEAF_FLAG | ODD_FLAG) || (!is_odd && prefixed[1] != 0)) return fail(TrieError::MalformedNode);
    NodeView node;
    node.kind = (flags & LEAF_FLAG) != 0 ? NodeKind::Leaf : NodeKind::Extension;
    node.path = prefixed.drop(is_odd ? 1 : 2);
    if (node.kind == NodeKind::Leaf) {
        const auto value = RlpReader(second_item).read_string();
        if (!value || value->empty()) return fail(TrieError::MalformedNode);
        node.value = *value;
        return node;
    }
    TRY(node.children[0], parse_ref(second_item));
    if (node.path.empty() || node.children[0].empty()) return fail(TrieError::MalformedNode);
    return node;
}

Result<NodeView, TrieError> parse_branch(const std::array<ByteView, BRANCH_ITEMS>& items) {
    NodeView node;
    for (std::size_t i = 0; i < 16; ++i) {
        TRY(node.children[i], parse_ref(items[i]));
    }
    const auto value = RlpReader(items[16]).read_string();
    if (!value) return fail(TrieError::MalformedNode);
    node.value = *value;
    return node;
}

}  // namespace

std::optional<Hash32> hash_of(EncodedRef ref) {
    if (ref.size() != ENCODED_HASH_SIZE) return std::nullopt;
    return from_bytes<Hash32>(ref.subspan(1));
}

Result<NodeView, TrieError> parse_node(ByteView rlp) {
    RlpReader outer(rlp);
    auto list = outer.read_list();
    if (!list || !outer.empty()) return fail(TrieError::MalformedNode);
    std::array<ByteView, BRANCH_ITEMS> items;
    std::size_t count = 0;
    while (!list->empty() && count < BRANCH_ITEMS) {
        const auto raw = list->read_raw();
        if (!raw) return fail(TrieError::MalformedNode);
        items[count++] = *raw;
    }
    if (!list->empty()) return fail(TrieError::MalformedNode);
    if (count == 2) return parse_short(items[0], items[1]);
    if (count == BRANCH_ITEMS) return parse_branch(items);
    return fail(TrieError::MalformedNode);
}

void append_path(Bytes& out, const Nibbles& path, NodeKind kind) {
    const bool is_odd = path.size() % 2 != 0;
    const int flags = (kind == NodeKind::Leaf ? LEAF_FLAG : 0) | (is_odd ? ODD_FLAG : 0);
    Bytes packed{static_cast<std::uint8_t>(flags << 4)};
    std::size_t i = 0;
    if (is_odd) packed[0] = static_cast<std::uint8_t>(packed[0] | path[i++]);
    for (; i < path.size(); i += 2) packed.push_back(static_cast<std::uint8_t>(path[i] << 4 | path[i + 1]));
    codec::append_string(out, packed);
}

Step step_towards(const NodeView& node, Nibbles& rest) {
    using enum Step::Outcome;
    if (node.kind == NodeKind::Branch) {
        if (rest.empty()) return {node.value.empty() ? Absent : Found, node.value};
        const EncodedRef child = node.children[rest[0]];
        rest = rest.drop(1);
        return {child.empty() ? Absent : Follow, child};
    }
    if (!starts_with(rest, node.path)) return {};
    rest = rest.drop(node.path.size());
    if (node.kind == NodeKind::Extension) return {Follow, node.children[0]};
    return {rest.empty() ? Found : Absent, node.value};
}

}  // namespace entresol::trie
