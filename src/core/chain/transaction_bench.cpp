// What each transaction costs before it runs: decoding, hashing, recovery of the sender.
#include <benchmark/benchmark.h>

#include "core/chain/random_testing.hpp"

namespace {

using namespace entresol;
using namespace entresol::chain;

constexpr std::size_t COUNT = 200;  // a block's worth

std::vector<Transaction> make_transactions() {
    RandomData random(71);
    std::vector<Transaction> transactions;
    for (std::size_t i = 0; i < COUNT; ++i) {
        transactions.push_back(random.transaction(TxType::DynamicFee));
        CHECK(sign_transaction(transactions.back(), to_hash32(U256{i + 1})));
    }
    return transactions;
}

void count_items(benchmark::State& state) {
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * COUNT));
}

void encode_each(benchmark::State& state) {
    const auto transactions = make_transactions();
    for (auto _ : state)
        for (const auto& tx : transactions) benchmark::DoNotOptimize(encode(tx));
    count_items(state);
}
BENCHMARK(encode_each)->Unit(benchmark::kMicrosecond);

void decode_each(benchmark::State& state) {
    std::vector<Bytes> encoded;
    for (const auto& tx : make_transactions()) encoded.push_back(encode(tx));
    for (auto _ : state)
        for (const auto& bytes : encoded) benchmark::DoNotOptimize(decode_transaction(bytes));
    count_items(state);
}
BENCHMARK(decode_each)->Unit(benchmark::kMicrosecond);

void hash_each(benchmark::State& state) {
    const auto transactions = make_transactions();
    for (auto _ : state)
        for (const auto& tx : transactions) benchmark::DoNotOptimize(transaction_hash(tx));
    count_items(state);
}
BENCHMARK(hash_each)->Unit(benchmark::kMicrosecond);

void recover_batch(benchmark::State& state) {
    const auto transactions = make_transactions();
    std::vector<std::optional<Address>> senders(transactions.size());
    for (auto _ : state) recover_senders(transactions, senders);
    count_items(state);
}
BENCHMARK(recover_batch)->Unit(benchmark::kMicrosecond);

}  // namespace
