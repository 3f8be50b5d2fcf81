#include "core/derive/system_config.hpp"

#include <gtest/gtest.h>

namespace entresol::derive {
namespace {

chain::Log make_update(std::uint64_t type, const std::vector<U256>& words) {
    chain::Log log{Address{}, {CONFIG_UPDATE_TOPIC, Hash32{}, to_hash32(U256(type))}, Bytes(64 + 32 * words.size())};
    log.data[31] = 32;
    store_be64(log.data.data() + 56, 32 * words.size());
    for (std::size_t i = 0; i < words.size(); ++i) store_be256(log.data.data() + 64 + 32 * i, words[i]);
    return log;
}

SystemConfig after(std::uint64_t type, const std::vector<U256>& words) {
    SystemConfig config;
    EXPECT_TRUE(apply_config_update(config, make_update(type, words)).has_value());
    return config;
}

TEST(SystemConfig, EachUpdateChangesItsField) {
    Address batcher;
    batcher.bytes.fill(0xbe);
    EXPECT_EQ(after(0, {to_u256(batcher)}).batcher, batcher);
    const Hash32 scalar = make_scalar({1368, 810949});
    EXPECT_EQ(after(1, {188, to_u256(scalar)}).scalar, scalar);
    EXPECT_TRUE(after(1, {188, to_u256(scalar)}).overhead.is_zero());
    EXPECT_EQ(after(2, {60'000'000}).gas_limit, 60'000'000U);
    EXPECT_EQ(after(3, {1}), SystemConfig{});
    EXPECT_EQ(after(4, {(250ULL << 32) | 6}).eip1559_denominator, 250U);
    EXPECT_EQ(after(4, {(250ULL << 32) | 6}).eip1559_elasticity, 6U);
    EXPECT_EQ(after(5, {(U256(9) << 64) | U256(8)}).operator_fee_scalar, 9U);
    EXPECT_EQ(after(5, {(U256(9) << 64) | U256(8)}).operator_fee_constant, 8U);
    EXPECT_EQ(after(6, {123}).min_base_fee, 123U);
    EXPECT_EQ(after(7, {500}).da_footprint_gas_scalar, 500U);
}

TEST(SystemConfig, UnknownScalarVersionsAreIgnored) {
    Hash32 scalar = make_scalar({1, 2});
    scalar.bytes[0] = 2;
    EXPECT_EQ(after(1, {0, to_u256(scalar)}), SystemConfig{});
    scalar.bytes[0] = 1;
    scalar.bytes[5] = 1;
    EXPECT_EQ(after(1, {0, to_u256(scalar)}), SystemConfig{});
    EXPECT_EQ(fee_scalars(after(1, {0, 684'000}).scalar).base_fee_scalar, 684'000U);
    scalar = to_hash32(U256(684'000));
    scalar.bytes[5] = 1;
    EXPECT_EQ(fee_scalars(scalar).base_fee_scalar, 0xffff'ffffU) << "only a genesis configuration can hold this";
}

TEST(SystemConfig, MalformedUpdatesAreErrorsAndChangeNothing) {
    const auto error = [](const chain::Log& log) {
        SystemConfig config;
        const auto result = apply_config_update(config, log);
        EXPECT_EQ(config, SystemConfig{});
        return result ? ConfigUpdateError{255} : result.error();
    };
    EXPECT_EQ(error(make_update(8, {1})), ConfigUpdateError::Type);
    EXPECT_EQ(error(make_update(0, {1, 2})), ConfigUpdateError::Data);
    EXPECT_EQ(error(make_update(0, {U256(1) << 160})), ConfigUpdateError::Data);
    EXPECT_EQ(error(make_update(2, {U256(1) << 64})), ConfigUpdateError::Data);
    EXPECT_EQ(error(make_update(4, {6})), ConfigUpdateError::Data) << "denominator 0";
    EXPECT_EQ(error(make_update(5, {U256(1) << 96})), ConfigUpdateError::Data);
    EXPECT_EQ(error(make_update(7, {65'536})), ConfigUpdateError::Data);
    chain::Log log = make_update(2, {5});
    log.topics[1].bytes[31] = 1;
    EXPECT_EQ(error(log), ConfigUpdateError::Version);
    log.topics.pop_back();
    EXPECT_EQ(error(log), ConfigUpdateError::Topics);
}

TEST(SystemConfig, OnlySuccessfulReceiptsOfTheContractCount) {
    Address contract;
    contract.bytes.fill(5);
    chain::Log own = make_update(2, {5}), foreign = make_update(2, {6}), failed = make_update(2, {7});
    own.address = failed.address = contract;
    chain::Receipt good, bad;
    good.succeeded = true;
    good.logs = {own, foreign};
    bad.logs = {failed};
    SystemConfig config;
    apply_config_updates(config, std::vector{good, bad}, contract);
    EXPECT_EQ(config.gas_limit, 5U);
}

TEST(SystemConfig, WhatCannotBeParsedIsSkippedAndTheRestCounts) {
    chain::Receipt receipt;
    receipt.succeeded = true;
    receipt.logs = {make_update(2, {5}), make_update(2, {U256(1) << 64}), make_update(99, {1}), make_update(6, {7})};
    SystemConfig config;
    apply_config_updates(config, std::span(&receipt, 1), Address{});
    EXPECT_EQ(config.gas_limit, 5U);
    EXPECT_EQ(config.min_base_fee, 7U);
}

}  // namespace
}  // namespace entresol::derive
