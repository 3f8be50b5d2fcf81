// Proofs from strangers. Input: a key of one byte, then nodes, each after its length. A second run with the honest root must refuse or agree.
#include <algorithm>

#include "core/crypto/keccak.hpp"
#include "core/trie/trie.hpp"

namespace {

using namespace entresol;

class InputNodes final : public trie::NodeSource, public trie::NodeSink {
public:
    explicit InputNodes(const std::vector<Bytes>& nodes) : nodes_(nodes) {}
    /// Any node under any hash: worse than every real source.
    std::optional<Bytes> find_node(const Hash32&) override {
        if (next_ == nodes_.size()) return std::nullopt;
        return nodes_[next_++];
    }
    void put_node(const Hash32& hash, Bytes rlp) override { CHECK(crypto::keccak256(rlp) == hash); }

private:
    const std::vector<Bytes>& nodes_;
    std::size_t next_ = 0;
};

std::vector<Bytes> split(ByteView input) {
    std::vector<Bytes> nodes;
    while (!input.empty()) {
        const std::size_t size = std::min<std::size_t>(input[0], input.size() - 1);
        nodes.push_back(to_bytes(input.subspan(1, size)));
        input = input.subspan(1 + size);
    }
    return nodes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const ByteView key(data, 1);
    const std::vector<Bytes> nodes = split({data + 1, size - 1});
    const Hash32 root = nodes.empty() ? crypto::EMPTY_TRIE_ROOT : crypto::keccak256(nodes[0]);
    const auto value = trie::verify_proof(root, key, nodes);
    if (value) {
        InputNodes source(nodes);
        const auto proof = trie::make_proof(source, root, key);
        CHECK(proof && *proof == nodes);
    }
    InputNodes source(nodes);
    const std::uint8_t other = static_cast<std::uint8_t>(key[0] + 1);
    const trie::KeyChange change{{&other, 1}, size % 2 == 0 ? ByteView{} : key};
    (void)trie::update_root(source, root, std::span(&change, 1), source);
    return 0;
}
