// All events of one contract, oldest first, read once and then only what is new. Notices reorgs by the hashes of blocks up to which it has read.
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "node/l1/client.hpp"

namespace entresol::bridge {

/// Where events come from: either layer.
struct LogSource {
    std::function<l1::L1Result<std::uint64_t>()> head;
    std::function<l1::L1Result<Hash32>(std::uint64_t number)> hash_of;
    std::function<l1::L1Result<std::vector<l1::L1Log>>(std::uint64_t first, std::uint64_t last)> logs;
    std::uint64_t first_block = 0;
};

class LogIndex {
public:
    explicit LogIndex(LogSource source) : source_(std::move(source)), next_(source_.first_block) {}

    /// Reads what is new, a bounded part of it a call. Whoever comes while another reads does not wait. Empty, or what went wrong.
    std::string catch_up();
    /// Oldest first; at most MAX_LOGS of the newest.
    [[nodiscard]] std::vector<l1::L1Log> logs() const;

    static constexpr std::size_t MAX_LOGS = 20'000;

private:
    static constexpr std::uint64_t BLOCKS_AT_ONCE = 1'000;
    static constexpr std::size_t STEPS_A_CALL = 50;
    static constexpr std::size_t MAX_MARKS = 512;
    struct Mark {
        std::uint64_t number = 0;
        Hash32 hash;
    };
    [[nodiscard]] l1::L1Result<void> step_back();
    [[nodiscard]] l1::L1Result<bool> step_forward();
    void drop_from(std::uint64_t number);

    LogSource source_;
    std::mutex reading_;        // one reader at a time; guards next_ and marks_
    std::uint64_t next_ = 0;    // first block not read
    std::vector<Mark> marks_;   // ends of what was read, oldest first
    mutable std::mutex mutex_;  // guards logs_
    std::vector<l1::L1Log> logs_;
};

}  // namespace entresol::bridge
