// When an L1 block was made, asked of the L1 once. Thread-safe.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>

#include "node/l1/client.hpp"

namespace entresol::bridge {

class L1Times {
public:
    explicit L1Times(std::shared_ptr<l1::L1Client> client) : client_(std::move(client)) {}
    /// Milliseconds since 1970; nothing while the L1 does not answer. A reorg is noticed by those who give the block's hash.
    [[nodiscard]] std::optional<std::uint64_t> find(std::uint64_t number,
                                                    const std::optional<Hash32>& hash = std::nullopt) const;

private:
    static constexpr std::size_t MAX_REMEMBERED = 4096;
    struct Entry {
        Hash32 hash;
        std::uint64_t time_ms = 0;
    };
    std::shared_ptr<l1::L1Client> client_;
    mutable std::mutex mutex_;
    mutable std::map<std::uint64_t, Entry> known_;
};

}  // namespace entresol::bridge
