#include "core/chain/genesis.hpp"

#include "core/crypto/keccak.hpp"

namespace entresol::chain {
namespace {

constexpr std::uint64_t INITIAL_BASE_FEE_WEI = 1'000'000'000;  // EIP-1559

// sha256 of nothing: no requests (EIP-7685).
constexpr Hash32 EMPTY_REQUESTS_HASH{
    {{0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24,
      0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55}}};

}  // namespace

Header make_genesis_header(const Genesis& genesis, const ChainConfig& config, const Hash32& state_root) {
    const Rules rules = config.rules_at(genesis.number, genesis.timestamp);
    Header header;
    header.state_root = state_root;
    header.transactions_root = crypto::EMPTY_TRIE_ROOT;
    header.receipts_root = crypto::EMPTY_TRIE_ROOT;
    header.number = genesis.number;
    header.timestamp = genesis.timestamp;
    header.gas_limit = genesis.gas_limit;
    header.difficulty = genesis.difficulty;
    header.extra_data = genesis.extra_data;
    header.coinbase = genesis.coinbase;
    header.prev_randao = genesis.prev_randao;
    header.nonce = genesis.nonce;
    if (rules.at_least(Fork::London))
        header.base_fee_per_gas = genesis.base_fee_per_gas.value_or(U256{INITIAL_BASE_FEE_WEI});
    if (rules.at_least(Fork::Shanghai))
        header.withdrawals_root = genesis.withdrawals_root.value_or(crypto::EMPTY_TRIE_ROOT);
    if (rules.at_least(Fork::Cancun)) {
        header.blob_gas_used = genesis.blob_gas_used.value_or(0);
        header.excess_blob_gas = genesis.excess_blob_gas.value_or(0);
        header.parent_beacon_block_root = Hash32{};
    }
    if (rules.at_least(Fork::Prague)) header.requests_hash = EMPTY_REQUESTS_HASH;
    return header;
}

}  // namespace entresol::chain
