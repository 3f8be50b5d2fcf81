#include "node/sim/check_supply.hpp"

#include <map>

#include "core/base/hex.hpp"
#include "core/codec/abi.hpp"
#include "core/derive/block_ref.hpp"
#include "core/derive/deposit.hpp"
#include "node/devnet/configuration.hpp"
#include "node/ledger/ledger.hpp"
#include "node/sim/withdrawal.hpp"
#include "node/store/block_store.hpp"
#include "node/store/flat_encoding.hpp"

namespace entresol::sim {
namespace {

U256 sum_of(const genesis::Alloc& alloc) {
    U256 sum;
    for (const auto& [address, account] : alloc) sum += account.balance;
    return sum;
}

U256 sum_of_balances(const ledger::Ledger& ledger) {
    CHECK(ledger.store()->flat().root() == ledger.head()->block.header.state_root);
    U256 sum;
    ledger.store()->tables()->scan(store::Table::Accounts, {}, store::ScanOrder::Ascending,
                                   [&sum](ByteView key, ByteView value) {
                                       if (key.size() == Hash32::SIZE)
                                           sum += store::decode_flat_account(to_bytes(value))->account.balance;
                                       return true;
                                   });
    return sum;
}

U256 sum_of_deposits(const derive::RollupConfig& rollup, const ledger::Ledger& l1, std::uint64_t up_to) {
    U256 sum;
    for (std::uint64_t number = rollup.l1_genesis.number + 1; number <= up_to; ++number) {
        const auto block = l1.find_block(number);
        std::vector<chain::Receipt> receipts;
        for (const auto& outcome : block->outcomes) receipts.push_back(outcome.receipt);
        const auto deposits = derive::derive_user_deposits(receipts, block->hash, rollup.deposit_contract);
        CHECK(deposits.has_value());
        for (const auto& deposit : *deposits) sum += deposit.mint;
    }
    return sum;
}

std::string differ(const char* what, const U256& is, const U256& should) {
    return std::string(what) + " " + to_decimal(is) + " wei, not " + to_decimal(should);
}

}  // namespace

SupplyL2 measure_l2(const devnet::Configuration& config, const ledger::Ledger& l2, const ledger::Ledger& l1) {
    SupplyL2 supply{.balances = sum_of_balances(l2),
                    .genesis = sum_of(config.l2_genesis.alloc),
                    .minted = {},
                    .deposited = {},
                    .withdrawn = {}};
    const auto head = l2.head();
    for (std::uint64_t number = 1; number <= head->number(); ++number) {
        const auto block = l2.find_block(number);
        for (const auto& tx : block->block.transactions)
            if (tx.type == chain::TxType::Deposit) supply.minted += tx.mint;
        for (const auto& withdrawal : withdrawals_of(*block)) supply.withdrawn += withdrawal.value;
    }
    const auto origin = derive::make_l2_block_ref(config.rollup, head->block)->l1_origin;
    supply.deposited = sum_of_deposits(config.rollup, l1, origin.number);
    return supply;
}

SupplyL1 measure_l1(const devnet::Configuration& config, const ledger::Ledger& l1, const ledger::Ledger& l2) {
    const auto& portal = config.rollup.deposit_contract;
    const auto balance_at = [&](const ledger::BlockPtr& block) {
        const auto account = l1.state_at(block).open()->find_account(portal);
        return account ? account->balance : U256{};
    };
    SupplyL1 supply{.portal = balance_at(l1.head()),
                    .portal_genesis = balance_at(l1.genesis()),
                    .deposited = sum_of_deposits(config.rollup, l1, l1.head()->number()),
                    .paid_out = {}};
    std::map<Hash32, U256> values;
    for (std::uint64_t number = 1; number <= l2.head()->number(); ++number)
        for (const auto& withdrawal : withdrawals_of(*l2.find_block(number)))
            values[withdrawal.hash] = withdrawal.value;
    const Hash32 finalized = codec::abi_event_topic("WithdrawalFinalized(bytes32,bool)");
    for (std::uint64_t number = 1; number <= l1.head()->number(); ++number)
        for (const auto& outcome : l1.find_block(number)->outcomes)
            for (const auto& log : outcome.receipt.logs)
                if (log.address == portal && log.topics.size() == 2 && log.topics[0] == finalized &&
                    codec::AbiReader(log.data).read_bool().value_or(false))
                    supply.paid_out += values[log.topics[1]];  // of one that no L2 block sent: nothing, and it shows
    return supply;
}

std::optional<std::string> check_supply(const SupplyL2& l2) {
    if (l2.balances != l2.genesis + l2.minted)
        return differ("the L2's accounts hold", l2.balances, l2.genesis + l2.minted);
    if (l2.minted != l2.deposited) return differ("deposits made on the L2", l2.minted, l2.deposited);
    return std::nullopt;
}

std::optional<std::string> check_supply(const SupplyL1& l1, const U256& withdrawn) {
    if (l1.portal + l1.paid_out != l1.portal_genesis + l1.deposited)
        return differ("the portal holds", l1.portal, l1.portal_genesis + l1.deposited - l1.paid_out);
    if (l1.paid_out > withdrawn) return differ("the portal paid out", l1.paid_out, withdrawn);
    return std::nullopt;
}

}  // namespace entresol::sim
