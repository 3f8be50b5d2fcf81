// The few calls of etcd's v3 API that leadership and the log need, through its JSON gateway. Blocking, bounded in time and size. Thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/base/result.hpp"

namespace entresol::failover {

enum class EtcdError : std::uint8_t {
    NoAnswer,   // from none of the endpoints; what was asked may have been done all the same
    BadAnswer,  // not what etcd's API says
};

struct KeyValue {
    std::string key, value;
    std::uint64_t create_revision = 0, mod_revision = 0;
};

/// All or nothing: the writes happen when every comparison holds, else the keys of `read_otherwise` are read in the same instant.
struct Transaction {
    enum class Target : std::uint8_t { CreateRevision, ModRevision };
    struct Compare {
        std::string key;
        Target target = Target::CreateRevision;
        std::uint64_t equals = 0;  // 0: no such key
    };
    struct Put {
        std::string key, value;
        std::uint64_t lease = 0;
    };
    struct DeleteRange {
        std::string from, to;  // without `to`
    };
    std::vector<Compare> compare;
    std::vector<Put> put;
    std::vector<DeleteRange> remove;
    std::vector<std::string> read_otherwise;
};
struct TransactionOutcome {
    bool succeeded = false;
    std::uint64_t revision = 0;
    std::vector<KeyValue> read;  // those of read_otherwise that exist
};

class EtcdClient {
public:
    /// Each an http:// or https:// URL without a path. Throws io::Failure (usage) when one is not. `timeout_ms`: of one endpoint's answer.
    EtcdClient(const std::vector<std::string>& endpoints, std::uint64_t timeout_ms);
    ~EtcdClient();

    /// After NoAnswer from one endpoint the next is asked, so a transaction may be tried twice: its comparisons must not hold a second time, and
    /// `read_otherwise` must tell who wrote.
    [[nodiscard]] Result<TransactionOutcome, EtcdError> commit(const Transaction& transaction);
    /// Keys from `from` up to `to` in order, `limit` at most. Linearizable.
    [[nodiscard]] Result<std::vector<KeyValue>, EtcdError> range(const std::string& from, const std::string& to,
                                                                 std::uint64_t limit);
    [[nodiscard]] Result<std::uint64_t, EtcdError> grant_lease(std::uint64_t ttl_s);
    /// Seconds that the lease has from when etcd was asked; 0: it has ended.
    [[nodiscard]] Result<std::uint64_t, EtcdError> keep_lease(std::uint64_t lease);
    [[nodiscard]] Result<void, EtcdError> revoke_lease(std::uint64_t lease);
    /// Ends what is in progress, and all later calls at once. Any thread.
    void cancel();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace entresol::failover
