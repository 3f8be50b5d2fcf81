// Updates of a block's size in a trie of many accounts, roots of lists, proofs.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <unordered_map>

#include "core/crypto/keccak.hpp"
#include "core/trie/trie.hpp"

namespace {

using namespace entresol;

class MemoryNodes final : public trie::NodeSource, public trie::NodeSink {
public:
    std::optional<Bytes> find_node(const Hash32& hash) override {
        const auto found = nodes_.find(hash);
        if (found == nodes_.end()) return std::nullopt;
        return found->second;
    }
    void put_node(const Hash32& hash, Bytes rlp) override { nodes_[hash] = std::move(rlp); }

private:
    std::unordered_map<Hash32, Bytes, BytesHash> nodes_;
};

class Discard final : public trie::NodeSink {
public:
    void put_node(const Hash32&, Bytes rlp) override { benchmark::DoNotOptimize(rlp.data()); }
};

Hash32 account_key(std::uint64_t i) { return crypto::keccak256({reinterpret_cast<const std::uint8_t*>(&i), sizeof i}); }

std::vector<trie::TrieChange> make_changes(std::uint64_t first, std::uint64_t count, std::uint8_t fill) {
    std::vector<trie::TrieChange> changes;
    for (std::uint64_t i = first; i < first + count; ++i) changes.push_back({account_key(i), Bytes(78, fill)});
    std::sort(changes.begin(), changes.end(), [](const auto& a, const auto& b) { return a.key < b.key; });
    return changes;
}

struct Accounts {
    MemoryNodes nodes;
    Hash32 root;
    Accounts() { root = *trie::update_root(nodes, crypto::EMPTY_TRIE_ROOT, make_changes(0, COUNT, 1), nodes); }
    static constexpr std::uint64_t COUNT = 100'000;
};
Accounts& accounts() {
    static Accounts all;
    return all;
}

void build_from_nothing(benchmark::State& state) {
    const auto changes = make_changes(0, static_cast<std::uint64_t>(state.range(0)), 1);
    MemoryNodes nodes;
    Discard sink;
    for (auto _ : state) benchmark::DoNotOptimize(trie::update_root(nodes, crypto::EMPTY_TRIE_ROOT, changes, sink));
    state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(build_from_nothing)->Arg(1'000)->Arg(100'000)->Unit(benchmark::kMillisecond);

void update_accounts(benchmark::State& state) {
    auto& all = accounts();
    const auto changes = make_changes(1'000, static_cast<std::uint64_t>(state.range(0)), 2);
    Discard sink;
    for (auto _ : state) benchmark::DoNotOptimize(trie::update_root(all.nodes, all.root, changes, sink));
    state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(update_accounts)->Arg(1)->Arg(100)->Arg(2'000)->Arg(20'000)->Unit(benchmark::kMicrosecond);

void find_account(benchmark::State& state) {
    auto& all = accounts();
    std::uint64_t i = 0;
    for (auto _ : state)
        benchmark::DoNotOptimize(trie::find_value(all.nodes, all.root, account_key(i++ % Accounts::COUNT).view()));
}
BENCHMARK(find_account);

void prove_and_verify(benchmark::State& state) {
    auto& all = accounts();
    const Hash32 key = account_key(77);
    for (auto _ : state) {
        const auto proof = trie::make_proof(all.nodes, all.root, key.view());
        benchmark::DoNotOptimize(trie::verify_proof(all.root, key.view(), *proof));
    }
}
BENCHMARK(prove_and_verify);

void ordered_root(benchmark::State& state) {
    const std::vector<Bytes> values(static_cast<std::size_t>(state.range(0)), Bytes(180, 3));
    for (auto _ : state) benchmark::DoNotOptimize(trie::compute_ordered_root(values));
    state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(ordered_root)->Arg(200)->Arg(5'000)->Unit(benchmark::kMicrosecond);

}  // namespace
