// The devnet's clock: the machine's, moved forwards by development methods. Both layers live by it. Thread-safe.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace entresol::devnet {

class DevClock {
public:
    [[nodiscard]] std::uint64_t now_ms() const { return static_cast<std::uint64_t>(machine_ms() + offset_ms_.load()); }
    [[nodiscard]] std::int64_t offset_ms() const { return offset_ms_; }
    void set_offset_ms(std::int64_t offset_ms) { offset_ms_ = offset_ms; }
    void advance_ms(std::uint64_t by_ms) { offset_ms_ += static_cast<std::int64_t>(by_ms); }
    /// Never goes back: a sealed block's time has been.
    void reach_ms(std::uint64_t time_ms) {
        const auto now = now_ms();
        if (time_ms > now) advance_ms(time_ms - now);
    }

private:
    static std::int64_t machine_ms() {
        return std::chrono::duration_cast<std::chrono::milliseconds>(
                   std::chrono::system_clock::now().time_since_epoch())
            .count();
    }
    std::atomic<std::int64_t> offset_ms_{0};
};

}  // namespace entresol::devnet
