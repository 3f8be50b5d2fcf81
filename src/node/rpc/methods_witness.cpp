// debug_executionWitness: everything a sealed block's execution and its state root read, as preimages (the shape of reth and go-ethereum).
#include <algorithm>
#include <set>

#include <boost/json/array.hpp>

#include "core/base/hex.hpp"
#include "core/state/memory_state.hpp"
#include "core/state/witness.hpp"
#include "core/stf/state_root.hpp"
#include "node/io/hash_seed.hpp"
#include "node/rpc/format.hpp"
#include "node/rpc/method.hpp"
#include "node/store/block_store.hpp"

namespace entresol::rpc {
namespace {

/// Passes reads through and keeps their keys: what the hashes of the trie stand for.
class KeyRecorder final : public state::StateView {
public:
    explicit KeyRecorder(state::StateView& view) : view_(view) {}
    std::optional<state::Account> find_account(const Address& address) override {
        addresses.insert(address);
        return view_.find_account(address);
    }
    U256 load_storage(const Address& address, const U256& key) override {
        addresses.insert(address);
        slots.insert(to_hash32(key));
        return view_.load_storage(address, key);
    }
    bool has_storage(const Address& address) override {
        addresses.insert(address);
        return view_.has_storage(address);
    }
    state::CodePtr load_code(const Hash32& code_hash) override { return view_.load_code(code_hash); }
    Hash32 load_block_hash(std::uint64_t number) override {
        oldest_block = std::min(oldest_block, number);
        return view_.load_block_hash(number);
    }
    bool has_failed() const override { return view_.has_failed(); }
    HashSeed hash_seed() const override { return view_.hash_seed(); }

    std::set<Address> addresses;
    std::set<Hash32> slots;
    std::uint64_t oldest_block = ~std::uint64_t{0};

private:
    state::StateView& view_;
};

RpcResult<json::value> failed(const std::string& words) { return rpc_fail(SERVER_ERROR, words); }

// The parent's first, then what BLOCKHASH reached back to; in ascending order.
RpcResult<json::array> headers_before(const Context& context, const chain::Header& header, std::uint64_t oldest) {
    json::array out;
    Hash32 hash = header.parent_hash;
    for (auto number = header.number; number-- > 0;) {
        const auto block = context.ledger.find_block(hash);
        if (block == nullptr) return rpc_fail(SERVER_ERROR, "an ancestor's header is not available");
        out.push_back(hex_data(chain::encode(block->block.header)));
        if (number <= oldest) break;
        hash = block->block.header.parent_hash;
    }
    std::reverse(out.begin(), out.end());
    return out;
}

json::value to_witness(const state::WitnessRecorder& recorder, const std::set<Hash32>& code_hashes,
                       const KeyRecorder& keys, json::array headers) {
    json::array nodes, codes, preimages;
    for (const auto& [hash, preimage] : recorder.preimages())
        (code_hashes.contains(hash) ? codes : nodes).push_back(hex_data(preimage));
    for (const auto& address : keys.addresses) preimages.push_back(to_json(address));
    for (const auto& slot : keys.slots) preimages.push_back(to_json(slot));
    return json::object{{"state", std::move(nodes)},
                        {"codes", std::move(codes)},
                        {"keys", std::move(preimages)},
                        {"headers", std::move(headers)}};
}

/// Tells codes from nodes: both are preimages.
class CodeHashes final : public state::CodeSource {
public:
    explicit CodeHashes(state::CodeSource& source) : source_(source) {}
    state::CodePtr find_code(const Hash32& code_hash) override {
        hashes.insert(code_hash);
        return source_.find_code(code_hash);
    }
    std::set<Hash32> hashes;

private:
    state::CodeSource& source_;
};

RpcResult<json::value> execution_witness(Context& context, const Params& params) {
    TRY(const auto* unused, params.require(0));
    (void)unused;
    TRY(const auto id, block_id(params, 0));
    const auto block = find_block(context, id);
    if (block == nullptr) return failed("block not found");
    if (block->number() == 0) return failed("the first block was not executed");
    const auto parent = context.ledger.find_block(block->block.header.parent_hash);
    if (parent == nullptr) return failed("parent block is not available");

    TRY_VOID(check_state_kept(context, parent->number()));
    const auto nodes = context.ledger.nodes_at(*parent);
    if (!nodes) return failed(nodes.error());
    auto& store = *context.ledger.store();
    CodeHashes codes(store);
    state::WitnessRecorder recorder(**nodes, codes);
    const Hash32& root = parent->block.header.state_root;
    state::TrieStateView trie(
        recorder, recorder, root, [&store](std::uint64_t number) { return store.find_canonical_hash(number); },
        io::hash_seed());
    KeyRecorder view(trie);
    const auto& config = context.ledger.config();
    const auto outcome = stf::apply_block(view, config, parent->block.header, block->block, block->senders);
    const char* dev_state = "; a block on state that development methods wrote has no witness";
    if (!outcome) return failed(std::string(stf::to_string(outcome.error().error)) + dev_state);
    state::MemoryNodes sink;
    const auto checked = stf::check_state_root(recorder, root, block->block.header, *outcome,
                                               context.ledger.rules_of(block->block.header), sink);
    if (!checked) return failed(std::string(stf::to_string(checked.error().error)) + dev_state);
    TRY(auto headers, headers_before(context, block->block.header, view.oldest_block));
    return to_witness(recorder, codes.hashes, view, std::move(headers));
}

constexpr Method METHODS[] = {{"debug_executionWitness", execution_witness}};

}  // namespace

std::span<const Method> witness_methods() { return METHODS; }

}  // namespace entresol::rpc
