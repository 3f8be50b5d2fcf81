// Whether running transactions ahead pays, learned from how it went.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>

namespace entresol::parallel {

/// Two things tell: how often a guess was thrown away, and what the thread that runs in order spends on a guess that holds beside what the same gas costs it without one.
/// Written by that thread; workers read `is_on`.
class Confidence {
public:
    /// A guess pays while its commit takes less than this share of the time of the same gas in order.
    explicit Confidence(double worthwhile) : worthwhile_(worthwhile) {}

    void on_committed(std::uint64_t gas, double nanoseconds) {
        add(committed_, gas, nanoseconds);
        set(std::min(score_ + 1, MOST));
    }
    void on_aborted() { set(score_ - 2); }
    /// A chunk was run in order, with a guess that failed or without one.
    void on_ordered(std::uint64_t gas, double nanoseconds) {
        add(ordered_, gas, nanoseconds);
        if (!is_on() && ++skipped_ % RETRY == 0) retry();
    }
    [[nodiscard]] bool is_on() const { return is_on_.load(std::memory_order_relaxed); }
    void keep_on() { fixed_ = true; }

private:
    static constexpr int MOST = 8;
    static constexpr unsigned RETRY = 64;            // an abort costs up to a chunk: one in 64 may
    static constexpr double MEMORY = 0.875;          // of what was, by chunk
    static constexpr double NO_SAMPLES_BELOW = 1e3;  // gas

    struct Cost {
        double gas = 0, nanoseconds = 0;
        [[nodiscard]] double rate() const { return nanoseconds / gas; }
    };
    static void add(Cost& cost, std::uint64_t gas, double nanoseconds) {
        cost.gas = cost.gas * MEMORY + static_cast<double>(gas);
        cost.nanoseconds = cost.nanoseconds * MEMORY + nanoseconds;
    }
    [[nodiscard]] bool pays() const {
        if (committed_.gas < NO_SAMPLES_BELOW || ordered_.gas < NO_SAMPLES_BELOW) return true;
        return committed_.rate() < worthwhile_ * ordered_.rate();
    }
    void set(int score) {
        score_ = std::max(score, -1);
        is_on_.store(fixed_ || (score_ > 0 && pays()), std::memory_order_relaxed);
    }
    void retry() {
        committed_ = {};
        set(1);
    }
    double worthwhile_;
    int score_ = MOST / 2;
    Cost committed_, ordered_;
    unsigned skipped_ = 0;
    bool fixed_ = false;
    std::atomic<bool> is_on_{true};
};

}  // namespace entresol::parallel
