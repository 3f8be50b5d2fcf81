#include "core/stf/requests.hpp"

namespace entresol::stf {

namespace {

using chain::Fork;

constexpr std::uint64_t WEI_PER_GWEI = 1'000'000'000;

/// Yellow paper 11.3, EIP-649, EIP-1234; none since the Merge (EIP-3675).
U256 block_reward(const chain::Rules& rules) {
    constexpr std::uint64_t ETHER = 1'000'000'000'000'000'000;
    if (rules.at_least(Fork::Paris)) return {};
    if (rules.at_least(Fork::Constantinople)) return U256{2} * U256{ETHER};
    if (rules.at_least(Fork::Byzantium)) return U256{3} * U256{ETHER};
    return U256{5} * U256{ETHER};
}

void pay_rewards(state::Journal& journal, const chain::Block& block, const chain::Rules& rules) {
    const U256 reward = block_reward(rules);
    if (reward.is_zero()) return;
    U256 miner = reward;
    for (const auto& ommer : block.ommers) {
        const std::uint64_t share =
            ommer.number + 8 - block.header.number;  // eighths, by age; ages are checked with the body
        journal.add_balance(ommer.coinbase, reward * U256{share} / U256{8});
        miner += reward / U256{32};
    }
    journal.add_balance(block.header.coinbase, miner);
}

/// EIP-4895; a withdrawal of nothing still touches its address.
void pay_withdrawals(state::Journal& journal, const chain::Block& block) {
    if (!block.withdrawals) return;
    for (const auto& withdrawal : *block.withdrawals)
        journal.add_balance(withdrawal.address, U256{withdrawal.amount_gwei} * U256{WEI_PER_GWEI});
}

}  // namespace

Result<std::vector<Bytes>, BlockFailure> end_block(state::Journal& journal, evm::Vm& vm, const chain::Block& block,
                                                   const chain::Rules& rules, const chain::ChainConfig& config,
                                                   const std::vector<TxOutcome>& outcomes) {
    journal.begin_transaction();
    pay_withdrawals(journal, block);
    pay_rewards(journal, block, rules);
    journal.finish_transaction(rules);
    return collect_requests(journal, vm, rules, config, outcomes);
}

}  // namespace entresol::stf
