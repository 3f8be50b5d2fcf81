// The machine's calls: known answers, what is legal, what happens to registers, and that each way of running has one result.
#include "core/riscv/calls.hpp"

#include <array>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "core/base/uint256.hpp"
#include "core/crypto/hashes.hpp"
#include "core/crypto/keccak.hpp"
#include "core/riscv/assemble_testing.hpp"
#include "core/riscv/fast_run.hpp"
#include "core/riscv/preimages_testing.hpp"
#include "core/riscv/proof.hpp"

namespace entresol::riscv {
namespace {

using namespace testing;
using Random = std::mt19937_64;

constexpr std::uint64_t CODE = 0x10000, OUT = 0x20000, IN = 0x30000;
constexpr std::uint64_t END = 0;  // 2^64

#if defined(__SANITIZE_ADDRESS__) || !defined(__OPTIMIZE__)
constexpr int RANDOM_CALLS = 1500;
constexpr int BROKEN_PROOFS = 8;
#else
constexpr int RANDOM_CALLS = 20'000;
constexpr int BROKEN_PROOFS = 60;
#endif

Machine machine_with(std::uint64_t call, std::initializer_list<std::uint64_t> arguments) {
    Machine machine{{}, Memory(64)};
    machine.hart.pc = CODE;
    machine.memory.store(CODE, 4, match_of("ecall"));
    machine.hart.x[A7] = call;
    unsigned i = A0;
    for (const auto argument : arguments) machine.hart.x[i++] = argument;
    return machine;
}
Bytes bytes_at(const Machine& machine, std::uint64_t address, std::size_t size) {
    Bytes bytes(size);
    machine.memory.read(address, bytes);
    return bytes;
}
// Makes the call with that input; the output, empty for a failure.
Bytes answer_of(std::uint64_t call, ByteView input) {
    auto machine = machine_with(call, {OUT, IN, input.size()});
    machine.memory.write(IN, input);
    (void)run(machine, 1);
    EXPECT_EQ(machine.hart.pc, CODE + 4);
    return bytes_at(machine, OUT, machine.hart.x[A0]);
}
bool is_illegal(Machine machine) {
    (void)run(machine, 1);
    if (machine.hart.status != Status::Trapped) return false;
    EXPECT_EQ(machine.hart.mcause, 11U);
    EXPECT_EQ(machine.hart.mtval, machine.hart.x[A7]);
    EXPECT_EQ(machine.hart.pc, CODE);
    return true;
}

TEST(Calls, ArithmeticIsTheOpcodes) {
    const U256 a = U256{} - U256{7}, b{3}, c{1000};
    const std::pair<std::uint64_t, U256> rows[] = {{0x101, a + b},
                                                   {0x102, a * b},
                                                   {0x103, a - b},
                                                   {0x104, a / b},
                                                   {0x105, U256{} - U256{2}},
                                                   {0x106, a % b},
                                                   {0x107, U256{} - U256{1}},
                                                   {0x108, addmod(a, b, c)},
                                                   {0x109, mulmod(a, b, c)},
                                                   {0x10a, a * a * a}};
    for (const auto& [call, expected] : rows) {
        auto machine = machine_with(call, {OUT, IN, IN + 32, IN + 64});
        std::uint64_t place = IN;
        for (const auto& word : {a, b, c})
            for (const auto limb : word.limb) machine.memory.store((place += 8) - 8, 8, limb);
        const Hart before = machine.hart;
        (void)run(machine, 1);
        for (unsigned i = 0; i < 4; ++i) EXPECT_EQ(machine.memory.load(OUT + 8 * i, 8), expected.limb[i]) << call;
        Hart after = before;
        after.pc += 4;
        after.x[A0] = 32;
        EXPECT_EQ(machine.hart, after);
    }
    for (const std::uint64_t call : {0x104, 0x105, 0x106, 0x107, 0x108, 0x109}) {  // the divisor is zero
        auto machine = machine_with(call, {OUT, IN, IN + 32, IN + 64});
        machine.memory.store(IN, 8, 5);
        machine.memory.store(OUT, 8, 5);
        (void)run(machine, 1);
        EXPECT_EQ(machine.memory.load(OUT, 8), 0U) << call;
    }
    auto overflow = machine_with(0x105, {OUT, IN, IN + 32});  // −2^255 / −1
    overflow.memory.store(IN + 24, 8, std::uint64_t{1} << 63);
    for (unsigned i = 0; i < 4; ++i) overflow.memory.store(IN + 32 + 8 * i, 8, ~std::uint64_t{0});
    (void)run(overflow, 1);
    EXPECT_EQ(overflow.memory.load(OUT + 24, 8), std::uint64_t{1} << 63);
}

TEST(Calls, EveryKnownInputHasAnAnswerAndItsSpoiltFormNone) {
    for (const auto& known : KNOWN_INPUTS) {
        Bytes input = *parse_hex(known.hex);
        const Bytes answer = answer_of(known.call, input);
        EXPECT_FALSE(answer.empty()) << known.call;
        Address address;
        store_be16(address.data() + 18, static_cast<std::uint16_t>(known.call - PRECOMPILE_CALL));
        Bytes expected = compute_precompile(address, input);
        EXPECT_EQ(expected[0], 1U);
        expected.erase(expected.begin());
        EXPECT_EQ(answer, expected);
        if (known.call == 0x207) input.resize(64), input.resize(96);  // times zero
        input[known.call == 0x201 ? 40 : 0] ^= 0xff;
        if (known.call != 0x300) {
            EXPECT_TRUE(answer_of(known.call, input).empty()) << known.call;
        }
    }
}

TEST(Calls, Hashes) {
    for (const std::size_t size : {0U, 1U, 31U, 32U, 135U, 136U, 5000U, 65536U}) {
        Bytes input(size, 0xa5);
        EXPECT_EQ(answer_of(KECCAK256_CALL, input), to_bytes(crypto::keccak256(input).view()));
        EXPECT_EQ(answer_of(0x202, input), to_bytes(crypto::sha256(input).view()));
        const Bytes answer = answer_of(0x203, input);
        EXPECT_EQ(ByteView(answer).subspan(12).size(), 20U);
        EXPECT_TRUE(std::equal(answer.begin() + 12, answer.end(), crypto::ripemd160(input).view().begin()));
    }
}

// A message of two blocks by the permutation and by the compression alone.
TEST(Calls, APermutationAndACompressionMakeTheHash) {
    Bytes message(200, 7);
    auto machine = machine_with(KECCAK_F_CALL, {OUT});
    Bytes padded = message;
    padded.push_back(1);
    padded.resize(272);
    padded.back() |= 0x80;
    for (std::size_t block = 0; block < 2; ++block) {
        for (std::size_t i = 0; i < 17; ++i) {
            const std::uint64_t lane = machine.memory.load(OUT + 8 * i, 8) ^ load_le64(&padded[136 * block + 8 * i]);
            machine.memory.store(OUT + 8 * i, 8, lane);
        }
        machine.hart.pc = CODE;
        machine.hart.x[A0] = OUT;
        (void)run(machine, 1);
        EXPECT_EQ(machine.hart.x[A0], 200U);
    }
    EXPECT_EQ(bytes_at(machine, OUT, 32), to_bytes(crypto::keccak256(message).view()));

    auto other = machine_with(SHA256_COMPRESS_CALL, {OUT + 3, IN + 5});  // any address
    const std::uint32_t start[] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                   0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    Bytes state(32), block(64);
    for (std::size_t i = 0; i < 8; ++i) store_le32(&state[4 * i], start[i]);
    block[0] = 'a', block[1] = 'b', block[2] = 'c', block[3] = 0x80, block[63] = 24;
    other.memory.write(OUT + 3, state);
    other.memory.write(IN + 5, block);
    (void)run(other, 1);
    state = bytes_at(other, OUT + 3, 32);
    const std::uint8_t abc[] = {'a', 'b', 'c'};
    Bytes digest(32);
    for (std::size_t i = 0; i < 8; ++i) store_be32(&digest[4 * i], load_le32(&state[4 * i]));
    EXPECT_EQ(digest, to_bytes(crypto::sha256(abc).view()));
}

TEST(Calls, LengthsAtTheirBounds) {
    for (const auto& rule : LENGTH_RULES) {
        const auto illegal = [&rule](std::uint64_t length) {
            return is_illegal(machine_with(rule.call, {OUT, IN, length}));
        };
        EXPECT_FALSE(illegal(rule.least * rule.unit)) << rule.call;
        if (rule.call < 0x20c || rule.call > 0x20f) {
            EXPECT_FALSE(illegal(rule.most * rule.unit)) << rule.call;
        }
        EXPECT_TRUE(illegal((rule.most + 1) * rule.unit)) << rule.call;
        EXPECT_TRUE(illegal(~std::uint64_t{0} / rule.unit * rule.unit)) << rule.call;
        if (rule.least > 0) {
            EXPECT_TRUE(illegal((rule.least - 1) * rule.unit)) << rule.call;
        }
        if (rule.unit > 1) {
            EXPECT_TRUE(illegal(rule.least * rule.unit + 1)) << rule.call;
        }
    }
    const auto modexp = [](std::uint64_t base, std::uint64_t exponent, std::uint64_t modulus) {
        return is_illegal(machine_with(MODEXP_CALL, {OUT, IN, base, exponent, modulus}));
    };
    EXPECT_FALSE(modexp(0, 0, 1));
    EXPECT_TRUE(modexp(0, 0, 0));
    EXPECT_FALSE(modexp(1024, 1, 1024));
    EXPECT_TRUE(modexp(1025, 1, 1));
    EXPECT_TRUE(modexp(1, 1, 1025));
    EXPECT_TRUE(modexp(1, 1025, 1));
    EXPECT_FALSE(modexp(256, 256, 256));  // 2048 · 3840 = 7,864,320
    EXPECT_TRUE(modexp(257, 256, 256));
    EXPECT_TRUE(modexp(~std::uint64_t{0}, 2, 2));
    EXPECT_FALSE(is_illegal(machine_with(BLAKE2F_CALL, {OUT, IN, 12, 1})));
    EXPECT_TRUE(is_illegal(machine_with(BLAKE2F_CALL, {OUT, IN, 4'194'305, 1})));
    EXPECT_TRUE(is_illegal(machine_with(BLAKE2F_CALL, {OUT, IN, 12, 2})));
}

TEST(Calls, RangesEndWithTheAddressSpace) {
    const auto illegal = [](std::uint64_t call, std::initializer_list<std::uint64_t> arguments) {
        return is_illegal(machine_with(call, arguments));
    };
    EXPECT_FALSE(illegal(KECCAK256_CALL, {END - 32, END - 100, 100}));
    EXPECT_TRUE(illegal(KECCAK256_CALL, {END - 31, END - 100, 100}));
    EXPECT_TRUE(illegal(KECCAK256_CALL, {END - 32, END - 100, 101}));
    EXPECT_FALSE(illegal(KECCAK256_CALL, {OUT, END - 1, 0}));  // an empty range lies anywhere
    EXPECT_FALSE(illegal(0x101, {END - 32, END - 32, END - 32}));
    EXPECT_TRUE(illegal(0x101, {END - 24, END - 32, END - 32}));
    EXPECT_TRUE(illegal(0x101, {END - 32, END - 24, END - 32}));
    EXPECT_TRUE(illegal(0x108, {OUT, IN, IN, END - 24}));
    EXPECT_FALSE(illegal(0x101, {OUT, IN, IN, END - 24}));  // has no third operand
    for (unsigned i = 0; i < 4; ++i) {                      // words have aligned addresses
        auto machine = machine_with(0x109, {OUT, IN, IN, IN});
        machine.hart.x[A0 + i] += 4;
        EXPECT_TRUE(is_illegal(std::move(machine))) << i;
    }
    EXPECT_TRUE(illegal(KECCAK_F_CALL, {OUT + 4}));
    EXPECT_TRUE(illegal(KECCAK_F_CALL, {END - 192}));
    EXPECT_FALSE(illegal(KECCAK_F_CALL, {END - 200}));
    EXPECT_TRUE(illegal(SHA256_COMPRESS_CALL, {END - 31, IN}));
    EXPECT_TRUE(illegal(SHA256_COMPRESS_CALL, {OUT, END - 63}));
    // A call that fails would write nothing, and yet its output must fit.
    EXPECT_TRUE(illegal(0x206, {END - 63, IN, 128}));
}

TEST(Calls, TheOutputMayOverlapTheInputs) {
    auto machine = machine_with(0x101, {IN + 8, IN, IN + 16});
    for (unsigned i = 0; i < 6; ++i) machine.memory.store(IN + 8 * i, 8, i + 1);
    (void)run(machine, 1);
    for (unsigned i = 0; i < 4; ++i) EXPECT_EQ(machine.memory.load(IN + 8 + 8 * i, 8), 2 * i + 4);
}

TEST(Calls, OtherNumbersTrapAsBefore) {
    std::set<std::uint64_t> calls(call_numbers().begin(), call_numbers().end());
    for (std::uint64_t number = 0; number < 0x800; ++number) {
        EXPECT_EQ(is_call(number), calls.contains(number));
        if (is_call(number) || number == EXIT_CALL) continue;
        auto machine = machine_with(number, {});
        (void)run(machine, 1);
        EXPECT_EQ(machine.hart.mcause, 11U);
        EXPECT_EQ(machine.hart.mtval, 0U) << number;
    }
    EXPECT_FALSE(is_call((std::uint64_t{1} << 32) + KECCAK256_CALL));
}

TEST(Preimages, AreReadInParts) {
    TestPreimages source(1);
    for (const auto& known : source.keys()) {
        const Bytes whole = to_bytes(*source.find(known.type, known.key));
        const bool is_blob = known.type == PreimageType::Blob;
        const std::uint64_t last = whole.empty() || is_blob ? 0 : whole.size() - 1;
        for (const std::uint64_t offset : {std::uint64_t{0}, last, is_blob ? last : std::uint64_t{whole.size()}}) {
            auto machine = machine_with(
                PREIMAGE_CALL, {OUT + 1, IN, offset, is_blob ? 32U : 100U, static_cast<std::uint64_t>(known.type)});
            machine.preimages = &source;
            machine.memory.write(IN, known.key.view());
            ASSERT_EQ(run(machine, 1), 1U);
            const auto rest = ByteView(whole).subspan(static_cast<std::size_t>(offset));
            const Bytes expected = to_bytes(rest.first(std::min<std::size_t>(rest.size(), is_blob ? 32 : 100)));
            EXPECT_EQ(machine.hart.x[A0], expected.size());
            EXPECT_EQ(machine.hart.x[A0 + 1], whole.size());
            EXPECT_EQ(bytes_at(machine, OUT + 1, expected.size()), expected);
        }
    }
}

TEST(Preimages, AnUnknownOneEndsTheRunAndNotTheMachine) {
    auto machine = machine_with(PREIMAGE_CALL, {OUT, IN, 0, 32, 1});
    KnownPreimages source;
    const Hart before = machine.hart;
    const Hash32 key = crypto::keccak256(Bytes(3, 1));
    machine.memory.write(IN, key.view());
    for (PreimageSource* known : {static_cast<PreimageSource*>(nullptr), static_cast<PreimageSource*>(&source)}) {
        machine.preimages = known;
        EXPECT_EQ(run(machine, 5), 0U);
        EXPECT_EQ(FastRunner(machine).run(5), 0U);
        EXPECT_EQ(machine.hart, before);
        ASSERT_TRUE(machine.missing.has_value());
        EXPECT_EQ(machine.missing->key, key);
        MemoryTree tree;
        tree.update(machine.memory);
        EXPECT_FALSE(prove_step(machine, tree).has_value());
    }
    source.add_keccak256(Bytes(3, 1));
    EXPECT_EQ(FastRunner(machine).run(1), 1U);
    EXPECT_FALSE(machine.missing.has_value());
    EXPECT_EQ(machine.hart.x[A0], 3U);
}

TEST(Preimages, RequestsThatAreNotLegal) {
    const auto illegal = [](std::uint64_t offset, std::uint64_t most, std::uint64_t type, std::uint64_t out = OUT) {
        return is_illegal(machine_with(PREIMAGE_CALL, {out, IN, offset, most, type}));
    };
    EXPECT_TRUE(illegal(0, 32, 0));
    EXPECT_TRUE(illegal(0, 32, 5));
    EXPECT_TRUE(illegal(0, 4097, 1));
    EXPECT_TRUE(illegal(0, 31, 3));
    EXPECT_TRUE(illegal(16, 32, 3));
    EXPECT_TRUE(illegal(131072, 32, 3));
    EXPECT_TRUE(illegal(0, 32, 1, END - 31));
    EXPECT_FALSE(illegal(0, 4096, 1));
    EXPECT_FALSE(illegal(131040, 32, 3));
}

struct Traced {
    Machine machine{{}, Memory(4096)};
    MemoryTree tree;
    Hash32 root() { return compute_state_root({tree.update(machine.memory), machine.hart}); }
};

void put_random_call(Machine& machine, const std::vector<KnownKey>& keys, Random& random) {
    machine.hart = some_hart(random);
    machine.hart.status = Status::Running;
    put_call(machine.hart, machine.memory, keys, random);
    machine.memory.store(machine.hart.pc, 4, match_of("ecall"));
}

// step(), the fast run and the proof agree on each; the proof is the only one.
TEST(Calls, RandomCallsRunAndProve) {
    Random random(3);
    TestPreimages source(2);
    Traced slow;
    Machine fast{{}, Memory(4096)};
    slow.machine.preimages = fast.preimages = &source;
    FastRunner runner(fast);
    MemoryTree fast_tree;
    std::array<int, 0x411> made{}, failed{}, illegal{};
    for (int i = 0; i < RANDOM_CALLS; ++i) {
        Random fork(random());
        Random same = fork;
        put_random_call(slow.machine, source.keys(), fork);
        put_random_call(fast, source.keys(), same);
        const auto call = static_cast<std::size_t>(slow.machine.hart.x[A7]);
        const Hash32 root = slow.root();
        const auto proof = prove_step(slow.machine, slow.tree);
        const bool steps = step(slow.machine);
        ASSERT_EQ(runner.run(1), steps ? 1U : 0U);
        ASSERT_EQ(fast.hart, slow.machine.hart) << i;
        if (!steps) continue;
        ASSERT_TRUE(proof.has_value()) << i;
        ASSERT_LE(proof->size(), MAX_PROOF_BYTES);
        const auto verified = verify_step(root, *proof, &source);
        ASSERT_TRUE(verified) << i << " call " << call << ": " << to_string(verified.error());
        ASSERT_EQ(*verified, slow.root()) << i << " call " << call;
        const bool trapped = slow.machine.hart.mcause == 11 && slow.machine.hart.mtval == call;
        ++(trapped ? illegal : slow.machine.hart.x[A0] == 0 ? failed : made)[call];
        if (i % 16 == 0) {
            ASSERT_EQ(fast_tree.update(fast.memory), slow.tree.root()) << i;
        }
    }
    for (const auto number : call_numbers()) {
        EXPECT_GT(made[number], RANDOM_CALLS / 1000) << number;
        EXPECT_GT(illegal[number], 0) << number;
    }
    for (const std::size_t call : {0x201, 0x206, 0x207, 0x208, 0x20a, 0x20b, 0x300, 0x410})
        EXPECT_GT(failed[call], 0) << call;
}

TEST(Calls, EveryChangedByteAndEveryCutOfAProofIsRefused) {
    Random random(4);
    TestPreimages source(3);
    for (int i = 0; i < BROKEN_PROOFS; ++i) {
        Traced traced;
        traced.machine.preimages = &source;
        write_places(traced.machine.memory, random);
        put_random_call(traced.machine, source.keys(), random);
        const Hash32 root = traced.root();
        const auto proof = prove_step(traced.machine, traced.tree);
        if (!proof || proof->size() > 6000) continue;
        ASSERT_TRUE(verify_step(root, *proof, &source));
        for (std::size_t at = 0; at < proof->size(); ++at) {
            Bytes changed = *proof;
            changed[at] ^= static_cast<std::uint8_t>(1 + random() % 255);
            EXPECT_FALSE(verify_step(root, changed, &source)) << at;
            EXPECT_FALSE(verify_step(root, ByteView(*proof).first(at), &source)) << at;
        }
        Bytes longer = *proof;
        longer.push_back(0);
        EXPECT_EQ(verify_step(root, longer, &source).error(), ProofError::TrailingBytes);
    }
}

TEST(Calls, AFastRunSeesWhatACallWritesOverCode) {
    // keccak256 of nothing over the instruction after the ecall; the first four bytes of that digest are no instruction.
    auto machine = machine_with(KECCAK256_CALL, {CODE + 4, IN, 0});
    machine.memory.store(CODE + 4, 4, 0x13);
    auto slow = machine_with(KECCAK256_CALL, {CODE + 4, IN, 0});
    FastRunner runner(machine);
    (void)runner.run(2);
    (void)run(slow, 2);
    EXPECT_EQ(machine.hart, slow.hart);
    EXPECT_EQ(machine.hart.status, Status::Trapped);
    EXPECT_EQ(machine.hart.mtval, 0x0146d2c5U);
    // A page that was read as zeros and then written by a call.
    auto zeros = machine_with(KECCAK256_CALL, {OUT, IN, 0});
    zeros.hart.x[5] = OUT;
    zeros.memory.store(CODE - 4, 4, i_type("ld", 6, 5, 0));
    zeros.memory.store(CODE + 4, 4, i_type("ld", 7, 5, 0));
    zeros.hart.pc = CODE - 4;
    (void)FastRunner(zeros).run(3);
    EXPECT_EQ(zeros.hart.x[6], 0U);
    EXPECT_EQ(zeros.hart.x[7], zeros.memory.load(OUT, 8));
    EXPECT_NE(zeros.hart.x[7], 0U);
}

TEST(Preimages, WhichMustBePublished) {
    TestPreimages source(6);
    for (const auto& known : source.keys()) {
        auto machine = machine_with(PREIMAGE_CALL, {OUT, IN, 0, 32, static_cast<std::uint64_t>(known.type)});
        machine.preimages = &source;
        machine.memory.write(IN, known.key.view());
        const bool is_computation = known.type == PreimageType::Computation;
        const bool is_long = known.type != PreimageType::Blob && known.length > MAX_INLINE_BYTES;
        EXPECT_EQ(find_unpublished(machine).has_value(), is_computation || is_long);
        EXPECT_EQ(source.find_computation(known.key) != nullptr, is_computation);
        if (is_computation) {
            const auto& computation = *source.find_computation(known.key);
            EXPECT_EQ(computation_key(computation.precompile, computation.input), known.key);
        }
        machine.hart.x[A0 + 3] = 4097;
        EXPECT_FALSE(find_unpublished(machine).has_value());
    }
}

TEST(Preimages, ComputationsOnlyOfInputsThatL1DoesNotRefuseByTheirForm) {
    const auto at = [](std::uint16_t number) {
        Address address;
        store_be16(address.data() + 18, number);
        return address;
    };
    for (const auto& known : KNOWN_INPUTS)
        EXPECT_TRUE(is_computable(at(static_cast<std::uint16_t>(known.call - PRECOMPILE_CALL)), *parse_hex(known.hex)));
    for (const auto& [number, size] : {std::pair<std::uint16_t, std::size_t>{0x06, 127},
                                       {0x01, 0},
                                       {0x04, 3},
                                       {0x0c, 0},
                                       {0x0f, 383},
                                       {0x100, 161},
                                       {0x12, 32},
                                       {0x09, 212},
                                       {0x05, 96}})
        EXPECT_FALSE(is_computable(at(number), Bytes(size))) << number;
    EXPECT_TRUE(is_computable(at(0x08), {}));
    Bytes modexp(97);
    modexp[95] = 1;
    EXPECT_TRUE(is_computable(at(0x05), modexp));
    modexp.push_back(0);
    EXPECT_FALSE(is_computable(at(0x05), modexp));
    modexp[0] = 1;  // a base of 2^248 bytes
    EXPECT_FALSE(is_computable(at(0x05), modexp));
}

TEST(Program, InputAndResultStandInTheStateAsTheyAre) {
    State state{zero_node(TREE_DEPTH), {}};
    const Hash32 input = crypto::keccak256(Bytes(3, 1));
    set_input(state.hart, input);
    state.hart.pc = 0x1234;
    // contracts/src/l1/dispute/step/MachineRoots.sol, start
    Bytes expected = to_bytes(state.memory_root.view());
    expected.resize(expected.size() + 80);
    append(expected, input.view());
    expected.resize(expected.size() + 144 + 6);
    expected.push_back(0x12), expected.push_back(0x34);
    expected.resize(STATE_BYTES);
    EXPECT_EQ(to_bytes(encode_state(state)), expected);
    Hart hart;
    for (unsigned i = 0; i < 4; ++i) hart.x[11 + i] = state.hart.x[10 + i];
    EXPECT_EQ(result_of(hart), input);
}

// The largest proofs that the specification speaks of.
TEST(Calls, TheLongestProof) {
    TestPreimages source(5);
    Machine machine =
        machine_with(PREIMAGE_CALL, {(std::uint64_t{1} << 63) - 4095, (std::uint64_t{1} << 63) - 1, 0, 4096, 1});
    machine.preimages = &source;
    for (const auto& known : source.keys())
        if (known.length == MAX_INLINE_BYTES) machine.memory.write(machine.hart.x[A0 + 1], known.key.view());
    MemoryTree tree;
    const Hash32 root = compute_state_root({tree.update(machine.memory), machine.hart});
    const auto proof = prove_step(machine, tree);
    ASSERT_TRUE(proof.has_value());
    EXPECT_TRUE(verify_step(root, *proof));
    EXPECT_LE(proof->size(), MAX_PROOF_BYTES);
    EXPECT_EQ(MAX_PROOF_BYTES, 79'600U);  // docs/spec/machine.md
}

}  // namespace
}  // namespace entresol::riscv
