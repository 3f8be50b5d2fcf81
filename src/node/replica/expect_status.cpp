#include "node/replica/expect_status.hpp"

namespace entresol::replica {

std::optional<std::uint64_t> expect_safe_in_l1(const Pace& pace, std::uint64_t l2_number) {
    if (pace.safe_l2 <= pace.before_l2 || pace.safe_from_l1 <= pace.before_from_l1) return std::nullopt;
    if (l2_number <= pace.safe_l2) return pace.safe_from_l1;
    const std::uint64_t blocks = pace.safe_l2 - pace.before_l2;
    const std::uint64_t batches = (l2_number - pace.safe_l2 + blocks - 1) / blocks;
    return pace.safe_from_l1 + batches * (pace.safe_from_l1 - pace.before_from_l1);
}

std::optional<std::uint64_t> expect_l1_time(const Pace& pace, std::uint64_t l1_number) {
    if (pace.l1_number <= pace.genesis_l1_number || pace.l1_time_s <= pace.genesis_time_s) return std::nullopt;
    const std::uint64_t seconds = pace.l1_time_s - pace.genesis_time_s;
    const std::uint64_t blocks = pace.l1_number - pace.genesis_l1_number;
    const bool later = l1_number >= pace.l1_number;
    const std::uint64_t distance = later ? l1_number - pace.l1_number : pace.l1_number - l1_number;
    const std::uint64_t distance_s = (distance * seconds + blocks / 2) / blocks;
    if (later) return pace.l1_time_s + distance_s;
    return distance_s > pace.l1_time_s ? 0 : pace.l1_time_s - distance_s;
}

std::optional<std::uint64_t> expect_final_time(const Pace& pace, std::uint64_t l1_number) {
    if (pace.finalized_l1 == 0 || pace.head_l1 < pace.finalized_l1) return std::nullopt;
    return expect_l1_time(pace, l1_number + (pace.head_l1 - pace.finalized_l1));
}

}  // namespace entresol::replica
