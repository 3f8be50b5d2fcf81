// The parts of a replay as JSON-RPC and its tracers write them. What is malformed throws std::runtime_error with its name.
#pragma once

#include <boost/json/value.hpp>

#include "node/replay/replay.hpp"

namespace entresol::replay {

namespace json = boost::json;

/// eth_getBlockBy…, with full transactions (deposits of the OP Stack too).
[[nodiscard]] chain::Block read_block(const json::object& object);
[[nodiscard]] chain::Header read_header(const json::object& object);
/// eth_getBlockReceipts.
[[nodiscard]] std::vector<GivenReceipt> read_receipts(const json::array& list);
/// debug_getRawReceipts.
[[nodiscard]] std::vector<GivenReceipt> read_raw_receipts(const json::array& list);

struct ReadWitness {
    std::vector<Bytes> preimages;        // nodes, codes and headers
    std::vector<chain::Header> headers;  // ancestors
};
/// debug_executionWitness: {state, codes, headers}; headers as RLP (reth, ours) or as objects (geth).
[[nodiscard]] ReadWitness read_witness(const json::object& object);

/// debug_traceBlock with prestateTracer: for each transaction, accounts as they were before it. What the block saw first of each is the state before it.
[[nodiscard]] state::MemoryState read_prestate(const json::array& traces);
/// The same with diffMode: accounts as they are after each transaction.
[[nodiscard]] std::vector<GivenAccounts> read_poststates(const json::array& traces);

}  // namespace entresol::replay
