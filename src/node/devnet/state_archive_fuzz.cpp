// States from strangers: as a file, and (digest and compression made right) as the content of one, which is then restored as far as it goes.
#include "core/crypto/keccak.hpp"
#include "core/derive/compress.hpp"
#include "node/devnet/state_archive.hpp"
#include "node/ledger/ledger.hpp"
#include "node/store/block_store.hpp"

namespace {

using namespace entresol;

// As devnet::encode packs a payload.
Bytes make_file(ByteView payload) {
    constexpr std::string_view MAGIC = "entresol devnet state\n\x02";
    Bytes content = to_bytes(payload);
    append(content, crypto::keccak256(payload).view());
    Bytes file(MAGIC.begin(), MAGIC.end());
    append(file, derive::compress_channel(content, {.kind = derive::CompressionKind::Brotli, .quality = 0}));
    return file;
}

void restore(const ledger::ChainArchive& archive) {
    const auto store = std::make_shared<store::BlockStore>(store::make_memory_store());
    const auto config = chain::ChainConfig::all_active(1);
    (void)ledger::Ledger(config, chain::Genesis{}, store);
    if (!ledger::restore_archive(archive, *store)) return;
    // What was let in can be read.
    const ledger::Ledger ledger(config, chain::Genesis{}, store);
    for (std::uint64_t number = 0; number <= ledger.head()->number(); ++number)
        CHECK(ledger.find_block(number) != nullptr);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView input(data, size);
    (void)devnet::decode_state_archive(input, {});
    const auto archive = devnet::decode_state_archive(make_file(input), {});
    if (!archive) return 0;
    CHECK(devnet::decode_state_archive(devnet::encode(*archive), {}).has_value());
    restore(archive->l1.chain);
    restore(archive->l2.chain);
    return 0;
}
