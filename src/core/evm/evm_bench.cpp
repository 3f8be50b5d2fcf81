// The interpreter on programs that stress one part each; gas per second is the rate to compare.
#include <benchmark/benchmark.h>

#include "core/crypto/keccak.hpp"
#include "core/evm/assembler_testing.hpp"

namespace entresol::evm {
namespace {

using namespace testing;  // NOLINT

constexpr std::uint64_t GAS = 1'000'000'000;
constexpr U256 BIG{0x0123456789abcdefULL, 0xfedcba9876543210ULL, 0x0f1e2d3c4b5a6978ULL, 0xc0ffee1234567890ULL};
constexpr U256 ODD{0xfffffffffffffffbULL, 0x7fffffffffffffffULL, 0x1ULL, 0};

/// counter = rounds; do { body } while (--counter). The body finds the counter on top and leaves it there.
Asm loop(std::uint64_t rounds, const Asm& body) {
    const Bytes bytes = body.build();
    Asm code;
    code.push(rounds).label("again").append(body).push(1).op({OP_SWAP1, OP_SUB, OP_DUP1}).jump_if("again");
    return code;
}
Asm repeat(unsigned times, const Asm& body) {
    Asm code;
    for (unsigned i = 0; i < times; ++i) code.append(body);
    return code;
}

void run(benchmark::State& bench, const Asm& code, ByteView input = {}) {
    World world(chain::Fork::Osaka);
    world.put(CONTRACT, code);
    state::Journal journal(world.state);
    Vm vm(journal, world.block);
    vm.set_transaction({ALICE, 11, {}});
    const Message message{.gas = GAS, .recipient = CONTRACT, .code_address = CONTRACT, .caller = ALICE, .input = input};
    std::uint64_t gas = 0;
    for (auto _ : bench) {
        journal.begin_transaction();
        const auto result = vm.execute(message);
        CHECK(result.status == Status::Success);
        gas += GAS - result.gas_left;
    }
    bench.counters["gas/s"] = benchmark::Counter(static_cast<double>(gas), benchmark::Counter::kIsRate);
}

void jumps(benchmark::State& bench) { run(bench, loop(100'000, Asm())); }
void stack_shuffle(benchmark::State& bench) {
    run(bench, loop(10'000, repeat(10, Asm().op({OP_DUP1, OP_DUP2, OP_SWAP1, OP_POP, OP_POP}))));
}
void small_arithmetic(benchmark::State& bench) {
    const auto step = Asm().op({OP_DUP1}).push(7).op({OP_ADD}).push(3).op({OP_MUL}).push(5).op({OP_AND, OP_POP});
    run(bench, loop(10'000, repeat(10, step)));
}
void compare(benchmark::State& bench) {
    const auto step = Asm().op(OP_DUP1).push(7).op({OP_LT, OP_ISZERO}).push(9).op({OP_GT}).push(1).op({OP_EQ, OP_POP});
    run(bench, loop(10'000, repeat(10, step)));
}
void shifts(benchmark::State& bench) {
    const auto step = Asm().push(BIG).push(3).op(OP_SHL).push(77).op(OP_SHR).push(200).op({OP_SAR, OP_POP});
    run(bench, loop(10'000, repeat(10, step)));
}
void big_multiply(benchmark::State& bench) {
    run(bench, loop(10'000, repeat(10, Asm().push(BIG).push(BIG).op({OP_MUL, OP_POP}))));
}
void big_divide(benchmark::State& bench) {
    run(bench, loop(10'000, repeat(10, Asm().push(ODD).push(BIG).op({OP_DIV, OP_POP}))));
}
void small_divide(benchmark::State& bench) {
    run(bench,
        loop(10'000, repeat(10, Asm().push(10).push(BIG).op({OP_DIV}).push(ETHER).op({OP_SWAP1, OP_MOD, OP_POP}))));
}
void mulmod_addmod(benchmark::State& bench) {
    const auto step = Asm()
                          .push(U256::max() - U256{188})
                          .push(BIG)
                          .push(BIG)
                          .op({OP_MULMOD})
                          .push(BIG)
                          .op({OP_DUP2, OP_ADDMOD, OP_POP});
    run(bench, loop(10'000, repeat(10, step)));
}
void exponentiate(benchmark::State& bench) {
    run(bench, loop(1'000, repeat(10, Asm().push(18).push(10).op({OP_EXP, OP_POP}))));
}
void memory_words(benchmark::State& bench) {
    const auto step = Asm().push(64).op({OP_MLOAD}).push(1).op({OP_ADD}).push(64).op({OP_MSTORE});
    run(bench, loop(10'000, repeat(10, step)));
}
void memory_copy(benchmark::State& bench) {
    run(bench, loop(10'000, Asm().push(1024).push(0).push(2048).op({OP_MCOPY})));
}
void keccak(benchmark::State& bench) {
    run(bench, loop(10'000, Asm().push(64).push(0).op({OP_KECCAK256}).push(0).op({OP_MSTORE})));
}
void storage(benchmark::State& bench) {
    const auto step = Asm().push(1).op({OP_SLOAD}).push(1).op({OP_ADD}).push(1).op({OP_SSTORE});
    run(bench, loop(10'000, step));
}
/// Calls the identity precompile.
void call_precompile(benchmark::State& bench) {
    run(bench, loop(10'000, Asm().push(32).push(0).push(32).push(0).push(4).op({OP_GAS, OP_STATICCALL, OP_POP})));
}

/// A contract that answers with a word, called again and again.
void call_contract(benchmark::State& bench) {
    World world(chain::Fork::Osaka);
    world.put(OTHER, Asm().push(42).return_top());
    world.put(CONTRACT,
              loop(10'000, Asm().push(32).push(0).push(32).push(0).push(OTHER).op({OP_GAS, OP_STATICCALL, OP_POP})));
    state::Journal journal(world.state);
    Vm vm(journal, world.block);
    vm.set_transaction({ALICE, 11, {}});
    for (auto _ : bench) {
        journal.begin_transaction();
        const auto result = vm.execute({.gas = GAS, .recipient = CONTRACT, .code_address = CONTRACT, .caller = ALICE});
        CHECK(result.status == Status::Success);
    }
    bench.SetItemsProcessed(static_cast<std::int64_t>(bench.iterations() * 10'000));
}

/// transfer(address,uint256) as compilers lay it out: selector, two balances in a mapping, a log, a returned word.
Asm token() {
    Asm code;
    const auto slot_of = [&](const Asm& key) {  // keccak256(key || 0)
        code.append(key).push(0).op({OP_MSTORE}).push(0).push(32).op({OP_MSTORE}).push(64).push(0).op({OP_KECCAK256});
    };
    code.push(128)
        .push(64)
        .op({OP_MSTORE, OP_CALLVALUE, OP_DUP1, OP_ISZERO})
        .jump_if("unpaid")
        .label("refuse")
        .push(0)
        .push(0)
        .op(OP_REVERT);
    code.label("unpaid").op(OP_POP).push(4).op({OP_CALLDATASIZE, OP_LT}).jump_if("refuse");
    code.push(0).op({OP_CALLDATALOAD}).push(224).op({OP_SHR});
    for (const std::uint64_t other : {0x06fdde03ULL, 0x095ea7b3ULL, 0x18160dddULL, 0x70a08231ULL})
        code.op({OP_DUP1}).push(other).op({OP_EQ}).jump_if("refuse");
    code.op({OP_DUP1}).push(0xa9059cbb).op({OP_EQ}).jump_if("transfer").jump("refuse").label("transfer").op(OP_POP);
    slot_of(Asm().op(OP_CALLER));
    code.op({OP_DUP1, OP_SLOAD}).push(36).op({OP_CALLDATALOAD, OP_DUP2, OP_DUP2, OP_GT}).jump_if("refuse");
    code.op({OP_SWAP1, OP_SUB, OP_SWAP1, OP_SSTORE});
    slot_of(Asm().push(4).op({OP_CALLDATALOAD}));
    code.op({OP_DUP1, OP_SLOAD}).push(36).op({OP_CALLDATALOAD, OP_ADD, OP_SWAP1, OP_SSTORE});
    code.push(36).op({OP_CALLDATALOAD}).push(128).op({OP_MSTORE}).push(4).op({OP_CALLDATALOAD, OP_CALLER});
    code.push(to_u256(
        crypto::keccak256(ByteView{reinterpret_cast<const std::uint8_t*>("Transfer(address,address,uint256)"), 33})));
    code.push(32).push(128).op({OP_LOG3}).push(1).return_top();
    return code;
}

void token_transfer(benchmark::State& bench) {
    constexpr std::uint64_t BATCH = 1'000;
    World world(chain::Fork::Osaka);
    world.put(CONTRACT, token());
    Bytes key(64);
    std::copy(ALICE.bytes.begin(), ALICE.bytes.end(), key.begin() + 12);
    world.state.accounts[CONTRACT].storage[to_u256(crypto::keccak256(key))] = U256::max() >> 1;
    Bytes input = {0xa9, 0x05, 0x9c, 0xbb};
    input.resize(68);
    input[67] = 1;
    for (auto _ : bench) {
        state::Journal journal(world.state);
        Vm vm(journal, world.block);
        vm.set_transaction({ALICE, 11, {}});
        for (std::uint64_t i = 0; i < BATCH; ++i) {
            journal.begin_transaction();
            store_be64(input.data() + 28, i % 100);
            const auto result = vm.execute(
                {.gas = GAS, .recipient = CONTRACT, .code_address = CONTRACT, .caller = ALICE, .input = input});
            CHECK(result.status == Status::Success);
        }
    }
    bench.SetItemsProcessed(static_cast<std::int64_t>(bench.iterations() * BATCH));
}

void analyse_code(benchmark::State& bench) {
    Bytes code(24'576);
    for (std::size_t i = 0; i < code.size(); ++i) code[i] = static_cast<std::uint8_t>(i * 2654435761U >> 13U);
    for (auto _ : bench) benchmark::DoNotOptimize(state::make_code(code));
    bench.SetBytesProcessed(static_cast<std::int64_t>(bench.iterations() * code.size()));
}

BENCHMARK(jumps);
BENCHMARK(stack_shuffle);
BENCHMARK(small_arithmetic);
BENCHMARK(compare);
BENCHMARK(shifts);
BENCHMARK(big_multiply);
BENCHMARK(big_divide);
BENCHMARK(small_divide);
BENCHMARK(mulmod_addmod);
BENCHMARK(exponentiate);
BENCHMARK(memory_words);
BENCHMARK(memory_copy);
BENCHMARK(keccak);
BENCHMARK(storage);
BENCHMARK(call_precompile);
BENCHMARK(call_contract);
BENCHMARK(token_transfer);
BENCHMARK(analyse_code);

}  // namespace
}  // namespace entresol::evm
