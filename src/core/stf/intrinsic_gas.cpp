#include "core/stf/transition.hpp"

namespace entresol::stf {

namespace {

using chain::Fork;

constexpr std::uint64_t TX_BASE_COST = 21'000;
constexpr std::uint64_t TX_CREATE_COST = 32'000;  // EIP-2
constexpr std::uint64_t TX_DATA_ZERO_COST = 4;
constexpr std::uint64_t TX_DATA_NONZERO_COST_FRONTIER = 68;
constexpr std::uint64_t TX_DATA_NONZERO_COST = 16;         // EIP-2028
constexpr std::uint64_t ACCESS_LIST_ADDRESS_COST = 2'400;  // EIP-2930
constexpr std::uint64_t ACCESS_LIST_STORAGE_KEY_COST = 1'900;
constexpr std::uint64_t INITCODE_WORD_COST = 2;           // EIP-3860
constexpr std::uint64_t PER_EMPTY_ACCOUNT_COST = 25'000;  // EIP-7702
constexpr std::uint64_t TOTAL_COST_FLOOR_PER_TOKEN = 10;  // EIP-7623
constexpr std::uint64_t TOKENS_PER_NONZERO_BYTE = 4;

}  // namespace

IntrinsicGas compute_intrinsic_gas(const chain::Transaction& tx, const chain::Rules& rules) {
    std::uint64_t zeros = 0;
    for (const auto byte : tx.data) zeros += byte == 0 ? 1 : 0;
    const std::uint64_t nonzeros = tx.data.size() - zeros;

    IntrinsicGas result;
    result.gas = TX_BASE_COST + zeros * TX_DATA_ZERO_COST +
                 nonzeros * (rules.at_least(Fork::Istanbul) ? TX_DATA_NONZERO_COST : TX_DATA_NONZERO_COST_FRONTIER);
    if (!tx.to && rules.at_least(Fork::Homestead)) result.gas += TX_CREATE_COST;
    if (!tx.to && rules.at_least(Fork::Shanghai)) result.gas += (tx.data.size() + 31) / 32 * INITCODE_WORD_COST;
    for (const auto& entry : tx.access_list)
        result.gas += ACCESS_LIST_ADDRESS_COST + entry.storage_keys.size() * ACCESS_LIST_STORAGE_KEY_COST;
    result.gas += tx.authorizations.size() * PER_EMPTY_ACCOUNT_COST;
    if (rules.at_least(Fork::Prague))
        result.floor = TX_BASE_COST + (zeros + nonzeros * TOKENS_PER_NONZERO_BYTE) * TOTAL_COST_FLOOR_PER_TOKEN;
    return result;
}

}  // namespace entresol::stf
