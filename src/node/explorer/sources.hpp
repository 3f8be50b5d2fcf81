// What the explorer reads from: the L2 with its RPC, and the L1 as its node sees it.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "core/derive/rollup_config.hpp"
#include "node/bridge/bridge.hpp"
#include "node/rpc/dispatcher.hpp"

namespace entresol::explorer {

struct Sources {
    std::shared_ptr<rpc::Dispatcher> l2;  // of a context with `rollup`
    std::shared_ptr<bridge::Bridge> bridge;
    derive::RollupConfig config;
    std::map<std::string, Address> contracts;  // on L1, by the deployment plan's names

    [[nodiscard]] rpc::Context& context() const { return l2->context(); }
    [[nodiscard]] ledger::Ledger& ledger() const { return l2->context().ledger; }
};

}  // namespace entresol::explorer
