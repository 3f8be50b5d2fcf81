// Every fork from Frontier to Osaka, the OP Stack's from Bedrock to Jovian, and when a chain activates each.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/uint256.hpp"

namespace entresol::chain {

enum class Fork : std::uint8_t {
    Frontier,
    Homestead,
    TangerineWhistle,
    SpuriousDragon,
    Byzantium,
    Constantinople,
    Petersburg,
    Istanbul,
    Berlin,
    London,
    Paris,
    Shanghai,
    Cancun,
    Prague,
    Osaka,
};
inline constexpr std::size_t FORK_COUNT = 15;
[[nodiscard]] std::string_view to_string(Fork fork);
/// Accepts the names of the public test suites too ("EIP150", "ConstantinopleFix", "Merge", …).
[[nodiscard]] std::optional<Fork> parse_fork(std::string_view name);

/// OP Stack hardforks. None is an L1.
enum class OpFork : std::uint8_t {
    None,
    Bedrock,
    Regolith,
    Canyon,
    Ecotone,
    Fjord,
    Granite,
    Holocene,
    Isthmus,
    Jovian
};
inline constexpr std::size_t OP_FORK_COUNT = 10;
[[nodiscard]] std::string_view to_string(OpFork fork);
[[nodiscard]] std::optional<OpFork> parse_op_fork(std::string_view name);
/// The L1 fork whose EVM rules an OP fork brings at least (Canyon: Shanghai, Ecotone: Cancun, Isthmus: Prague).
[[nodiscard]] Fork evm_fork_of(OpFork fork);

/// EIP-7840 blob parameters; EIP-7892 adds blob-parameter-only forks.
struct BlobParams {
    std::uint64_t target = 0;  // blobs a block
    std::uint64_t max = 0;
    std::uint64_t base_fee_update_fraction = 1;
    bool operator==(const BlobParams&) const = default;
};

/// What the rules of one block are. Small and copied freely.
struct Rules {
    Fork fork = Fork::Osaka;
    OpFork op = OpFork::None;
    std::uint64_t chain_id = 1;
    BlobParams blobs;

    [[nodiscard]] bool at_least(Fork f) const { return fork >= f; }
    [[nodiscard]] bool at_least(OpFork f) const { return op != OpFork::None && op >= f; }
    [[nodiscard]] bool is_op() const { return op != OpFork::None; }
};

struct BlobSchedule {
    std::uint64_t activation_time = 0;  // seconds
    BlobParams params;
};

/// OP Stack parameters of an L2 (rollup config and the chain's EIP-1559 constants).
struct OpChainConfig {
    // Activation times in seconds; nothing means never. Index = OpFork.
    std::optional<std::uint64_t> fork_times[OP_FORK_COUNT];
    std::uint64_t eip1559_elasticity = 6;
    std::uint64_t eip1559_denominator = 50;
    std::uint64_t eip1559_denominator_canyon = 250;
};

struct ChainConfig {
    std::uint64_t chain_id = 1;
    // Pre-merge forks activate by block number, Shanghai and later by time; nothing means never. Index = Fork.
    std::optional<std::uint64_t> fork_blocks[FORK_COUNT];
    std::optional<std::uint64_t> fork_times[FORK_COUNT];
    std::optional<U256> terminal_total_difficulty;
    std::vector<BlobSchedule> blob_schedule;  // ascending by time
    std::optional<OpChainConfig> op;
    Address deposit_contract;  // EIP-6110

    [[nodiscard]] Rules rules_at(std::uint64_t block_number, std::uint64_t timestamp) const;

    /// Every fork up to `last` from genesis, with mainnet's blob parameters.
    [[nodiscard]] static ChainConfig all_active(std::uint64_t chain_id, Fork last = Fork::Osaka);
    /// An L2: Osaka EVM rules as far as the OP forks allow and every OP fork up to `last` from genesis.
    [[nodiscard]] static ChainConfig op_all_active(std::uint64_t chain_id, OpFork last = OpFork::Jovian);
    [[nodiscard]] static ChainConfig mainnet();
};

}  // namespace entresol::chain
