#include <stdexcept>

#include <boost/json/array.hpp>

#include "node/conformance/fixture.hpp"
#include "node/replay/read_files.hpp"

namespace entresol::replay {
namespace {

using namespace conformance;  // NOLINT: the readers of JSON fields

struct Known {
    chain::Header header;
    state::MemoryState state;
};

/// One test: blocks that were taken, by hash.
class Chain {
public:
    Chain(const json::object& test, std::string name)
        : name_(std::move(name)), config_(load_config(text(test, "network"), config_of(test))) {
        const auto genesis = chain::decode_block(to_bytes(text(test, "genesisRLP")));
        if (!genesis) throw std::runtime_error(name_ + ": the genesis block does not decode");
        known_[chain::header_hash(genesis->header)] = {genesis->header, load_state(object_member(test, "pre"))};
    }

    void add(const json::object& entry, std::size_t index, const std::optional<state::MemoryState>& after,
             const Selection& selection, const Replay& replay) {
        auto block = chain::decode_block(to_bytes(text(entry, "rlp")));
        const std::string where = name_ + ", block entry " + std::to_string(index);
        const std::string expected(text(entry, "expectException"));
        if (!block) {
            if (expected.empty()) throw std::runtime_error(where + ": the block does not decode");
            return;
        }
        const auto parent = known_.find(block->header.parent_hash);
        if (parent == known_.end()) {
            if (expected.empty()) throw std::runtime_error(where + ": its parent is not there");
            return;
        }
        state::MemoryState state = parent->second.state;
        for (auto at = parent; at != known_.end(); at = known_.find(at->second.header.parent_hash))
            state.block_hashes[at->second.header.number] = at->first;
        const bool wanted = !selection.number || *selection.number == block->header.number;
        ReplayInput input{
            .name = where, .config = config_, .parent = parent->second.header, .block = std::move(*block)};
        input.before = make_whole_state(std::move(state), parent->second.header);
        input.must_be_refused = expected;
        if (expected.empty()) input.after = after;
        const auto report = wanted ? replay(input) : replay_block(input);
        if (!expected.empty() || report.differs()) return;
        Known next{input.block.header, parent->second.state};
        next.state.apply(report.changes);
        known_[report.given_hash] = std::move(next);
    }

private:
    std::string name_;
    chain::ChainConfig config_;
    std::map<Hash32, Known> known_;
};

}  // namespace

void replay_fixture(const json::object& tests, const Selection& selection, const Replay& replay) {
    for (const auto& [key, value] : tests) {
        const std::string name = key;
        if (name.find(selection.test) == std::string::npos) continue;
        const auto& test = as_object(value, name);
        Chain chain(test, name);
        const auto& blocks = array_member(test, "blocks");
        for (std::size_t i = 0; i < blocks.size(); ++i) {
            std::optional<state::MemoryState> after;
            if (const auto* post = test.if_contains("postState"); post != nullptr && i + 1 == blocks.size())
                after = load_state(as_object(*post, "postState"));
            chain.add(as_object(blocks[i], "block"), i, after, selection, replay);
        }
    }
}

}  // namespace entresol::replay
