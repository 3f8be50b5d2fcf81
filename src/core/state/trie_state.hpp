// State kept in Merkle Patricia tries: a view that reads it, and the root after a diff.
#pragma once

#include <functional>
#include <unordered_map>

#include "core/base/result.hpp"
#include "core/state/account.hpp"
#include "core/state/diff.hpp"
#include "core/state/state_sink.hpp"
#include "core/trie/trie.hpp"

namespace entresol::state {

/// Where code and recent block hashes come from, beside trie nodes.
class CodeSource {
public:
    virtual ~CodeSource() = default;
    [[nodiscard]] virtual CodePtr find_code(const Hash32& code_hash) = 0;  // null when not here
};
using BlockHashes = std::function<std::optional<Hash32>(std::uint64_t number)>;

/// The account as its trie leaf holds it: [nonce, balance, storage root, code hash].
struct TrieAccount {
    Account account;
    Hash32 storage_root = crypto::EMPTY_TRIE_ROOT;
    bool operator==(const TrieAccount&) const = default;
};
[[nodiscard]] Bytes encode(const TrieAccount& account);
[[nodiscard]] std::optional<TrieAccount> decode_trie_account(ByteView rlp);

class TrieStateView final : public StateView {
public:
    TrieStateView(trie::NodeSource& nodes, CodeSource& codes, const Hash32& state_root, BlockHashes block_hashes,
                  const HashSeed& seed = {});
    std::optional<Account> find_account(const Address& address) override;
    U256 load_storage(const Address& address, const U256& key) override;
    bool has_storage(const Address& address) override;
    CodePtr load_code(const Hash32& code_hash) override;
    Hash32 load_block_hash(std::uint64_t number) override;
    bool has_failed() const override { return failed_; }
    HashSeed hash_seed() const override { return accounts_.hash_function().seed(); }
    [[nodiscard]] std::optional<TrieAccount> find_trie_account(const Address& address);

private:
    trie::NodeSource& nodes_;
    CodeSource& codes_;
    Hash32 state_root_;
    BlockHashes block_hashes_;
    std::unordered_map<Address, std::optional<TrieAccount>, SeededHash>
        accounts_;  // look-ups of this view, each address once
    bool failed_ = false;
};

/// The state root after the diff; new nodes (of storage tries too) and changed leaves go to the sink. Codes are the caller's to keep.
[[nodiscard]] Result<Hash32, trie::TrieError> compute_state_root(trie::NodeSource& nodes, const Hash32& state_root,
                                                                 const StateDiff& diff, StateSink& sink);

/// The storage root of one account after the diff (the OP Stack's Isthmus puts the message passer's into the header); the empty root when absent.
[[nodiscard]] Result<Hash32, trie::TrieError> compute_storage_root(trie::NodeSource& nodes, const Hash32& state_root,
                                                                   const StateDiff& diff, const Address& address,
                                                                   trie::NodeSink& sink);

}  // namespace entresol::state
