// A real channel of OP Mainnet, stage by stage. Skips where the shared data is absent.
#include <benchmark/benchmark.h>

#include "core/base/hex.hpp"
#include "core/codec/rlp.hpp"
#include "core/derive/batch.hpp"
#include "core/derive/compress.hpp"
#include "core/derive/decompress.hpp"
#include "testing/shared_data.hpp"

namespace {

using namespace entresol;
using namespace entresol::derive;

constexpr BatchContext OP_MAINNET{1'686'068'903, 2, 10};

std::optional<Bytes> load_channel(benchmark::State& state) {
    const auto path = testing::find_shared_data("op-mainnet/channel-zlib-span-143-blocks.hex");
    if (!path) {
        state.SkipWithError("shared data folder 'op-mainnet' is absent");
        return std::nullopt;
    }
    std::string text = testing::read_file(*path);
    while (!text.empty() && text.back() == '\n') text.pop_back();
    return parse_hex(text);
}

void inflate(benchmark::State& state) {
    const auto channel = load_channel(state);
    if (!channel) return;
    std::size_t bytes = 0;
    for (auto _ : state) bytes += decompress_channel(*channel).data.size();
    state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
}
BENCHMARK(inflate)->Unit(benchmark::kMillisecond);

void brotli(benchmark::State& state) {
    const auto channel = load_channel(state);
    if (!channel) return;
    const Bytes again = compress_channel(decompress_channel(*channel).data, {CompressionKind::Brotli, 10});
    std::size_t bytes = 0;
    for (auto _ : state) bytes += decompress_channel(again).data.size();
    state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
    state.counters["compressed"] = static_cast<double>(again.size());
}
BENCHMARK(brotli)->Unit(benchmark::kMillisecond);

void decode_span(benchmark::State& state) {
    const auto channel = load_channel(state);
    if (!channel) return;
    const Bytes raw = decompress_channel(*channel).data;
    codec::RlpReader reader(raw);
    const ByteView encoded = reader.read_string().value();
    for (auto _ : state) benchmark::DoNotOptimize(decode_batch(encoded, OP_MAINNET).value());
    state.SetBytesProcessed(static_cast<std::int64_t>(encoded.size() * state.iterations()));
}
BENCHMARK(decode_span)->Unit(benchmark::kMillisecond);

void encode_span(benchmark::State& state) {
    const auto channel = load_channel(state);
    if (!channel) return;
    const Bytes raw = decompress_channel(*channel).data;
    codec::RlpReader reader(raw);
    const Batch batch = decode_batch(reader.read_string().value(), OP_MAINNET).value();
    for (auto _ : state) benchmark::DoNotOptimize(encode(std::get<SpanBatch>(batch), OP_MAINNET).value());
}
BENCHMARK(encode_span)->Unit(benchmark::kMillisecond);

}  // namespace
