#include "node/io/hash_seed.hpp"
#include "node/ledger/ledger.hpp"
#include "node/store/block_store.hpp"

namespace entresol::ledger {
namespace {

// The layers of the block in progress over the state of its parent: flat while that is the newest, else its trie. Newest layer first.
class SnapshotView final : public state::StateView {
public:
    SnapshotView(std::shared_ptr<store::BlockStore> store, const Hash32& state_root,
                 std::vector<StateSnapshot::Layer> layers, std::uint64_t context_number,
                 const std::optional<StateSnapshot::Old>& old)
        : store_(std::move(store)),
          layers_(std::move(layers)),
          old_(old),
          ticket_(store_->flat().ticket(state_root)),
          accounts_(0, SeededHash(io::hash_seed())),
          base_(
              *store_, *store_, state_root,
              [this, context_number](std::uint64_t number) -> std::optional<Hash32> {
                  if (number > context_number)
                      return std::nullopt;  // the block itself is the parent of one that is built on it
                  return store_->find_canonical_hash(number);
              },
              io::hash_seed()) {}

    std::optional<state::Account> find_account(const Address& address) override {
        for (const auto& layer : layers_) {
            const auto it = layer->accounts.find(address);
            if (it != layer->accounts.end()) return it->second.account;
        }
        const auto& known = find_base(address).account;
        if (!known) return std::nullopt;
        return known->account;
    }

    U256 load_storage(const Address& address, const U256& key) override {
        for (const auto& layer : layers_) {
            const auto it = layer->accounts.find(address);
            if (it == layer->accounts.end()) continue;
            const auto slot = it->second.storage.find(key);
            if (slot != it->second.storage.end()) return slot->second;
            if (it->second.storage_cleared || !it->second.account) return {};
        }
        const auto& known = find_base(address);
        if (!known.account || known.account->storage_root == crypto::EMPTY_TRIE_ROOT) return {};
        if (old_) {
            const Hash32 hashed = crypto::keccak256(to_hash32(key).view());
            if (const auto before = store_->history().find_slot(old_->block, known.key, hashed)) return *before;
        }
        if (const auto value = find_flat_slot(known.key, key)) return *value;
        return base_.load_storage(address, key);
    }

    bool has_storage(const Address& address) override {
        for (const auto& layer : layers_) {
            const auto it = layer->accounts.find(address);
            if (it == layer->accounts.end()) continue;
            for (const auto& [key, value] : it->second.storage)
                if (!value.is_zero()) return true;
            if (it->second.storage_cleared || !it->second.account) return false;
        }
        const auto& known = find_base(address).account;
        return known && known->storage_root != crypto::EMPTY_TRIE_ROOT;
    }

    state::CodePtr load_code(const Hash32& code_hash) override {
        for (const auto& layer : layers_) {
            const auto it = layer->codes.find(code_hash);
            if (it != layer->codes.end()) return it->second;
        }
        return base_.load_code(code_hash);
    }

    Hash32 load_block_hash(std::uint64_t number) override { return base_.load_block_hash(number); }
    bool has_failed() const override {
        if (base_.has_failed()) return true;
        if (!old_) return false;
        // What was read may have been taken away before: blocks off the history's end, or the block itself by pruning.
        const auto range = store_->history().range();
        return store_->history().generation() != old_->generation || !range || range->oldest > old_->block;
    }
    HashSeed hash_seed() const override { return base_.hash_seed(); }

private:
    struct Known {
        Hash32 key;
        std::optional<state::TrieAccount> account;
    };
    // Each address once. Once the flat state has moved on it stays unasked: it may come back here only to leave again.
    const Known& find_base(const Address& address) {
        const auto [entry, is_new] = accounts_.try_emplace(address);
        Known& known = entry->second;
        if (!is_new) return known;
        known.key = crypto::keccak256(address.view());
        if (old_) {
            if (const auto before = store_->history().find_account(old_->block, known.key)) {
                known.account = *before;
                return known;
            }
        }
        auto flat = ticket_ ? store_->flat().find_account(*ticket_, known.key) : std::nullopt;
        if (!flat) {
            ticket_.reset();
            flat = base_.find_trie_account(address);
        }
        known.account = *flat;
        return known;
    }
    std::optional<U256> find_flat_slot(const Hash32& account, const U256& key) {
        if (!ticket_) return std::nullopt;
        const auto value = store_->flat().find_slot(*ticket_, account, crypto::keccak256(to_hash32(key).view()));
        if (!value) ticket_.reset();
        return value;
    }

    std::shared_ptr<store::BlockStore> store_;
    std::vector<StateSnapshot::Layer> layers_;
    std::optional<StateSnapshot::Old> old_;
    std::optional<store::FlatState::Ticket> ticket_;
    std::unordered_map<Address, Known, SeededHash> accounts_;
    state::TrieStateView base_;
};

}  // namespace

StateSnapshot::StateSnapshot(std::shared_ptr<store::BlockStore> store, chain::Header context, Hash32 state_root,
                             std::vector<Layer> layers, bool is_preview)
    : store_(std::move(store)),
      context_(std::move(context)),
      state_root_(state_root),
      layers_(std::move(layers)),
      is_preview_(is_preview) {}

StateSnapshot::StateSnapshot(std::shared_ptr<store::BlockStore> store, chain::Header context, const Old& old)
    : store_(std::move(store)), context_(std::move(context)), state_root_(context_.state_root), old_(old) {}

state::StateDiff StateSnapshot::preview_diff() const {
    state::StateDiff diff;
    for (auto layer = layers_.rbegin(); layer != layers_.rend(); ++layer) diff.merge(**layer);
    return diff;
}

std::unique_ptr<state::StateView> StateSnapshot::open() const {
    const Hash32& root = old_ ? old_->newest_root : state_root_;
    return std::make_unique<SnapshotView>(store_, root, layers_, context_.number, old_);
}

}  // namespace entresol::ledger
