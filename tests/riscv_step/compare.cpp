// compare_steps [--cases N] [--seed S] [--mistake | --print]: steps of random states by the contract on our EVM and by core/riscv; each fourth time
// also with a damaged proof. At a difference it prints the case. With --mistake the contract is a spoilt one, to see that it is found; with
// --print each case is a line `ROOT PROOF NEXT` or `ROOT PROOF refused`, where nothing is published, for the contract's tests on another EVM.
#include <array>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string_view>

#include "contract.hpp"
#include "core/base/endian.hpp"
#include "core/base/hex.hpp"
#include "core/crypto/keccak.hpp"
#include "core/riscv/preimages_testing.hpp"
#include "core/riscv/proof.hpp"

namespace {

using namespace entresol;
using namespace entresol::riscv;
using Random = std::mt19937_64;

constexpr std::size_t MAX_PAGES = 4096;
#if defined(__SANITIZE_ADDRESS__) || !defined(__OPTIMIZE__)
constexpr std::uint64_t CASES = 3000;
#else
constexpr std::uint64_t CASES = 100'000;
#endif

// Parts of a proof that a change may hit: the state, the first path's mask, anything; or its length.
Bytes damage(Bytes proof, Random& random) {
    const auto change = [&](std::size_t first, std::size_t end) {
        if (first < end && end <= proof.size())
            proof[first + random() % (end - first)] ^= static_cast<std::uint8_t>(1U << random() % 8);
    };
    switch (random() % 8) {
        case 0: proof.resize(random() % proof.size()); break;
        case 1: proof.push_back(0); break;
        case 2: change(STATE_BYTES + LEAF_BYTES, STATE_BYTES + LEAF_BYTES + MASK_BYTES); break;
        case 3: change(STATE_BYTES, proof.size()); break;
        case 4: change(0, proof.size()); break;
        case 5: proof.insert(proof.end(), proof.end() - static_cast<std::ptrdiff_t>(LEAF_BYTES), proof.end()); break;
        default: change(Hash32::SIZE, STATE_BYTES); break;  // often another valid state
    }
    return proof;
}

class Comparison {
public:
    explicit Comparison(std::uint64_t seed) : random_(seed), preimages_(seed) {
        machine_.preimages = &preimages_;
        for (const auto& known : preimages_.keys())
            if (known.length > MAX_INLINE_BYTES && known.type != PreimageType::Blob)
                contract.publish(known.type, *preimages_.find(known.type, known.key));
        Address recover;
        recover.bytes[19] = 1;
        contract.publish_computation(recover, *parse_hex(riscv::testing::KNOWN_INPUTS[0].hex));
        contract.publish_computation(recover, Bytes(128));
    }

    // False: they differ.
    bool compare_next() {
        const auto proof = next_state();
        if (!proof) return true;  // it asks for a preimage that nobody knows
        if (!compare(*proof)) return false;
        ++(riscv::is_call(machine_.hart.x[A7]) ? calls : instructions);
        return random_() % 4 != 0 || compare(damage(*proof, random_));
    }

    void print_next() {
        const auto proof = next_state();
        if (!proof) return;
        print(*proof);
        if (random_() % 4 == 0) print(damage(*proof, random_));
    }

    riscv::onchain::StepContract contract;
    std::uint64_t calls = 0, instructions = 0, refused = 0, most_gas = 0;

private:
    std::optional<Bytes> next_state() {
        machine_.hart = riscv::testing::some_hart(random_);
        if (random_() % 4 == 0) riscv::testing::write_places(machine_.memory, random_);
        const bool calls_it = random_() % 8 == 0;
        if (calls_it) riscv::testing::put_call(machine_.hart, machine_.memory, preimages_.keys(), random_);
        const std::uint32_t word = calls_it ? 0x73 : riscv::testing::some_word(random_);
        machine_.memory.store(machine_.hart.pc, 4, word);
        tree_.update(machine_.memory);
        return prove_step(machine_, tree_);
    }
    static Hash32 stated_root(const Bytes& proof) {
        return crypto::keccak256(ByteView(proof).first(std::min(proof.size(), STATE_BYTES)));
    }
    static void print(const Bytes& proof) {
        const Hash32 root = stated_root(proof);
        const auto next = verify_step(root, proof);
        std::printf("%s %s %s\n", to_hex(root).c_str(), to_hex(proof).c_str(),
                    next ? to_hex(*next).c_str() : "refused");
    }
    // Of any bytes, under the root of the state that they state.
    bool compare(const Bytes& proof) {
        const Hash32 root = stated_root(proof);
        const auto ours = verify_step(root, proof, &preimages_);
        const auto theirs = contract.step(root, proof);
        refused += ours ? 0 : 1;
        most_gas = std::max(most_gas, theirs.gas_used);
        // With any less gas: the same result or none.
        const auto pressed = contract.step(root, proof, random_() % (theirs.gas_used + 1));
        const bool agrees = ours ? theirs.next == *ours : !theirs.next;
        if (agrees && (!pressed.next || pressed.next == theirs.next)) return true;
        std::printf(
            "differs: a7 %llu, proof %s\nC++: %s\nSolidity: %s\n", static_cast<unsigned long long>(machine_.hart.x[A7]),
            to_hex(ByteView(proof).first(std::min<std::size_t>(proof.size(), 8192))).c_str(),
            ours ? to_hex(*ours).c_str() : to_string(ours.error()),
            theirs.next ? to_hex(*theirs.next).c_str() : ("reverts with " + to_hex(theirs.revert_data)).c_str());
        return false;
    }

    Random random_;
    riscv::testing::TestPreimages preimages_;
    Machine machine_{{}, Memory(MAX_PAGES)};
    MemoryTree tree_;
};

}  // namespace

int main(int argc, char** argv) {
    std::uint64_t cases = CASES, seed = 1;
    bool is_mistaken = false, is_printed = false;
    for (int i = 1; i < argc; ++i) {
        const std::string_view option = argv[i];
        if (option == "--mistake")
            is_mistaken = true;
        else if (option == "--print")
            is_printed = true;
        else if ((option == "--cases" || option == "--seed") && i + 1 < argc)
            (option == "--cases" ? cases : seed) = std::strtoull(argv[++i], nullptr, 10);
        else
            return std::fprintf(stderr, "usage: compare_steps [--cases N] [--seed S] [--mistake | --print]\n"), 2;
    }
    Comparison comparison(seed);
    if (is_mistaken) comparison.contract.make_a_mistake();
    for (std::uint64_t i = 0; is_printed && i < cases; ++i) comparison.print_next();
    if (is_printed) return 0;
    for (std::uint64_t i = 0; i < cases; ++i)
        if (!comparison.compare_next())
            return std::printf("case %llu of seed %llu\n", static_cast<unsigned long long>(i),
                               static_cast<unsigned long long>(seed)),
                   1;
    std::printf("%llu instructions and %llu calls agree, %llu damaged proofs refused by both, at most %llu gas\n",
                static_cast<unsigned long long>(comparison.instructions),
                static_cast<unsigned long long>(comparison.calls), static_cast<unsigned long long>(comparison.refused),
                static_cast<unsigned long long>(comparison.most_gas));
    return comparison.calls > cases / 20 && comparison.refused > cases / 20 ? 0 : 1;
}
