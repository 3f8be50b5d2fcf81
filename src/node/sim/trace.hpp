// What happened, as a number to compare runs by and as lines to read when one fails.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "core/base/bytes.hpp"
#include "node/sim/schedule.hpp"

namespace entresol::sim {

class Trace {
public:
    static constexpr std::size_t KEPT_LINES = 400;

    explicit Trace(const Schedule& schedule) : schedule_(schedule), start_ms_(schedule.now_ms()) {}

    void note(std::string_view who, std::string_view what);
    void note(std::string_view who, std::string_view what, std::uint64_t number, const Hash32& hash);
    /// Into the digest alone.
    void mix(std::string_view bytes);

    [[nodiscard]] std::uint64_t digest() const { return digest_; }
    [[nodiscard]] const std::deque<std::string>& lines() const { return lines_; }

private:
    const Schedule& schedule_;
    std::uint64_t start_ms_;
    std::uint64_t digest_ = 0;
    std::deque<std::string> lines_;  // the newest
};

}  // namespace entresol::sim
