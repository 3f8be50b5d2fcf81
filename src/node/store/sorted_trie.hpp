// A trie from keys in ascending order, in bounded memory: what a chunk of keys leaves below the last path is final and handed out.
#pragma once

#include <unordered_map>
#include <vector>

#include "core/crypto/keccak.hpp"
#include "core/trie/trie.hpp"
#include "node/io/hash_seed.hpp"

namespace entresol::store {

class SortedTrie {
public:
    explicit SortedTrie(trie::NodeSink& out) : out_(out) {}
    /// Strictly ascending keys, values that are not empty.
    void add(const Hash32& key, Bytes value) {
        pending_.push_back({key, std::move(value)});
        if (pending_.size() >= CHUNK) flush();
    }
    /// The root; then it may begin again.
    [[nodiscard]] Hash32 finish();

private:
    static constexpr std::size_t CHUNK = 20'000;
    // A larger key changes nothing but the path of the largest before it, and reads just that: a node that is read will be replaced.
    class Newest final : public trie::NodeSource, public trie::NodeSink {
    public:
        std::optional<Bytes> find_node(const Hash32& hash) override;
        void put_node(const Hash32& hash, Bytes rlp) override { nodes.insert_or_assign(hash, std::move(rlp)); }
        std::unordered_map<Hash32, Bytes, io::TableHash> nodes;
    };
    void flush();
    void hand_out(Newest& final_nodes);

    trie::NodeSink& out_;
    std::vector<trie::TrieChange> pending_;
    Newest newest_;
    Hash32 root_ = crypto::EMPTY_TRIE_ROOT;
};

}  // namespace entresol::store
