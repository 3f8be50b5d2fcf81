#include "node/ledger/path_warmer.hpp"

#include <algorithm>

#include "node/io/log.hpp"
#include "node/store/block_store.hpp"

namespace entresol::ledger {
namespace {

constexpr std::size_t THREADS = 4;         // they wait for the disk more than they compute
constexpr std::size_t KEYS_PER_TASK = 32;  // neighbours share most of their path
constexpr std::size_t MAX_TASKS = 4'096;   // beyond it the root reads for itself
// Of the values that change: fewer new misses than one in so many, and the cache holds what is needed.
constexpr std::uint64_t VALUES_PER_MISS = 4;

Hash32 hash_slot(const U256& key) { return crypto::keccak256(to_hash32(key).view()); }

}  // namespace

struct PathWarmer::Accounts {
    std::vector<Hash32> keys;                            // ascending
    std::vector<std::shared_ptr<const SlotKeys>> slots;  // of each; null: none
};

PathWarmer::PathWarmer(std::shared_ptr<store::BlockStore> store) : store_(std::move(store)) {}

PathWarmer::~PathWarmer() {
    {
        const std::lock_guard lock(mutex_);
        stops_ = true;
        tasks_.clear();
    }
    has_task_.notify_all();
    for (auto& thread : threads_) thread.join();
}

void PathWarmer::warm(const Hash32& root, const state::StateDiff& diff) {
    if (!store_->tables()->is_on_disk()) return;
    std::uint64_t values = diff.accounts.size();
    for (const auto& [address, part] : diff.accounts) values += part.storage.size();
    const std::uint64_t misses = store_->node_misses();
    const bool is_cold = (misses - std::exchange(misses_seen_, misses)) * VALUES_PER_MISS >= values;
    if (!is_cold) return;

    std::vector<std::pair<Hash32, std::shared_ptr<const SlotKeys>>> sorted;
    for (const auto& [address, part] : diff.accounts) {
        std::shared_ptr<SlotKeys> slots;
        if (!part.storage.empty() && part.account) {
            slots = std::make_shared<SlotKeys>();
            for (const auto& [key, value] : part.storage) slots->push_back(hash_slot(key));
            std::sort(slots->begin(), slots->end());
        }
        sorted.emplace_back(crypto::keccak256(address.view()), std::move(slots));
    }
    std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    const auto accounts = std::make_shared<Accounts>();
    for (auto& [key, slots] : sorted) {
        accounts->keys.push_back(key);
        accounts->slots.push_back(std::move(slots));
    }
    for (std::size_t first = 0; first < sorted.size(); first += KEYS_PER_TASK)
        push([this, root, accounts, first] { read_accounts(root, *accounts, first, KEYS_PER_TASK); });
}

void PathWarmer::wait() {
    std::unique_lock lock(mutex_);
    is_idle_.wait(lock, [this] { return tasks_.empty() && running_ == 0; });
}

void PathWarmer::push(Task task) {
    {
        const std::lock_guard lock(mutex_);
        if (stops_ || tasks_.size() >= MAX_TASKS) return;
        tasks_.push_back(std::move(task));
        if (threads_.empty())
            for (std::size_t i = 0; i < THREADS; ++i) threads_.emplace_back([this] { work(); });
    }
    has_task_.notify_one();
}

void PathWarmer::work() {
    std::unique_lock lock(mutex_);
    while (true) {
        has_task_.wait(lock, [this] { return stops_ || !tasks_.empty(); });
        if (stops_) return;
        const Task task = std::move(tasks_.front());
        tasks_.pop_front();
        ++running_;
        lock.unlock();
        try {
            task();
        } catch (const std::exception& trouble) {  // whoever needs the node will fail of it
            io::log_warning("state", "nodes could not be read ahead", {{"why", std::string(trouble.what())}});
        }
        lock.lock();
        if (--running_ == 0 && tasks_.empty()) is_idle_.notify_all();
    }
}

// What is missing or malformed is found by the computation itself.
void PathWarmer::read_accounts(const Hash32& root, const Accounts& accounts, std::size_t first, std::size_t count) {
    const auto keys = std::span(accounts.keys).subspan(first, std::min(count, accounts.keys.size() - first));
    const auto leaves = trie::find_values(*store_, root, keys);
    if (!leaves) return;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        const auto& slots = accounts.slots[first + i];
        const auto account =
            slots != nullptr && (*leaves)[i] ? state::decode_trie_account(*(*leaves)[i]) : std::nullopt;
        if (account) read_slots(account->storage_root, slots);
    }
}

void PathWarmer::read_slots(const Hash32& storage_root, const std::shared_ptr<const SlotKeys>& keys) {
    for (std::size_t first = 0; first < keys->size(); first += KEYS_PER_TASK) {
        const std::size_t count = std::min(KEYS_PER_TASK, keys->size() - first);
        const auto read = [this, storage_root, keys, first, count] {
            (void)trie::find_values(*store_, storage_root, std::span(*keys).subspan(first, count)).has_value();
        };
        if (first + count == keys->size())
            read();  // the last, or only, part here
        else
            push(read);
    }
}

}  // namespace entresol::ledger
