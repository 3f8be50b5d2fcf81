// entresol_step_gas: what the proof and the execution of one step cost on L1, for each kind of instruction and each call, as JSON lines:
// {"kind", "name", "proof_bytes", "gas", "limit"}. gas is a transaction's that calls the contract directly, limit the least with which it succeeds.
// The machine is of a program's size: 16 MiB in use and a stack at the end of memory, all of it random.
#include <algorithm>
#include <cstdio>
#include <functional>
#include <random>
#include <string>

#include "contract.hpp"
#include "core/base/hex.hpp"
#include "core/riscv/preimages_testing.hpp"
#include "core/riscv/proof.hpp"

namespace {

using namespace entresol;
using namespace entresol::riscv;

constexpr std::uint64_t HEAP = 0x80000000, CODE = HEAP + 0x1000, IN = HEAP + 0x400003, OUT = HEAP + 0x900008;
constexpr std::uint64_t HEAP_BYTES = std::uint64_t{16} << 20;
constexpr std::uint64_t MAX_GAS = 100'000'000;

struct Cost {
    std::size_t proof_bytes = 0;
    std::uint64_t gas = 0, limit = 0;
};

// EIP-7623: the transaction's own 21,000, four gas a token or at least ten; a zero byte is one token, another four.
std::uint64_t calldata_gas(ByteView proof, std::uint64_t execution) {
    constexpr std::uint64_t ARGUMENTS = 4 * 36 + 2 * 32;  // selector and root, offset and length
    const auto zeros = static_cast<std::uint64_t>(std::count(proof.begin(), proof.end(), std::uint8_t{0}));
    const std::uint64_t tokens = ARGUMENTS + zeros + 4 * (proof.size() - zeros);
    return 21'000 + std::max(4 * tokens + execution, 10 * tokens);
}

class Meter {
public:
    Meter() : preimages_(1), random_(1) {
        machine_.preimages = &preimages_;
        Bytes page(PAGE_BYTES);
        const auto fill = [&](std::uint64_t from, std::uint64_t size) {
            for (std::uint64_t at = 0; at < size; at += PAGE_BYTES) {
                for (auto& byte : page) byte = static_cast<std::uint8_t>(random_());
                machine_.memory.write(from + at, page);
            }
        };
        fill(HEAP, HEAP_BYTES);
        fill(0 - 16 * PAGE_BYTES, 16 * PAGE_BYTES);
        for (const auto& known : preimages_.keys())
            if (known.length > MAX_INLINE_BYTES && known.type != PreimageType::Blob)
                contract_.publish(known.type, *preimages_.find(known.type, known.key));
        Address recover;
        recover.bytes[19] = 1;
        contract_.publish_computation(recover, *parse_hex(riscv::testing::KNOWN_INPUTS[0].hex));
    }
    // Of the step at CODE with that word, after `prepare` has set registers and memory.
    Cost measure(std::uint32_t word, const std::function<void(Machine&)>& prepare) {
        machine_.hart = {};
        machine_.hart.pc = CODE;
        prepare(machine_);
        machine_.memory.store(CODE, 4, word);
        const Hash32 root = compute_state_root({tree_.update(machine_.memory), machine_.hart});
        const Bytes proof = *prove_step(machine_, tree_);
        const auto next = *verify_step(root, proof, &preimages_);
        const auto succeeds = [&](std::uint64_t gas) { return contract_.step(root, proof, gas).next == next; };
        if (!succeeds(MAX_GAS)) std::abort();
        std::uint64_t too_little = 0, enough = MAX_GAS;
        while (enough - too_little > 100) {
            const std::uint64_t half = (too_little + enough) / 2;
            (succeeds(half) ? enough : too_little) = half;
        }
        // With little more than it needs: what a failing precompile is given is gone.
        const std::uint64_t used = contract_.step(root, proof, enough).gas_used;
        return {proof.size(), calldata_gas(proof, used), calldata_gas(proof, enough)};
    }
    [[nodiscard]] riscv::testing::TestPreimages& preimages() { return preimages_; }
    [[nodiscard]] std::mt19937_64& random() { return random_; }

private:
    riscv::testing::TestPreimages preimages_;
    std::mt19937_64 random_;
    Machine machine_{{}, Memory(8192)};
    MemoryTree tree_;
    riscv::onchain::StepContract contract_;
};

void print(const char* kind, const std::string& name, const Cost& cost) {
    std::printf("{\"kind\":\"%s\",\"name\":\"%s\",\"proof_bytes\":%zu,\"gas\":%llu,\"limit\":%llu}\n", kind,
                name.c_str(), cost.proof_bytes, static_cast<unsigned long long>(cost.gas),
                static_cast<unsigned long long>(cost.limit));
}

const char* kind_of(Op op) {
    if (load_of(op).bytes != 0) return "load";
    if (store_bytes(op) != 0) return "store";
    if (op >= Op::Jal && op <= Op::Bgeu) return "jump";
    if (op >= Op::Mul && op <= Op::Remuw) return "multiply";
    if (op >= Op::Fence) return "system";
    return "compute";
}

void measure_instructions(Meter& meter) {
    for (const auto& row : encodings()) {
        const std::uint32_t registers = row.format == Format::None ? 0 : 8U << 7 | 5U << 15 | 8U << 20;
        const std::uint32_t word = row.match | (registers & ~row.mask);
        print(kind_of(row.op), std::string(row.name), meter.measure(word, [&meter](Machine& machine) {
            for (std::size_t i = 1; i < 32; ++i) machine.hart.x[i] = meter.random()();
            // rs1 is a base in the heap; the offsets are 8.
            machine.hart.x[5] = (HEAP + meter.random()() % HEAP_BYTES) & ~std::uint64_t{4095};
            machine.hart.x[A7] = 0;
        }));
    }
}

struct CallCase {
    const char* name;
    std::uint64_t call;
    std::vector<std::uint64_t> rest;  // a2 and following
    Bytes input;
};

Bytes repeated(std::string_view hex, std::size_t times) {
    const Bytes once = *parse_hex(hex);
    Bytes all;
    for (std::size_t i = 0; i < times; ++i) append(all, once);
    return all;
}
std::string_view known(std::uint64_t call) {
    for (const auto& input : riscv::testing::KNOWN_INPUTS)
        if (input.call == call) return input.hex;
    return {};
}

std::vector<CallCase> call_cases() {
    std::vector<CallCase> cases = {
        {"keccak256 of 64 bytes", 0x400, {64}, Bytes(64, 1)},
        {"keccak256 of 532 bytes (a branch node)", 0x400, {532}, Bytes(532, 1)},
        {"keccak256 of 24,576 bytes (the largest code)", 0x400, {24576}, {}},
        {"keccak256 of 65,536 bytes", 0x400, {65536}, {}},
        {"keccak-f[1600]", 0x401, {}, {}},
        {"SHA-256 compression", 0x402, {}, {}},
        {"sha256 of 65,536 bytes", 0x202, {65536}, {}},
        {"ripemd160 of 65,536 bytes", 0x203, {65536}, {}},
        {"modexp, 256 bits", 0x205, {32, 32, 32}, {}},
        {"modexp, RSA-2048 with e = 65537", 0x205, {256, 3, 256}, {}},
        {"modexp, 2048 bits", 0x205, {256, 256, 256}, {}},
        {"bn254 pairing of 128 pairs", 0x208, {192 * 128}, repeated(known(0x208), 64)},
        {"bn254 pairing of 128 pairs, the last point wrong", 0x208, {192 * 128}, repeated(known(0x208), 64)},
        {"blake2f, 12 rounds", 0x209, {12, 1}, {}},
        {"blake2f, 4,194,304 rounds", 0x209, {4194304, 1}, {}},
        {"BLS12-381 G1 multiplication of 400", 0x20c, {160 * 400}, repeated(known(0x20c), 400)},
        {"BLS12-381 G2 addition", 0x20d, {512}, Bytes(512)},
        {"BLS12-381 G2 multiplication of 200", 0x20e, {288 * 200}, Bytes(288 * 200)},
        {"BLS12-381 pairing of 128 pairs", 0x20f, {384 * 128}, Bytes(384 * 128)},
        {"BLS12-381 Fp2 to G2", 0x211, {128}, Bytes(128)},
    };
    cases[12].input.back() ^= 1;
    const std::pair<const char*, std::uint64_t> single[] = {{"ecrecover", 0x201},
                                                            {"bn254 addition", 0x206},
                                                            {"bn254 multiplication", 0x207},
                                                            {"bn254 pairing of 2 pairs", 0x208},
                                                            {"KZG point evaluation", 0x20a},
                                                            {"BLS12-381 G1 addition", 0x20b},
                                                            {"BLS12-381 G1 multiplication of 1", 0x20c},
                                                            {"BLS12-381 Fp to G1", 0x210},
                                                            {"P-256 verification", 0x300}};
    for (const auto& [name, call] : single) {
        Bytes input = *parse_hex(known(call));
        cases.push_back({name, call, {input.size()}, input});
    }
    return cases;
}

void measure_calls(Meter& meter) {
    const std::pair<const char*, std::uint64_t> words[] = {{"add", 0x101},  {"mul", 0x102},    {"div", 0x104},
                                                           {"sdiv", 0x105}, {"addmod", 0x108}, {"mulmod", 0x109},
                                                           {"exp", 0x10a}};
    for (const auto& row : words)
        print("call", std::string("256-bit ") + row.first, meter.measure(0x73, [call = row.second](Machine& machine) {
            machine.hart.x[A7] = call;
            for (unsigned i = 0; i < 4; ++i) machine.hart.x[A0 + i] = OUT + 32 * i;
        }));
    for (const auto& item : call_cases())
        print("call", item.name, meter.measure(0x73, [&item](Machine& machine) {
            machine.hart.x[A7] = item.call;
            machine.hart.x[A0] = OUT;
            machine.hart.x[A0 + 1] = IN;
            for (std::size_t i = 0; i < item.rest.size(); ++i) machine.hart.x[A0 + 2 + i] = item.rest[i];
            machine.memory.write(IN, item.input);
        }));
}

void measure_preimages(Meter& meter) {
    for (const auto& known : meter.preimages().keys()) {
        if (known.length < 33) continue;
        const bool is_blob = known.type == PreimageType::Blob;
        const char* types[] = {"", "keccak256", "sha256", "blob", "computation"};
        const std::uint64_t most = is_blob ? 32 : std::min<std::uint64_t>(known.length, 4096);
        const std::string name = is_blob
                                     ? "an element of a blob"
                                     : std::to_string(most) + " of the " + std::to_string(known.length) +
                                           " bytes of a " + types[static_cast<std::size_t>(known.type)] + " preimage";
        print("preimage", name, meter.measure(0x73, [&](Machine& machine) {
            machine.hart.x[A7] = PREIMAGE_CALL;
            machine.hart.x[A0] = OUT;
            machine.hart.x[A0 + 1] = IN;
            machine.hart.x[A0 + 2] = is_blob ? 32 * 1234 : 0;
            machine.hart.x[A0 + 3] = most;
            machine.hart.x[A0 + 4] = static_cast<std::uint64_t>(known.type);
            machine.memory.write(IN, known.key.view());
        }));
    }
}

}  // namespace

int main() {
    Meter meter;
    measure_instructions(meter);
    measure_calls(meter);
    measure_preimages(meter);
    return 0;
}
