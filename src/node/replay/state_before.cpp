#include <stdexcept>

#include "core/base/hex.hpp"
#include "core/state/witness.hpp"
#include "core/stf/state_root.hpp"
#include "node/io/hash_seed.hpp"
#include "node/replay/replay.hpp"

namespace entresol::replay {
namespace {

class WitnessState final : public StateBefore {
public:
    WitnessState(std::vector<Bytes> preimages, const chain::Header& parent)
        : witness_(preimages, io::hash_seed()), parent_(parent) {
        if (witness_.find_preimage(parent.state_root) == nullptr)
            throw std::runtime_error("the witness does not hold the parent's state root " + to_hex(parent.state_root));
    }

    std::unique_ptr<state::StateView> open() override {
        return std::make_unique<state::TrieStateView>(
            witness_, witness_, parent_.state_root, witness_.block_hashes(parent_.number, chain::header_hash(parent_)),
            io::hash_seed());
    }

    std::optional<stf::BlockFailure> commit(const state::StateDiff& diff, const chain::Rules& rules, Hash32& state_root,
                                            std::optional<Hash32>& message_passer_root) override {
        state::MemoryNodes sink;
        const auto commitment = stf::commit_state(witness_, parent_.state_root, diff, rules, sink);
        if (!commitment) return commitment.error();
        state_root = commitment->state_root;
        message_passer_root = commitment->message_passer_root;
        return std::nullopt;
    }

private:
    state::Witness witness_;
    chain::Header parent_;
};

// Each view starts from the same accounts.
class MemoryView final : public state::StateView {
public:
    explicit MemoryView(state::MemoryState& state) : state_(state) {}
    std::optional<state::Account> find_account(const Address& address) override { return state_.find_account(address); }
    U256 load_storage(const Address& address, const U256& key) override { return state_.load_storage(address, key); }
    bool has_storage(const Address& address) override { return state_.has_storage(address); }
    state::CodePtr load_code(const Hash32& code_hash) override { return state_.load_code(code_hash); }
    Hash32 load_block_hash(std::uint64_t number) override { return state_.load_block_hash(number); }
    bool has_failed() const override { return state_.has_failed(); }

private:
    state::MemoryState& state_;
};

class WholeState final : public StateBefore {
public:
    WholeState(state::MemoryState accounts, const chain::Header& parent) : state_(std::move(accounts)) {
        const Hash32 root = state_.compute_root();
        if (root != parent.state_root)
            throw std::runtime_error("the accounts before the block give the state root " + to_hex(root) +
                                     ", its parent's is " + to_hex(parent.state_root));
    }
    std::unique_ptr<state::StateView> open() override { return std::make_unique<MemoryView>(state_); }
    std::optional<stf::BlockFailure> commit(const state::StateDiff& diff, const chain::Rules& rules, Hash32& state_root,
                                            std::optional<Hash32>& message_passer_root) override {
        state::MemoryState after = state_;
        state::MemoryNodes nodes;
        // As a diff over nothing, so that the OP Stack's storage root comes out too.
        after.apply(diff);
        const auto commitment = stf::commit_state(nodes, crypto::EMPTY_TRIE_ROOT, after.as_diff(), rules, nodes);
        if (!commitment) return commitment.error();
        state_root = commitment->state_root;
        message_passer_root = commitment->message_passer_root;
        return std::nullopt;
    }

private:
    state::MemoryState state_;
};

class PartialState final : public StateBefore {
public:
    explicit PartialState(state::MemoryState accounts) : state_(std::move(accounts)) {}
    std::unique_ptr<state::StateView> open() override { return std::make_unique<MemoryView>(state_); }
    std::optional<stf::BlockFailure> commit(const state::StateDiff&, const chain::Rules&, Hash32&,
                                            std::optional<Hash32>&) override {
        return std::nullopt;
    }
    std::string why_no_root() const override { return "the state before is what a tracer named, not a whole one"; }

private:
    state::MemoryState state_;
};

}  // namespace

std::unique_ptr<StateBefore> make_witness_state(std::vector<Bytes> preimages, const chain::Header& parent) {
    return std::make_unique<WitnessState>(std::move(preimages), parent);
}
std::unique_ptr<StateBefore> make_whole_state(state::MemoryState accounts, const chain::Header& parent) {
    return std::make_unique<WholeState>(std::move(accounts), parent);
}
std::unique_ptr<StateBefore> make_partial_state(state::MemoryState accounts) {
    return std::make_unique<PartialState>(std::move(accounts));
}

}  // namespace entresol::replay
