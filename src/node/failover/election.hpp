// Who leads: a key in etcd under a lease. The revision that created the key is the fencing token; it only grows from leader to leader.
// One thread drives it (step, resign); token() and is_leader() may be asked from any.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>

#include "node/failover/etcd_client.hpp"

namespace entresol::failover {

class Election {
public:
    struct Options {
        std::string prefix;  // of all keys of one rollup
        std::string name;    // of this sequencer, told to the others
        std::uint64_t lease_s = 2;
    };
    /// `now_ms` is monotonic: wall clocks are not asked.
    Election(EtcdClient& etcd, Options options, std::uint64_t (*now_ms)());

    /// Tries to become the leader, or to remain it. Call it several times within a lease.
    void step();
    /// Gives leadership back, so that the others need not wait for the lease to end.
    void resign();

    /// The leader's token while the lease certainly stands; 0 else. What it allows must be fenced by the token all the same: the answer ages at once.
    [[nodiscard]] std::uint64_t token() const;
    [[nodiscard]] bool is_leader() const { return token() != 0; }

private:
    void campaign();
    void renew();
    void step_down();
    void lead(std::uint64_t token, std::uint64_t asked_at_ms, std::uint64_t ttl_s);

    EtcdClient& etcd_;
    Options options_;
    std::uint64_t (*now_ms_)();
    std::uint64_t lease_ = 0;
    std::uint64_t lease_asked_at_ms_ = 0;
    std::uint64_t lease_ttl_s_ = 0;
    std::atomic<std::uint64_t> token_{0};
    std::atomic<std::uint64_t> until_ms_{0};
};

[[nodiscard]] std::string leader_key(const std::string& prefix);

}  // namespace entresol::failover
