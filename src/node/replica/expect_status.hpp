// When a block will be safe, and when it will be final, by what the newest ones took. Pure: it asks nobody.
#pragma once

#include <cstdint>
#include <optional>

namespace entresol::replica {

/// What a node knows of the pace of its L1 and of its batches.
struct Pace {
    std::uint64_t l1_number = 0, l1_time_s = 0;  // an L1 block that was read
    std::uint64_t genesis_l1_number = 0,
                  genesis_time_s = 0;  // the L1 block before the first L2 block, and the chain's begin
    std::uint64_t head_l1 = 0, finalized_l1 = 0;
    std::uint64_t safe_l2 = 0, safe_from_l1 = 0;      // the safe head, and the L1 block that made it safe
    std::uint64_t before_l2 = 0, before_from_l1 = 0;  // the newest block that an earlier L1 block made safe
};

/// The L1 block that will make this L2 block safe, when batches go on as the last one did; nothing before there were two.
[[nodiscard]] std::optional<std::uint64_t> expect_safe_in_l1(const Pace& pace, std::uint64_t l2_number);

/// Seconds since 1970. An L1 block that is not there yet comes at the mean distance of those since the genesis; nothing before there was one.
[[nodiscard]] std::optional<std::uint64_t> expect_l1_time(const Pace& pace, std::uint64_t l1_number);

/// Of what is derived from this L1 block, by how far L1's finality is behind its head; nothing while L1 names none.
[[nodiscard]] std::optional<std::uint64_t> expect_final_time(const Pace& pace, std::uint64_t l1_number);

}  // namespace entresol::replica
