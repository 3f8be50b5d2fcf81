// Many values in one walk: keys that share a path share the reading and parsing of its nodes.
#include <algorithm>

#include "core/crypto/keccak.hpp"
#include "core/trie/node.hpp"

namespace entresol::trie {
namespace {

using Keys = std::span<const Hash32>;
using Values = std::span<std::optional<Bytes>>;

class BatchSearch {
public:
    explicit BatchSearch(NodeSource& source) : source_(source) {}

    // Every call is at least a nibble deeper: an extension's path is not empty, and no key has more than 64.
    Result<void, TrieError> find(EncodedRef ref, std::size_t depth, Keys keys, Values values) {
        if (ref.empty() || keys.empty()) return {};
        Bytes held;
        ByteView rlp = ref;
        if (const auto hash = hash_of(ref)) {
            auto found = source_.find_node(*hash);
            if (!found) return fail(TrieError::MissingNode);
            held = std::move(*found);
            rlp = held;
        }
        TRY(const NodeView node, parse_node(rlp));
        if (node.kind == NodeKind::Branch) return find_below(node, depth, keys, values);
        const auto [first, count] = keys_along(node.path, depth, keys);
        if (node.kind == NodeKind::Extension)
            return find(node.children[0], depth + node.path.size(), keys.subspan(first, count),
                        values.subspan(first, count));
        if (count == 1 && depth + node.path.size() == 2 * Hash32::SIZE) values[first] = to_bytes(node.value);
        return {};
    }

private:
    Result<void, TrieError> find_below(const NodeView& branch, std::size_t depth, Keys keys, Values values) {
        if (depth == 2 * Hash32::SIZE) return fail(TrieError::MalformedNode);
        std::size_t first = 0;
        while (first < keys.size()) {
            const std::uint8_t nibble = Nibbles(keys[first].view())[depth];
            std::size_t end = first + 1;
            while (end < keys.size() && Nibbles(keys[end].view())[depth] == nibble) ++end;
            TRY_VOID(find(branch.children[nibble], depth + 1, keys.subspan(first, end - first),
                          values.subspan(first, end - first)));
            first = end;
        }
        return {};
    }

    /// Those that go on with the path: they lie together.
    static std::pair<std::size_t, std::size_t> keys_along(const Nibbles& path, std::size_t depth, Keys keys) {
        const auto goes_along = [&](const Hash32& key) { return starts_with(Nibbles(key.view()).drop(depth), path); };
        const auto first = std::find_if(keys.begin(), keys.end(), goes_along);
        const auto end = std::find_if_not(first, keys.end(), goes_along);
        return {static_cast<std::size_t>(first - keys.begin()), static_cast<std::size_t>(end - first)};
    }

    NodeSource& source_;
};

}  // namespace

Result<std::vector<std::optional<Bytes>>, TrieError> find_values(NodeSource& source, const Hash32& root,
                                                                 std::span<const Hash32> keys) {
    CHECK(std::adjacent_find(keys.begin(), keys.end(), [](const auto& a, const auto& b) { return !(a < b); }) ==
          keys.end());
    std::vector<std::optional<Bytes>> values(keys.size());
    if (root == crypto::EMPTY_TRIE_ROOT) return values;
    Bytes root_ref{0xa0};
    append(root_ref, root.view());
    TRY_VOID(BatchSearch(source).find(root_ref, 0, keys, values));
    return values;
}

}  // namespace entresol::trie
