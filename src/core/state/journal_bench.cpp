// The journal's table under its seeded hash, beside the unseeded one on the same keys: ordinary ones, and ones that are made to collide without a seed.
#include <benchmark/benchmark.h>

#include "core/base/seeded_hash.hpp"
#include "core/state/open_map.hpp"

namespace entresol::state {
namespace {

constexpr HashSeed SEED{0x243f6a8885a308d3ULL, 0x13198a2e03707344ULL};

template <typename Hash>
Hash make_hash() {
    if constexpr (std::is_same_v<Hash, SeededHash>) return SeededHash(SEED);
    return Hash{};
}

U256 ordinary(std::uint64_t i) { return U256{i}; }
// The second word cancels what the unseeded hash made of the first.
Hash32 crafted(std::uint64_t i) {
    const auto product = static_cast<u128>(0xa0761d6478bd642fULL ^ i) * 0xe7037ed1a0b428dbULL;
    Hash32 key;
    store_le64(key.data(), i);
    store_le64(key.data() + 8, static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64));
    return key;
}

template <typename Hash, auto KEY>
void slots(benchmark::State& bench) {
    const auto count = static_cast<std::uint64_t>(bench.range(0));
    using Key = decltype(KEY(0));
    std::vector<Key> keys;
    for (std::uint64_t i = 0; i < count; ++i) keys.push_back(KEY(i));
    for (auto _ : bench) {
        OpenMap<Key, std::uint64_t, Hash> map(make_hash<Hash>());
        for (const auto& key : keys) map.value(map.find_or_insert(key)) = 1;
        std::uint64_t found = 0;
        for (const auto& key : keys) found += map.value(map.find(key));
        benchmark::DoNotOptimize(found);
    }
    bench.SetItemsProcessed(bench.iterations() * bench.range(0) * 2);
}

BENCHMARK(slots<U256Hash, ordinary>)->Name("slots/unseeded")->Arg(16)->Arg(1'000)->Arg(10'000);
BENCHMARK(slots<SeededHash, ordinary>)->Name("slots/seeded")->Arg(16)->Arg(1'000)->Arg(10'000);
BENCHMARK(slots<BytesHash, crafted>)->Name("crafted/unseeded")->Arg(1'000)->Arg(10'000);
BENCHMARK(slots<SeededHash, crafted>)->Name("crafted/seeded")->Arg(1'000)->Arg(10'000);

}  // namespace
}  // namespace entresol::state
