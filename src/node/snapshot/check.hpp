// Chunks one after another, each checked alone against what the output root commits to before anything of it is used. What is missing, moved or of another
// snapshot is found at the chunk where it happens.
#pragma once

#include <deque>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/chain/block.hpp"
#include "core/state/trie_state.hpp"
#include "node/snapshot/format.hpp"

namespace entresol::snapshot {

/// Where the content of a chunk goes once all of it was found right.
class CheckedSink : public trie::NodeSink {
public:
    virtual void block(const chain::Block& block, const Hash32& hash, const std::vector<chain::Receipt>& receipts) = 0;
    virtual void account(const Hash32& key, ByteView leaf) = 0;
    virtual void slot(const Hash32& account, const Hash32& key, ByteView leaf) = 0;
    virtual void code(const Hash32& hash, ByteView code) = 0;
};

struct Totals {
    std::uint64_t chunks = 0, bytes = 0, blocks = 0, accounts = 0, slots = 0, codes = 0;
};

class SnapshotCheck {
public:
    explicit SnapshotCheck(const Manifest& manifest);

    /// The next chunk's file. After an error this check goes no further.
    [[nodiscard]] Result<void, std::string> take(ByteView file, CheckedSink& sink);
    /// A chunk that went through take in an earlier run, byte for byte: what comes next is remembered, nothing is proven once more.
    [[nodiscard]] Result<void, std::string> skip(ByteView file);
    /// All that the output root commits to was there?
    [[nodiscard]] Result<void, std::string> finish() const;

    [[nodiscard]] const Totals& totals() const { return totals_; }
    /// Of the blocks that the snapshot holds.
    [[nodiscard]] std::optional<std::uint64_t> first_block() const { return first_block_; }

private:
    enum class Proof : std::uint8_t { Wanted, Known };
    struct PendingStorage {
        Hash32 account, root, next;
    };
    struct Staging;
    Result<void, std::string> advance(ByteView file, CheckedSink* sink);
    Result<void, std::string> take_content(const BlocksChunk& chunk, Staging& staging, Proof proof);
    Result<void, std::string> take_content(const AccountsChunk& chunk, Staging& staging, Proof proof);
    Result<void, std::string> take_content(const StorageChunk& chunk, Staging& staging, Proof proof);
    Result<void, std::string> take_content(const CodesChunk& chunk, Staging& staging, Proof proof);
    Result<void, std::string> take_block(const BlockRecord& record, Staging& staging);
    Result<void, std::string> take_part(const StorageChunk::Part& part, Staging& staging, Proof proof);

    Manifest manifest_;
    Hash32 output_root_;
    Totals totals_;
    Hash32 next_block_;
    std::optional<std::uint64_t> first_block_;
    std::optional<Hash32> next_account_ = FIRST_KEY;  // nothing: all are there
    std::deque<PendingStorage> storage_;              // of the newest accounts
    std::set<Hash32> codes_;                          // that accounts have and no chunk has brought yet
};

}  // namespace entresol::snapshot
