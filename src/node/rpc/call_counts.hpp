// How often a method was called and how long its calls took. Written from any thread without a lock, read at any time.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <string_view>
#include <vector>

namespace entresol::rpc {

class CallCounts {
public:
    using Clock = std::chrono::steady_clock;
    /// Upper bounds of what a call may take, seconds; one bucket more has all that take longer.
    static constexpr std::array<double, 9> BOUNDS_S{0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 1, 10};

    /// A call of a batch has no duration of its own.
    void count(bool succeeded) { (succeeded ? succeeded_ : failed_).fetch_add(1, std::memory_order_relaxed); }
    void count(bool succeeded, Clock::duration took) {
        count(succeeded);
        const double seconds = std::chrono::duration<double>(took).count();
        std::size_t bucket = 0;
        while (bucket < BOUNDS_S.size() && seconds > BOUNDS_S[bucket]) ++bucket;
        buckets_[bucket].fetch_add(1, std::memory_order_relaxed);
        const auto nanoseconds = std::chrono::duration_cast<std::chrono::nanoseconds>(took).count();
        nanoseconds_.fetch_add(static_cast<std::uint64_t>(nanoseconds), std::memory_order_relaxed);
    }

    struct Reading {
        std::string_view method;
        std::uint64_t succeeded = 0, failed = 0;
        std::array<std::uint64_t, BOUNDS_S.size() + 1> buckets{};  // each on its own, of calls outside batches
        double seconds = 0;                                        // of those
    };
    [[nodiscard]] Reading read(std::string_view method) const {
        Reading out{.method = method, .succeeded = succeeded_, .failed = failed_};
        for (std::size_t i = 0; i < buckets_.size(); ++i) out.buckets[i] = buckets_[i];
        out.seconds = static_cast<double>(nanoseconds_) / 1e9;
        return out;
    }

private:
    std::atomic<std::uint64_t> succeeded_{0}, failed_{0}, nanoseconds_{0};
    std::array<std::atomic<std::uint64_t>, BOUNDS_S.size() + 1> buckets_{};
};

}  // namespace entresol::rpc
