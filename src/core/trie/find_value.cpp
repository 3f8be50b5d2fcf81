// Reading: one walk from the root serves look-ups, making proofs and checking them; they differ in where nodes come from.
#include "core/crypto/keccak.hpp"
#include "core/trie/node.hpp"

namespace entresol::trie {
namespace {

/// Keeps what passes through.
class RecordingSource final : public NodeSource {
public:
    explicit RecordingSource(NodeSource& below) : below_(below) {}
    std::optional<Bytes> find_node(const Hash32& hash) override {
        auto node = below_.find_node(hash);
        if (node) nodes_.push_back(*node);
        return node;
    }
    [[nodiscard]] std::vector<Bytes> take() { return std::move(nodes_); }

private:
    NodeSource& below_;
    std::vector<Bytes> nodes_;
};

/// Serves the nodes of a proof in their order, each once and only under its own hash.
class ProofSource final : public NodeSource {
public:
    explicit ProofSource(std::span<const Bytes> proof) : rest_(proof) {}
    std::optional<Bytes> find_node(const Hash32& hash) override {
        if (rest_.empty() || crypto::keccak256(rest_.front()) != hash) return std::nullopt;
        const Bytes& node = rest_.front();
        rest_ = rest_.subspan(1);
        return node;
    }
    [[nodiscard]] bool is_used_up() const { return rest_.empty(); }

private:
    std::span<const Bytes> rest_;
};

}  // namespace

const char* to_string(TrieError error) {
    switch (error) {
        case TrieError::MissingNode: return "trie node is missing";
        case TrieError::MalformedNode: return "trie node is malformed";
        case TrieError::InvalidProof: return "trie proof is invalid";
    }
    return "unknown trie error";
}

Result<std::optional<Bytes>, TrieError> find_value(NodeSource& source, const Hash32& root, ByteView key) {
    if (root == crypto::EMPTY_TRIE_ROOT) return std::optional<Bytes>{};
    Nibbles rest(key);
    std::optional<Bytes> hashed = source.find_node(root);
    if (!hashed) return fail(TrieError::MissingNode);
    ByteView rlp = *hashed;
    for (;;) {  // ends: every step takes nibbles from the key, or is the last (an extension's path is never empty)
        TRY(const NodeView node, parse_node(rlp));
        const Step step = step_towards(node, rest);
        if (step.outcome == Step::Outcome::Absent) return std::optional<Bytes>{};
        if (step.outcome == Step::Outcome::Found) return std::optional{to_bytes(step.data)};
        rlp = step.data;  // embedded in the node at hand
        if (const auto hash = hash_of(step.data)) {
            hashed = source.find_node(*hash);
            if (!hashed) return fail(TrieError::MissingNode);
            rlp = *hashed;
        }
    }
}

Result<std::vector<Bytes>, TrieError> make_proof(NodeSource& source, const Hash32& root, ByteView key) {
    RecordingSource recorder(source);
    TRY([[maybe_unused]] const auto value, find_value(recorder, root, key));
    return recorder.take();
}

Result<std::optional<Bytes>, TrieError> verify_proof(const Hash32& root, ByteView key, std::span<const Bytes> proof) {
    ProofSource source(proof);
    auto value = find_value(source, root, key);
    if (!value && value.error() == TrieError::MissingNode) return fail(TrieError::InvalidProof);
    if (value && !source.is_used_up()) return fail(TrieError::InvalidProof);
    return value;
}

}  // namespace entresol::trie
