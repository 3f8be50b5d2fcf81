#include "node/snapshot/export_snapshot.hpp"

#include <stdexcept>

#include "core/base/endian.hpp"
#include "core/base/hex.hpp"
#include "core/crypto/keccak.hpp"
#include "core/derive/block_ref.hpp"
#include "node/ledger/stored_outcomes.hpp"
#include "node/store/block_store.hpp"

namespace entresol::snapshot {
namespace {

constexpr std::size_t CHUNK_BUDGET = MAX_CHUNK_BYTES - 128 * 1024;  // leaves room for the proofs of two edges
constexpr std::size_t ENTRY_OVERHEAD = 48;                          // a key and RLP's headers, rounded up

template <typename T>
T value_or_throw(Result<T, trie::TrieError> result) {
    if (!result)
        throw std::runtime_error(std::string("the state of this block is not whole in the data directory: ") +
                                 trie::to_string(result.error()));
    return std::move(*result);
}

class Exporter {
public:
    Exporter(store::BlockStore& store, const Folder& folder, const Progress& progress, Manifest manifest)
        : store_(store),
          folder_(folder),
          progress_(progress),
          manifest_(manifest),
          output_root_(manifest.output_root()) {}

    Exported run(const ExportRequest& request) {
        add_blocks(request);
        add_state();
        add_codes();
        manifest_.chunks = totals_.chunks;
        folder_.write_manifest(manifest_);
        return {manifest_, totals_};
    }

private:
    void write(Chunk chunk) {
        chunk.output_root = output_root_;
        chunk.index = totals_.chunks;
        const Bytes file = encode(chunk);
        if (const auto own = decode_chunk(file); !own) throw std::runtime_error("a block is too large for a snapshot");
        folder_.write_chunk(chunk.index, file);
        ++totals_.chunks;
        totals_.bytes += file.size();
        progress_(totals_);
    }

    // --- blocks, newest first
    struct StoredBlock {
        Bytes body;
        std::vector<Bytes> receipts;
        std::size_t size = 0;
    };
    StoredBlock load_block(const Hash32& hash) const {
        auto body = store_.find_body(hash);
        const auto outcomes = store_.find_receipts(hash);
        const auto decoded = outcomes ? ledger::decode_outcomes(*outcomes) : std::nullopt;
        if (!body || !decoded) throw std::runtime_error("block " + to_hex(hash) + " is not in the data directory");
        StoredBlock block{std::move(*body), {}, 0};
        block.size = block.body.size() + ENTRY_OVERHEAD;
        for (const auto& outcome : decoded->outcomes) {
            block.receipts.push_back(chain::encode(outcome.receipt));
            block.size += block.receipts.back().size() + ENTRY_OVERHEAD;
        }
        return block;
    }
    void write_blocks(std::vector<StoredBlock>& blocks) {
        if (blocks.empty()) return;
        BlocksChunk chunk;
        for (const auto& block : blocks)
            chunk.blocks.push_back({block.body, {block.receipts.begin(), block.receipts.end()}});
        totals_.blocks += blocks.size();
        write({.content = std::move(chunk)});
        blocks.clear();
    }
    void add_blocks(const ExportRequest& request) {
        std::vector<StoredBlock> blocks;
        std::size_t size = 0;
        std::uint64_t newest_origin = 0;
        Hash32 hash = manifest_.block_hash;
        for (std::uint64_t count = 0;; ++count) {
            auto record = load_block(hash);
            const auto block = chain::decode_block(record.body);
            CHECK(block.has_value());  // we wrote it
            const auto ref = derive::make_l2_block_ref({}, *block);
            if (!ref)
                throw std::runtime_error(std::string("this chain is no rollup: ") + derive::to_string(ref.error()));
            if (count == 0) newest_origin = ref->l1_origin.number;
            if (size + record.size > CHUNK_BUDGET) size = (write_blocks(blocks), 0);
            size += record.size;
            blocks.push_back(std::move(record));
            if (ref->number == 1) break;  // everybody has the genesis
            if (count >= request.l2_blocks && ref->l1_origin.number + request.l1_blocks <= newest_origin) break;
            hash = block->header.parent_hash;
        }
        write_blocks(blocks);
    }

    // --- accounts, after each chunk of them their storage
    struct OwnLeaf {
        Hash32 key;
        Bytes value;
    };
    struct OwnStretch {
        Range range;
        std::vector<OwnLeaf> leaves;
        std::vector<Bytes> proof;
        std::size_t size = 0;

        [[nodiscard]] Stretch view() const {
            Stretch stretch{range, {}, {proof.begin(), proof.end()}};
            for (const auto& leaf : leaves) stretch.leaves.push_back({leaf.key, leaf.value});
            return stretch;
        }
    };
    OwnStretch cut(const Hash32& root, const Hash32& first, std::size_t budget) {
        OwnStretch cut{{first, LAST_KEY}, {}, {}, 2 * ENTRY_OVERHEAD};
        const auto walked = visit_leaves(store_, root, first, [&](const Hash32& key, ByteView value) {
            if (cut.size > budget && !cut.leaves.empty()) {
                cut.range.last = cut.leaves.back().key;
                return false;
            }
            cut.size += value.size() + ENTRY_OVERHEAD;
            cut.leaves.push_back({key, to_bytes(value)});
            return true;
        });
        if (!walked) (void)value_or_throw<int>(fail(walked.error()));
        cut.proof = value_or_throw(prove_range(store_, root, cut.range));
        for (const auto& node : cut.proof) cut.size += node.size() + 4;
        return cut;
    }
    void add_state() {
        for (Hash32 first = FIRST_KEY;;) {
            const auto accounts = cut(manifest_.state_root, first, CHUNK_BUDGET);
            totals_.accounts += accounts.leaves.size();
            write({.content = AccountsChunk{accounts.view()}});
            for (const auto& leaf : accounts.leaves) add_account(leaf);
            write_storage();
            if (accounts.range.last == LAST_KEY) return;
            first = next_key(accounts.range.last);
        }
    }
    void add_account(const OwnLeaf& leaf) {
        const auto account = state::decode_trie_account(leaf.value);
        CHECK(account.has_value());  // we wrote it
        if (account->account.code_hash != crypto::EMPTY_CODE_HASH) codes_.insert(account->account.code_hash);
        if (account->storage_root == crypto::EMPTY_TRIE_ROOT) return;
        for (Hash32 first = FIRST_KEY;;) {
            auto slots = cut(account->storage_root, first, CHUNK_BUDGET - parts_size_);
            totals_.slots += slots.leaves.size();
            parts_size_ += slots.size;
            const auto last = slots.range.last;
            parts_.emplace_back(leaf.key, std::move(slots));
            if (last != LAST_KEY || parts_size_ >= CHUNK_BUDGET) write_storage();
            if (last == LAST_KEY) return;
            first = next_key(last);
        }
    }
    void write_storage() {
        if (parts_.empty()) return;
        StorageChunk chunk;
        for (const auto& [account, stretch] : parts_) chunk.parts.push_back({account, stretch.view()});
        write({.content = std::move(chunk)});
        parts_.clear();
        parts_size_ = 0;
    }

    void add_codes() {
        std::vector<state::CodePtr> codes;
        std::size_t size = 0;
        const auto flush = [&] {
            CodesChunk chunk;
            for (const auto& code : codes) chunk.codes.push_back(code->view());
            totals_.codes += codes.size();
            if (!codes.empty()) write({.content = std::move(chunk)});
            codes.clear();
            size = 0;
        };
        for (const auto& hash : codes_) {
            const auto code = store_.find_code(hash);
            if (code == nullptr) throw std::runtime_error("code " + to_hex(hash) + " is not in the data directory");
            if (size + code->view().size() > CHUNK_BUDGET) flush();
            size += code->view().size() + 4;
            codes.push_back(code);
        }
        flush();
    }

    store::BlockStore& store_;
    const Folder& folder_;
    const Progress& progress_;
    Manifest manifest_;
    Hash32 output_root_;
    Totals totals_;
    std::vector<std::pair<Hash32, OwnStretch>> parts_;
    std::size_t parts_size_ = 0;
    std::set<Hash32> codes_;
};

Manifest begin_manifest(const store::BlockStore& store, const ExportRequest& request) {
    const auto chain_id = store.find_meta("chain_id");
    const auto genesis = store.find_canonical_hash(0);
    if (!chain_id || chain_id->size() != 8 || !genesis) throw std::runtime_error("the data directory holds no chain");
    const auto hash =
        request.block ? store.find_canonical_hash(*request.block) : store.head(store::HeadKind::Finalized);
    const auto rlp = hash ? store.find_header(*hash) : std::nullopt;
    if (!rlp) throw std::runtime_error("the data directory does not hold this block");
    const auto header = chain::decode_header(*rlp);
    CHECK(header.has_value());  // we wrote it
    if (header->number == 0)
        throw std::runtime_error("a snapshot of the genesis block says nothing new: name a later one with --block");
    if (!header->withdrawals_root) throw std::runtime_error("this block's header says nothing of the message passer");
    return {.chain_id = load_be64(chain_id->data()),
            .genesis_hash = *genesis,
            .block_number = header->number,
            .state_root = header->state_root,
            .message_passer_root = *header->withdrawals_root,
            .block_hash = *hash,
            .chunks = 0};
}

}  // namespace

Exported export_snapshot(store::BlockStore& store, const ExportRequest& request, const Folder& folder,
                         const Progress& progress) {
    const auto manifest = begin_manifest(store, request);
    folder.create();
    return Exporter(store, folder, progress, manifest).run(request);
}

}  // namespace entresol::snapshot
