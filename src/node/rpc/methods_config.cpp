// eth_config (EIP-7910): which rules are active now, next and last.
#include <algorithm>
#include <set>

#include "core/base/hex.hpp"
#include "node/rpc/format.hpp"
#include "node/rpc/method.hpp"

namespace entresol::rpc {
namespace {

using chain::Fork;

struct Named {
    const char* name;
    std::uint16_t address;
};
// EIP-7910's names.
constexpr Named PRECOMPILES[] = {
    {"ECREC", 1},
    {"SHA256", 2},
    {"RIPEMD160", 3},
    {"ID", 4},
    {"MODEXP", 5},
    {"BN254_ADD", 6},
    {"BN254_MUL", 7},
    {"BN254_PAIRING", 8},
    {"BLAKE2F", 9},
    {"KZG_POINT_EVALUATION", 0x0a},
    {"BLS12_G1ADD", 0x0b},
    {"BLS12_G1MSM", 0x0c},
    {"BLS12_G2ADD", 0x0d},
    {"BLS12_G2MSM", 0x0e},
    {"BLS12_PAIRING_CHECK", 0x0f},
    {"BLS12_MAP_FP_TO_G1", 0x10},
    {"BLS12_MAP_FP2_TO_G2", 0x11},
    {"P256VERIFY", 0x100},
};
struct SystemContract {
    const char* name;
    const char* address;  // null: the chain's own
    Fork since;
};
constexpr SystemContract SYSTEM_CONTRACTS[] = {
    {"BEACON_ROOTS_ADDRESS", "0x000f3df6d732807ef1319fb7b8bb8522d0beac02", Fork::Cancun},
    {"CONSOLIDATION_REQUEST_PREDEPLOY_ADDRESS", "0x0000bbddc7ce488642fb579f8b00f3a590007251", Fork::Prague},
    {"DEPOSIT_CONTRACT_ADDRESS", nullptr, Fork::Prague},
    {"HISTORY_STORAGE_ADDRESS", "0x0000f90827f1c53a10cb7a02335b175320002935", Fork::Prague},
    {"WITHDRAWAL_REQUEST_PREDEPLOY_ADDRESS", "0x00000961ef480eb55e80d19ad83579a64c007002", Fork::Prague},
};

// Times at which rules change by clock, ascending, without those before the genesis or at it.
std::vector<std::uint64_t> activation_times(const chain::ChainConfig& config, std::uint64_t genesis_time) {
    std::set<std::uint64_t> times;
    for (const auto& time : config.fork_times)
        if (time && *time > genesis_time) times.insert(*time);
    for (const auto& entry : config.blob_schedule)
        if (entry.activation_time > genesis_time) times.insert(entry.activation_time);
    return {times.begin(), times.end()};
}

// CRC-32 (IEEE), as EIP-2124 folds the fork points into one number.
std::uint32_t update_crc32(std::uint32_t crc, ByteView bytes) {
    constexpr std::uint32_t POLYNOMIAL = 0xedb88320;
    crc = ~crc;
    for (const std::uint8_t byte : bytes) {
        crc ^= byte;
        for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? POLYNOMIAL : 0);
    }
    return ~crc;
}

// EIP-2124 with EIP-6122's times: the hash of everything that was active at `time`.
std::uint32_t fork_id(const chain::ChainConfig& config, const ledger::StoredBlock& genesis, std::uint64_t time) {
    std::uint32_t crc = update_crc32(0, genesis.hash.view());
    const auto fold = [&](std::uint64_t point) {
        FixedBytes<8> bytes;
        for (std::size_t i = 0; i < 8; ++i) bytes.bytes[7 - i] = static_cast<std::uint8_t>(point >> (8 * i));
        crc = update_crc32(crc, bytes.view());
    };
    std::set<std::uint64_t> blocks;
    for (const auto& block : config.fork_blocks)
        if (block && *block > 0) blocks.insert(*block);
    for (const auto block : blocks) fold(block);
    for (const auto point : activation_times(config, genesis.block.header.timestamp))
        if (point <= time) fold(point);
    return crc;
}

json::object config_at(const Context& context, std::uint64_t time) {
    const auto& config = context.ledger.config();
    const auto genesis = context.ledger.genesis();
    const auto rules = config.rules_at(context.ledger.head()->number() + 1, time);
    json::object precompiles, contracts;
    for (const auto& row : PRECOMPILES) {
        Address address;
        store_be16(address.data() + 18, row.address);
        if (evm::is_precompile(address, rules)) precompiles[row.name] = to_json(address);
    }
    for (const auto& row : SYSTEM_CONTRACTS)
        if (rules.at_least(row.since))
            contracts[row.name] = row.address != nullptr ? json::value(row.address) : to_json(config.deposit_contract);
    FixedBytes<8> id;
    const std::uint32_t crc = fork_id(config, *genesis, time);
    for (std::size_t i = 0; i < 4; ++i) id.bytes[3 - i] = static_cast<std::uint8_t>(crc >> (8 * i));
    return {{"activationTime", time},
            {"blobSchedule", json::object{{"target", rules.blobs.target},
                                          {"max", rules.blobs.max},
                                          {"baseFeeUpdateFraction", rules.blobs.base_fee_update_fraction}}},
            {"chainId", quantity(config.chain_id)},
            {"forkId", hex_data(id.view().first(4))},
            {"precompiles", std::move(precompiles)},
            {"systemContracts", std::move(contracts)}};
}

RpcResult<json::value> eth_config(Context& context, const Params&) {
    const std::uint64_t genesis_time = context.ledger.genesis()->block.header.timestamp;
    const auto times = activation_times(context.ledger.config(), genesis_time);
    const auto next = std::upper_bound(times.begin(), times.end(), context.ledger.head()->block.header.timestamp);
    json::object out{{"current", config_at(context, next == times.begin() ? genesis_time : *std::prev(next))},
                     {"next", nullptr},
                     {"last", nullptr}};
    if (next == times.end()) return json::value(std::move(out));
    out["next"] = config_at(context, *next);
    out["last"] = config_at(context, times.back());
    return json::value(std::move(out));
}

constexpr Method METHODS[] = {{"eth_config", eth_config, nullptr, Needs::L1}};

}  // namespace

std::span<const Method> config_methods() { return METHODS; }

}  // namespace entresol::rpc
