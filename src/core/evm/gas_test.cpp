// Gas, exactly: the constant parts by walking the table of opcodes through every fork, the rest by the examples of the EIPs.
#include "core/evm/gas_table.hpp"

#include <gtest/gtest.h>

#include "core/base/hex.hpp"
#include "core/evm/assembler_testing.hpp"

namespace entresol::evm {
namespace {

using namespace testing;  // NOLINT
using chain::Fork;

constexpr std::uint64_t GAS = 1'000'000;

std::uint64_t gas_used(const CallResult& result) { return GAS - result.gas_left; }
std::uint64_t gas_of(Fork fork, const Asm& code) {
    World world(fork);
    const auto result = world.run_code(code, GAS);
    EXPECT_EQ(result.status, Status::Success) << to_hex(code.build());
    return gas_used(result);
}

TEST(Gas, tables_change_where_the_eips_say) {
    const auto price = [](Fork fork, std::uint8_t opcode) {
        return GAS_TABLES[static_cast<std::size_t>(fork)][opcode];
    };
    EXPECT_EQ(price(Fork::Frontier, OP_SLOAD), 50);
    EXPECT_EQ(price(Fork::TangerineWhistle, OP_SLOAD), 200);
    EXPECT_EQ(price(Fork::Istanbul, OP_SLOAD), 800);
    EXPECT_EQ(price(Fork::Berlin, OP_SLOAD), 100);
    EXPECT_EQ(price(Fork::Homestead, OP_DELEGATECALL), 40);
    EXPECT_EQ(price(Fork::Frontier, OP_DELEGATECALL), UNDEFINED);
    EXPECT_EQ(price(Fork::Petersburg, OP_EXTCODEHASH), 400);
    EXPECT_EQ(price(Fork::London, OP_BALANCE), 100);
    EXPECT_EQ(price(Fork::Osaka, OP_CLZ), 5);
    EXPECT_EQ(common_gas(OP_SLOAD), UNDEFINED);
    EXPECT_EQ(common_gas(OP_ADD), 3);
    EXPECT_EQ(common_gas(OP_PUSH0), 2);
}

/// Whatever only works on the stack costs what the table says, and one gas less is too little.
TEST(Gas, constant_prices_in_every_fork) {
    for (std::size_t f = 0; f < chain::FORK_COUNT; ++f) {
        const auto fork = static_cast<Fork>(f);
        const auto check = [&](std::uint8_t opcode, int takes) {
            const bool is_constant = (opcode < OP_KECCAK256 && opcode != OP_STOP && opcode != OP_EXP) ||
                                     (opcode >= OP_PUSH1 && opcode <= OP_SWAP16);
            const std::int32_t price = GAS_TABLES[f][opcode];
            if (!is_constant || price == UNDEFINED) return;
            Asm code;
            for (int i = 0; i < takes; ++i) code.push(1);
            const auto expected = static_cast<std::uint64_t>(3 * takes + price);
            World world(fork);
            EXPECT_EQ(gas_of(fork, Asm(code).op(opcode)), expected) << int{opcode} << " in " << chain::to_string(fork);
            EXPECT_EQ(world.run_code(code.op(opcode), expected - 1).status, Status::OutOfGas) << int{opcode};
        };
#define X(byte, name, takes, gives, since, gas) check(byte, takes);
        ENTRESOL_OPCODES(X)
#undef X
    }
}

struct StorageRow {
    const char* code;
    std::uint64_t used;
    std::int64_t refund;
    std::uint64_t original;
};
void expect_storage_rows(Fork fork, const std::vector<StorageRow>& rows) {
    for (const auto& row : rows) {
        World world(fork);
        world.state.set_code(CONTRACT, *parse_hex(row.code));
        if (row.original != 0) world.state.accounts[CONTRACT].storage[U256{}] = row.original;
        const auto result = world.call(CONTRACT, GAS);
        EXPECT_EQ(result.status, Status::Success) << row.code;
        EXPECT_EQ(gas_used(result), row.used) << row.code << " from " << row.original;
        EXPECT_EQ(world.journal->refund(), row.refund) << row.code << " from " << row.original;
    }
}

TEST(Gas, sstore_examples_of_eip_2200) {
    expect_storage_rows(Fork::Istanbul, {
                                            {"60006000556000600055", 1612, 0, 0},
                                            {"60006000556001600055", 20812, 0, 0},
                                            {"60016000556000600055", 20812, 19200, 0},
                                            {"60016000556002600055", 20812, 0, 0},
                                            {"60016000556001600055", 20812, 0, 0},
                                            {"60006000556000600055", 5812, 15000, 1},
                                            {"60006000556001600055", 5812, 4200, 1},
                                            {"60006000556002600055", 5812, 0, 1},
                                            {"60026000556000600055", 5812, 15000, 1},
                                            {"60026000556003600055", 5812, 0, 1},
                                            {"60026000556001600055", 5812, 4200, 1},
                                            {"60026000556002600055", 5812, 0, 1},
                                            {"60016000556000600055", 5812, 15000, 1},
                                            {"60016000556002600055", 5812, 0, 1},
                                            {"60016000556001600055", 1612, 0, 1},
                                            {"600160005560006000556001600055", 40818, 19200, 0},
                                            {"600060005560016000556000600055", 10818, 19200, 1},
                                        });
}
/// EIP-1283's and EIP-2200's examples with the prices of EIP-2929 and the refunds of EIP-3529; the slot starts cold (2100 more).
TEST(Gas, sstore_since_london) {
    expect_storage_rows(Fork::London, {
                                          {"60006000556000600055", 212 + 2100, 0, 0},
                                          {"60006000556001600055", 20112 + 2100, 0, 0},
                                          {"60016000556000600055", 20112 + 2100, 19900, 0},
                                          {"60016000556001600055", 20112 + 2100, 0, 0},
                                          {"60006000556000600055", 3012 + 2100, 4800, 1},
                                          {"60006000556001600055", 3012 + 2100, 2800, 1},
                                          {"60026000556000600055", 3012 + 2100, 4800, 1},
                                          {"60026000556001600055", 3012 + 2100, 2800, 1},
                                          {"60016000556001600055", 212 + 2100, 0, 1},
                                          {"600160005560006000556001600055", 40118 + 2100, 19900, 0},
                                          {"600060005560016000556000600055", 5918 + 2100, 7600, 1},
                                      });
}
TEST(Gas, sstore_before_net_metering) {
    for (const Fork fork : {Fork::Frontier, Fork::Byzantium, Fork::Petersburg})
        expect_storage_rows(fork, {{"60016000556000600055", 25012, 15000, 0}, {"60026000556002600055", 10012, 0, 1}});
}
TEST(Gas, sstore_needs_more_than_the_stipend) {
    World world(Fork::Istanbul);
    const Asm code = Asm().push(0).push(0).op(OP_SSTORE);  // 806
    EXPECT_EQ(world.run_code(code, 6 + 2300).status, Status::OutOfGas);
    EXPECT_EQ(world.run_code(code, 6 + 2301).status, Status::Success);
}

TEST(Gas, exp_by_bytes_of_the_exponent) {
    const auto code = [](const U256& exponent) { return Asm().push(exponent).push(2).op(OP_EXP); };
    EXPECT_EQ(gas_of(Fork::Osaka, code(0)), 16U);
    EXPECT_EQ(gas_of(Fork::Osaka, code(255)), 16U + 50);
    EXPECT_EQ(gas_of(Fork::Osaka, code(256)), 16U + 100);
    EXPECT_EQ(gas_of(Fork::Osaka, code(U256::max())), 16U + 1600);
    EXPECT_EQ(gas_of(Fork::TangerineWhistle, code(256)), 16U + 20);
}

TEST(Gas, memory_grows_quadratically) {
    const auto code = [](std::uint64_t offset) { return Asm().push(0).push(offset).op(OP_MSTORE); };
    EXPECT_EQ(gas_of(Fork::Osaka, code(0)), 9U + 3);
    EXPECT_EQ(gas_of(Fork::Osaka, code(1)), 9U + 6);
    EXPECT_EQ(gas_of(Fork::Osaka, code(32 * 723)), 9U + 3 * 724 + 724 * 724 / 512);
    EXPECT_EQ(gas_of(Fork::Osaka, Asm().push(0).push(U256::max()).op(OP_KECCAK256)), 36U);  // nothing needs no memory
    EXPECT_EQ(gas_of(Fork::Osaka, Asm().push(0).push(31).op(OP_MSTORE8)), 9U + 3);
}
TEST(Gas, memory_out_of_reach_is_out_of_gas) {
    for (const U256& far :
         {U256{1} << 32, U256{~0ULL}, U256{~0ULL - 31}, U256{~0ULL - 32}, U256{0, 1, 0, 0}, U256::max()})
        for (const Asm& code :
             {Asm().push(0).push(far).op(OP_MSTORE), Asm().push(far).op(OP_MLOAD),
              Asm().push(0).push(far).op(OP_MSTORE8), Asm().push(1).push(far).op(OP_RETURN),
              Asm().push(far).push(1).op(OP_RETURN), Asm().push(far).push(far).op(OP_KECCAK256),
              Asm().push(far).push(0).push(0).op(OP_CALLDATACOPY), Asm().push(64).push(0).push(far).op(OP_CODECOPY),
              Asm().push(1).push(far).push(0).op(OP_MCOPY), Asm().push(far).push(0).op(OP_LOG0),
              Asm().push(far).push(far).push(0).op(OP_CREATE),
              Asm().push(far).push(far).push(0).push(0).push(0).op({OP_GAS, OP_STATICCALL})}) {
            World world(Fork::Osaka);
            EXPECT_EQ(world.run_code(code, ~0ULL >> 1).status, Status::OutOfGas) << to_hex(code.build());
        }
}

TEST(Gas, words_of_copies_and_hashes) {
    EXPECT_EQ(gas_of(Fork::Osaka, Asm().push(33).push(0).op(OP_KECCAK256)), 6U + 30 + 12 + 6);
    EXPECT_EQ(gas_of(Fork::Osaka, Asm().push(33).push(0).push(0).op(OP_CALLDATACOPY)), 9U + 3 + 6 + 6);
    EXPECT_EQ(gas_of(Fork::Osaka, Asm().push(33).push(0).push(0).op(OP_MCOPY)), 9U + 3 + 6 + 6);
    EXPECT_EQ(gas_of(Fork::Osaka, Asm().push(1).push(2).push(33).push(0).op(OP_LOG2)), 12U + 3 * 375 + 8 * 33 + 6);
}

TEST(Gas, cold_and_warm_accounts_and_slots) {
    const auto twice = [](int opcode) {
        return Asm().push(OTHER).op({opcode, OP_POP}).push(OTHER).op({opcode, OP_POP});
    };
    for (const int opcode : {OP_BALANCE, OP_EXTCODESIZE, OP_EXTCODEHASH})
        EXPECT_EQ(gas_of(Fork::Berlin, twice(opcode)), 2U * 5 + 2600 + 100) << opcode;
    EXPECT_EQ(gas_of(Fork::Istanbul, twice(OP_BALANCE)), 2U * 5 + 700 + 700);
    EXPECT_EQ(gas_of(Fork::Berlin, Asm().push(0).op({OP_SLOAD, OP_SLOAD})), 3U + 2100 + 100);
    EXPECT_EQ(gas_of(Fork::Berlin, Asm().op({OP_ADDRESS, OP_BALANCE})), 2U + 100);  // the recipient starts warm
}

TEST(Gas, calls_with_value_and_to_new_accounts) {
    const auto call = [](std::uint64_t value, int opcode, std::uint64_t gas) {
        Asm code;
        for (int i = 0; i < 4; ++i) code.push(0);
        if (opcode == OP_CALL || opcode == OP_CALLCODE) code.push(value);
        return code.push(OTHER).push(gas).op(opcode);
    };
    const auto used = [&](Fork fork, std::uint64_t value, int opcode) {
        World world(fork);
        world.state.accounts[CONTRACT].account.balance = 5;
        return gas_used(world.run_code(call(value, opcode, 0), GAS));
    };
    EXPECT_EQ(used(Fork::Berlin, 0, OP_CALL), 21U + 2600);
    EXPECT_EQ(used(Fork::Berlin, 1, OP_CALL), 21U + 2600 + 9000 + 25000 - 2300);
    EXPECT_EQ(used(Fork::Berlin, 1, OP_CALLCODE), 21U + 2600 + 9000 - 2300);
    EXPECT_EQ(used(Fork::Berlin, 0, OP_STATICCALL), 18U + 2600);
    EXPECT_EQ(used(Fork::Istanbul, 0, OP_DELEGATECALL), 18U + 700);
    EXPECT_EQ(used(Fork::Homestead, 0, OP_CALL), 21U + 40 + 25000);  // any call to nobody made an account
    EXPECT_EQ(used(Fork::SpuriousDragon, 0, OP_CALL), 21U + 700);    // EIP-161
}

TEST(Gas, all_but_one_64th_goes_into_a_call) {
    World world(Fork::Osaka);
    world.put(OTHER, Asm().op({OP_GAS}).return_top());
    const Asm code = Asm()
                         .push(32)
                         .push(0)
                         .push(0)
                         .push(0)
                         .push(OTHER)
                         .push(U256::max())
                         .op({OP_STATICCALL, OP_POP})
                         .push(32)
                         .push(0)
                         .op(OP_RETURN);
    const auto result = world.run_code(code, GAS);
    const std::uint64_t before = GAS - 18 - 3 - 2600;  // six pushes, one word of memory, a cold account
    ASSERT_EQ(result.status, Status::Success);
    EXPECT_EQ(load_be256(result.output.data()), U256{before - before / 64 - 2});
    World early(Fork::Homestead);
    EXPECT_EQ(
        early.run_code(Asm().push(0).push(0).push(0).push(0).push(0).push(OTHER).push(GAS).op(OP_CALL), GAS).status,
        Status::OutOfGas);
}

TEST(Gas, creation_pays_for_initcode_and_code) {
    const auto create = [](std::uint64_t size, int opcode) {
        Asm code;
        if (opcode == OP_CREATE2) code.push(0);
        return code.push(size).push(0).push(0).op(opcode);
    };
    EXPECT_EQ(gas_of(Fork::Paris, create(32, OP_CREATE)), 9U + 32000 + 3);
    EXPECT_EQ(gas_of(Fork::Shanghai, create(32, OP_CREATE)), 9U + 32000 + 3 + 2);  // EIP-3860
    EXPECT_EQ(gas_of(Fork::Paris, create(32, OP_CREATE2)), 12U + 32000 + 3 + 6);   // EIP-1014
    EXPECT_EQ(gas_of(Fork::Osaka, create(32, OP_CREATE2)), 12U + 32000 + 3 + 6 + 2);
    World world(Fork::Osaka);
    EXPECT_EQ(world.run_code(create(49'152, OP_CREATE), GAS).status, Status::Success);
    EXPECT_EQ(world.run_code(create(49'153, OP_CREATE), GAS).status, Status::OutOfGas);
    // A deployed byte costs 200: push1 1, push1 0, return → one zero byte.
    const U256 initcode = load_be(*parse_hex("60016000f3"));
    const Asm deploy = Asm().push(initcode).push(0).op(OP_MSTORE).push(5).push(27).push(0).op(OP_CREATE);
    EXPECT_EQ(gas_of(Fork::Paris, deploy), 9U + 3 + 9 + 32000 + (6 + 3) + 200);
}

TEST(Gas, self_destruct) {
    const auto used = [](Fork fork, std::uint64_t balance, const Address& heir) {
        World world(fork);
        world.state.accounts[CONTRACT].account.balance = balance;
        return gas_used(world.run_code(Asm().push(heir).op(OP_SELFDESTRUCT), GAS));
    };
    EXPECT_EQ(used(Fork::Frontier, 1, OTHER), 3U);
    EXPECT_EQ(used(Fork::TangerineWhistle, 0, OTHER), 3U + 5000 + 25000);
    EXPECT_EQ(used(Fork::SpuriousDragon, 0, OTHER), 3U + 5000);
    EXPECT_EQ(used(Fork::SpuriousDragon, 1, OTHER), 3U + 5000 + 25000);
    EXPECT_EQ(used(Fork::Berlin, 0, OTHER), 3U + 5000 + 2600);
    EXPECT_EQ(used(Fork::Berlin, 1, ALICE), 3U + 5000);  // warm and alive
}

}  // namespace
}  // namespace entresol::evm
