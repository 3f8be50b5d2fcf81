#include "node/io/steady_clock.hpp"

#include <chrono>

namespace entresol::io {
namespace {

template <typename Clock>
std::int64_t count_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now().time_since_epoch()).count();
}

}  // namespace

std::uint64_t steady_ms() {
    static const std::int64_t offset_ms = count_ms<std::chrono::system_clock>() - count_ms<std::chrono::steady_clock>();
    return static_cast<std::uint64_t>(count_ms<std::chrono::steady_clock>() + offset_ms);
}

}  // namespace entresol::io
