// Reads ahead: the trie nodes that a root will need are fetched by several threads while transactions still run, so that computing it finds them in the cache.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "core/state/diff.hpp"

namespace entresol::store {
class BlockStore;
}

namespace entresol::ledger {

class PathWarmer {
public:
    explicit PathWarmer(std::shared_ptr<store::BlockStore> store);
    ~PathWarmer();
    PathWarmer(const PathWarmer&) = delete;
    PathWarmer& operator=(const PathWarmer&) = delete;

    /// Begins with the paths of what the diff changes, below the root; returns at once. Where the nodes of late have all been in the cache, or
    /// none is on a disk, it does nothing. One caller.
    void warm(const Hash32& root, const state::StateDiff& diff);
    /// Returns when all that was begun is read.
    void wait();

private:
    using Task = std::function<void()>;
    using SlotKeys = std::vector<Hash32>;
    struct Accounts;
    void push(Task task);
    void work();
    void read_accounts(const Hash32& root, const Accounts& accounts, std::size_t first, std::size_t count);
    void read_slots(const Hash32& storage_root, const std::shared_ptr<const SlotKeys>& keys);

    std::shared_ptr<store::BlockStore> store_;
    std::uint64_t misses_seen_ = 0;
    std::mutex mutex_;
    std::condition_variable has_task_, is_idle_;
    std::deque<Task> tasks_;
    std::size_t running_ = 0;
    bool stops_ = false;
    std::vector<std::thread> threads_;  // started when there is something to do; last, so that they end first
};

}  // namespace entresol::ledger
