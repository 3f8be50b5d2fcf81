#include "core/stf/l1_fee.hpp"

#include <gtest/gtest.h>

#include "core/state/memory_state.hpp"
#include "core/stf/op_stack.hpp"

namespace entresol::stf {
namespace {

using chain::OpFork;

chain::Rules rules(OpFork fork) {
    chain::Rules r;
    r.op = fork;
    return r;
}

// The parameters and expected fees of op-geth's own tests (core/types/rollup_cost_test.go).
L1FeeParams reference_params() {
    L1FeeParams p;
    p.base_fee = U256{1'000'000'000};
    p.blob_base_fee = U256{10'000'000};
    p.base_fee_scalar = 2;
    p.blob_base_fee_scalar = 3;
    p.bedrock_overhead = U256{50};
    p.bedrock_scalar = U256{7'000'000};
    p.operator_fee_scalar = 1'439'103'868;
    p.operator_fee_constant = 1'256'417'826'609'331'460ULL;
    return p;
}

/// Unsigned legacy transaction to 0x095e…2d87 with every number zero: 30 bytes, none of them zero.
Bytes reference_tx() {
    Bytes tx = {0xdd, 0x80, 0x80, 0x80, 0x94, 0x09, 0x5e, 0x7b, 0xae, 0xa6, 0xa6, 0xc7, 0xc4, 0xc2, 0xdf,
                0xeb, 0x97, 0x7e, 0xfa, 0xc3, 0x26, 0xaf, 0x55, 0x2d, 0x87, 0x80, 0x80, 0x80, 0x80, 0x80};
    return tx;
}

TEST(L1Fee, FollowsEachForksFormula) {
    const auto params = reference_params();
    const Bytes tx = reference_tx();
    EXPECT_EQ(compute_l1_fee(params, tx, rules(OpFork::Bedrock)), U256{11'326'000'000'000});
    EXPECT_EQ(compute_l1_fee(params, tx, rules(OpFork::Regolith)), U256{3'710'000'000'000});
    EXPECT_EQ(compute_l1_fee(params, tx, rules(OpFork::Ecotone)), U256{960'900});
    EXPECT_EQ(compute_l1_fee(params, tx, rules(OpFork::Fjord)), U256{3'203'000});
    EXPECT_EQ(compute_l1_gas_used(params, tx, rules(OpFork::Bedrock)), 1618U);
    EXPECT_EQ(compute_l1_gas_used(params, tx, rules(OpFork::Ecotone)), 480U);
    EXPECT_EQ(compute_l1_gas_used(params, tx, rules(OpFork::Fjord)), 1600U);
    EXPECT_TRUE(compute_l1_fee(params, tx, chain::Rules{}).is_zero()) << "L1 has no L1 fee";
}

TEST(L1Fee, TheFirstEcotoneBlockStillPaysByBedrock) {
    L1FeeParams params = reference_params();
    params.blob_base_fee = {};
    params.base_fee_scalar = params.blob_base_fee_scalar = 0;
    EXPECT_EQ(compute_l1_fee(params, reference_tx(), rules(OpFork::Ecotone)), U256{3'710'000'000'000});
}

TEST(L1Fee, DepositsPayNothing) {
    Bytes deposit(200, 0xff);
    deposit[0] = 0x7e;
    EXPECT_TRUE(compute_l1_fee(reference_params(), deposit, rules(OpFork::Fjord)).is_zero());
}

TEST(L1Fee, FjordGrowsWithWhatCompressionLeaves) {
    Bytes noise(1000);
    std::uint32_t seed = 1;
    for (auto& byte : noise) byte = static_cast<std::uint8_t>((seed = seed * 1'664'525 + 1'013'904'223) >> 24);
    // 1000 bytes that do not compress: 31 runs of 32 literals and one of 8, a byte for each run.
    EXPECT_EQ(flz_compressed_size(noise), 1032U);
    // max(100, -42.5856 + 0.8365 * 1032) = 820.6824 bytes
    EXPECT_EQ(compute_l1_gas_used(reference_params(), noise, rules(OpFork::Fjord)), 13'130U);
    EXPECT_EQ(compute_l1_fee(reference_params(), noise, rules(OpFork::Fjord)),
              U256{820'682'400} * U256{32'030'000'000} / U256{1'000'000'000'000});
}

TEST(FlzCompressedSize, HandlesShortAndUniformInput) {
    EXPECT_EQ(flz_compressed_size({}), 0U);
    EXPECT_EQ(flz_compressed_size(Bytes(1, 7)), 2U);
    for (std::size_t size = 0; size < 600; ++size)
        EXPECT_LE(flz_compressed_size(Bytes(size, 0)), size + (size + 31) / 32) << size;
    EXPECT_LT(flz_compressed_size(Bytes(10'000, 0)), 200U) << "long matches cost three bytes for each 262";
}

TEST(OperatorFee, FollowsIsthmusAndJovian) {
    const auto params = reference_params();
    EXPECT_TRUE(compute_operator_fee(params, 1618, rules(OpFork::Holocene)).is_zero());
    EXPECT_EQ(compute_operator_fee(params, 1618, rules(OpFork::Isthmus)), U256{1'256'417'826'611'659'930ULL});
    EXPECT_EQ(compute_operator_fee(params, 1618, rules(OpFork::Jovian)),
              U256{1618} * U256{1'439'103'868} * U256{100} + U256{params.operator_fee_constant});
}

TEST(DaFootprint, IsTheEstimatedSizeTimesTheScalar) {
    L1FeeParams params = reference_params();
    params.da_footprint_gas_scalar = 400;
    EXPECT_EQ(compute_da_footprint(params, reference_tx(), rules(OpFork::Jovian)), 100U * 400U);
    EXPECT_EQ(compute_da_footprint(params, reference_tx(), rules(OpFork::Isthmus)), 0U);
}

TEST(L1FeeParams, AreReadFromTheL1Block) {
    state::MemoryState state;
    auto& storage = state.accounts[L1_BLOCK].storage;
    state.accounts[L1_BLOCK].account.nonce = 1;
    const auto set = [&](std::uint64_t slot, std::initializer_list<std::pair<int, std::uint8_t>> bytes) {
        Hash32 word;
        for (const auto& [at, value] : bytes) word.bytes[static_cast<std::size_t>(at)] = value;
        storage[slot] = to_u256(word);
    };
    set(1, {{31, 9}});
    set(3, {{19, 2}, {23, 3}, {31, 77}});  // base fee scalar, blob base fee scalar, sequence number
    set(5, {{31, 50}});
    set(6, {{31, 7}});
    set(7, {{31, 5}});
    set(8, {{19, 11}, {23, 6}, {31, 8}});  // footprint scalar, operator scalar, operator constant
    state::Journal journal(state);
    const auto params = load_l1_fee_params(journal, rules(OpFork::Jovian));
    EXPECT_EQ(params.base_fee, U256{9});
    EXPECT_EQ(params.base_fee_scalar, 2U);
    EXPECT_EQ(params.blob_base_fee_scalar, 3U);
    EXPECT_EQ(params.blob_base_fee, U256{5});
    EXPECT_TRUE(params.bedrock_scalar.is_zero()) << "not read when it is not needed";
    EXPECT_EQ(load_l1_fee_params(journal, rules(OpFork::Canyon)).bedrock_overhead, U256{50});
    EXPECT_EQ(load_l1_fee_params(journal, rules(OpFork::Canyon)).bedrock_scalar, U256{7});
    EXPECT_EQ(params.da_footprint_gas_scalar, 11U);
    EXPECT_EQ(params.operator_fee_scalar, 6U);
    EXPECT_EQ(params.operator_fee_constant, 8U);
    EXPECT_EQ(load_l1_fee_params(journal, rules(OpFork::Ecotone)).operator_fee_scalar, 0U);
    EXPECT_TRUE(load_l1_fee_params(journal, chain::Rules{}).base_fee.is_zero());
}

}  // namespace
}  // namespace entresol::stf
