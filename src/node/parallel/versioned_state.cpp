#include "node/parallel/versioned_state.hpp"

#include <algorithm>

namespace entresol::parallel {

namespace {

template <typename Versions>
[[nodiscard]] auto newest_before(const Versions& versions, Version before) -> decltype(versions.data()) {
    for (std::size_t i = versions.size(); i-- > 0;)  // a handful, and the newest is what is mostly asked for
        if (versions[i].version < before) return &versions[i];
    return nullptr;
}

template <typename Versions, typename Item>
void insert(Versions& versions, Item item) {
    auto at = versions.end();
    while (at != versions.begin() && std::prev(at)->version > item.version) --at;
    versions.insert(at, std::move(item));
}

template <typename Versions>
void remove(Versions& versions, Version version) {
    std::erase_if(versions, [version](const auto& item) { return item.version == version; });
}

}  // namespace

VersionedState::VersionedState(const HashSeed& seed) : hash_(seed), codes_(0, hash_) {
    for (auto& shard : shards_) shard.entries = decltype(shard.entries)(0, hash_);
}

// ---------------------------------------------------------------- an account's versions

auto VersionedState::Entry::newest(Version before) const -> const AccountVersion* {
    return newest_before(versions, before);
}

auto VersionedState::Entry::newest_clearing(Version before) const -> const AccountVersion* {
    for (std::size_t i = versions.size(); i-- > 0;)
        if (versions[i].version < before && versions[i].storage_cleared) return &versions[i];
    return nullptr;
}

auto VersionedState::Entry::find(const U256& key) const -> const Slot* {
    const auto found = slots.find(key);
    return found == slots.end() ? nullptr : &found->second;
}

std::optional<U256> VersionedState::Entry::value(const Slot* slot, Version before) const {
    const auto* const clearing = newest_clearing(before);
    const auto* const written = slot == nullptr ? nullptr : newest_before(slot->versions, before);
    if (written != nullptr && (clearing == nullptr || clearing->version <= written->version)) return written->value;
    if (clearing != nullptr) return U256{};
    return std::nullopt;
}

// ---------------------------------------------------------------- reading

std::optional<state::Account> VersionedState::find_account(const Address& address, Version before,
                                                           state::StateView& below) {
    Shard& shard = shard_of(address);
    {
        const std::lock_guard lock(shard.mutex);
        if (const auto found = shard.entries.find(address); found != shard.entries.end()) {
            if (const auto* version = found->second.newest(before)) return version->account;
            if (found->second.is_known) return found->second.below;
        }
    }
    auto account = below.find_account(address);
    if (below.has_failed()) return account;
    const std::lock_guard lock(shard.mutex);
    Entry& entry = shard.entry(address, hash_);
    entry.is_known = true;
    entry.below = account;
    return account;
}

U256 VersionedState::load_storage(const Address& address, const U256& key, Version before, state::StateView& below) {
    Shard& shard = shard_of(address);
    {
        const std::lock_guard lock(shard.mutex);
        if (const auto found = shard.entries.find(address); found != shard.entries.end()) {
            const Slot* slot = found->second.find(key);
            if (const auto value = found->second.value(slot, before)) return *value;
            if (slot != nullptr && slot->below) return *slot->below;
        }
    }
    const U256 value = below.load_storage(address, key);
    if (below.has_failed()) return value;
    const std::lock_guard lock(shard.mutex);
    shard.entry(address, hash_).slots[key].below = value;
    return value;
}

bool VersionedState::has_storage(const Address& address, Version before, state::StateView& below) {
    Shard& shard = shard_of(address);
    {
        const std::lock_guard lock(shard.mutex);
        if (const auto found = shard.entries.find(address); found != shard.entries.end()) {
            const Entry& entry = found->second;
            for (const auto& [key, slot] : entry.slots)
                if (!entry.value(&slot, before).value_or(U256{}).is_zero()) return true;
            if (entry.newest_clearing(before) != nullptr) return false;
            if (entry.has_storage_below) return *entry.has_storage_below;
        }
    }
    const bool has_storage = below.has_storage(address);
    if (below.has_failed()) return has_storage;
    const std::lock_guard lock(shard.mutex);
    shard.entry(address, hash_).has_storage_below = has_storage;
    return has_storage;
}

state::CodePtr VersionedState::load_code(const Hash32& code_hash, state::StateView& below) {
    {
        const std::lock_guard lock(codes_mutex_);
        if (const auto found = codes_.find(code_hash); found != codes_.end()) return found->second;
    }
    auto code = below.load_code(code_hash);
    if (code == nullptr) return code;
    const std::lock_guard lock(codes_mutex_);
    return codes_.try_emplace(code_hash, std::move(code)).first->second;
}

// ---------------------------------------------------------------- writing

void VersionedState::publish(Version version, const state::StateDiff& diff) {
    {
        // First: who finds an account must find its code.
        const std::lock_guard lock(codes_mutex_);
        for (const auto& [hash, code] : diff.codes) codes_.try_emplace(hash, code);
    }
    for (const auto& [address, part] : diff.accounts) publish_account(version, address, part);
}

void VersionedState::publish_account(Version version, const Address& address, const state::AccountDiff& part) {
    Shard& shard = shard_of(address);
    const std::lock_guard lock(shard.mutex);
    Entry& entry = shard.entry(address, hash_);
    const auto* const shown = entry.newest(version);
    const bool is_news = part.storage_cleared || (shown != nullptr ? shown->account != part.account
                                                                   : !entry.is_known || entry.below != part.account);
    if (is_news) insert(entry.versions, AccountVersion{version, part.account, part.storage_cleared});
    for (const auto& [key, value] : part.storage) insert(entry.slots[key].versions, SlotVersion{version, value});
}

void VersionedState::withdraw(Version version, const state::StateDiff& diff) {
    for (const auto& [address, part] : diff.accounts) {
        Shard& shard = shard_of(address);
        const std::lock_guard lock(shard.mutex);
        Entry& entry = shard.entry(address, hash_);
        remove(entry.versions, version);
        for (const auto& [key, value] : part.storage) remove(entry.slots[key].versions, version);
    }
}

}  // namespace entresol::parallel
