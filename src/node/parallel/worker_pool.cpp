#include "node/parallel/worker_pool.hpp"

#include "core/base/check.hpp"

namespace entresol::parallel {

WorkerPool::WorkerPool(unsigned workers) {
    for (unsigned i = 0; i < workers; ++i) threads_.emplace_back([this] { serve(); });
}

WorkerPool::~WorkerPool() {
    {
        const std::lock_guard lock(mutex_);
        stops_ = true;
    }
    begins_.notify_all();
    for (auto& thread : threads_) thread.join();
}

void WorkerPool::start(std::function<void()> job) {
    {
        const std::lock_guard lock(mutex_);
        CHECK(!is_open_ && busy_ == 0);
        job_ = std::move(job);
        is_open_ = true;
        ++round_;
    }
    begins_.notify_all();
}

void WorkerPool::finish() {
    std::unique_lock lock(mutex_);
    is_open_ = false;
    ends_.wait(lock, [this] { return busy_ == 0; });
    job_ = nullptr;
}

void WorkerPool::serve() {
    std::unique_lock lock(mutex_);
    for (std::uint64_t seen = 0;;) {
        begins_.wait(lock, [&] { return stops_ || (is_open_ && round_ != seen); });
        if (stops_) return;
        seen = round_;
        ++busy_;
        const auto* const job = &job_;  // stays until nobody is busy
        lock.unlock();
        (*job)();
        lock.lock();
        if (--busy_ == 0) ends_.notify_all();
    }
}

}  // namespace entresol::parallel
