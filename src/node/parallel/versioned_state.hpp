// What a block in progress has made of the state, version by version, over what was read of the state before it. Version 0 is what the block's own
// beginning changed, version k + 1 what chunk k of its transactions did. Thread-safe: every table is guarded by its shard's lock, and reads of the view
// below, which may take long, happen outside of it.
#pragma once

#include <array>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "core/base/seeded_hash.hpp"
#include "core/state/diff.hpp"

namespace entresol::parallel {

using Version = std::uint32_t;

class VersionedState {
public:
    explicit VersionedState(const HashSeed& seed);

    // As StateView's, with the newest version before the given one; `below` is the reader's own view of the state before the block, asked where nothing
    // is known yet. Before 0 there is nothing but that.
    [[nodiscard]] std::optional<state::Account> find_account(const Address& address, Version before,
                                                             state::StateView& below);
    [[nodiscard]] U256 load_storage(const Address& address, const U256& key, Version before, state::StateView& below);
    [[nodiscard]] bool has_storage(const Address& address, Version before, state::StateView& below);
    [[nodiscard]] state::CodePtr load_code(const Hash32& code_hash, state::StateView& below);

    void publish(Version version, const state::StateDiff& diff);
    /// Takes back what publish put in.
    void withdraw(Version version, const state::StateDiff& diff);

private:
    struct AccountVersion {
        Version version;
        std::optional<state::Account> account;
        bool storage_cleared;
    };
    struct SlotVersion {
        Version version;
        U256 value;
    };
    struct Slot {
        std::optional<U256> below;
        std::vector<SlotVersion> versions;  // ascending
    };
    struct Entry {
        bool is_known = false;  // below
        std::optional<state::Account> below;
        std::optional<bool> has_storage_below;
        std::vector<AccountVersion> versions;  // ascending
        std::unordered_map<U256, Slot, SeededHash> slots;

        explicit Entry(const SeededHash& hash) : slots(0, hash) {}
        [[nodiscard]] const AccountVersion* newest(Version before) const;
        [[nodiscard]] const AccountVersion* newest_clearing(Version before) const;
        /// What the versions say of the slot; nothing: what is below shows.
        [[nodiscard]] std::optional<U256> value(const Slot* slot, Version before) const;
        [[nodiscard]] const Slot* find(const U256& key) const;
    };
    struct Shard {
        std::mutex mutex;
        std::unordered_map<Address, Entry, SeededHash> entries;
        [[nodiscard]] Entry& entry(const Address& address, const SeededHash& hash) {
            return entries.try_emplace(address, hash).first->second;
        }
    };
    static constexpr std::size_t SHARDS = 64;

    [[nodiscard]] Shard& shard_of(const Address& address) { return shards_[hash_(address) >> 58U]; }
    void publish_account(Version version, const Address& address, const state::AccountDiff& part);

    SeededHash hash_;
    std::array<Shard, SHARDS> shards_;
    std::mutex codes_mutex_;
    std::unordered_map<Hash32, state::CodePtr, SeededHash> codes_;
};

}  // namespace entresol::parallel
