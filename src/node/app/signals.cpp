#include "node/app/signals.hpp"

#include <atomic>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <thread>

#include <unistd.h>

#include "node/app/exit_code.hpp"
#include "node/io/log.hpp"

namespace entresol::app {
namespace {

constexpr std::chrono::seconds PATIENCE(2);  // after which a person may think that nothing happens

struct State {
    std::mutex mutex;
    std::condition_variable changed;
    bool serves = false;
    int received = 0;
};

// Outlives every thread: the watcher is never joined.
State& state() {
    static auto* instance = new State;  // NOLINT(cppcoreguidelines-owning-memory)
    return *instance;
}

sigset_t stop_signals() {
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&set, signal);
    return set;
}

const char* name_of_signal(int signal) {
    return signal == SIGINT ? "SIGINT" : signal == SIGTERM ? "SIGTERM" : "SIGHUP";
}

void watch() {
    const auto set = stop_signals();
    for (;;) {
        int signal = 0;
        if (sigwait(&set, &signal) != 0) continue;
        auto& s = state();
        const std::lock_guard lock(s.mutex);
        if (!s.serves || s.received != 0) {
            io::log_warning("app", s.serves ? "stopping at once" : "interrupted while starting",
                            {{"signal", name_of_signal(signal)}});
            ::_exit(EXIT_BY_SIGNAL + signal);
        }
        s.received = signal;
        s.changed.notify_all();
    }
}

// Lives as long as the process: says once that stopping takes its time.
void tell_when_slow() {
    std::thread([] {
        std::this_thread::sleep_for(PATIENCE);
        io::log_warning("app", "still stopping; a second Ctrl-C ends it at once");
    }).detach();
}

}  // namespace

void block_signals() {
    const auto set = stop_signals();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    (void)state();
    std::thread(watch).detach();
}

void starting_is_over() {
    auto& s = state();
    const std::lock_guard lock(s.mutex);
    s.serves = true;
}

void wait_for_signal() {
    auto& s = state();
    int signal = 0;
    {
        std::unique_lock lock(s.mutex);
        s.changed.wait(lock, [&] { return s.received != 0; });
        signal = s.received;
    }
    io::log_info("app", "stopping", {{"signal", name_of_signal(signal)}});
    tell_when_slow();
}

}  // namespace entresol::app
