#include <stdexcept>

#include "core/stf/state_root.hpp"
#include "node/conformance/fixture.hpp"
#include "node/conformance/suite.hpp"
#include "node/parallel/execute_block.hpp"
#include "node/parallel/memory_reader.hpp"

namespace entresol::conformance {

namespace {

/// A block that was accepted, with the state after it.
struct Node {
    chain::Header header;
    state::MemoryState state;
};

class Chain {
public:
    Chain(const json::object& test, parallel::Executor& executor)
        : config_(load_config(text(test, "network"), config_of(test))), executor_(executor) {
        const Bytes rlp = to_bytes(text(test, "genesisRLP"));
        const auto genesis = chain::decode_block(rlp);
        if (!genesis) throw std::runtime_error("genesis block does not decode");
        head_ = chain::header_hash(genesis->header);
        nodes_[head_] = {genesis->header, load_state(object_member(test, "pre"))};
        if (nodes_[head_].state.compute_root() != genesis->header.state_root)
            throw std::runtime_error("genesis state root differs");
    }

    /// Empty when the block did what the test expects of it.
    std::string add(const json::object& entry) {
        const std::string_view expected = text(entry, "expectException");
        const auto block = chain::decode_block(to_bytes(text(entry, "rlp")));
        if (!block) return expected.empty() ? "block does not decode" : "";
        const auto failure = accept(*block);
        if (!failure) return expected.empty() ? "" : "accepted, expected " + std::string(expected);
        if (expected.empty()) return std::string("refused: ") + stf::to_string(failure->error) + " " + failure->detail;
        if (is_expected(expected, *failure)) return "";
        return std::string("refused as ") + stf::to_string(failure->error) + " " + failure->detail + ", expected " +
               std::string(expected);
    }

    [[nodiscard]] const Hash32& head() const { return head_; }
    [[nodiscard]] const state::MemoryState& state() const { return nodes_.at(head_).state; }

private:
    std::optional<stf::BlockFailure> accept(const chain::Block& block) {
        const auto parent = nodes_.find(block.header.parent_hash);
        if (parent == nodes_.end()) return stf::BlockFailure{stf::BlockError::ParentHash, {}, 0, "unknown parent"};
        state::MemoryState state = parent->second.state;
        state::MemoryState between = state;
        const auto post_state_root = [&between](const state::StateDiff& diff) {
            between.apply(diff);
            return between.compute_root();
        };
        add_block_hashes(state, parent->first);
        parallel::MemoryReader view(state);
        const auto open = [&state] { return std::make_unique<parallel::MemoryReader>(state); };
        std::vector<Address> senders;
        const auto outcome =
            executor_.apply_block(view, open, config_, parent->second.header, block, senders, {}, post_state_root);
        if (!outcome) return outcome.error();
        state.block_hashes.clear();
        state.apply(outcome->diff);
        if (state.compute_root() != block.header.state_root)
            return stf::BlockFailure{stf::BlockError::StateRoot, {}, 0, ""};
        head_ = chain::header_hash(block.header);
        nodes_[head_] = {block.header, std::move(state)};
        return std::nullopt;
    }

    void add_block_hashes(state::MemoryState& state, Hash32 hash) const {
        for (auto node = nodes_.find(hash); node != nodes_.end(); node = nodes_.find(node->second.header.parent_hash))
            state.block_hashes[node->second.header.number] = node->first;
    }

    chain::ChainConfig config_;
    parallel::Executor& executor_;
    std::map<Hash32, Node> nodes_;
    Hash32 head_;
};

std::string run_test(const json::object& test, parallel::Executor& executor) {
    Chain chain(test, executor);
    std::size_t index = 0;
    for (const auto& block : array_member(test, "blocks")) {
        const std::string problem = chain.add(as_object(block, "block"));
        if (!problem.empty()) return "block entry " + std::to_string(index) + ": " + problem;
        ++index;
    }
    if (chain.head() != to_fixed<Hash32>(text(test, "lastblockhash"))) return "another head";
    if (const auto* post = test.if_contains("postState"))
        if (load_state(as_object(*post, "postState")).accounts != chain.state().accounts)
            return "state differs" + describe_difference(load_state(as_object(*post, "postState")), chain.state());
    return "";
}

}  // namespace

std::vector<CaseResult> run_blockchain_tests(const std::filesystem::path& file, const Selection& selection) {
    std::vector<CaseResult> results;
    const json::value content = load_json(file);
    parallel::Executor executor({.threads = selection.execution_threads, .chunk_transactions = 1, .adapts = false});
    for (const auto& [name, value] : as_object(content, "the file")) {
        const auto& test = as_object(value, name);
        const auto network = text(test, "network");
        if (network.empty()) throw std::runtime_error("a test without its network");
        if (selection.takes(network))
            results.push_back(make_result(name, std::string(network), {}, run_test(test, executor)));
    }
    return results;
}

}  // namespace entresol::conformance
