#include "node/ledger/ledger.hpp"

#include <algorithm>
#include <atomic>
#include <list>
#include <stdexcept>
#include <unordered_map>

#include "core/base/hex.hpp"
#include "node/io/hash_seed.hpp"
#include "node/ledger/node_overlay.hpp"
#include "node/ledger/old_tries.hpp"
#include "node/ledger/stored_outcomes.hpp"
#include "node/parallel/execute_block.hpp"
#include "node/store/block_store.hpp"

namespace entresol::ledger {
namespace {

constexpr std::size_t CACHED_BLOCKS = 1024;

state::StateDiff genesis_diff(const chain::Genesis& genesis) {
    state::StateDiff diff;
    for (const auto& [address, entry] : genesis.alloc) {
        state::AccountDiff account;
        account.account = state::Account{.nonce = entry.nonce, .balance = entry.balance};
        if (!entry.code.empty()) {
            account.account->code_hash = crypto::keccak256(entry.code);
            diff.codes[account.account->code_hash] = state::make_code(entry.code);
        }
        account.storage = entry.storage;
        diff.accounts.emplace(address, std::move(account));
    }
    return diff;
}

std::vector<std::pair<Hash32, Bytes>> codes_of(const state::StateDiff& diff) {
    std::vector<std::pair<Hash32, Bytes>> codes;
    for (const auto& [hash, code] : diff.codes) codes.emplace_back(hash, to_bytes(code->view()));
    return codes;
}

store::BlockStore::CanonicalBlock canonical_entry(const StoredBlock& block) {
    return {block.hash, block.number(), block.tx_hashes};
}

stf::BlockFailure failure(stf::BlockError error, std::string detail) {
    return {.error = error, .tx_error = std::nullopt, .tx_index = 0, .detail = std::move(detail)};
}

}  // namespace

// Blocks by hash, the least recently used forgotten first. Guarded by its own mutex.
class BlockCache {
public:
    BlockPtr find(const Hash32& hash) {
        const std::lock_guard lock(mutex_);
        const auto it = blocks_.find(hash);
        if (it == blocks_.end()) return nullptr;
        order_.splice(order_.begin(), order_, it->second.second);
        return it->second.first;
    }
    void put(const BlockPtr& block) {
        const std::lock_guard lock(mutex_);
        if (blocks_.contains(block->hash)) return;
        order_.push_front(block->hash);
        blocks_.emplace(block->hash, std::make_pair(block, order_.begin()));
        if (blocks_.size() <= CACHED_BLOCKS) return;
        blocks_.erase(order_.back());
        order_.pop_back();
    }

private:
    std::mutex mutex_;
    std::list<Hash32> order_;
    std::unordered_map<Hash32, std::pair<BlockPtr, std::list<Hash32>::iterator>, io::TableHash> blocks_;
};

struct Ledger::Impl {
    mutable std::shared_mutex heads_mutex;
    BlockPtr head, safe, finalized, genesis;
    mutable BlockCache cache;
    unsigned execution_threads = 0;
    std::unique_ptr<parallel::Executor> executor;
    std::uint64_t next_token = 1;
    std::vector<std::pair<std::uint64_t, Listener>> listeners;
    std::atomic<std::uint64_t> blocks{0}, transactions{0}, gas{0}, removed{0};  // Activity

    void announce(const HeadChange& change) {
        for (const auto& block : change.added) {
            blocks.fetch_add(1, std::memory_order_relaxed);
            transactions.fetch_add(block->block.transactions.size(), std::memory_order_relaxed);
            gas.fetch_add(block->block.header.gas_used, std::memory_order_relaxed);
        }
        removed.fetch_add(change.removed.size(), std::memory_order_relaxed);
        const auto copy = listeners;  // a listener may unsubscribe
        for (const auto& [token, listener] : copy) listener(change);
    }
};

Ledger::~Ledger() = default;

Ledger::Ledger(chain::ChainConfig config, const chain::Genesis& genesis, std::shared_ptr<store::BlockStore> store)
    : config_(std::move(config)),
      store_(std::move(store)),
      impl_(std::make_unique<Impl>()),
      old_tries_(std::make_unique<OldTries>()) {
    const state::StateDiff diff = genesis_diff(genesis);
    NodeOverlay nodes(*store_);
    const auto root = state::compute_state_root(nodes, crypto::EMPTY_TRIE_ROOT, diff, nodes);
    CHECK(root.has_value());
    chain::Block block;
    block.header = chain::make_genesis_header(genesis, config_, *root);
    if (block.header.withdrawals_root) block.withdrawals.emplace();
    const Hash32 hash = chain::header_hash(block.header);

    if (!store_->check_chain(config_.chain_id, hash)) {
        store::BlockCommit commit{.hash = hash,
                                  .number = block.header.number,
                                  .header_rlp = chain::encode(block.header),
                                  .body = chain::encode(block),
                                  .receipts = encode_outcomes({}, {}),
                                  .tx_hashes = {},
                                  .state = nodes.take(),
                                  .codes = codes_of(diff)};
        store_->append_block(commit);
        store_->set_head(store::HeadKind::Safe, hash);
        store_->set_head(store::HeadKind::Finalized, hash);
        store_->name_chain(config_.chain_id, hash);
    }
    impl_->genesis = find_block(hash);
    const auto load = [this, hash](store::HeadKind kind) {
        auto found = find_block(store_->head(kind).value_or(hash));
        if (found == nullptr) throw std::runtime_error("the data directory names a head block that it does not hold");
        return found;
    };
    impl_->head = load(store::HeadKind::Latest);
    impl_->safe = load(store::HeadKind::Safe);
    impl_->finalized = load(store::HeadKind::Finalized);
    store_->flat().move_to(impl_->head->block.header.state_root);  // it stands there unless a move was interrupted
}

BlockPtr Ledger::head() const {
    const std::shared_lock lock(impl_->heads_mutex);
    return impl_->head;
}
BlockPtr Ledger::safe() const {
    const std::shared_lock lock(impl_->heads_mutex);
    return impl_->safe;
}
BlockPtr Ledger::finalized() const {
    const std::shared_lock lock(impl_->heads_mutex);
    return impl_->finalized;
}
BlockPtr Ledger::genesis() const { return impl_->genesis; }

std::optional<Hash32> Ledger::find_block_hash(std::uint64_t number) const {
    return store_->find_canonical_hash(number);
}

BlockPtr Ledger::find_block(std::uint64_t number) const {
    const auto hash = find_block_hash(number);
    return hash ? find_block(*hash) : nullptr;
}

BlockPtr Ledger::find_block(const Hash32& hash) const {
    if (auto cached = impl_->cache.find(hash)) return cached;
    const auto body = store_->find_body(hash);
    const auto receipts = store_->find_receipts(hash);
    if (!body || !receipts) return nullptr;
    auto block = chain::decode_block(*body);
    auto outcomes = decode_outcomes(*receipts);
    CHECK(block.has_value() && outcomes.has_value());  // we wrote them
    auto stored = std::make_shared<StoredBlock>();
    stored->block = std::move(*block);
    stored->hash = hash;
    stored->senders = std::move(outcomes->senders);
    stored->outcomes = std::move(outcomes->outcomes);
    stored->size_bytes = body->size();
    for (const auto& tx : stored->block.transactions) stored->tx_hashes.push_back(chain::transaction_hash(tx));
    impl_->cache.put(stored);
    return stored;
}

std::optional<chain::Header> Ledger::find_header(std::uint64_t number) const {
    const auto hash = find_block_hash(number);
    if (!hash) return std::nullopt;
    if (const auto cached = impl_->cache.find(*hash)) return cached->block.header;
    const auto rlp = store_->find_header(*hash);
    if (!rlp) return std::nullopt;
    auto header = chain::decode_header(*rlp);
    CHECK(header.has_value());
    return std::move(*header);
}

bool Ledger::is_canonical(const StoredBlock& block) const {
    const auto hash = find_block_hash(block.number());
    return hash && *hash == block.hash;
}

std::optional<Ledger::TxLocation> Ledger::find_transaction(const Hash32& tx_hash) const {
    const auto position = store_->find_transaction(tx_hash);
    if (!position) return std::nullopt;
    auto block = find_block(position->block_hash);
    if (block == nullptr || position->index >= block->tx_hashes.size()) return std::nullopt;
    return TxLocation{std::move(block), position->index};
}

std::string base_root_name(const Hash32& block_hash) { return "dev.base." + to_hex(block_hash); }

std::optional<StateSnapshot> Ledger::state_before(const StoredBlock& block) const {
    const auto parent = find_block(block.block.header.parent_hash);
    if (parent == nullptr) return std::nullopt;
    const auto written = store_->find_meta(base_root_name(block.hash));
    const auto root =
        written && written->size() == Hash32::SIZE ? from_bytes<Hash32>(*written) : parent->block.header.state_root;
    if (root == parent->block.header.state_root) return state_at(parent);
    return StateSnapshot(store_, parent->block.header, root, {}, false);
}

parallel::Executor& Ledger::executor() {
    if (impl_->executor == nullptr)
        impl_->executor = std::make_unique<parallel::Executor>(parallel::Options{.threads = impl_->execution_threads});
    return *impl_->executor;
}

void Ledger::set_execution_threads(unsigned threads) {
    CHECK(impl_->executor == nullptr);
    impl_->execution_threads = threads;
}

Result<BlockPtr, stf::BlockFailure> Ledger::import_block(const chain::Block& block) {
    const BlockPtr parent = find_block(block.header.parent_hash);
    if (parent == nullptr)
        return fail(
            failure(stf::BlockError::ParentHash, "parent " + to_hex(block.header.parent_hash) + " is not known"));
    const Hash32 hash = chain::header_hash(block.header);
    if (const auto known = find_block(hash)) {
        set_head(hash);
        return known;
    }
    if (head()->hash != parent->hash) set_head(parent->hash);

    const StateSnapshot before = state_at(parent);
    const auto view = before.open();
    // Receipts before Byzantium hold the state root after their transaction.
    NodeOverlay receipt_nodes(*store_);
    Hash32 receipt_root = parent->block.header.state_root;
    const auto root_after = [&](const state::StateDiff& diff) {
        receipt_root = state::compute_state_root(receipt_nodes, receipt_root, diff, receipt_nodes).value_or(Hash32{});
        return receipt_root;
    };
    std::vector<Address> senders;
    TRY(auto outcome,
        executor().apply_block(
            *view, [&before] { return before.open(); }, config_, parent->block.header, block, senders, {}, root_after));
    NodeOverlay nodes(*store_);
    const auto root = state::compute_state_root(nodes, parent->block.header.state_root, outcome.diff, nodes);
    if (!root) return fail(failure(stf::BlockError::MissingState, trie::to_string(root.error())));
    if (*root != block.header.state_root)
        return fail(failure(stf::BlockError::StateRoot,
                            "computed " + to_hex(*root) + ", header says " + to_hex(block.header.state_root)));
    return commit(
        {.block = block, .outcome = std::move(outcome), .senders = std::move(senders), .state = nodes.take()});
}

BlockPtr Ledger::commit(BuiltBlock built) {
    auto stored = std::make_shared<StoredBlock>();
    stored->hash = chain::header_hash(built.block.header);
    stored->block = std::move(built.block);
    stored->senders = std::move(built.senders);
    stored->outcomes = std::move(built.outcome.transactions);
    for (auto& outcome : stored->outcomes) outcome.output.clear();
    stored->tx_hashes = std::move(built.tx_hashes);
    if (stored->tx_hashes.empty())
        for (const auto& tx : stored->block.transactions) stored->tx_hashes.push_back(chain::transaction_hash(tx));
    CHECK(stored->tx_hashes.size() == stored->block.transactions.size());

    const BlockPtr old_head = head();
    CHECK(stored->block.header.parent_hash == old_head->hash);
    store::BlockCommit commit{.hash = stored->hash,
                              .number = stored->number(),
                              .header_rlp = chain::encode(stored->block.header),
                              .body = chain::encode(stored->block),
                              .receipts = encode_outcomes(stored->senders, stored->outcomes),
                              .tx_hashes = stored->tx_hashes,
                              .state = std::move(built.state),
                              .codes = codes_of(built.outcome.diff)};
    stored->size_bytes = commit.body.size();
    if (built.base_root && *built.base_root != old_head->block.header.state_root)
        store_->put_meta(base_root_name(stored->hash), built.base_root->view());
    store_->append_block(commit);
    const BlockPtr block = stored;
    impl_->cache.put(block);
    {
        const std::unique_lock lock(impl_->heads_mutex);
        impl_->head = block;
    }
    impl_->announce({.removed = {}, .added = {block}});
    return block;
}

Ledger::Activity Ledger::activity() const { return {impl_->blocks, impl_->transactions, impl_->gas, impl_->removed}; }

void Ledger::set_head(const Hash32& hash) {
    BlockPtr target = find_block(hash);
    CHECK(target != nullptr);
    HeadChange change;
    BlockPtr old_side = head();
    BlockPtr new_side = target;
    if (old_side->hash == new_side->hash) return;
    while (old_side->number() > new_side->number()) {
        change.removed.push_back(old_side);
        old_side = find_block(old_side->block.header.parent_hash);
    }
    while (new_side->number() > old_side->number()) {
        change.added.push_back(new_side);
        new_side = find_block(new_side->block.header.parent_hash);
    }
    while (old_side->hash != new_side->hash) {
        change.removed.push_back(old_side);
        change.added.push_back(new_side);
        old_side = find_block(old_side->block.header.parent_hash);
        new_side = find_block(new_side->block.header.parent_hash);
        CHECK(old_side != nullptr && new_side != nullptr);
    }
    std::reverse(change.added.begin(), change.added.end());

    std::vector<store::BlockStore::CanonicalBlock> removed, added;
    for (const auto& block : change.removed) removed.push_back(canonical_entry(*block));
    for (const auto& block : change.added) added.push_back(canonical_entry(*block));
    OldTries::bring_back(*this, *old_side);
    store_->reorganise(removed, added, hash);
    store_->flat().move_to(target->block.header.state_root);
    {
        const std::unique_lock lock(impl_->heads_mutex);
        impl_->head = target;
    }
    // Old_side is now the common ancestor: a safe or finalized head on the abandoned branch falls back to it.
    for (const auto kind : {store::HeadKind::Safe, store::HeadKind::Finalized}) {
        const BlockPtr current = kind == store::HeadKind::Safe ? safe() : finalized();
        if (current->number() <= old_side->number()) continue;
        if (kind == store::HeadKind::Safe)
            set_safe(old_side->hash);
        else
            set_finalized(old_side->hash);
    }
    impl_->announce(change);
}

void Ledger::set_safe(const Hash32& hash) {
    BlockPtr block = find_block(hash);
    CHECK(block != nullptr);
    store_->set_head(store::HeadKind::Safe, hash);
    const std::unique_lock lock(impl_->heads_mutex);
    impl_->safe = std::move(block);
}

void Ledger::set_finalized(const Hash32& hash) {
    BlockPtr block = find_block(hash);
    CHECK(block != nullptr);
    store_->set_head(store::HeadKind::Finalized, hash);
    const std::unique_lock lock(impl_->heads_mutex);
    impl_->finalized = std::move(block);
}

std::uint64_t Ledger::subscribe(Listener listener) {
    impl_->listeners.emplace_back(impl_->next_token, std::move(listener));
    return impl_->next_token++;
}

void Ledger::unsubscribe(std::uint64_t token) {
    std::erase_if(impl_->listeners, [token](const auto& entry) { return entry.first == token; });
}

}  // namespace entresol::ledger
