// Bytes that are a proof's, and bytes that make a machine: its proof verifies, and no change to it does.
#include <algorithm>

#include "core/base/check.hpp"
#include "core/base/endian.hpp"
#include "core/riscv/calls_testing.hpp"
#include "core/riscv/proof.hpp"
#include "core/riscv/step.hpp"

namespace {

using namespace entresol::riscv;

// The input as numbers, then zeros.
struct InputNumbers {
    entresol::ByteView rest;
    std::uint64_t operator()() {
        std::uint8_t number[8]{};
        const std::size_t count = std::min(rest.size(), sizeof number);
        std::copy_n(rest.begin(), count, std::begin(number));
        rest = rest.subspan(count);
        return entresol::load_le64(number);
    }
};

void check_bytes(entresol::ByteView proof) {
    const auto replayed = replay_step(proof);
    if (!replayed) return;
    const auto verified = verify_step(compute_state_root(replayed->before), proof);
    CHECK(verified && *verified == compute_state_root(replayed->after));
    CHECK(replayed->before.hart.status == Status::Running || proof.size() == STATE_BYTES);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::size_t MAX_PAGES = 64;
    check_bytes({data, size});
    InputNumbers input{{data, size}};
    Machine machine{testing::some_hart(input), Memory(MAX_PAGES)};
    testing::write_places(machine.memory, input);
    KnownPreimages preimages;
    machine.preimages = &preimages;
    const std::vector<testing::KnownKey> keys = {
        {PreimageType::Keccak256, preimages.add_keccak256({1, 2, 3}), 3, {}},
        {PreimageType::Sha256, preimages.add_sha256(entresol::Bytes(100)), 100, {}}};
    const bool calls = input() % 2 == 0;
    if (calls) testing::put_call(machine.hart, machine.memory, keys, input);
    machine.memory.store(machine.hart.pc, 4, calls ? 0x73 : testing::some_word(input));
    MemoryTree tree;
    const auto before = compute_state_root({tree.update(machine.memory), machine.hart});
    const auto recorded = prove_step(machine, tree);
    if (!recorded) return 0;  // the instruction lies over the key
    auto proof = *recorded;
    step(machine);
    const auto verified = verify_step(before, proof);
    CHECK(verified && *verified == compute_state_root({tree.update(machine.memory), machine.hart}));
    const std::uint64_t change = input();
    proof[change % proof.size()] ^= static_cast<std::uint8_t>(1 + (change >> 32) % 255);
    CHECK(!verify_step(before, proof));
    check_bytes(proof);
    return 0;
}
