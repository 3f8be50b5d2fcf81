// The time of a simulation and what is to happen in it: nothing passes but from one event to the next, in one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <utility>

namespace entresol::sim {

class Schedule {
public:
    using Event = std::function<void()>;

    explicit Schedule(std::uint64_t start_ms) : now_ms_(start_ms) {}

    [[nodiscard]] std::uint64_t now_ms() const { return now_ms_; }
    [[nodiscard]] std::uint64_t events_run() const { return events_run_; }

    /// Events of one millisecond run in the order in which they were asked for.
    void after(std::uint64_t delay_ms, Event event) {
        events_.emplace(std::pair(now_ms_ + delay_ms, next_order_++), std::move(event));
    }
    /// Runs events until `is_over` or that time, which then is now.
    void run_until(std::uint64_t time_ms, const std::function<bool()>& is_over) {
        while (!events_.empty() && events_.begin()->first.first <= time_ms) {
            if (is_over()) return;
            auto node = events_.extract(events_.begin());
            now_ms_ = node.key().first;
            ++events_run_;
            node.mapped()();
        }
        if (now_ms_ < time_ms) now_ms_ = time_ms;
    }

private:
    std::uint64_t now_ms_;
    std::uint64_t next_order_ = 0;
    std::uint64_t events_run_ = 0;
    std::map<std::pair<std::uint64_t, std::uint64_t>, Event> events_;
};

}  // namespace entresol::sim
