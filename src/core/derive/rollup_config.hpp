// What everyone who follows one rollup agrees on before the first block.
#pragma once

#include "core/chain/forks.hpp"
#include "core/derive/batch.hpp"
#include "core/derive/system_config.hpp"

namespace entresol::derive {

struct BlockId {
    Hash32 hash;
    std::uint64_t number = 0;
    bool operator==(const BlockId&) const = default;
};

/// Granite and Fjord made these constants of the protocol; devnets may shorten them.
inline constexpr std::uint64_t CHANNEL_TIMEOUT_GRANITE = 50;       // L1 blocks
inline constexpr std::uint64_t MAX_SEQUENCER_DRIFT_FJORD = 1'800;  // seconds

struct RollupConfig {
    BlockId l1_genesis;  // the L1 origin of the L2's genesis block
    BlockId l2_genesis;
    std::uint64_t l2_genesis_timestamp = 0;  // seconds
    SystemConfig genesis_system_config;

    std::uint64_t block_time = 2;  // seconds
    std::uint64_t max_sequencer_drift = MAX_SEQUENCER_DRIFT_FJORD;
    std::uint64_t seq_window_size = 300;  // L1 blocks: an hour of Ethereum's slots of 12 s
    std::uint64_t channel_timeout = CHANNEL_TIMEOUT_GRANITE;

    Address batch_inbox;
    Address deposit_contract;        // OptimismPortal
    Address system_config_contract;  // SystemConfig

    chain::ChainConfig l1;  // for the blob base fee that the L1 attributes carry
    chain::ChainConfig l2;

    /// Devnet only, off by default and outside the OP Stack's rules: a singular batch may be later than its parent's time plus block_time,
    /// as development methods that move the clock make such blocks. Every other rule stays.
    bool allow_time_jumps = false;

    [[nodiscard]] BatchContext batch_context() const { return {l2_genesis_timestamp, block_time, l2.chain_id}; }
};

enum class RollupConfigError : std::uint8_t {
    NotOpStack,         // the L2's chain configuration has no OP forks
    HoloceneNotActive,  // derivation rules before Holocene are not implemented
    ForkAfterGenesis,   // would need network upgrade transactions
    ZeroBlockTime,
    ZeroWindow,  // seq_window_size or channel_timeout is 0
};
[[nodiscard]] const char* to_string(RollupConfigError error);

/// Is this a rollup that this library derives completely?
[[nodiscard]] Result<void, RollupConfigError> validate(const RollupConfig& config);

}  // namespace entresol::derive
