// One thread's queue of work and timers: what drives a chain. Everything that changes a ledger, pool or sequencer runs on its loop, one task after
// another, so none of them needs locks of its own. A simulation drives the same loop by hand with run_due().
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

namespace entresol::io {

class Loop {
public:
    using Task = std::function<void()>;
    /// Milliseconds of the clock that timers follow (a devnet's may be moved).
    using NowMs = std::function<std::uint64_t()>;

    explicit Loop(NowMs now_ms);
    ~Loop();
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    /// Queues a task; any thread. Tasks posted after stop() are dropped.
    void post(Task task);
    /// Queues a task for a time; any thread.
    void post_at(std::uint64_t time_ms, Task task);
    /// Runs the task on the loop and waits for it; runs it at once when called on the loop's own thread or while no thread runs the loop.
    void run_and_wait(const Task& task);
    /// Timers look at the clock anew (after it was moved).
    void wake();

    void start();
    /// Finishes the task in progress, drops the rest, joins.
    void stop();
    /// Runs what is due now, on the caller's thread, without start(). Returns whether anything ran.
    bool run_due();

private:
    bool take_due(Task& task, std::unique_lock<std::mutex>& lock);
    void run();

    NowMs now_ms_;
    std::mutex mutex_;
    std::condition_variable wake_up_;
    std::deque<Task> tasks_;
    std::multimap<std::uint64_t, Task> timers_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace entresol::io
