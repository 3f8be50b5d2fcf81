// The times of an L2's blocks: exactly a block time apart, whatever the clock does (found by the simulation, src/node/sim: a sequencer that had been away for a
// minute made a block that no replica would derive).
#include <gtest/gtest.h>

#include "node/io/log.hpp"
#include "node/sequencer/sequencer.hpp"
#include "node/store/block_store.hpp"

namespace entresol::sequencer {
namespace {

class BlockTimes : public testing::TestWithParam<bool> {
protected:
    static chain::Genesis make_genesis() {
        chain::Genesis genesis;
        genesis.timestamp = 1'700'000'000;
        genesis.gas_limit = 30'000'000;
        genesis.base_fee_per_gas = U256{1'000'000'000};
        return genesis;
    }
    std::uint64_t now_ms = 1'700'000'000'000;
    chain::ChainConfig config = chain::ChainConfig::all_active(900, chain::Fork::Cancun);
    io::Loop loop{[this] { return now_ms; }};
    ledger::Ledger ledger{config, make_genesis(), std::make_shared<store::BlockStore>(store::make_memory_store())};
    Sequencer sequencer{{.block_time_ms = 2'000,
                         .exact_spacing = true,
                         .follows_clock = GetParam(),
                         .mode = SealMode::Interval,
                         .signing_key = {},
                         .pool_limits = {}},
                        ledger,
                        loop,
                        [this] { return now_ms; },
                        [](const ledger::StoredBlock& parent, std::uint64_t timestamp) {
                            return std::optional(BlockTemplate{.timestamp = timestamp,
                                                               .coinbase = {},
                                                               .prev_randao = {},
                                                               .gas_limit = parent.block.header.gas_limit,
                                                               .parent_beacon_block_root = parent.hash,
                                                               .extra_data = {},
                                                               .forced = {}});
                        }};
};

TEST_P(BlockTimes, AfterAPause) {
    sequencer.start();
    now_ms += 4'500;
    loop.run_due();
    ASSERT_EQ(ledger.head()->number(), 2U);
    now_ms += 600'000;  // the process slept, or the clock was set right
    loop.run_due();
    const auto head = ledger.head();
    const auto parent = ledger.find_block(head->number() - 1);
    if (GetParam()) {  // a devnet's development methods move the clock
        EXPECT_GT(head->block.header.timestamp, parent->block.header.timestamp + 500);
        return;
    }
    EXPECT_EQ(head->number(), 302U);
    for (std::uint64_t number = 1; number <= head->number(); ++number)
        ASSERT_EQ(ledger.find_header(number)->timestamp, 1'700'000'000 + 2 * number);
}

INSTANTIATE_TEST_SUITE_P(Clocks, BlockTimes, testing::Bool(),
                         [](const auto& follows) { return follows.param ? "OfADevnet" : "OfARollup"; });

}  // namespace
}  // namespace entresol::sequencer
