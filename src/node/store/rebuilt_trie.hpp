// The trie of a kept block whose nodes are gone: what later blocks changed is put back onto the trie of the next block that has one.
#pragma once

#include <memory>

#include "core/trie/trie.hpp"
#include "node/store/state_history.hpp"

namespace entresol::store {

enum class RebuildError : std::uint8_t {
    TooManyChanges,  // between the block and the next trie that is kept
    MissingNode,     // that trie is not whole: it was pruned meanwhile
    WrongRoot,       // the history does not lead to the block's state root
};
[[nodiscard]] const char* to_string(RebuildError error);

/// Its nodes are found first, then those of the source below, which must outlive it. Finding is thread-safe where the source's is.
class RebuiltTrie final : public trie::NodeSource {
public:
    using Nodes = std::map<Hash32, Bytes>;
    RebuiltTrie(trie::NodeSource& below, Nodes nodes) : below_(below), nodes_(std::move(nodes)) {}
    std::optional<Bytes> find_node(const Hash32& hash) override;
    [[nodiscard]] const Nodes& nodes() const { return nodes_; }

private:
    trie::NodeSource& below_;
    Nodes nodes_;
};

/// From the trie after block `base` back to the one after `block`, both in the history.
struct RebuildPath {
    std::uint64_t block = 0, base = 0;
    Hash32 root, base_root;
};
[[nodiscard]] Result<std::shared_ptr<RebuiltTrie>, RebuildError> rebuild_trie(trie::NodeSource& nodes,
                                                                              const StateHistory& history,
                                                                              const RebuildPath& path);

}  // namespace entresol::store
