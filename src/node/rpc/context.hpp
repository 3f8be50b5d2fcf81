// What a JSON-RPC method may reach: one chain, its sequencer where it has one, and the limits that keep callers from harming the node.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/json/value.hpp>

#include "node/ledger/ledger.hpp"
#include "node/sequencer/sequencer.hpp"

namespace entresol::rpc {

namespace json = boost::json;

class DevMethods;     // time travel, impersonation, snapshots: on a devnet only
class RollupMethods;  // optimism_ and entresol_: on an L2 only
class Filters;
class Subscriptions;

struct Limits {
    std::size_t max_batch = 1000;  // requests
    std::size_t max_response_bytes = 64 * 1024 * 1024;
    std::uint64_t max_log_blocks = 100'000;   // block range of one log query
    std::size_t max_logs = 20'000;            // results of one log query
    std::uint64_t call_gas_cap = 50'000'000;  // as geth's --rpc.gascap
    std::uint64_t trace_timeout_ms = 5'000;
    std::uint64_t sync_send_default_ms = 2'000;  // EIP-7966
    std::uint64_t sync_send_max_ms = 60'000;
    std::size_t max_filters = 1'024;
};

struct Context {
    ledger::Ledger& ledger;
    io::Loop& loop;
    sequencer::Sequencer* sequencer = nullptr;  // null in a replica
    std::function<std::uint64_t()> now_ms;
    std::string client_version;
    Limits limits;
    std::shared_ptr<Filters> filters;
    std::shared_ptr<Subscriptions> subscriptions;
    std::shared_ptr<DevMethods> dev;        // null unless a devnet
    std::shared_ptr<RollupMethods> rollup;  // null on an L1
    /// A replica hands transactions to its sequencer; the answer is the sequencer's.
    std::function<void(Bytes raw, std::function<void(json::value response)> done)> forward_transaction;
    /// Checks blobs against commitments, where this chain carries blobs.
    std::function<bool(const chain::Transaction&, const chain::BlobSidecar&)> check_sidecar;

    /// Newest readable state: mini-blocks included, so that a read right after a send sees it.
    [[nodiscard]] ledger::StateSnapshot newest_state() const {
        return sequencer != nullptr ? sequencer->newest_state() : ledger.state_at(ledger.head());
    }
};

}  // namespace entresol::rpc
