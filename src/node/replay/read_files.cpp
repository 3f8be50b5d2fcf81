#include "node/replay/read_files.hpp"

#include <algorithm>
#include <stdexcept>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "node/conformance/fields.hpp"
#include "node/genesis/chain_file.hpp"
#include "node/genesis/geth_genesis.hpp"
#include "node/replay/json_parts.hpp"

namespace entresol::replay {
namespace {

using conformance::to_bytes;

/// The parts of one block, from as many files.
struct Parts {
    std::optional<chain::ChainConfig> config;
    std::vector<chain::Block> blocks;  // the block, or it and its parent
    std::optional<ReadWitness> witness;
    std::optional<state::MemoryState> prestate;
    std::vector<GivenReceipt> receipts;
    std::vector<GivenAccounts> after_each;
};

bool is_trace(const json::object& first) { return first.contains("result") || first.contains("post"); }

bool is_account_map(const json::object& object) {
    return !object.empty() && std::ranges::all_of(object, [](const auto& row) {
        return row.key().size() == 42 && row.key().starts_with("0x") && row.value().is_object();
    });
}

chain::Block decode_rlp_block(std::string_view hex) {
    auto block = chain::decode_block(to_bytes(hex));
    if (!block) throw std::runtime_error("the block's RLP does not decode");
    return std::move(*block);
}

chain::ChainConfig parse_chain(const json::object& object, const std::string& text) {
    if (object.contains("rollup")) {
        auto file = genesis::parse_chain_file(text);
        if (!file) throw std::runtime_error(file.error());
        return file->rollup.l2;
    }
    auto geth = genesis::parse_geth_genesis(text);
    if (!geth) throw std::runtime_error(geth.error());
    return geth->config;
}

void take_array(Parts& parts, const json::array& list) {
    if (list.empty()) return;  // receipts or traces of a block without transactions
    if (list.front().is_string()) {
        parts.receipts = read_raw_receipts(list);
        return;
    }
    const auto& first = conformance::as_object(list.front(), "its first entry");
    if (first.contains("cumulativeGasUsed")) {
        parts.receipts = read_receipts(list);
        return;
    }
    if (!is_trace(first) && !is_account_map(first))
        throw std::runtime_error("a list of neither receipts nor prestate traces");
    const auto* result = first.if_contains("result");
    const auto& shown = result != nullptr ? conformance::as_object(*result, "result") : first;
    if (shown.contains("post"))
        parts.after_each = read_poststates(list);
    else
        parts.prestate = read_prestate(list);
}

// False where the file is none of a block's parts.
bool take_object(Parts& parts, const json::object& object, const std::string& text) {
    if (object.contains("parentHash") && object.contains("transactions"))
        parts.blocks.push_back(read_block(object));
    else if (object.contains("parentHash"))
        parts.blocks.push_back({.header = read_header(object), .transactions = {}, .ommers = {}, .withdrawals = {}});
    else if (object.contains("state") && object.contains("codes"))
        parts.witness = read_witness(object);
    else if (object.contains("config") || object.contains("rollup"))
        parts.config = parse_chain(object, text);
    else if (is_account_map(object))
        parts.prestate = read_prestate(json::array{object});
    else
        return false;
    return true;
}

bool is_fixture(const json::object& object) {
    return !object.empty() && std::ranges::all_of(object, [](const auto& row) {
        return row.value().is_object() && row.value().get_object().contains("genesisRLP");
    });
}

bool is_mainnet(const chain::Block& block) {
    return std::ranges::any_of(block.transactions, [](const auto& tx) { return tx.chain_id == 1U; });
}

const chain::Header* find_parent(const Parts& parts, const chain::Block& block) {
    const auto is_parent = [&](const chain::Header& header) {
        return chain::header_hash(header) == block.header.parent_hash;
    };
    if (parts.witness)
        if (const auto it = std::ranges::find_if(parts.witness->headers, is_parent); it != parts.witness->headers.end())
            return &*it;
    for (const auto& other : parts.blocks)
        if (is_parent(other.header)) return &other.header;
    return nullptr;
}

std::unique_ptr<StateBefore> state_before(Parts& parts, const chain::Block& block,
                                          const std::optional<chain::Header>& parent) {
    if (parts.witness) {
        if (!parent) throw std::runtime_error("the witness does not hold the parent's header");
        return make_witness_state(std::move(parts.witness->preimages), *parent);
    }
    if (!parts.prestate)
        throw std::runtime_error(
            "the state before the block is missing: give what debug_executionWitness answers, or debug_traceBlock with "
            "prestateTracer");
    if (block.header.number > 0) parts.prestate->block_hashes[block.header.number - 1] = block.header.parent_hash;
    return make_partial_state(std::move(*parts.prestate));
}

void replay_parts(Parts parts, const std::optional<chain::ChainConfig>& config, const Selection& selection,
                  const Replay& replay) {
    if (parts.blocks.empty()) throw std::runtime_error("the block is missing");
    const auto newest = std::ranges::max_element(parts.blocks, {}, [](const auto& b) { return b.header.number; });
    ReplayInput input;
    input.block = *newest;
    const auto& block = input.block;
    input.name = "block " + std::to_string(block.header.number);
    if (config)
        input.config = *config;
    else if (parts.config)
        input.config = *parts.config;
    else if (is_mainnet(block))
        input.config = chain::ChainConfig::mainnet();
    else
        throw std::runtime_error("of which chain is this block? give --chain with its genesis.json or chain file");
    if (selection.number && *selection.number != block.header.number)
        throw std::runtime_error("the block's number is " + std::to_string(block.header.number));
    if (const auto* parent = find_parent(parts, block)) input.parent = *parent;
    for (const auto* list : {&parts.receipts})
        if (!list->empty() && list->size() != block.transactions.size())
            throw std::runtime_error("there are not as many receipts as transactions");
    if (!parts.after_each.empty() && parts.after_each.size() != block.transactions.size())
        throw std::runtime_error("there are not as many traces as transactions");
    input.before = state_before(parts, block, input.parent);
    input.receipts = std::move(parts.receipts);
    input.after_each = std::move(parts.after_each);
    (void)replay(input);
}

// JSON, or hexadecimal digits alone: the RLP of a block. What a JSON-RPC server answered may be in its envelope.
json::value load_part(const std::string& text) {
    json::parse_options options;
    options.max_depth = 64;
    boost::system::error_code error;
    auto value = json::parse(text, error, {}, options);
    if (error) {
        const auto end = text.find_last_not_of(" \n\r\t");
        if (!text.starts_with("0x"))
            throw std::runtime_error("is neither JSON nor the RLP of a block: " + error.message());
        return json::value(std::string_view(text).substr(0, end + 1));
    }
    if (value.is_object() && value.get_object().contains("jsonrpc")) {
        if (const auto* problem = value.get_object().if_contains("error"))
            throw std::runtime_error("holds the error " + json::serialize(*problem));
        return conformance::member(value.get_object(), "result");
    }
    return value;
}

}  // namespace

chain::ChainConfig load_chain(const std::string& name_or_file) {
    if (name_or_file == "mainnet") return chain::ChainConfig::mainnet();
    const std::string text = conformance::load_file(name_or_file);
    return parse_chain(conformance::as_object(load_part(text), "the file"), text);
}

void replay_files(const std::vector<std::filesystem::path>& files, const std::optional<chain::ChainConfig>& config,
                  const Selection& selection, const Replay& replay) {
    Parts parts;
    bool has_parts = false;
    for (const auto& file : files) {
        try {
            const std::string text = conformance::load_file(file);
            const auto value = load_part(text);
            if (value.is_object() && is_fixture(value.get_object())) {
                replay_fixture(value.get_object(), selection, replay);
                continue;
            }
            if (value.is_object() && value.get_object().contains("executing_payload")) {
                replay_payload(value.get_object(), file.filename().string(), replay);
                continue;
            }
            has_parts = true;
            if (value.is_string())
                parts.blocks.push_back(decode_rlp_block(value.get_string()));
            else if (value.is_array())
                take_array(parts, value.get_array());
            else if (!value.is_object() || !take_object(parts, value.get_object(), text))
                throw std::runtime_error("is of no kind that can be replayed");
        } catch (const std::exception& problem) {
            throw std::runtime_error(file.string() + ": " + problem.what());
        }
    }
    if (has_parts) replay_parts(std::move(parts), config, selection, replay);
}

}  // namespace entresol::replay
