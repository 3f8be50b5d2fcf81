// What a proof proves is what the machine does; whatever is not the proof is refused.
#include "core/riscv/proof.hpp"

#include <array>
#include <random>

#include <gtest/gtest.h>

#include "core/base/endian.hpp"
#include "core/base/hex.hpp"
#include "core/riscv/assemble_testing.hpp"
#include "core/riscv/random_states_testing.hpp"
#include "core/riscv/step.hpp"

namespace entresol::riscv {
namespace {

using testing::i_type;
using testing::s_type;

constexpr std::size_t MAX_PAGES = 1024;
constexpr std::uint64_t TOP = ~std::uint64_t{0};
constexpr std::size_t ALONE = STATE_BYTES;

#if defined(__SANITIZE_ADDRESS__) || !defined(__OPTIMIZE__)
constexpr int RANDOM_STEPS = 4000;
constexpr int BROKEN_PROOFS = 2;
#else
constexpr int RANDOM_STEPS = 120'000;
constexpr int BROKEN_PROOFS = 12;
#endif

struct Traced {
    Machine machine{{}, Memory(MAX_PAGES)};
    MemoryTree tree;

    Hash32 root() { return compute_state_root({tree.update(machine.memory), machine.hart}); }
    Bytes prove() {
        tree.update(machine.memory);
        return prove_step(machine, tree).value();
    }
};

Traced machine_with(std::uint64_t pc, std::uint32_t word) {
    Traced traced;
    traced.machine.hart.pc = pc;
    traced.machine.memory.store(pc, 4, word);
    return traced;
}

// Proves and makes a step; the proof.
Bytes expect_proven(Traced& traced) {
    const Hash32 before = traced.root();
    Bytes proof = traced.prove();
    step(traced.machine);
    const auto verified = verify_step(before, proof);
    EXPECT_TRUE(verified) << to_string(verified.error());
    if (verified) {
        EXPECT_EQ(*verified, traced.root());
    }
    EXPECT_LE(proof.size(), MAX_PROOF_BYTES);
    return proof;
}

TEST(Proof, RandomWordsFromRandomStates) {
    std::mt19937_64 random(1);
    Traced traced;
    std::array<int, static_cast<std::size_t>(Op::Csrrci) + 1> ops{};
    int loads = 0, stores = 0, traps = 0, stopped = 0, one_leaf = 0;
    for (int i = 0; i < RANDOM_STEPS; ++i) {
        traced.machine.hart = testing::some_hart(random);
        const Hart before = traced.machine.hart;
        if (i % 8 == 0) testing::write_places(traced.machine.memory, random);
        const std::uint32_t word = testing::some_word(random);
        traced.machine.memory.store(before.pc, 4, word);
        const Hash32 root = traced.root();
        const Bytes proof = traced.prove();
        step(traced.machine);
        const auto verified = verify_step(root, proof);
        ASSERT_TRUE(verified) << "step " << i << ", word " << word << ": " << to_string(verified.error());
        ASSERT_EQ(*verified, traced.root()) << "step " << i << ", word " << word;

        if (before.status != Status::Running) {
            ++stopped;
            ASSERT_EQ(proof.size(), ALONE);
            continue;
        }
        const Instruction instruction = decode(word);
        ++ops[static_cast<std::size_t>(instruction.op)];
        const bool trapped = traced.machine.hart.pc != before.pc + 4;
        const std::uint64_t address = before.x[instruction.rs1] + as_unsigned(instruction.imm);
        const bool is_load = load_of(instruction.op).bytes != 0, is_store = store_bytes(instruction.op) != 0;
        traps += traced.machine.hart.mepc != before.mepc;
        loads += is_load && !trapped;
        stores += is_store && !trapped;
        one_leaf += is_store && !trapped && address / 32 == before.pc / 32;
    }
    // The states are worth something only if they reach everything.
    for (std::size_t op = 0; op < ops.size(); ++op) EXPECT_GT(ops[op], RANDOM_STEPS / 1000) << op;
    EXPECT_GT(loads, RANDOM_STEPS / 50);
    EXPECT_GT(stores, RANDOM_STEPS / 100);
    EXPECT_GT(traps, RANDOM_STEPS / 50);
    EXPECT_GT(stopped, RANDOM_STEPS / 100);
    EXPECT_GT(one_leaf, RANDOM_STEPS / 4000);
}

TEST(Proof, EveryChangedByteAndEveryCutIsRefused) {
    std::mt19937_64 random(2);
    Traced traced;
    for (int i = 0; i < BROKEN_PROOFS; ++i) {
        testing::write_places(traced.machine.memory, random);
        traced.machine.hart = testing::some_hart(random);
        traced.machine.hart.status = Status::Running;
        traced.machine.hart.x[5] = testing::PLACES[random() % std::size(testing::PLACES)];
        const auto word = i % 2 == 0 ? i_type("ld", 7, 5, 8) : s_type("sd", 5, 7, 8);
        traced.machine.memory.store(traced.machine.hart.pc, 4, word);
        const Hash32 root = traced.root();
        const Bytes proof = traced.prove();
        ASSERT_TRUE(verify_step(root, proof));
        for (std::size_t at = 0; at < proof.size(); ++at) {
            Bytes changed = proof;
            changed[at] ^= static_cast<std::uint8_t>(1 + random() % 255);
            EXPECT_FALSE(verify_step(root, changed)) << at;
            // Without a root to hold it to, the state may be another one; memory never.
            if (const auto replayed = replay_step(changed)) {
                EXPECT_LT(at, STATE_BYTES);
                EXPECT_GE(at, Hash32::SIZE);
                EXPECT_NE(compute_state_root(replayed->before), root);
            }
        }
        for (std::size_t size = 0; size < proof.size(); ++size)
            EXPECT_EQ(verify_step(root, ByteView(proof).first(size)).error(), ProofError::TooShort) << size;
        Bytes longer = proof;
        longer.push_back(0);
        EXPECT_EQ(verify_step(root, longer).error(), ProofError::TrailingBytes);
    }
}

TEST(Proof, AStoreOverItsOwnInstructionAndBesideIt) {
    // The same word, the other half of the same leaf, the sibling leaf, the next page, and the other end of memory.
    for (const std::uint64_t at : {0x0, 0x18, 0x20, 0x1000})
        for (const std::uint64_t pc : {std::uint64_t{0x80000000}, std::uint64_t{0}}) {
            Traced traced = machine_with(pc, s_type("sd", 5, 6, 0));
            traced.machine.hart.x[5] = pc + at;
            traced.machine.hart.x[6] = 0xffffffffffffffff;
            (void)expect_proven(traced);
            EXPECT_EQ(traced.machine.memory.load(pc + at, 8), ~std::uint64_t{0});
            EXPECT_EQ(traced.machine.hart.pc, pc + 4);
            (void)expect_proven(traced);  // nothing stood there, or what was just stored
            EXPECT_EQ(traced.machine.hart.status, Status::Trapped);
            EXPECT_EQ(traced.machine.hart.mtval, at == 0 ? 0xffffffffU : 0U);
        }
    Traced last = machine_with(TOP - 3, s_type("sd", 0, 5, -8));
    last.machine.hart.x[5] = 1;
    (void)expect_proven(last);
    EXPECT_EQ(last.machine.hart.pc, 0U);
    EXPECT_EQ(last.machine.memory.load(TOP - 7, 8), 1U);
}

TEST(Proof, StepsThatReadLess) {
    Traced misaligned = machine_with(0x1000, i_type("ld", 5, 0, 4));
    const std::size_t with_instruction = expect_proven(misaligned).size();
    EXPECT_EQ(misaligned.machine.hart.mcause, 4U);
    // Nothing beside the page but zeros: from its first leaf, every sibling can be left out.
    EXPECT_EQ(with_instruction, STATE_BYTES + LEAF_BYTES + MASK_BYTES);
    EXPECT_EQ(expect_proven(misaligned).size(), ALONE);  // it has trapped
    Traced illegal = machine_with(0x1000, 0);
    illegal.machine.hart.mtvec = 0x2000;
    (void)expect_proven(illegal);
    EXPECT_EQ(illegal.machine.hart.pc, 0x2000U);
    Traced exit = machine_with(TOP - 3, testing::match_of("ecall"));
    exit.machine.hart.x[A7] = EXIT_CALL;
    (void)expect_proven(exit);
    EXPECT_EQ(exit.machine.hart.status, Status::Exited);
    EXPECT_EQ(expect_proven(exit).size(), ALONE);
    Traced nothing;  // pc 0 of an empty memory: the word 0
    (void)expect_proven(nothing);
    EXPECT_EQ(nothing.machine.hart.mcause, 2U);
}

TEST(Proof, OneStepHasOneProof) {
    Traced traced = machine_with(0x1000, i_type("addi", 5, 5, 1));
    traced.machine.memory.store(0x1020, 8, 7);  // the leaf beside it
    const Hash32 root = traced.root();
    const Bytes proof = traced.prove();
    const std::size_t mask_at = STATE_BYTES + LEAF_BYTES;
    EXPECT_EQ(load_be64(&proof[mask_at]), 1U);
    // The sibling of height 1 is zero's node: written out it says the same, and is refused.
    Bytes explicit_zero = proof;
    store_be64(&explicit_zero[mask_at], 3);
    append(explicit_zero, zero_node(1).view());
    EXPECT_EQ(verify_step(root, explicit_zero).error(), ProofError::ZeroSibling);
    Bytes high_bit = proof;
    store_be64(&high_bit[mask_at], 1 | std::uint64_t{1} << 59);
    append(high_bit, Hash32{}.view());
    EXPECT_EQ(verify_step(root, high_bit).error(), ProofError::BadMask);
    Bytes with_data = proof;  // a path that no load asks for
    append(with_data, ByteView(proof).subspan(STATE_BYTES));
    EXPECT_EQ(verify_step(root, with_data).error(), ProofError::TrailingBytes);
    EXPECT_EQ(verify_step(Hash32{}, proof).error(), ProofError::WrongStateRoot);
    traced.machine.hart.status = Status::Exited;
    EXPECT_EQ(verify_step(traced.root(), ByteView(traced.prove()).first(ALONE - 1)).error(), ProofError::TooShort);
}

TEST(Proof, AStateOfNoMachineIsRefusedUnderItsOwnRoot) {
    State state{zero_node(TREE_DEPTH), {}};
    state.hart.x[0] = 1;
    EXPECT_EQ(verify_step(compute_state_root(state), encode_state(state)).error(), ProofError::BadState);
}

TEST(Proof, TheInstructionIsTold) {
    Traced traced = machine_with(0x1000, i_type("lw", 5, 0, 0));
    const auto replayed = replay_step(traced.prove());
    ASSERT_TRUE(replayed);
    EXPECT_EQ(replayed->instruction, i_type("lw", 5, 0, 0));
    traced.machine.hart.status = Status::Trapped;
    EXPECT_FALSE(replay_step(traced.prove())->instruction.has_value());
}

}  // namespace
}  // namespace entresol::riscv
