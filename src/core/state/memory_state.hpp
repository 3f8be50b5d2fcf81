// A whole state in ordered maps: for genesis, for public test suites and for tests. Not for large states.
#pragma once

#include <map>
#include <unordered_map>

#include "core/state/trie_state.hpp"

namespace entresol::state {

/// Trie nodes by hash, in memory.
class MemoryNodes final : public trie::NodeSource, public StateSink {
public:
    std::optional<Bytes> find_node(const Hash32& hash) override;
    void put_node(const Hash32& hash, Bytes rlp) override;

private:
    std::unordered_map<Hash32, Bytes, BytesHash> nodes_;
};

class MemoryState final : public StateView, public CodeSource {
public:
    struct Entry {
        Account account;
        std::map<U256, U256> storage;  // no zeros
        bool operator==(const Entry&) const = default;
    };

    void set_code(const Address& address, ByteView code);
    void apply(const StateDiff& diff);
    /// The diff that makes this state out of nothing.
    [[nodiscard]] StateDiff as_diff() const;
    /// From scratch.
    [[nodiscard]] Hash32 compute_root() const;

    std::optional<Account> find_account(const Address& address) override;
    U256 load_storage(const Address& address, const U256& key) override;
    bool has_storage(const Address& address) override;
    CodePtr load_code(const Hash32& code_hash) override;
    CodePtr find_code(const Hash32& code_hash) override;
    Hash32 load_block_hash(std::uint64_t number) override;
    bool has_failed() const override { return failed_; }

    std::map<Address, Entry> accounts;
    std::map<Hash32, CodePtr> codes;
    std::map<std::uint64_t, Hash32> block_hashes;

private:
    bool failed_ = false;
};

}  // namespace entresol::state
