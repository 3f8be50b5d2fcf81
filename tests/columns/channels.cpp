// Writes random channels into a folder, every third a fresh one, and prints what they hold: the C++ side of compare.py.
// Usage: entresol_columns_channels SEED COUNT FOLDER
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "core/base/hex.hpp"
#include "core/columns/batches_testing.hpp"

namespace {

using namespace entresol;

void print_batch(const columns::Batch& batch) {
    std::size_t next = 0;
    for (const columns::Block& block : batch.blocks) {
        std::printf("block %llu %llu\n", static_cast<unsigned long long>(block.timestamp),
                    static_cast<unsigned long long>(block.epoch_number));
        for (std::uint32_t i = 0; i < block.transaction_count; ++i, ++next) {
            if (!batch.senders.empty()) std::printf("%s ", to_hex(batch.senders[next]).c_str() + 2);
            std::printf("%s\n", to_hex(batch.transactions[next]).c_str());
        }
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) return 2;
    const auto seed = std::strtoull(argv[1], nullptr, 10);
    const auto count = std::strtoull(argv[2], nullptr, 10);
    columns::RandomBatches batches(seed);
    columns::Encoder encoder(columns::RandomBatches::CHAIN_ID);
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto form = (i / 3) % 2 == 0 ? columns::Form::Signed : columns::Form::Unsigned;
        const columns::Batch batch = batches.make(6, form);
        const auto start = i % 3 == 0 ? columns::Start::Fresh : columns::Start::Continued;
        const Bytes channel = encoder.encode(batch, form, start).value();
        std::ofstream out(std::string(argv[3]) + "/" + std::to_string(100 + i), std::ios::binary);
        for (const std::uint8_t byte : channel) out.put(static_cast<char>(byte));
        print_batch(batch);
    }
    return 0;
}
