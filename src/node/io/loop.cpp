#include "node/io/loop.hpp"

#include <chrono>
#include <memory>
#include <utility>

namespace entresol::io {

Loop::Loop(NowMs now_ms) : now_ms_(std::move(now_ms)) {}

Loop::~Loop() { stop(); }

void Loop::post(Task task) {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    tasks_.push_back(std::move(task));
    wake_up_.notify_all();
}

void Loop::post_at(std::uint64_t time_ms, Task task) {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    timers_.emplace(time_ms, std::move(task));
    wake_up_.notify_all();
}

void Loop::run_and_wait(const Task& task) {
    if (!thread_.joinable() || std::this_thread::get_id() == thread_.get_id()) return task();
    std::mutex done_mutex;
    std::condition_variable done_signal;
    bool done = false;
    const auto finish = [&] {
        const std::lock_guard lock(done_mutex);
        done = true;
        done_signal.notify_all();
    };
    // A dropped task (the loop stops) must still release the waiter: the guard runs on destruction of the last copy.
    struct Guard {
        explicit Guard(std::function<void()> f) : finish(std::move(f)) {}
        Guard(const Guard&) = delete;
        Guard& operator=(const Guard&) = delete;
        ~Guard() { finish(); }
        std::function<void()> finish;
    };
    post([&task, guard = std::make_shared<Guard>(finish)] { task(); });
    std::unique_lock lock(done_mutex);
    done_signal.wait(lock, [&] { return done; });
}

void Loop::wake() {
    const std::lock_guard lock(mutex_);
    wake_up_.notify_all();
}

bool Loop::take_due(Task& task, std::unique_lock<std::mutex>&) {
    if (!timers_.empty() && timers_.begin()->first <= now_ms_()) {
        task = std::move(timers_.begin()->second);
        timers_.erase(timers_.begin());
        return true;
    }
    if (tasks_.empty()) return false;
    task = std::move(tasks_.front());
    tasks_.pop_front();
    return true;
}

void Loop::start() {
    thread_ = std::thread([this] { run(); });
}

void Loop::run() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        Task task;
        if (take_due(task, lock)) {
            lock.unlock();
            task();
            task = nullptr;
            lock.lock();
            continue;
        }
        if (timers_.empty()) {
            wake_up_.wait(lock);
            continue;
        }
        const auto now = now_ms_();
        const auto due = timers_.begin()->first;
        if (due > now) wake_up_.wait_for(lock, std::chrono::milliseconds(due - now));
    }
    tasks_.clear();
    timers_.clear();
}

void Loop::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        wake_up_.notify_all();
    }
    if (thread_.joinable() && std::this_thread::get_id() != thread_.get_id()) thread_.join();
}

bool Loop::run_due() {
    bool ran = false;
    std::unique_lock lock(mutex_);
    Task task;
    while (take_due(task, lock)) {
        lock.unlock();
        task();
        ran = true;
        lock.lock();
    }
    return ran;
}

}  // namespace entresol::io
