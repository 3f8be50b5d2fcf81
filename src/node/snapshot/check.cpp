#include "node/snapshot/check.hpp"

#include "core/base/hex.hpp"
#include "core/crypto/keccak.hpp"

namespace entresol::snapshot {
namespace {

Result<void, std::string> refuse(std::string words) { return fail(std::move(words)); }

Result<void, std::string> check_stretch(const Hash32& root, const Stretch& stretch, const Hash32& first,
                                        trie::NodeSink& sink) {
    if (stretch.range.first != first)
        return refuse("it begins at key " + to_hex(stretch.range.first) + ", the one before it ended at " +
                      to_hex(first));
    // One way to cut: the last key is there, or nothing comes after.
    if (stretch.range.last != LAST_KEY && (stretch.leaves.empty() || stretch.leaves.back().key != stretch.range.last))
        return refuse("its range does not end with an entry");
    const auto right = verify_range(root, stretch.range, stretch.leaves, stretch.proof, sink);
    if (!right) return refuse(to_string(right.error()));
    return {};
}

}  // namespace

// Content waits until the whole chunk was found right.
struct SnapshotCheck::Staging final : trie::NodeSink {
    struct Block {
        chain::Block block;
        Hash32 hash;
        std::vector<chain::Receipt> receipts;
    };
    struct Slot {
        Hash32 account;
        Leaf leaf;
    };
    std::vector<Block> blocks;
    std::vector<Leaf> accounts;
    std::vector<Slot> slots;
    std::vector<std::pair<Hash32, ByteView>> codes;
    std::vector<std::pair<Hash32, Bytes>> nodes;

    void put_node(const Hash32& hash, Bytes rlp) override { nodes.emplace_back(hash, std::move(rlp)); }
    void hand_to(CheckedSink& sink) {
        for (const auto& b : blocks) sink.block(b.block, b.hash, b.receipts);
        for (const auto& leaf : accounts) sink.account(leaf.key, leaf.value);
        for (const auto& slot : slots) sink.slot(slot.account, slot.leaf.key, slot.leaf.value);
        for (const auto& [hash, code] : codes) sink.code(hash, code);
        for (auto& [hash, rlp] : nodes) sink.put_node(hash, std::move(rlp));
    }
};

SnapshotCheck::SnapshotCheck(const Manifest& manifest)
    : manifest_(manifest), output_root_(manifest.output_root()), next_block_(manifest.block_hash) {}

Result<void, std::string> SnapshotCheck::take(ByteView file, CheckedSink& sink) { return advance(file, &sink); }
Result<void, std::string> SnapshotCheck::skip(ByteView file) { return advance(file, nullptr); }

Result<void, std::string> SnapshotCheck::advance(ByteView file, CheckedSink* sink) {
    TRY(const auto chunk, decode_chunk(file));
    if (chunk.output_root != output_root_)
        return refuse("it belongs to the snapshot of output root " + to_hex(chunk.output_root));
    if (chunk.index != totals_.chunks) return refuse("it is chunk " + std::to_string(chunk.index) + " by its content");
    Staging staging;
    const auto proof = sink != nullptr ? Proof::Wanted : Proof::Known;
    TRY_VOID(std::visit([&](const auto& content) { return take_content(content, staging, proof); }, chunk.content));
    if (sink != nullptr) staging.hand_to(*sink);
    ++totals_.chunks;
    totals_.bytes += file.size();
    totals_.blocks += staging.blocks.size();
    totals_.accounts += staging.accounts.size();
    totals_.slots += staging.slots.size();
    totals_.codes += staging.codes.size();
    return {};
}

// Each block hashes to what its child says, and has the transactions and receipts of its header.
Result<void, std::string> SnapshotCheck::take_block(const BlockRecord& record, Staging& staging) {
    auto block = chain::decode_block(record.block);
    if (!block) return refuse("a block cannot be decoded");
    const auto& header = block->header;
    const auto number = std::to_string(header.number);
    if (chain::header_hash(header) != next_block_)
        return refuse("block " + number + " is not the one with hash " + to_hex(next_block_));
    const bool is_newest = !first_block_;
    if (is_newest && (header.number != manifest_.block_number || header.state_root != manifest_.state_root ||
                      header.withdrawals_root != manifest_.message_passer_root))
        return refuse("the manifest's number or roots are not those of its block");
    if (chain::compute_transactions_root(block->transactions) != header.transactions_root)
        return refuse("block " + number + ": its transactions are others than its header says");
    if (!block->ommers.empty() || (block->withdrawals && !block->withdrawals->empty()))
        return refuse("block " + number + ": an L2 block has no ommers and no withdrawals");
    std::vector<chain::Receipt> receipts;
    for (const auto& encoded : record.receipts) {
        auto receipt = chain::decode_receipt(encoded);
        if (!receipt) return refuse("block " + number + ": a receipt cannot be decoded");
        receipts.push_back(std::move(*receipt));
    }
    if (receipts.size() != block->transactions.size() || chain::compute_receipts_root(receipts) != header.receipts_root)
        return refuse("block " + number + ": its receipts are others than its header says");
    const Hash32 hash = std::exchange(next_block_, header.parent_hash);
    first_block_ = header.number;
    staging.blocks.push_back({std::move(*block), hash, std::move(receipts)});
    return {};
}

Result<void, std::string> SnapshotCheck::take_content(const BlocksChunk& chunk, Staging& staging, Proof) {
    if (chunk.blocks.empty()) return refuse("it is empty");
    if (next_account_ != FIRST_KEY) return refuse("blocks come before the state");
    for (const auto& record : chunk.blocks) TRY_VOID(take_block(record, staging));
    return {};
}

Result<void, std::string> SnapshotCheck::take_content(const AccountsChunk& chunk, Staging& staging, Proof proof) {
    const auto& stretch = chunk.accounts;
    if (!first_block_) return refuse("the block of the snapshot comes first");
    if (!storage_.empty()) return refuse("storage of account " + to_hex(storage_.front().account) + " is missing");
    if (!next_account_) return refuse("all accounts were there already");
    if (proof == Proof::Wanted) TRY_VOID(check_stretch(manifest_.state_root, stretch, *next_account_, staging));
    for (const auto& leaf : stretch.leaves) {
        const auto account = state::decode_trie_account(leaf.value);
        if (!account) return refuse("account " + to_hex(leaf.key) + " cannot be decoded");
        if (account->storage_root != crypto::EMPTY_TRIE_ROOT)
            storage_.push_back({leaf.key, account->storage_root, FIRST_KEY});
        if (account->account.code_hash != crypto::EMPTY_CODE_HASH) codes_.insert(account->account.code_hash);
        staging.accounts.push_back(leaf);
    }
    next_account_ = stretch.range.last == LAST_KEY ? std::nullopt : std::optional(next_key(stretch.range.last));
    return {};
}

Result<void, std::string> SnapshotCheck::take_part(const StorageChunk::Part& part, Staging& staging, Proof proof) {
    if (storage_.empty()) return refuse("no account waits for the storage of " + to_hex(part.account));
    auto& pending = storage_.front();
    if (part.account != pending.account)
        return refuse("it holds storage of account " + to_hex(part.account) + " where that of " +
                      to_hex(pending.account) + " is due");
    if (proof == Proof::Wanted) TRY_VOID(check_stretch(pending.root, part.slots, pending.next, staging));
    for (const auto& leaf : part.slots.leaves) staging.slots.push_back({part.account, leaf});
    if (part.slots.range.last == LAST_KEY)
        storage_.pop_front();
    else
        pending.next = next_key(part.slots.range.last);
    return {};
}

Result<void, std::string> SnapshotCheck::take_content(const StorageChunk& chunk, Staging& staging, Proof proof) {
    if (chunk.parts.empty()) return refuse("it is empty");
    for (const auto& part : chunk.parts) TRY_VOID(take_part(part, staging, proof));
    return {};
}

Result<void, std::string> SnapshotCheck::take_content(const CodesChunk& chunk, Staging& staging, Proof) {
    if (chunk.codes.empty()) return refuse("it is empty");
    if (next_account_ || !storage_.empty()) return refuse("codes come after all accounts and their storage");
    for (const auto& code : chunk.codes) {
        const Hash32 hash = crypto::keccak256(code);
        if (codes_.empty() || *codes_.begin() != hash)
            return refuse(codes_.empty() ? "code " + to_hex(hash) + " is no account's"
                                         : "code " + to_hex(*codes_.begin()) + " is due, here is " + to_hex(hash));
        codes_.erase(codes_.begin());
        staging.codes.emplace_back(hash, code);
    }
    return {};
}

Result<void, std::string> SnapshotCheck::finish() const {
    if (!first_block_) return refuse("the snapshot holds no block");
    if (next_account_) return refuse("accounts from key " + to_hex(*next_account_) + " on are missing");
    if (!storage_.empty()) return refuse("storage of account " + to_hex(storage_.front().account) + " is missing");
    if (!codes_.empty()) return refuse("code " + to_hex(*codes_.begin()) + " is missing");
    if (totals_.chunks != manifest_.chunks) return refuse("the manifest speaks of more chunks");
    return {};
}

}  // namespace entresol::snapshot
