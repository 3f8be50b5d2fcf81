// Removes the trie nodes that no kept state needs, while the chain goes on: marks what the given roots reach, then takes away what is not marked. Both in
// steps that the caller bounds. A pass that was cut short leaves only what could have stayed: the next one starts over.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_set>
#include <vector>

#include "node/io/hash_seed.hpp"
#include "node/store/block_store.hpp"

namespace entresol::store {

/// On the chain's loop.
class TrieSweep {
public:
    /// More nodes than this are not marked: at about 60 bytes each, what a pass may take of memory.
    static constexpr std::size_t MAX_MARKED = 64'000'000;

    /// Every state that must stay readable, and each on which a block may yet be built.
    TrieSweep(BlockStore& store, const std::vector<Hash32>& roots);
    ~TrieSweep();
    TrieSweep(const TrieSweep&) = delete;
    TrieSweep& operator=(const TrieSweep&) = delete;

    enum class Progress : std::uint8_t {
        Going,
        Done,
        Incomplete,  // a root lacks nodes: nothing is removed
        TooLarge,    // nothing is removed
    };
    /// Marks or looks at up to so many nodes.
    Progress step(std::size_t max_nodes);
    [[nodiscard]] std::size_t marked() const { return marked_.size(); }
    [[nodiscard]] std::uint64_t removed() const { return removed_; }

private:
    struct Reference {
        Hash32 hash;
        bool is_storage = false;
    };
    // Half of a Keccak hash: nobody finds two nodes that share it.
    using Mark = FixedBytes<16>;
    struct MarkHash {
        std::size_t operator()(const Mark& mark) const { return hash(mark.view()); }
        io::TableHash hash;
    };
    static Mark mark_of(const Hash32& hash);
    bool mark(const Reference& reference);
    bool follow(ByteView rlp, bool is_storage);
    Progress sweep(std::size_t max_nodes);

    BlockStore& store_;
    std::vector<Reference> open_;
    std::unordered_set<Mark, MarkHash> marked_, written_;
    std::optional<Hash32> cursor_;  // the next key to look at, once all is marked
    std::uint64_t removed_ = 0;
};

}  // namespace entresol::store
