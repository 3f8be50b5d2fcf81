// The program on the machine: real blocks of OP Sepolia get the hashes that they have on chain, computed in RV64IM.
#include <gtest/gtest.h>

#include "core/program/block_task.hpp"
#include "core/riscv/elf.hpp"
#include "core/riscv/fast_run.hpp"
#include "core/riscv/provable_preimages.hpp"
#include "core/riscv/state_root.hpp"
#include "node/program/chain_program.hpp"
#include "node/program/op_sepolia_testing.hpp"

namespace entresol::program {
namespace {

struct Outcome {
    riscv::Hart hart;
    std::uint64_t steps = 0;
    bool is_missing_something = false;

    [[nodiscard]] Hash32 result() const { return to_hash32(U256(hart.x[14], hart.x[13], hart.x[12], hart.x[11])); }
};

Outcome run_on_machine(const ChainProgram& program, const Question& question, riscv::KnownPreimages& preimages) {
    constexpr std::size_t MAX_PAGES = 1 << 18;
    auto machine = riscv::load_elf(program.elf, MAX_PAGES).value();
    machine.preimages = &preimages;
    riscv::set_input(machine.hart, preimages.add_keccak256(encode(question)));
    Outcome run;
    run.steps = riscv::FastRunner(machine).run(std::uint64_t{1} << 40);
    run.hart = machine.hart;
    run.is_missing_something = machine.missing.has_value();
    return run;
}

TEST(ConfigArea, HoldsARollupAndAChain) {
    derive::RollupConfig config;
    config.l1 = chain::ChainConfig::mainnet();
    config.l2 = chain::ChainConfig::op_all_active(901);
    config.l1_genesis.number = 7;
    config.genesis_system_config.gas_limit = 30'000'000;
    const auto area = make_config_area({config, std::nullopt});
    ASSERT_TRUE(area);
    const auto decoded = decode_config_area(*area);
    ASSERT_TRUE(decoded && decoded->rollup);
    EXPECT_EQ(*make_config_area(*decoded), *area);
    EXPECT_EQ(decoded->rollup->l1_genesis.number, 7U);
    EXPECT_EQ(decoded->rollup->genesis_system_config, config.genesis_system_config);
    for (std::size_t cut = 1; cut < 400; cut += 7) {
        Bytes damaged = *area;
        damaged[1] = static_cast<std::uint8_t>(damaged[1] - cut);
        const auto refused = decode_config_area(damaged);
        EXPECT_TRUE(!refused || *make_config_area(*refused) != *area);
    }
}

TEST(ChainProgram, ItsRootNamesTheConfiguration) {
    const auto one = make_chain_program({std::nullopt, chain::ChainConfig::op_all_active(901)});
    const auto other = make_chain_program({std::nullopt, chain::ChainConfig::op_all_active(902)});
    EXPECT_NE(one.memory_root, other.memory_root);
    EXPECT_EQ(one.entry, other.entry);
}

TEST(ChainProgram, AnInputThatIsNoQuestionEndsItWithAnErrorOfItsOwn) {
    const auto program = make_chain_program({std::nullopt, chain::ChainConfig::op_all_active(901)});
    auto machine = riscv::load_elf(program.elf, 4096).value();
    riscv::KnownPreimages preimages;
    machine.preimages = &preimages;
    riscv::set_input(machine.hart, preimages.add_keccak256({1, 2, 3}));
    riscv::FastRunner(machine).run(1'000'000);
    EXPECT_EQ(machine.hart.status, riscv::Status::Exited);
    EXPECT_EQ(machine.hart.exit_code, 4U);
}

class OpSepoliaOnMachine : public ::testing::TestWithParam<const char*> {};

TEST_P(OpSepoliaOnMachine, GivesTheHashThatTheChainHas) {
    ENTRESOL_SHARED_OR_SKIP(path, std::string("op-sepolia/") + GetParam() + ".json");
    const testing::GivenBlock given = testing::read_given_block(path);
    riscv::KnownPreimages preimages;
    for (const Bytes& preimage : given.preimages) preimages.add_keccak256(preimage);
    const Question question{preimages.add_keccak256(encode(given.task)), {}, given.task.parent.number + 1};
    const auto program = make_chain_program({std::nullopt, given.config});
    const Outcome run = run_on_machine(program, question, preimages);
    ASSERT_FALSE(run.is_missing_something);
    ASSERT_EQ(run.hart.status, riscv::Status::Exited);
    EXPECT_EQ(run.hart.exit_code, 0U);
    EXPECT_EQ(run.result(), given.expected_hash);
    RecordProperty("steps", std::to_string(run.steps));
    std::printf("block %s: %llu steps, %zu transactions\n", GetParam(), static_cast<unsigned long long>(run.steps),
                given.task.transactions.size());
}

INSTANTIATE_TEST_SUITE_P(RealBlocks, OpSepoliaOnMachine,
                         ::testing::Values("26207960", "26207961", "26207962", "26207963", "26208384", "26208927"));

}  // namespace
}  // namespace entresol::program
