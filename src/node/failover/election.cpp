#include "node/failover/election.hpp"

namespace entresol::failover {
namespace {

constexpr std::uint64_t MS_PER_S = 1000;

}  // namespace

std::string leader_key(const std::string& prefix) { return prefix + "/leader"; }

Election::Election(EtcdClient& etcd, Options options, std::uint64_t (*now_ms)())
    : etcd_(etcd), options_(std::move(options)), now_ms_(now_ms) {}

// The deadline is written before the token and read after it: a new token never meets an older deadline. An old token may meet a newer one; it is fenced.
std::uint64_t Election::token() const {
    const std::uint64_t token = token_;
    return now_ms_() < until_ms_ ? token : 0;
}

// etcd counts the lease from when it was asked or later, so it stands at least until then. A quarter is kept back for clocks that run unlike.
void Election::lead(std::uint64_t token, std::uint64_t asked_at_ms, std::uint64_t ttl_s) {
    until_ms_ = asked_at_ms + ttl_s * MS_PER_S * 3 / 4;
    token_ = token;
}

void Election::step_down() {
    token_ = 0;
    until_ms_ = 0;
    lease_ = 0;
}

void Election::step() {
    if (token_ != 0 || lease_ != 0) renew();
    if (token_ == 0) campaign();
}

void Election::renew() {
    const std::uint64_t asked_at_ms = now_ms_();
    const auto ttl_s = etcd_.keep_lease(lease_);
    if (!ttl_s) return;  // token() ends by itself when this goes on
    if (*ttl_s == 0) return step_down();
    lease_asked_at_ms_ = asked_at_ms;
    lease_ttl_s_ = *ttl_s;
    if (token_ != 0) lead(token_, asked_at_ms, *ttl_s);
}

void Election::campaign() {
    if (lease_ == 0) {
        const std::uint64_t asked_at_ms = now_ms_();
        const auto lease = etcd_.grant_lease(options_.lease_s);
        if (!lease) return;
        lease_ = *lease;
        lease_asked_at_ms_ = asked_at_ms;
        lease_ttl_s_ = options_.lease_s;
    }
    const std::string key = leader_key(options_.prefix);
    // The value holds the lease: who reads it knows whether it is his own, also when the answer to his transaction was lost.
    const std::string mine = options_.name + "/" + std::to_string(lease_);
    const auto outcome =
        etcd_.commit({.compare = {{.key = key, .target = Transaction::Target::CreateRevision, .equals = 0}},
                      .put = {{.key = key, .value = mine, .lease = lease_}},
                      .remove = {},
                      .read_otherwise = {key}});
    if (!outcome) return;
    if (outcome->succeeded) return lead(outcome->revision, lease_asked_at_ms_, lease_ttl_s_);
    for (const auto& found : outcome->read)
        if (found.key == key && found.value == mine)
            return lead(found.create_revision, lease_asked_at_ms_, lease_ttl_s_);
}

void Election::resign() {
    const std::uint64_t lease = lease_;
    step_down();
    if (lease != 0) (void)etcd_.revoke_lease(lease);  // unheard, it ends by itself
}

}  // namespace entresol::failover
