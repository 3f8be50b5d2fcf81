#include "core/chain/forks.hpp"

#include <gtest/gtest.h>

#include "core/chain/genesis.hpp"

namespace entresol::chain {
namespace {

Fork fork_at(std::size_t i) { return static_cast<Fork>(i); }

TEST(Forks, NamesAreReadBack) {
    for (std::size_t i = 0; i < FORK_COUNT; ++i) EXPECT_EQ(parse_fork(to_string(fork_at(i))), fork_at(i));
    EXPECT_EQ(parse_fork("EIP150"), Fork::TangerineWhistle);
    EXPECT_EQ(parse_fork("EIP158"), Fork::SpuriousDragon);
    EXPECT_EQ(parse_fork("ConstantinopleFix"), Fork::Petersburg);
    EXPECT_EQ(parse_fork("Merge"), Fork::Paris);
    EXPECT_FALSE(parse_fork(""));
    EXPECT_FALSE(parse_fork("osaka"));
    for (std::size_t i = 1; i < OP_FORK_COUNT; ++i)
        EXPECT_EQ(parse_op_fork(to_string(static_cast<OpFork>(i))), static_cast<OpFork>(i));
    EXPECT_FALSE(parse_op_fork(""));
}

TEST(Forks, MainnetChangesAtItsBlocksAndTimes) {
    const ChainConfig mainnet = ChainConfig::mainnet();
    for (std::size_t i = 1; i < FORK_COUNT; ++i) {
        // Petersburg came in Constantinople's block and is the one in force.
        if (fork_at(i) == Fork::Constantinople) continue;
        const Fork before = fork_at(i) == Fork::Petersburg ? Fork::Byzantium : fork_at(i - 1);
        if (const auto block = mainnet.fork_blocks[i]) {
            EXPECT_EQ(mainnet.rules_at(*block, 0).fork, fork_at(i));
            EXPECT_EQ(mainnet.rules_at(*block - 1, 0).fork, before);
        } else {
            const std::uint64_t time = mainnet.fork_times[i].value();
            EXPECT_EQ(mainnet.rules_at(20'000'000, time).fork, fork_at(i));
            EXPECT_EQ(mainnet.rules_at(20'000'000, time - 1).fork, before);
        }
    }
}

TEST(Forks, MainnetBlobSchedule) {
    const ChainConfig mainnet = ChainConfig::mainnet();
    const auto blobs_at = [&](std::uint64_t time) { return mainnet.rules_at(23'000'000, time).blobs; };
    EXPECT_EQ(blobs_at(1'710'338'134), BlobParams{});
    EXPECT_EQ(blobs_at(1'710'338'135), (BlobParams{3, 6, 3'338'477}));
    EXPECT_EQ(blobs_at(1'746'612'311), (BlobParams{6, 9, 5'007'716}));
    EXPECT_EQ(blobs_at(1'764'798'551), (BlobParams{6, 9, 5'007'716}));
    EXPECT_EQ(blobs_at(1'765'290'071), (BlobParams{10, 15, 8'346'193}));
    EXPECT_EQ(blobs_at(1'767'747'671), (BlobParams{14, 21, 11'684'671}));
}

TEST(Forks, AllActiveStopsAtTheLast) {
    for (std::size_t i = 0; i < FORK_COUNT; ++i) {
        const Rules rules = ChainConfig::all_active(7, fork_at(i)).rules_at(0, 0);
        EXPECT_EQ(rules.fork, fork_at(i));
        EXPECT_EQ(rules.chain_id, 7U);
        EXPECT_FALSE(rules.is_op());
        EXPECT_EQ(rules.blobs.max != 0, fork_at(i) >= Fork::Cancun);
    }
    EXPECT_EQ(ChainConfig::all_active(1, Fork::Cancun).rules_at(0, 0).blobs, (BlobParams{3, 6, 3'338'477}));
    EXPECT_EQ(ChainConfig::all_active(1).rules_at(0, 0).blobs, (BlobParams{6, 9, 5'007'716}));
}

TEST(Forks, OpForksBringTheirEvm) {
    EXPECT_EQ(ChainConfig::op_all_active(10).rules_at(0, 0).fork, Fork::Osaka);
    EXPECT_EQ(ChainConfig::op_all_active(10).rules_at(0, 0).op, OpFork::Jovian);
    EXPECT_EQ(ChainConfig::op_all_active(10, OpFork::Isthmus).rules_at(0, 0).fork, Fork::Prague);
    EXPECT_EQ(ChainConfig::op_all_active(10, OpFork::Holocene).rules_at(0, 0).fork, Fork::Cancun);
    EXPECT_EQ(ChainConfig::op_all_active(10, OpFork::Canyon).rules_at(0, 0).fork, Fork::Shanghai);

    ChainConfig config;  // as a real rollup is configured: OP times alone
    config.op.emplace();
    config.op->fork_times[static_cast<std::size_t>(OpFork::Bedrock)] = 0;
    config.op->fork_times[static_cast<std::size_t>(OpFork::Canyon)] = 100;
    config.op->fork_times[static_cast<std::size_t>(OpFork::Isthmus)] = 200;
    EXPECT_EQ(config.rules_at(5, 99).fork, Fork::Paris);
    EXPECT_EQ(config.rules_at(5, 100).fork, Fork::Shanghai);
    EXPECT_EQ(config.rules_at(5, 200).fork, Fork::Prague);
    EXPECT_TRUE(config.rules_at(5, 200).at_least(OpFork::Holocene));
    EXPECT_FALSE(config.rules_at(5, 199).at_least(OpFork::Holocene));
}

TEST(Genesis, HeaderHasTheFieldsOfItsFork) {
    const Genesis genesis;
    const Header osaka = make_genesis_header(genesis, ChainConfig::all_active(1), Hash32{});
    EXPECT_TRUE(osaka.requests_hash && osaka.blob_gas_used && osaka.withdrawals_root && osaka.base_fee_per_gas);
    const Header paris = make_genesis_header(genesis, ChainConfig::all_active(1, Fork::Paris), Hash32{});
    EXPECT_TRUE(paris.base_fee_per_gas && !paris.withdrawals_root);
    const Header berlin = make_genesis_header(genesis, ChainConfig::all_active(1, Fork::Berlin), Hash32{});
    EXPECT_FALSE(berlin.base_fee_per_gas);
}

}  // namespace
}  // namespace entresol::chain
