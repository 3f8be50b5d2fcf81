#include "core/stf/base_fee.hpp"

#include <gtest/gtest.h>

namespace entresol::stf {
namespace {

using chain::Fork;
using chain::OpFork;

chain::Header parent(std::uint64_t gas_limit, std::uint64_t gas_used, std::uint64_t base_fee) {
    chain::Header h;
    h.number = 9;
    h.timestamp = 1000;
    h.gas_limit = gas_limit;
    h.gas_used = gas_used;
    h.base_fee_per_gas = base_fee;
    return h;
}

TEST(BaseFee, FollowsEip1559) {
    const auto config = chain::ChainConfig::all_active(1);
    const auto next = [&](std::uint64_t used, std::uint64_t fee) {
        return compute_base_fee(parent(20'000'000, used, fee), config, 1012);
    };
    EXPECT_EQ(next(10'000'000, 1'000'000'000), U256{1'000'000'000});
    EXPECT_EQ(next(9'000'000, 1'000'000'000), U256{987'500'000});
    EXPECT_EQ(next(11'000'000, 1'000'000'000), U256{1'012'500'000});
    EXPECT_EQ(next(10'000'001, 1), U256{2}) << "grows by at least one";
    EXPECT_EQ(next(0, 7), U256{7}) << "and falls by as much as rounds down";
}

TEST(BaseFee, StartsAtOneGweiWithLondon) {
    chain::Header before = parent(20'000'000, 0, 0);
    before.base_fee_per_gas.reset();
    EXPECT_EQ(compute_base_fee(before, chain::ChainConfig::all_active(1), 1012), U256{1'000'000'000});
}

TEST(BaseFee, UsesCanyonsDenominatorFromCanyonOn) {
    auto config = chain::ChainConfig::op_all_active(10, OpFork::Regolith);
    EXPECT_EQ(compute_base_fee(parent(60'000'000, 60'000'000, 1'000'000), config, 1002), U256{1'100'000});  // (6-1)/50
    config.op->fork_times[static_cast<std::size_t>(OpFork::Canyon)] = 1002;
    EXPECT_EQ(compute_base_fee(parent(60'000'000, 60'000'000, 1'000'000), config, 1002), U256{1'020'000});  // (6-1)/250
}

TEST(BaseFee, ReadsHoloceneParametersFromTheParent) {
    const auto config = chain::ChainConfig::op_all_active(10, OpFork::Holocene);
    auto p = parent(60'000'000, 60'000'000, 1'000'000);
    p.extra_data = encode_extra_data({100, 3, 0}, config.rules_at(9, 1000));
    EXPECT_EQ(p.extra_data, (Bytes{0, 0, 0, 0, 100, 0, 0, 0, 3}));
    EXPECT_EQ(compute_base_fee(p, config, 1002), U256{1'020'000});  // (3-1)/100
}

TEST(BaseFee, JovianHasAMinimumAndMetersTheFootprint) {
    const auto config = chain::ChainConfig::op_all_active(10, OpFork::Jovian);
    auto p = parent(60'000'000, 0, 1'000'000);
    p.extra_data = encode_extra_data({250, 6, 999'999}, config.rules_at(9, 1000));
    EXPECT_EQ(p.extra_data.size(), 17U);
    p.blob_gas_used = 0;
    EXPECT_EQ(compute_base_fee(p, config, 1002), U256{999'999});
    p.blob_gas_used = 60'000'000;
    EXPECT_EQ(compute_base_fee(p, config, 1002), U256{1'020'000});
}

TEST(ExtraData, RefusesOtherVersionsLengthsAndZeros) {
    const auto holocene = chain::ChainConfig::op_all_active(10, OpFork::Holocene).rules_at(1, 1);
    const auto jovian = chain::ChainConfig::op_all_active(10, OpFork::Jovian).rules_at(1, 1);
    const Eip1559Params params{250, 6, 7};
    EXPECT_EQ(decode_extra_data(encode_extra_data(params, jovian), jovian), params);
    EXPECT_FALSE(decode_extra_data(encode_extra_data(params, jovian), holocene));
    EXPECT_FALSE(decode_extra_data(encode_extra_data(params, holocene), jovian));
    EXPECT_FALSE(decode_extra_data(encode_extra_data({0, 6, 0}, holocene), holocene));
    EXPECT_FALSE(decode_extra_data(encode_extra_data({250, 0, 0}, holocene), holocene));
    EXPECT_FALSE(decode_extra_data({}, holocene));
}

TEST(ExtraData, ZeroAttributesMeanTheChainsConstants) {
    const auto config = chain::ChainConfig::op_all_active(10);
    EXPECT_EQ(resolve_attribute_params(0, 0, 5, *config.op),
              (Eip1559Params{config.op->eip1559_denominator_canyon, config.op->eip1559_elasticity, 5}));
    EXPECT_EQ(resolve_attribute_params(8, 2, 0, *config.op), (Eip1559Params{8, 2, 0}));
}

// EIP-4844's reference series with factor 1 (the vectors of go-ethereum's TestFakeExponential).
TEST(BlobGas, FeeIsTheSeriesOfEip4844) {
    const auto fee = [](std::uint64_t excess, std::uint64_t fraction) {
        return compute_blob_base_fee(excess, {3, 6, fraction});
    };
    EXPECT_EQ(fee(0, 1), U256{1});
    EXPECT_EQ(fee(2, 1), U256{6});
    EXPECT_EQ(fee(4, 2), U256{6});
    EXPECT_EQ(fee(3, 1), U256{16});
    EXPECT_EQ(fee(6, 2), U256{18});
    EXPECT_EQ(fee(4, 1), U256{49});
    EXPECT_EQ(fee(8, 2), U256{50});
    EXPECT_EQ(fee(5, 1), U256{136});
    EXPECT_EQ(fee(5, 2), U256{11});
    EXPECT_EQ(fee(50'000'000, 2'225'652), U256{5'709'098'764});
    EXPECT_EQ(fee(~0ULL, 1), U256::max()) << "saturates";
}

TEST(BlobGas, ExcessFollowsTargetAndReservePrice) {
    constexpr std::uint64_t BLOB = 131'072;
    chain::Header p = parent(30'000'000, 0, 1);
    const auto cancun = chain::ChainConfig::all_active(1, Fork::Cancun).rules_at(1, 1);
    p.excess_blob_gas = 0;
    p.blob_gas_used = 2 * BLOB;
    EXPECT_EQ(compute_excess_blob_gas(p, cancun), 0U);
    p.blob_gas_used = 5 * BLOB;
    EXPECT_EQ(compute_excess_blob_gas(p, cancun), 2 * BLOB);
    // EIP-7918: with an expensive execution gas the blob price is below its reserve and the excess only grows.
    const auto osaka = chain::ChainConfig::all_active(1, Fork::Osaka).rules_at(1, 1);
    p.excess_blob_gas = 10 * BLOB;
    p.blob_gas_used = 6 * BLOB;
    EXPECT_EQ(compute_excess_blob_gas(p, osaka), 10 * BLOB);
    p.base_fee_per_gas = 1'000'000'000;
    EXPECT_EQ(compute_excess_blob_gas(p, osaka),
              10 * BLOB + 6 * BLOB * (osaka.blobs.max - osaka.blobs.target) / osaka.blobs.max);
    EXPECT_EQ(compute_excess_blob_gas(p, chain::ChainConfig::op_all_active(10).rules_at(1, 1)), 0U);
}

}  // namespace
}  // namespace entresol::stf
