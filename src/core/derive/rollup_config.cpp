#include "core/derive/rollup_config.hpp"

namespace entresol::derive {

const char* to_string(RollupConfigError error) {
    switch (error) {
        case RollupConfigError::NotOpStack: return "the L2's chain configuration has no OP Stack forks";
        case RollupConfigError::HoloceneNotActive: return "Holocene is not active at the L2's genesis";
        case RollupConfigError::ForkAfterGenesis: return "a fork activates after the L2's genesis";
        case RollupConfigError::ZeroBlockTime: return "block_time is 0";
        case RollupConfigError::ZeroWindow: return "seq_window_size or channel_timeout is 0";
    }
    return "?";
}

Result<void, RollupConfigError> validate(const RollupConfig& config) {
    if (!config.l2.op) return fail(RollupConfigError::NotOpStack);
    if (config.block_time == 0) return fail(RollupConfigError::ZeroBlockTime);
    if (config.seq_window_size == 0 || config.channel_timeout == 0) return fail(RollupConfigError::ZeroWindow);
    const auto& times = config.l2.op->fork_times;
    const auto& holocene = times[static_cast<std::size_t>(chain::OpFork::Holocene)];
    if (!holocene || *holocene > config.l2_genesis_timestamp) return fail(RollupConfigError::HoloceneNotActive);
    for (const auto& time : times)
        if (time && *time > config.l2_genesis_timestamp) return fail(RollupConfigError::ForkAfterGenesis);
    return {};
}

}  // namespace entresol::derive
