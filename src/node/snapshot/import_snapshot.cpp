#include "node/snapshot/import_snapshot.hpp"

#include <filesystem>
#include <stdexcept>

#include <fcntl.h>
#include <unistd.h>

#include "core/base/endian.hpp"
#include "core/base/hex.hpp"
#include "core/crypto/keccak.hpp"
#include "core/derive/block_ref.hpp"
#include "node/io/failure.hpp"
#include "node/ledger/ledger.hpp"
#include "node/snapshot/restore_outcomes.hpp"
#include "node/store/block_store.hpp"
#include "node/store/flat_encoding.hpp"

namespace entresol::snapshot {
namespace {

using store::Table;
using store::WriteBatch;

constexpr std::string_view OUTPUT = "snapshot.output", CHUNK = "snapshot.chunk.";

ByteView text(std::string_view words) { return {reinterpret_cast<const std::uint8_t*>(words.data()), words.size()}; }

Bytes chunk_key(std::uint64_t index) {
    Bytes key = to_bytes(text(CHUNK));
    key.resize(key.size() + 8);
    store_be64(key.data() + CHUNK.size(), index);
    return key;
}

[[noreturn]] void refuse_chunk(const Folder& folder, std::uint64_t index, const std::string& words) {
    throw std::runtime_error(folder.chunk_path(index) + ": " + words);
}

class NoSink final : public CheckedSink {
public:
    void block(const chain::Block&, const Hash32&, const std::vector<chain::Receipt>&) override {}
    void account(const Hash32&, ByteView) override {}
    void slot(const Hash32&, const Hash32&, ByteView) override {}
    void code(const Hash32&, ByteView) override {}
    void put_node(const Hash32&, Bytes) override {}
};

// A chunk's content as one batch, with the note that it was taken.
class BatchSink final : public CheckedSink {
public:
    void block(const chain::Block& block, const Hash32& hash, const std::vector<chain::Receipt>& receipts) override {
        const auto outcomes = restore_outcomes(block, receipts);
        if (!outcomes)
            throw std::runtime_error("block " + std::to_string(block.header.number) + ": " + outcomes.error());
        batch.put(Table::Headers, hash.view(), chain::encode(block.header));
        batch.put(Table::Bodies, hash.view(), chain::encode(block));
        batch.put(Table::Receipts, hash.view(), *outcomes);
    }
    void account(const Hash32& key, ByteView leaf) override { store::put_account(batch, key, leaf); }
    void slot(const Hash32& account, const Hash32& key, ByteView leaf) override {
        store::put_slot(batch, account, key, leaf);
    }
    void code(const Hash32& hash, ByteView code) override { batch.put(Table::Codes, hash.view(), to_bytes(code)); }
    void put_node(const Hash32& hash, Bytes rlp) override { batch.put(Table::Nodes, hash.view(), std::move(rlp)); }

    WriteBatch batch;
};

void take_chunk(store::KeyValue& kv, SnapshotCheck& check, const Folder& folder, std::uint64_t index) {
    const Bytes file = folder.load_chunk(index);
    BatchSink sink;
    if (const auto taken = check.take(file, sink); !taken) refuse_chunk(folder, index, taken.error());
    sink.batch.put(Table::Meta, chunk_key(index), to_bytes(crypto::keccak256(file).view()));
    kv.write(sink.batch, false);
}

// What an earlier call has written is not proven again; but it must be what the folder still holds.
std::uint64_t skip_taken(const store::KeyValue& kv, SnapshotCheck& check, const Folder& folder, std::uint64_t chunks) {
    for (std::uint64_t index = 0; index < chunks; ++index) {
        const auto taken = kv.find(Table::Meta, chunk_key(index));
        if (!taken) return index;
        const Bytes file = folder.load_chunk(index);
        if (*taken != to_bytes(crypto::keccak256(file).view()))
            refuse_chunk(folder, index, "it is not the file that was imported before");
        if (const auto skipped = check.skip(file); !skipped) refuse_chunk(folder, index, skipped.error());
    }
    return chunks;
}

// The genesis block with its state, as a node writes it into an empty directory; the flat state and the heads are the snapshot's.
void copy_genesis(const genesis::ChainFile& chain, store::KeyValue& kv) {
    const auto fresh = std::make_shared<store::BlockStore>(store::make_memory_store());
    const ledger::Ledger ledger(chain.rollup.l2, chain.l2_genesis, fresh);
    WriteBatch batch;
    for (const auto table :
         {Table::Nodes, Table::Codes, Table::Headers, Table::Bodies, Table::Receipts, Table::Canonical})
        fresh->tables()->scan(table, {}, store::ScanOrder::Ascending, [&](ByteView key, ByteView value) {
            batch.put(table, key, to_bytes(value));
            return true;
        });
    kv.write(batch, false);
}

using CanonicalBlocks = std::vector<store::BlockStore::CanonicalBlock>;
// From the newest down to the first; derivation must be able to start at the newest.
CanonicalBlocks load_blocks(const store::BlockStore& store, const Manifest& manifest, std::uint64_t first,
                            const derive::RollupConfig& config) {
    CanonicalBlocks blocks;
    Hash32 hash = manifest.block_hash;
    std::uint64_t newest_origin = 0, oldest_origin = 0;
    for (std::uint64_t number = manifest.block_number; number >= first && number > 0; --number) {
        const auto block = chain::decode_block(store.find_body(hash).value());
        CHECK(block.has_value());
        const auto ref = derive::make_l2_block_ref(config, *block);
        if (!ref) throw std::runtime_error("block " + std::to_string(number) + ": " + derive::to_string(ref.error()));
        if (blocks.empty()) newest_origin = ref->l1_origin.number;
        oldest_origin = ref->l1_origin.number;
        blocks.push_back({hash, number, {}});
        for (const auto& tx : block->transactions) blocks.back().tx_hashes.push_back(chain::transaction_hash(tx));
        hash = block->header.parent_hash;
    }
    if (first > 1 && oldest_origin + config.channel_timeout > newest_origin)
        throw std::runtime_error("the snapshot holds too few blocks: they begin " +
                                 std::to_string(newest_origin - oldest_origin) + " L1 blocks before its own, " +
                                 std::to_string(config.channel_timeout) + " are needed to derive what comes next");
    std::reverse(blocks.begin(), blocks.end());
    return blocks;
}

void write_heads(const std::shared_ptr<store::KeyValue>& kv, const Manifest& manifest, const genesis::ChainFile& chain,
                 std::uint64_t first) {
    copy_genesis(chain, *kv);
    WriteBatch marker;
    marker.put(Table::Accounts, store::MARKER_KEY, store::encode_marker({manifest.state_root, manifest.state_root}));
    kv->write(marker, false);
    store::BlockStore store(kv);
    store.reorganise({}, load_blocks(store, manifest, first, chain.rollup), manifest.block_hash);
    store.set_head(store::HeadKind::Safe, manifest.block_hash);
    store.name_chain(manifest.chain_id, manifest.genesis_hash);
    store.set_head(store::HeadKind::Finalized, manifest.block_hash);  // is on the disk with all before it
    store.flush();
}

void sync_folder(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return;
    (void)::fsync(descriptor);
    (void)::close(descriptor);
}

std::shared_ptr<store::KeyValue> open_growing(const std::string& path, const Hash32& output_root) {
    std::shared_ptr<store::KeyValue> kv = store::open_rocks_store(path);
    const auto begun = kv->find(Table::Meta, text(OUTPUT));
    if (begun && *begun != to_bytes(output_root.view()))
        throw io::Failure(io::FailureKind::Datadir,
                          "the import of another snapshot was begun there, with output root " + to_hex(*begun) +
                              "\nremove " + path + " to begin anew");
    WriteBatch batch;
    batch.put(Table::Meta, text(OUTPUT), to_bytes(output_root.view()));
    if (!begun) kv->write(batch, true);
    return kv;
}

}  // namespace

void check_chain(const Manifest& manifest, const genesis::ChainFile& chain) {
    if (manifest.chain_id != chain.rollup.l2.chain_id)
        throw std::runtime_error("the snapshot is of chain " + std::to_string(manifest.chain_id) +
                                 ", the chain file of " + std::to_string(chain.rollup.l2.chain_id));
    if (manifest.genesis_hash != chain.rollup.l2_genesis.hash)
        throw std::runtime_error("the snapshot is of another chain: its genesis is " + to_hex(manifest.genesis_hash) +
                                 ", the chain file's " + to_hex(chain.rollup.l2_genesis.hash));
}

Totals verify_snapshot(const Folder& folder, const Manifest& manifest, const Progress& progress) {
    SnapshotCheck check(manifest);
    NoSink sink;
    for (std::uint64_t index = 0; index < manifest.chunks; ++index) {
        if (const auto taken = check.take(folder.load_chunk(index), sink); !taken)
            refuse_chunk(folder, index, taken.error());
        progress(check.totals());
    }
    if (const auto whole = check.finish(); !whole) throw std::runtime_error(folder.path() + ": " + whole.error());
    return check.totals();
}

Imported import_snapshot(const Folder& folder, const Manifest& manifest, const genesis::ChainFile& chain,
                         const std::string& datadir, const Progress& progress) {
    check_chain(manifest, chain);
    const std::string place = datadir + "/l2", growing = datadir + "/l2.import";
    if (std::filesystem::exists(place))
        throw io::Failure(io::FailureKind::Datadir, datadir + " holds a chain already\nname an empty directory");
    Imported done;
    {
        const auto kv = open_growing(growing, manifest.output_root());
        SnapshotCheck check(manifest);
        done.taken_before = skip_taken(*kv, check, folder, manifest.chunks);
        for (std::uint64_t index = done.taken_before; index < manifest.chunks; ++index) {
            take_chunk(*kv, check, folder, index);
            progress(check.totals());
        }
        if (const auto whole = check.finish(); !whole) throw std::runtime_error(folder.path() + ": " + whole.error());
        write_heads(kv, manifest, chain, check.first_block().value());
        done.totals = check.totals();
    }
    std::filesystem::rename(growing, place);
    sync_folder(datadir);
    return done;
}

}  // namespace entresol::snapshot
