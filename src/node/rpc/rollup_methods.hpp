// What optimism_ and entresol_ methods ask of an L2 node: how far each block is on its way to finality. Thread-safe.
#pragma once

#include <optional>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"
#include "node/ledger/ledger.hpp"

namespace entresol::rpc {

class RollupMethods {
public:
    virtual ~RollupMethods() = default;
    virtual boost::json::object sync_status() = 0;
    virtual boost::json::object rollup_config() = 0;
    /// Everything a replica needs besides an L1 endpoint.
    virtual boost::json::object chain_file() = 0;
    virtual Hash32 output_root(const ledger::StoredBlock& block) = 0;
    /// Steps of a block towards finality, each with its L1 transaction and block where it has happened.
    virtual boost::json::object block_status(const ledger::StoredBlock& block) = 0;
    /// By the withdrawal's hash or the hash of the L2 transaction that made it; nothing where there is none. Asks L1.
    virtual std::optional<boost::json::object> withdrawal_status(const Hash32& hash) = 0;
    virtual boost::json::array recent_batches(std::size_t most) = 0;
    virtual boost::json::array proposals(std::size_t most) = 0;
    /// The factory's games, newest first, and one of them move by move; L1 is asked, and an error is what went wrong there.
    virtual Result<boost::json::array, std::string> disputes(std::size_t most) = 0;
    virtual Result<std::optional<boost::json::object>, std::string> dispute(const Address& game) = 0;
};

}  // namespace entresol::rpc
