// Threads that sleep until there is a job, and all do it.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace entresol::parallel {

/// start() and finish() are called by one thread, in turn.
class WorkerPool {
public:
    explicit WorkerPool(unsigned workers);
    ~WorkerPool();
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;

    /// Every worker calls the job once. Returns at once.
    void start(std::function<void()> job);
    /// Waits until each worker has returned from it. A worker that had not begun will not: there is nothing left to do.
    void finish();

private:
    void serve();

    std::mutex mutex_;
    std::condition_variable begins_, ends_;
    std::function<void()> job_;
    std::uint64_t round_ = 0;  // raised by each start
    bool is_open_ = false;     // the round still takes workers
    unsigned busy_ = 0;
    bool stops_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace entresol::parallel
