// What the tests of transactions share: a small state, a block, and one call that runs a transaction.
#pragma once

#include "core/state/memory_state.hpp"
#include "core/stf/transition.hpp"

namespace entresol::stf::testing {

inline Address address(std::uint8_t last) {
    Address a;
    a.bytes[0] = 0xaa;
    a.bytes[19] = last;
    return a;
}

inline const Address ALICE = address(1);
inline const Address CONTRACT = address(2);
inline const Address MINER = address(3);
inline constexpr std::uint64_t ETHER = 1'000'000'000'000'000'000;

struct World {
    explicit World(const chain::Rules& rules) {
        state.accounts[ALICE].account.balance = ETHER;
        block.number = 7;
        block.timestamp = 1'000;
        block.gas_limit = 30'000'000;
        block.coinbase = MINER;
        if (rules.at_least(chain::Fork::London)) block.base_fee = 10;
        if (rules.at_least(chain::Fork::Cancun)) block.blob_base_fee = 3;
        block.rules = rules;
    }

    Result<TxOutcome, TxError> apply(const chain::Transaction& tx, const CallOptions& options = {}) {
        state::Journal journal(state);
        evm::Vm vm(journal, block);
        auto outcome = apply_transaction(journal, vm, block, progress, tx,
                                         tx.type == chain::TxType::Deposit ? tx.from : ALICE, options);
        diff = journal.take_diff();
        state.apply(diff);
        return outcome;
    }
    U256 balance(const Address& a) { return state.accounts.contains(a) ? state.accounts[a].account.balance : U256{}; }
    std::uint64_t nonce(const Address& a) { return state.accounts.contains(a) ? state.accounts[a].account.nonce : 0; }

    state::MemoryState state;
    evm::BlockContext block;
    BlockProgress progress;
    state::StateDiff diff;
};

inline chain::Rules l1_rules(chain::Fork fork) { return chain::ChainConfig::all_active(1, fork).rules_at(7, 1'000); }
inline chain::Rules op_rules(chain::OpFork fork) {
    return chain::ChainConfig::op_all_active(10, fork).rules_at(7, 1'000);
}

inline chain::Transaction transfer(std::uint64_t value) {
    chain::Transaction tx;
    tx.type = chain::TxType::Legacy;
    tx.to = CONTRACT;
    tx.value = value;
    tx.gas_limit = 21'000;
    tx.max_fee_per_gas = tx.max_priority_fee_per_gas = U256{15};
    return tx;
}

}  // namespace entresol::stf::testing
