#include <gtest/gtest.h>

#include "core/stf/transition.hpp"

namespace entresol::stf {
namespace {

using chain::Fork;

chain::Rules rules(Fork fork) {
    chain::Rules r;
    r.fork = fork;
    return r;
}

TEST(IntrinsicGas, FollowsTheForks) {
    chain::Transaction tx;
    tx.data = {0, 0, 1};  // two zeros, one not
    struct Row {
        Fork fork;
        std::uint64_t call, create, floor;
    };
    constexpr Row ROWS[] = {
        {Fork::Frontier, 21'076, 21'076, 0},    {Fork::Homestead, 21'076, 53'076, 0},
        {Fork::Byzantium, 21'076, 53'076, 0},   {Fork::Istanbul, 21'024, 53'024, 0},
        {Fork::London, 21'024, 53'024, 0},      {Fork::Shanghai, 21'024, 53'026, 0},
        {Fork::Prague, 21'024, 53'026, 21'060}, {Fork::Osaka, 21'024, 53'026, 21'060},
    };
    for (const auto& row : ROWS) {
        tx.to.reset();
        EXPECT_EQ(compute_intrinsic_gas(tx, rules(row.fork)).gas, row.create) << chain::to_string(row.fork);
        tx.to = Address{};
        EXPECT_EQ(compute_intrinsic_gas(tx, rules(row.fork)).gas, row.call) << chain::to_string(row.fork);
        EXPECT_EQ(compute_intrinsic_gas(tx, rules(row.fork)).floor, row.floor) << chain::to_string(row.fork);
    }
}

TEST(IntrinsicGas, CountsAccessListsAuthorizationsAndInitcodeWords) {
    chain::Transaction tx;
    tx.to = Address{};
    tx.access_list = {{Address{}, {Hash32{}, Hash32{}}}, {Address{}, {}}};
    EXPECT_EQ(compute_intrinsic_gas(tx, rules(Fork::Berlin)).gas, 21'000U + 2 * 2'400 + 2 * 1'900);
    tx.authorizations.resize(3);
    EXPECT_EQ(compute_intrinsic_gas(tx, rules(Fork::Prague)).gas, 21'000U + 2 * 2'400 + 2 * 1'900 + 3 * 25'000);
    chain::Transaction create;
    create.data.assign(33, 1);
    EXPECT_EQ(compute_intrinsic_gas(create, rules(Fork::Shanghai)).gas, 53'000U + 33 * 16 + 2 * 2);
}

}  // namespace
}  // namespace entresol::stf
