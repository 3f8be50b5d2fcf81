#include "core/chain/forks.hpp"

#include <algorithm>
#include <iterator>

namespace entresol::chain {
namespace {

enum class By : std::uint8_t { Block, Time };

struct ForkRow {
    Fork fork;
    std::string_view name;
    std::string_view alias;  // as public test suites also call it
    By by;
    std::uint64_t mainnet;
};

// Ethereum execution-specs, "Ethereum Protocol Releases": block numbers until the Merge, timestamps after it.
constexpr ForkRow FORKS[] = {
    {Fork::Frontier, "Frontier", "", By::Block, 0},
    {Fork::Homestead, "Homestead", "", By::Block, 1'150'000},
    {Fork::TangerineWhistle, "TangerineWhistle", "EIP150", By::Block, 2'463'000},
    {Fork::SpuriousDragon, "SpuriousDragon", "EIP158", By::Block, 2'675'000},
    {Fork::Byzantium, "Byzantium", "", By::Block, 4'370'000},
    {Fork::Constantinople, "Constantinople", "", By::Block, 7'280'000},
    {Fork::Petersburg, "Petersburg", "ConstantinopleFix", By::Block, 7'280'000},
    {Fork::Istanbul, "Istanbul", "", By::Block, 9'069'000},
    {Fork::Berlin, "Berlin", "", By::Block, 12'244'000},
    {Fork::London, "London", "", By::Block, 12'965'000},
    {Fork::Paris, "Paris", "Merge", By::Block, 15'537'394},
    {Fork::Shanghai, "Shanghai", "", By::Time, 1'681'338'455},
    {Fork::Cancun, "Cancun", "", By::Time, 1'710'338'135},
    {Fork::Prague, "Prague", "", By::Time, 1'746'612'311},
    {Fork::Osaka, "Osaka", "", By::Time, 1'764'798'551},
};
static_assert(std::size(FORKS) == FORK_COUNT);

struct OpForkRow {
    OpFork fork;
    std::string_view name;
    Fork evm;  // the L1 fork whose EVM it brings
};

// OP Stack specification, "Network upgrades".
constexpr OpForkRow OP_FORKS[] = {
    {OpFork::None, "", Fork::Frontier},          {OpFork::Bedrock, "Bedrock", Fork::Paris},
    {OpFork::Regolith, "Regolith", Fork::Paris}, {OpFork::Canyon, "Canyon", Fork::Shanghai},
    {OpFork::Ecotone, "Ecotone", Fork::Cancun},  {OpFork::Fjord, "Fjord", Fork::Cancun},
    {OpFork::Granite, "Granite", Fork::Cancun},  {OpFork::Holocene, "Holocene", Fork::Cancun},
    {OpFork::Isthmus, "Isthmus", Fork::Prague},  {OpFork::Jovian, "Jovian", Fork::Prague},
};
static_assert(std::size(OP_FORKS) == OP_FORK_COUNT);

// EIP-4844, EIP-7691, EIP-7594 (Osaka keeps Prague's), then the blob-parameter-only forks of EIP-7892.
constexpr BlobSchedule MAINNET_BLOBS[] = {
    {1'710'338'135, {3, 6, 3'338'477}},     // Cancun
    {1'746'612'311, {6, 9, 5'007'716}},     // Prague
    {1'765'290'071, {10, 15, 8'346'193}},   // BPO1
    {1'767'747'671, {14, 21, 11'684'671}},  // BPO2
};

// EIP-3675: 58,750,000,000,000,000,000,000
constexpr U256 MAINNET_TERMINAL_TOTAL_DIFFICULTY{0xd808a128d7380000, 0xc70, 0, 0};
// EIP-6110: 0x00000000219ab540356cBB839Cbe05303d7705Fa
constexpr Address MAINNET_DEPOSIT_CONTRACT{{{0x00, 0x00, 0x00, 0x00, 0x21, 0x9a, 0xb5, 0x40, 0x35, 0x6c,
                                             0xbb, 0x83, 0x9c, 0xbe, 0x05, 0x30, 0x3d, 0x77, 0x05, 0xfa}}};

std::size_t index(Fork fork) { return static_cast<std::size_t>(fork); }
std::size_t index(OpFork fork) { return static_cast<std::size_t>(fork); }

bool is_reached(const std::optional<std::uint64_t>& activation, std::uint64_t now) {
    return activation && *activation <= now;
}

/// The latest active row; a fork that a chain skipped is implied by a later one.
Fork find_fork(const ChainConfig& config, std::uint64_t block_number, std::uint64_t timestamp) {
    for (std::size_t i = FORK_COUNT; i-- > 0;)
        if (is_reached(config.fork_blocks[i], block_number) || is_reached(config.fork_times[i], timestamp))
            return FORKS[i].fork;
    return Fork::Frontier;
}

OpFork find_op_fork(const OpChainConfig& config, std::uint64_t timestamp) {
    for (std::size_t i = OP_FORK_COUNT; i-- > 1;)
        if (is_reached(config.fork_times[i], timestamp)) return OP_FORKS[i].fork;
    return OpFork::None;
}

BlobParams find_blob_params(const std::vector<BlobSchedule>& schedule, std::uint64_t timestamp) {
    BlobParams params;
    for (const auto& entry : schedule)
        if (entry.activation_time <= timestamp) params = entry.params;
    return params;
}

/// Mainnet's parameters in the second in which this fork began.
BlobParams blob_params_at(Fork fork) {
    const auto& row = FORKS[index(fork)];
    if (row.by == By::Block) return {};
    return find_blob_params({std::begin(MAINNET_BLOBS), std::end(MAINNET_BLOBS)}, row.mainnet);
}

}  // namespace

std::string_view to_string(Fork fork) { return FORKS[index(fork)].name; }

std::optional<Fork> parse_fork(std::string_view name) {
    if (name.empty()) return std::nullopt;
    for (const auto& row : FORKS)
        if (row.name == name || row.alias == name) return row.fork;
    return std::nullopt;
}

std::string_view to_string(OpFork fork) { return OP_FORKS[index(fork)].name; }

std::optional<OpFork> parse_op_fork(std::string_view name) {
    for (const auto& row : OP_FORKS)
        if (row.name == name && row.fork != OpFork::None) return row.fork;
    return std::nullopt;
}

Fork evm_fork_of(OpFork fork) { return OP_FORKS[index(fork)].evm; }

Rules ChainConfig::rules_at(std::uint64_t block_number, std::uint64_t timestamp) const {
    Rules rules;
    rules.chain_id = chain_id;
    rules.fork = find_fork(*this, block_number, timestamp);
    if (op) rules.op = find_op_fork(*op, timestamp);
    rules.fork = std::max(rules.fork, evm_fork_of(rules.op));
    if (rules.at_least(Fork::Cancun)) rules.blobs = find_blob_params(blob_schedule, timestamp);
    return rules;
}

ChainConfig ChainConfig::all_active(std::uint64_t chain_id, Fork last) {
    ChainConfig config;
    config.chain_id = chain_id;
    for (const auto& row : FORKS)
        if (row.fork <= last) (row.by == By::Block ? config.fork_blocks : config.fork_times)[index(row.fork)] = 0;
    if (last >= Fork::Paris) config.terminal_total_difficulty = U256{};
    if (last >= Fork::Cancun) config.blob_schedule = {{0, blob_params_at(last)}};
    config.deposit_contract = MAINNET_DEPOSIT_CONTRACT;
    return config;
}

ChainConfig ChainConfig::op_all_active(std::uint64_t chain_id, OpFork last) {
    // Jovian is the newest there is: a chain of ours that starts with it takes the newest EVM too.
    ChainConfig config = all_active(chain_id, last >= OpFork::Jovian ? Fork::Osaka : evm_fork_of(last));
    config.blob_schedule.clear();  // blobs are L1's
    config.deposit_contract = {};
    config.op.emplace();
    for (const auto& row : OP_FORKS)
        if (row.fork != OpFork::None && row.fork <= last) config.op->fork_times[index(row.fork)] = 0;
    return config;
}

ChainConfig ChainConfig::mainnet() {
    ChainConfig config;
    for (const auto& row : FORKS)
        (row.by == By::Block ? config.fork_blocks : config.fork_times)[index(row.fork)] = row.mainnet;
    config.terminal_total_difficulty = MAINNET_TERMINAL_TOTAL_DIFFICULTY;
    config.blob_schedule.assign(std::begin(MAINNET_BLOBS), std::end(MAINNET_BLOBS));
    config.deposit_contract = MAINNET_DEPOSIT_CONTRACT;
    return config;
}

}  // namespace entresol::chain
