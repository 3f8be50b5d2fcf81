#include "node/devnet/configuration.hpp"

#include <stdexcept>

#include "core/base/hex.hpp"
#include "core/crypto/keccak.hpp"
#include "core/state/memory_state.hpp"
#include "node/devnet/accounts.hpp"
#include "node/program/chain_program.hpp"

namespace entresol::devnet {
namespace {

constexpr std::uint64_t DEV_ACCOUNT_ETHER = 10'000;
constexpr std::uint64_t L1_SLOT_S =
    12;  // Ethereum's: where the L1 is ours and faster, changes wait longer than they need
constexpr std::uint64_t L1_GAS_LIMIT = 60'000'000;
constexpr std::uint64_t EIP1559_DENOMINATOR = 250, EIP1559_ELASTICITY = 6;

U256 ether(std::uint64_t amount) { return U256{amount} * U256{1'000'000'000'000'000'000ULL}; }

// 0xff, then the chain id: where batches of this chain are sent.
Address batch_inbox_of(std::uint64_t l2_chain_id) {
    Address inbox;
    inbox.bytes[0] = 0xff;
    store_be64(inbox.data() + 12, l2_chain_id);
    return inbox;
}

Hash32 root_of(const genesis::Alloc& alloc) {
    state::MemoryState state;
    for (const auto& [address, account] : alloc) {
        auto& entry = state.accounts[address];
        entry.account = {.nonce = account.nonce, .balance = account.balance};
        if (!account.code.empty()) entry.account.code_hash = crypto::keccak256(account.code);
        entry.storage = account.storage;
    }
    return state.compute_root();
}

// Output root v0 (OP Stack withdrawals specification) of a block whose message passer has stored nothing.
Hash32 genesis_output_root(const chain::Header& header) {
    Bytes preimage(32);  // version 0
    append(preimage, header.state_root.view());
    append(preimage, header.withdrawals_root.value_or(crypto::EMPTY_TRIE_ROOT).view());
    append(preimage, chain::header_hash(header).view());
    return crypto::keccak256(preimage);
}

// Jovian: version 1, denominator, elasticity, minimum base fee.
Bytes l2_genesis_extra_data() {
    Bytes extra(17);
    extra[0] = 1;
    store_be32(extra.data() + 1, EIP1559_DENOMINATOR);
    store_be32(extra.data() + 5, EIP1559_ELASTICITY);
    return extra;
}

void fund(genesis::Alloc& alloc, const Address& address, const U256& balance) { alloc[address].balance += balance; }

// Tools estimate calls without a sender from the zero address (viem's buildInitiateWithdrawal does), which is rich on mainnet.
void fund_users(genesis::Alloc& alloc) {
    for (const auto& account : dev_accounts()) fund(alloc, account.address, ether(DEV_ACCOUNT_ETHER));
    fund(alloc, Address{}, ether(DEV_ACCOUNT_ETHER));
}

genesis::Params plan_params(const Options& options) {
    const std::string owner = to_hex(dev_accounts()[9].address);
    const std::string vault_owner = to_hex(service_account("fees").address);
    return {
        {"owner", owner},
        {"guardian", owner},
        {"exit_window_s", std::to_string(options.exit_window_s)},
        {"forced_inclusion_s", std::to_string(options.sequencing_window_blocks * L1_SLOT_S)},
        {"batcher", to_hex(service_account("batcher").address)},
        {"proposer", to_hex(service_account("proposer").address)},
        {"unsafe_block_signer", to_hex(service_account("sequencer").address)},
        {"batch_inbox", to_hex(batch_inbox_of(options.l2_chain_id))},
        {"l2_chain_id", std::to_string(options.l2_chain_id)},
        {"gas_limit", std::to_string(options.l2_gas_limit)},
        {"eip1559_denominator", std::to_string(EIP1559_DENOMINATOR)},
        {"eip1559_elasticity", std::to_string(EIP1559_ELASTICITY)},
        {"da_footprint_gas_scalar", std::to_string(options.da_footprint_gas_scalar)},
        {"game_type", std::to_string(options.game_type)},
        {"program_root", to_hex(options.program_root)},
        {"program_entry", std::to_string(options.program_entry)},
        {"challenge_period_s", std::to_string(options.challenge_period_s)},
        {"clock_extension_s", std::to_string(options.challenge_period_s / 20)},
        {"dispute_game_finality_delay_s", std::to_string(options.finality_delay_s)},
        {"proof_maturity_delay_s", std::to_string(options.proof_maturity_s)},
        {"l2_genesis_ether_wei", to_decimal(ether(DEV_ACCOUNT_ETHER * (dev_accounts().size() + 1)))},
        {"sequencer_fee_recipient", vault_owner},
        {"base_fee_recipient", vault_owner},
        {"l1_fee_recipient", vault_owner},
        {"operator_fee_recipient", vault_owner},
    };
}

chain::Genesis make_l2_genesis(const Options& options, const genesis::Contracts& contracts,
                               const genesis::Params& params, std::uint64_t genesis_time) {
    chain::Genesis l2;
    l2.timestamp = genesis_time;
    l2.gas_limit = options.l2_gas_limit;
    l2.extra_data = l2_genesis_extra_data();
    l2.coinbase = from_bytes<Address>(parse_hex("0x4200000000000000000000000000000000000011").value());
    l2.alloc = genesis::build_l2_alloc(contracts, params);
    fund_users(l2.alloc);
    return l2;
}

// All but where each layer begins.
derive::RollupConfig make_rollup(const Options& options, const std::map<std::string, Address>& contracts) {
    derive::RollupConfig rollup;
    rollup.genesis_system_config = {
        .batcher = service_account("batcher").address,
        .overhead = {},
        .scalar = derive::make_scalar({.base_fee_scalar = 1368, .blob_base_fee_scalar = 810949}),
        .gas_limit = options.l2_gas_limit,
        .eip1559_denominator = EIP1559_DENOMINATOR,
        .eip1559_elasticity = EIP1559_ELASTICITY,
        .operator_fee_scalar = 0,
        .operator_fee_constant = 0,
        .min_base_fee = 0,
        .da_footprint_gas_scalar = options.da_footprint_gas_scalar};
    rollup.block_time = std::max<std::uint64_t>(options.l2_block_time_ms / 1000, 1);
    rollup.seq_window_size = options.sequencing_window_blocks;
    rollup.batch_inbox = batch_inbox_of(options.l2_chain_id);
    rollup.deposit_contract = contracts.at("optimism_portal");
    rollup.system_config_contract = contracts.at("system_config");
    rollup.l2 = chain::ChainConfig::op_all_active(options.l2_chain_id);
    return rollup;
}

// What the dispute game's contracts know of the chain's program, unless another one was named.
void name_program(const Options& options, const derive::RollupConfig& rollup, genesis::Params& params) {
    if (!options.program_root.is_zero()) return;
    const auto program = program::make_chain_program({rollup, std::nullopt});
    params["program_root"] = to_hex(program.memory_root);
    params["program_entry"] = std::to_string(program.entry);
}

}  // namespace

Configuration make_configuration(const Options& options, const genesis::Contracts& contracts,
                                 std::uint64_t genesis_time) {
    Configuration c;
    genesis::Params params = plan_params(options);
    c.contracts = genesis::deployment_addresses(contracts, params);
    c.l1_config = chain::ChainConfig::all_active(options.l1_chain_id);
    c.l2_config = chain::ChainConfig::op_all_active(options.l2_chain_id);

    c.l2_genesis = make_l2_genesis(options, contracts, params, genesis_time);
    const auto l2_header = chain::make_genesis_header(c.l2_genesis, c.l2_config, root_of(c.l2_genesis.alloc));

    c.rollup = make_rollup(options, c.contracts);
    auto& rollup = c.rollup;
    rollup.l2_genesis = {chain::header_hash(l2_header), 0};
    rollup.l2_genesis_timestamp = genesis_time;
    rollup.l1 = c.l1_config;
    rollup.allow_time_jumps = true;

    params["l2_genesis_output_root"] = to_hex(genesis_output_root(l2_header));
    name_program(options, rollup, params);
    c.l1_genesis.timestamp = genesis_time;
    c.l1_genesis.gas_limit = L1_GAS_LIMIT;
    c.l1_genesis.alloc = genesis::build_l1_alloc(contracts, params, genesis_time);
    fund_users(c.l1_genesis.alloc);
    for (const char* role : {"batcher", "proposer"})
        fund(c.l1_genesis.alloc, service_account(role).address, ether(DEV_ACCOUNT_ETHER));
    const auto l1_header = chain::make_genesis_header(c.l1_genesis, c.l1_config, root_of(c.l1_genesis.alloc));
    rollup.l1_genesis = {chain::header_hash(l1_header), 0};  // no part of the program, which the contracts name
    return c;
}

ForeignConfiguration make_foreign_configuration(const Options& options, const genesis::Contracts& contracts,
                                                const L1Start& start) {
    ForeignConfiguration c{.chain = {}, .params = plan_params(options)};
    auto& params = c.params;
    params["deployer"] = to_hex(start.deployer);
    params["deployer_nonce"] = std::to_string(start.deployer_nonce);
    params["l2_genesis_ether_wei"] = "0";
    c.chain.contracts = genesis::deployment_addresses(contracts, params);
    c.chain.l2_genesis = make_l2_genesis(options, contracts, params, start.timestamp);
    c.chain.rollup = make_rollup(options, c.chain.contracts);
    auto& rollup = c.chain.rollup;
    const auto l2_header = chain::make_genesis_header(c.chain.l2_genesis, rollup.l2, root_of(c.chain.l2_genesis.alloc));
    params["l2_genesis_output_root"] = to_hex(genesis_output_root(l2_header));
    rollup.l1_genesis = start.block;
    rollup.l2_genesis = {chain::header_hash(l2_header), 0};
    rollup.l2_genesis_timestamp = start.timestamp;
    rollup.l1 = chain::ChainConfig::all_active(start.chain_id);
    name_program(options, rollup, params);
    return c;
}

}  // namespace entresol::devnet
