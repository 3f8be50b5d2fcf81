// What a block reads, as a set of preimages: recorded by the node that executes it, replayed by whoever trusts only the state root.
#pragma once

#include <map>
#include <span>
#include <unordered_map>

#include "core/state/trie_state.hpp"

namespace entresol::state {

/// Passes reads through and keeps the preimage of each: trie nodes and code. The sources must outlive it.
class WitnessRecorder final : public trie::NodeSource, public CodeSource {
public:
    WitnessRecorder(trie::NodeSource& nodes, CodeSource& codes) : nodes_(nodes), codes_(codes) {}
    std::optional<Bytes> find_node(const Hash32& hash) override;
    CodePtr find_code(const Hash32& code_hash) override;
    /// For what is read outside the state: headers that prove block hashes.
    void record(ByteView preimage);
    /// keccak256 → preimage, in order of the hash.
    [[nodiscard]] const std::map<Hash32, Bytes>& preimages() const { return preimages_; }

private:
    trie::NodeSource& nodes_;
    CodeSource& codes_;
    std::map<Hash32, Bytes> preimages_;
};

/// Answers from preimages alone. Their hashes are computed here, so that a false one is merely never found.
class Witness final : public trie::NodeSource, public CodeSource {
public:
    explicit Witness(std::span<const Bytes> preimages, const HashSeed& seed = {});
    std::optional<Bytes> find_node(const Hash32& hash) override;
    CodePtr find_code(const Hash32& code_hash) override;
    [[nodiscard]] const Bytes* find_preimage(const Hash32& hash) const;
    /// Hashes of the ancestors of a block by following parent hashes through recorded headers; nothing where a header lacks.
    [[nodiscard]] BlockHashes block_hashes(std::uint64_t parent_number, const Hash32& parent_hash) const;

private:
    std::unordered_map<Hash32, Bytes, SeededHash> preimages_;
    std::unordered_map<Hash32, CodePtr, SeededHash> codes_;  // analysed once
};

}  // namespace entresol::state
