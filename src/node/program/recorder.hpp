// What a run of the program reads, found at an L1 node, its beacon node and a replica, and kept as the file that the machine takes. Everything is checked
// by its hash, so that a lying endpoint can only leave something out.
#pragma once

#include <map>
#include <set>

#include "core/program/oracle.hpp"
#include "node/l1/client.hpp"

namespace entresol::program {

/// A replica's JSON-RPC, as far as it is needed. Throws std::runtime_error when it does not answer.
class Replica {
public:
    explicit Replica(std::shared_ptr<l1::Transport> transport) : transport_(std::move(transport)) {}
    [[nodiscard]] chain::Block block(const std::string& number_or_hash) const;
    /// What the block's execution reads: state, code and headers.
    [[nodiscard]] std::vector<Bytes> execution_witness(std::uint64_t number) const;

private:
    std::shared_ptr<l1::Transport> transport_;
};

/// One run's oracle: looks for what is hinted at, and notes what is read. Not thread-safe. Throws what Replica throws.
class Recorder final : public Oracle {
public:
    Recorder(std::shared_ptr<l1::L1Client> l1, Replica l2) : l1_(std::move(l1)), l2_(std::move(l2)) {}

    /// Makes a preimage known that no hint leads to; its keccak256.
    Hash32 add(Bytes preimage);
    std::optional<Bytes> find(const Hash32& key) override;
    std::optional<Bytes> find_blob(const derive::L1BlockRef& block, const derive::BlobId& id) override;
    void hint(Hint what, const Hash32& hash) override;

    /// docs/spec/machine.md, "Preimages as a file": what was read so far.
    [[nodiscard]] const Bytes& file() const { return file_; }
    [[nodiscard]] std::size_t count() const { return noted_.size(); }

private:
    const chain::Block& l2_block(const Hash32& hash);
    const l1::L1Block& l1_block(const Hash32& hash);
    void add_list(std::span<const Bytes> values);

    std::shared_ptr<l1::L1Client> l1_;
    Replica l2_;
    std::map<Hash32, Bytes> known_;
    std::set<Hash32> noted_;
    std::set<Hash32> asked_;  // lists that are known whole
    std::map<Hash32, l1::L1Block> l1_blocks_;
    std::map<Hash32, chain::Block> l2_blocks_;
    Bytes file_;
};

}  // namespace entresol::program
