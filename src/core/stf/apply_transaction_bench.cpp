// Transactions through the whole transition (validate, execute, fees, receipt), without signature recovery and without the trie.
#include <benchmark/benchmark.h>

#include "core/stf/transaction_testing.hpp"

namespace entresol::stf {
namespace {

using namespace testing;  // NOLINT

constexpr std::uint64_t BATCH = 1'000;

void run(benchmark::State& bench, const chain::Rules& rules, ByteView code, std::uint64_t gas_limit) {
    World world(rules);
    world.block.gas_limit = ~0ULL >> 1U;
    world.state.accounts[ALICE].account.balance = U256::max() >> 1;
    if (!code.empty()) world.state.set_code(CONTRACT, code);
    chain::Transaction tx = transfer(1);
    tx.gas_limit = gas_limit;
    for (auto _ : bench) {
        state::Journal journal(world.state);
        evm::Vm vm(journal, world.block);
        BlockProgress progress;
        for (tx.nonce = 0; tx.nonce < BATCH; ++tx.nonce) {
            const auto outcome = apply_transaction(journal, vm, world.block, progress, tx, ALICE);
            CHECK(outcome.has_value());
            benchmark::DoNotOptimize(outcome->gas_used);
        }
        benchmark::DoNotOptimize(journal.take_diff().accounts.size());
    }
    bench.SetItemsProcessed(static_cast<std::int64_t>(bench.iterations() * BATCH));
}

void transfer_l1(benchmark::State& bench) { run(bench, l1_rules(chain::Fork::Osaka), {}, 21'000); }
void transfer_op(benchmark::State& bench) { run(bench, op_rules(chain::OpFork::Isthmus), {}, 21'000); }
/// Two slots read, two written, as a token's transfer does.
void two_slots(benchmark::State& bench) {
    const Bytes code = {0x60, 0x01, 0x54, 0x60, 0x01, 0x01, 0x60, 0x01, 0x55,
                        0x60, 0x02, 0x54, 0x60, 0x01, 0x01, 0x60, 0x02, 0x55};
    run(bench, l1_rules(chain::Fork::Osaka), code, 100'000);
}

BENCHMARK(transfer_l1)->Unit(benchmark::kMicrosecond);
BENCHMARK(transfer_op)->Unit(benchmark::kMicrosecond);
BENCHMARK(two_slots)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace entresol::stf
