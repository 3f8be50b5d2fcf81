// What the contract must not do: take a lack of gas for a failure, or an L1 without a precompile for one that refuses; and the faults that
// other machines had, each as a step of its own.
#include "contract.hpp"

#include <random>

#include <gtest/gtest.h>

#include "core/base/hex.hpp"
#include "core/base/uint256.hpp"
#include "core/riscv/assemble_testing.hpp"
#include "core/riscv/preimages_testing.hpp"
#include "core/riscv/proof.hpp"

namespace entresol::riscv::onchain {
namespace {

using namespace entresol::riscv::testing;

constexpr std::uint64_t CODE = 0x10000, OUT = 0x20000, IN = 0x30000;
constexpr std::uint64_t LOWEST = std::uint64_t{1} << 63, MINUS_ONE = ~std::uint64_t{0};

Machine machine_with(std::uint32_t word, std::uint64_t pc = CODE) {
    Machine machine{{}, Memory(64)};
    machine.hart.pc = pc;
    machine.memory.store(pc, 4, word);
    return machine;
}
Machine call_with(std::uint64_t call, const Bytes& input) {
    auto machine = machine_with(match_of("ecall"));
    machine.hart.x[A7] = call;
    machine.hart.x[A0] = OUT;
    machine.hart.x[A0 + 1] = IN;
    machine.hart.x[A0 + 2] = input.size();
    machine.memory.write(IN, input);
    return machine;
}

struct Proven {
    Hash32 root, next;
    Bytes proof;
};
// The step by the C++ machine; it is made.
Proven prove(Machine& machine) {
    MemoryTree tree;
    Proven proven{compute_state_root({tree.update(machine.memory), machine.hart}), {}, {}};
    proven.proof = *prove_step(machine, tree);
    EXPECT_TRUE(step(machine));
    proven.next = compute_state_root({tree.update(machine.memory), machine.hart});
    return proven;
}
// The least gas, to within ten, with which the step succeeds; with any less it must have no result.
std::uint64_t least_gas(StepContract& contract, const Proven& proven) {
    std::uint64_t too_little = 0, enough = 60'000'000;
    while (enough - too_little > 10) {
        const std::uint64_t half = (too_little + enough) / 2;
        const auto answer = contract.step(proven.root, proven.proof, half);
        if (answer.next) {
            EXPECT_EQ(*answer.next, proven.next) << half;
        }
        (answer.next ? enough : too_little) = half;
    }
    return enough;
}

TEST(StepContract, LittleGasGivesTheResultOrNone) {
    StepContract contract;
    for (const auto& known : KNOWN_INPUTS)
        for (const bool is_spoilt : {false, true}) {
            Bytes input = *parse_hex(known.hex);
            if (is_spoilt) input[input.size() / 2] ^= 1;
            auto machine = call_with(known.call, input);
            const auto proven = prove(machine);
            const std::uint64_t least = least_gas(contract, proven);
            // Around the edge, and where the precompile gets a little less or more than it needs.
            for (std::uint64_t gas = least - std::min<std::uint64_t>(least, 4000); gas < least + 4000; gas += 97) {
                const auto answer = contract.step(proven.root, proven.proof, gas);
                EXPECT_TRUE(!answer.next || *answer.next == proven.next) << known.call << " with " << gas;
            }
            EXPECT_EQ(contract.step(proven.root, proven.proof).next, proven.next) << known.call;
        }
}

TEST(StepContract, AnL1WithoutThePrecompileDecidesNothing) {
    StepContract contract;
    for (const auto& known : KNOWN_INPUTS) {
        if (known.call < 0x20b) continue;
        auto machine = call_with(known.call, *parse_hex(known.hex));
        const auto proven = prove(machine);
        contract.set_fork(chain::Fork::Cancun);
        EXPECT_FALSE(contract.step(proven.root, proven.proof).next.has_value()) << known.call;
        contract.set_fork(chain::Fork::Osaka);
        EXPECT_EQ(contract.step(proven.root, proven.proof).next, proven.next) << known.call;
    }
}

TEST(StepContract, NothingIsReadThatWasNotPublished) {
    StepContract contract;
    TestPreimages source(1);
    for (const auto& known : source.keys()) {
        if (known.type == PreimageType::Blob) continue;
        auto machine = call_with(PREIMAGE_CALL, to_bytes(known.key.view()));
        machine.preimages = &source;
        machine.hart.x[A0 + 2] = known.length / 2;
        machine.hart.x[A0 + 3] = 4096;
        machine.hart.x[A0 + 4] = static_cast<std::uint64_t>(known.type);
        const auto proven = prove(machine);
        const bool is_inline = known.type != PreimageType::Computation && known.length <= MAX_INLINE_BYTES;
        EXPECT_EQ(contract.step(proven.root, proven.proof).next.has_value(), is_inline) << known.length;
        if (is_inline) continue;
        if (known.type == PreimageType::Computation) continue;  // compare_steps publishes them
        contract.publish(known.type, *source.find(known.type, known.key));
        EXPECT_EQ(contract.step(proven.root, proven.proof).next, proven.next) << known.length;
    }
}

// What stands behind a proof in the calldata is no part of it.
TEST(StepContract, AProofIsNotContinuedByWhatFollowsIt) {
    StepContract contract;
    auto plain = machine_with(i_type("ld", 7, 5, 0));
    plain.hart.x[5] = IN;
    plain.memory.store(IN + 4096, 8, 1);
    auto call = call_with(KECCAK256_CALL, Bytes(100, 1));
    for (Machine* machine : {&plain, &call}) {
        const auto proven = prove(*machine);
        for (std::size_t length = 0; length <= proven.proof.size(); ++length) {
            Bytes arguments = to_bytes(proven.root.view());
            for (const std::uint64_t word : {std::uint64_t{64}, std::uint64_t{length}})
                append(arguments, to_hash32(U256{word}).view());
            append(arguments, proven.proof);
            const auto answer = contract.step_with(arguments);
            EXPECT_EQ(answer.next.has_value(), length == proven.proof.size()) << length;
        }
    }
}

// "How such systems broke": rs1 and rs2 the same, the quotient that two results would fit, division by zero, parts of words, the carry of auipc,
// addresses at the end of memory.
TEST(StepContract, FaultsThatOtherMachinesHad) {
    struct Row {
        std::uint32_t word;
        std::uint64_t a, b, expected;  // x5, x6, x7 after
        std::uint64_t pc = CODE;
    };
    const Row rows[] = {
        {r_type("sub", 7, 5, 5), 9, 0, 0},
        {r_type("mul", 7, 5, 5), MINUS_ONE, 0, 1},
        {r_type("mulh", 7, 5, 5), LOWEST, 0, LOWEST >> 1},
        {r_type("mulhsu", 7, 5, 5), LOWEST, 0, 0xc000000000000000},
        {r_type("add", 5, 5, 5), 3, 0, 0},
        {r_type("div", 7, 5, 6), LOWEST, MINUS_ONE, LOWEST},
        {r_type("rem", 7, 5, 6), LOWEST, MINUS_ONE, 0},
        {r_type("div", 7, 5, 6), 0 - std::uint64_t{7}, 2, 0 - std::uint64_t{3}},
        {r_type("rem", 7, 5, 6), 0 - std::uint64_t{7}, 2, MINUS_ONE},
        {r_type("div", 7, 5, 6), 5, 0, MINUS_ONE},
        {r_type("divu", 7, 5, 6), 5, 0, MINUS_ONE},
        {r_type("rem", 7, 5, 6), 5, 0, 5},
        {r_type("divw", 7, 5, 6), 0x80000000, MINUS_ONE, 0xffffffff80000000},
        {r_type("remw", 7, 5, 6), 0x80000000, MINUS_ONE, 0},
        {r_type("divuw", 7, 5, 6), 0xffffffff00000007, 0xffffffff00000000, MINUS_ONE},
        {r_type("remuw", 7, 5, 6), 0x1ffffffff, 0x100000000, MINUS_ONE},
        {r_type("sraw", 7, 5, 6), 0x80000000, 63, MINUS_ONE},
        {u_type("auipc", 7, 0xfffff), 0, 0, 0xfffffffffffff000, 0},
        {u_type("auipc", 7, 1), 0, 0, 0xffc, 0 - std::uint64_t{4}},
        {u_type("auipc", 7, 0x80000), 0, 0, 0, 0x80000000},
        {i_type("addi", 0, 5, 1), 5, 0, 0},
    };
    StepContract contract;
    for (const auto& row : rows) {
        auto machine = machine_with(row.word, row.pc);
        machine.hart.x[5] = row.a;
        machine.hart.x[6] = row.b;
        const auto proven = prove(machine);
        EXPECT_EQ(machine.hart.x[7], row.expected) << row.word;
        EXPECT_EQ(machine.hart.x[0], 0U);
        EXPECT_EQ(contract.step(proven.root, proven.proof).next, proven.next) << row.word;
    }
}

// Which calls are legal is decided alike, also by arguments that no program gives.
TEST(StepContract, ArgumentsOfCallsAtTheirEdges) {
    constexpr std::uint64_t EDGES[] = {
        0,         1,         2,          7,          8,         31,          32,          33,        63,
        64,        96,        97,         128,        160,       192,         208,         256,       288,
        384,       512,       1024,       1025,       4095,      4096,        4097,        65535,     65536,
        65537,     131040,    131072,     IN,         OUT,       IN + 4,      4194304,     4194305,   LOWEST,
        0 - 8UL,   0 - 31UL,  0 - 32UL,   0 - 63UL,   0 - 64UL,  0 - 65536UL, 0 - 65537UL, MINUS_ONE, 0 - 200UL,
        0 - 199UL, 0 - 208UL, 0 - 4096UL, 0 - 4095UL, LOWEST - 8};
    constexpr int TUPLES = 300;
    StepContract contract;
    std::mt19937_64 random(1);
    int legal = 0, illegal = 0;
    for (const auto number : call_numbers())
        for (int i = 0; i < TUPLES; ++i) {
            auto machine = machine_with(match_of("ecall"));
            machine.hart.x[A7] = number;
            for (unsigned a = 0; a < 5; ++a) machine.hart.x[A0 + a] = EDGES[random() % std::size(EDGES)];
            if (i % 2 == 0) machine.hart.x[A0] = OUT, machine.hart.x[A0 + 1] = IN;
            (plan_call(machine.hart) ? legal : illegal) += 1;
            MemoryTree tree;
            const Hash32 root = compute_state_root({tree.update(machine.memory), machine.hart});
            const auto proof = prove_step(machine, tree);
            if (!proof) continue;  // a preimage that nobody knows
            const auto next = verify_step(root, *proof);
            ASSERT_TRUE(next.has_value());
            ASSERT_EQ(contract.step(root, *proof).next, *next) << number << " tuple " << i;
        }
    EXPECT_GT(legal, 500);
    EXPECT_GT(illegal, 2000);
}

TEST(StepContract, LoadsAndStoresOfEveryWidthAtEveryPlaceOfALeafAndAtTheEndOfMemory) {
    StepContract contract;
    for (const char* name : {"lb", "lh", "lw", "ld", "lbu", "lhu", "lwu", "sb", "sh", "sw", "sd"})
        for (const std::uint64_t base : {IN, 0 - std::uint64_t{32}, CODE})
            for (std::uint64_t place = 0; place < 32; ++place) {
                auto machine = machine_with(name[0] == 's' ? s_type(name, 5, 6, 0) : i_type(name, 7, 5, 0));
                machine.hart.x[5] = base + place;
                machine.hart.x[6] = 0x8182838485868788;
                for (std::uint64_t i = 0; i < 32; i += 8)
                    if (base != CODE || i != 0) machine.memory.store(base + i, 8, 0xf0e1d2c3b4a59687 + i);
                const auto proven = prove(machine);
                EXPECT_EQ(contract.step(proven.root, proven.proof).next, proven.next) << name << " " << place;
            }
}

}  // namespace
}  // namespace entresol::riscv::onchain
