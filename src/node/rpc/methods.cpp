#include "node/rpc/method.hpp"

namespace entresol::rpc {

std::vector<std::span<const Method>> all_methods() {
    return {
        net_methods(),     txpool_methods(),   block_methods(),  state_methods(),     transaction_methods(),
        fee_methods(),     call_methods(),     log_methods(),    subscribe_methods(), debug_methods(),
        witness_methods(), simulate_methods(), config_methods(), dev_methods(),       rollup_methods(),
    };
}

}  // namespace entresol::rpc
