// L2 as derivation and execution read it: the agreed block with everything before it as preimages, and on top what this run derives.
#pragma once

#include <deque>
#include <unordered_map>

#include "core/derive/derive_block.hpp"
#include "core/program/oracle.hpp"

namespace entresol::program {

class OracleL2 final : public derive::L2Reader,
                       public trie::NodeSource,
                       public state::CodeSource,
                       public state::StateSink {
public:
    /// The agreed block; the head until there is a derived one.
    OracleL2(Oracle& oracle, const Hash32& agreed_hash, chain::Header agreed);

    derive::Fetched<chain::Block> block_by_number(std::uint64_t number) override;
    std::optional<derive::BlockId> derived_from(std::uint64_t) override { return std::nullopt; }
    /// Header and first transaction, which holds the L1 attributes: all that derivation needs of a block that is settled.
    [[nodiscard]] derive::Fetched<chain::Block> with_first_transaction(std::uint64_t number);

    std::optional<Bytes> find_node(const Hash32& hash) override;
    void put_node(const Hash32& hash, Bytes rlp) override;
    state::CodePtr find_code(const Hash32& code_hash) override;
    /// Of the head's ancestors and itself.
    [[nodiscard]] std::optional<Hash32> hash_of(std::uint64_t number);

    /// The block after the head.
    void append(stf::SealedBlock sealed);
    [[nodiscard]] const chain::Header& head() const;
    [[nodiscard]] const Hash32& head_hash() const;

private:
    struct Known {
        Hash32 hash;
        chain::Header header;
    };
    /// Walks back from the agreed block.
    derive::Fetched<const Known*> settled(std::uint64_t number);
    [[nodiscard]] const stf::SealedBlock* derived(std::uint64_t number) const;

    Oracle& oracle_;
    std::deque<Known> settled_;  // the agreed block and its ancestors, newest first
    std::vector<stf::SealedBlock> derived_;
    std::unordered_map<Hash32, Bytes, SeededHash> nodes_;
    std::unordered_map<Hash32, state::CodePtr, SeededHash> codes_;
};

}  // namespace entresol::program
