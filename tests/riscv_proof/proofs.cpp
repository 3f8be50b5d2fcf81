// Prints proofs of random steps and damaged ones, one a line, each with what it proves: `PROOF PRE_ROOT POST_ROOT` or
// `PROOF refused`; then random programs step by step, `PROOF PRE_ROOT POST_ROOT next` where the line before was the step before.
// The C++ side of compare.py. Usage: entresol_riscv_proofs SEED STATES PROGRAMS
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>

#include "core/base/endian.hpp"
#include "core/base/hex.hpp"
#include "core/riscv/proof.hpp"
#include "core/riscv/random_states_testing.hpp"
#include "core/riscv/step.hpp"

namespace {

using namespace entresol;
using namespace entresol::riscv;
using Random = std::mt19937_64;

constexpr std::size_t MASK_AT = STATE_BYTES + LEAF_BYTES;

void change_byte(Bytes& proof, std::size_t first, std::size_t end, Random& random) {
    if (first < end && end <= proof.size())
        proof[first + random() % (end - first)] ^= static_cast<std::uint8_t>(1 + random() % 255);
}

// Writes out the lowest sibling that the first mask leaves out.
void write_zero_sibling(Bytes& proof) {
    if (proof.size() < MASK_AT + MASK_BYTES) return;
    const std::uint64_t mask = load_be64(&proof[MASK_AT]);
    unsigned height = 0;
    while ((mask >> height & 1) != 0) ++height;
    if (height >= TREE_DEPTH) return;
    store_be64(&proof[MASK_AT], mask | std::uint64_t{1} << height);
    const auto at = static_cast<std::ptrdiff_t>(MASK_AT + MASK_BYTES + height * Hash32::SIZE);
    const auto zero = zero_node(height).view();
    proof.insert(proof.begin() + at, zero.begin(), zero.end());
}

Bytes damage(Bytes proof, Random& random) {
    switch (random() % 8) {
        case 0: proof.resize(random() % proof.size()); break;
        case 1: proof.push_back(0); break;
        case 2: write_zero_sibling(proof); break;
        case 3: change_byte(proof, MASK_AT, MASK_AT + MASK_BYTES, random); break;
        case 4: change_byte(proof, 0, proof.size(), random); break;
        default: change_byte(proof, Hash32::SIZE, STATE_BYTES, random); break;  // often another valid state
    }
    return proof;
}

void print_line(const Bytes& proof, const char* mark = "") {
    const auto step = replay_step(proof);
    const std::string verdict =
        step ? to_hex(compute_state_root(step->before)) + " " + to_hex(compute_state_root(step->after)) : "refused";
    std::printf("%s %s%s\n", to_hex(proof).c_str(), verdict.c_str(), mark);
}

constexpr std::size_t MAX_PAGES = 4096;

void print_states(std::uint64_t count, Random& random) {
    Machine machine{{}, Memory(MAX_PAGES)};
    MemoryTree tree;
    for (std::uint64_t i = 0; i < count; ++i) {
        machine.hart = riscv::testing::some_hart(random);
        riscv::testing::write_places(machine.memory, random);
        machine.memory.store(machine.hart.pc, 4, riscv::testing::some_word(random));
        tree.update(machine.memory);
        const Bytes proof = *prove_step(machine, tree);
        print_line(proof);
        print_line(damage(proof, random));
    }
}

// 64 words around a place; a trap begins them anew, so that a program goes on with what it has made of its registers and itself.
void print_program(Random& random) {
    constexpr int WORDS = 64, STEPS = 100;
    Machine machine{riscv::testing::some_hart(random), Memory(MAX_PAGES)};
    MemoryTree tree;
    auto& hart = machine.hart;
    hart.status = Status::Running;
    hart.mtvec = hart.pc = hart.pc == 0 ? 0x1000 : hart.pc;
    for (int i = 0; i < WORDS; ++i)
        machine.memory.store(hart.pc + 4 * static_cast<std::uint64_t>(i), 4, riscv::testing::some_word(random));
    for (int i = 0; i < STEPS; ++i) {
        tree.update(machine.memory);
        print_line(*prove_step(machine, tree), i == 0 ? "" : " next");
        step(machine);
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) return 2;
    Random random(std::strtoull(argv[1], nullptr, 10));
    print_states(std::strtoull(argv[2], nullptr, 10), random);
    for (auto programs = std::strtoull(argv[3], nullptr, 10); programs > 0; --programs) print_program(random);
    return 0;
}
