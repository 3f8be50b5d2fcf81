// The log of what the leader is about to sign. A record is appended by the leader alone (fencing token) and at the log's end alone, both compared by etcd
// in the transaction that writes it. Not thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "node/failover/etcd_client.hpp"

namespace entresol::failover {

struct Record {
    std::uint64_t sequence = 0;  // from 1, without gaps
    std::uint64_t token = 0;     // of the leader that wrote it; never falls
    std::string payload;
};

enum class LogError : std::uint8_t {
    NoAnswer,   // nobody knows whether it was written; the same append again tells
    BadAnswer,  // not what this class writes
    Deposed,    // another leader's token stands, or none
    Moved,      // the log's end is not where this reader left it: read on first
    TooLarge,
};

/// etcd takes requests of 1.5 MiB unless it is told otherwise.
constexpr std::size_t MAX_RECORD_BYTES = std::size_t{1} << 20U;

class ReplicatedLog {
public:
    ReplicatedLog(EtcdClient& etcd, std::string prefix);

    /// Finds the end. To be called before the first append, and after Moved.
    [[nodiscard]] Result<void, LogError> find_end();
    /// The last record's sequence; 0 in an empty log.
    [[nodiscard]] std::uint64_t end() const { return end_; }

    /// Sequence of the record written. After NoAnswer: call it again with the same arguments until it says something else; a record that did arrive is found.
    [[nodiscard]] Result<std::uint64_t, LogError> append(std::uint64_t token, const std::string& payload);
    /// Records from `first` on, `limit` at most. BadAnswer when the first is not `first` (it was truncated), or a gap follows.
    [[nodiscard]] Result<std::vector<Record>, LogError> read(std::uint64_t first, std::uint64_t limit);
    /// Removes all before `first`.
    [[nodiscard]] Result<void, LogError> truncate(std::uint64_t token, std::uint64_t first);

private:
    [[nodiscard]] std::string record_key(std::uint64_t sequence) const;

    EtcdClient& etcd_;
    std::string prefix_;
    std::uint64_t end_ = 0;
    std::uint64_t end_revision_ = 0;  // of the key that names the end; 0: there is none
};

}  // namespace entresol::failover
