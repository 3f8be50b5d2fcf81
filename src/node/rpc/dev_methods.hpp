// What development methods ask of a devnet. One object a chain; the devnet implements it. All functions are thread-safe and block until done.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/json/value.hpp>

#include "core/base/result.hpp"
#include "core/state/account.hpp"
#include "node/pool/pool.hpp"

namespace entresol::rpc {

class DevMethods {
public:
    virtual ~DevMethods() = default;

    // --- blocks and time
    virtual bool automine() = 0;
    virtual void set_automine(bool on) = 0;
    virtual void set_interval_ms(std::uint64_t interval_ms) = 0;  // 0: only on demand
    /// Seals `count` blocks, `interval_s` apart where given.
    virtual void mine(std::uint64_t count, std::optional<std::uint64_t> interval_s) = 0;
    /// Moves the clock of both layers; the new offset in seconds.
    virtual std::int64_t increase_time(std::uint64_t seconds) = 0;
    virtual void set_time(std::uint64_t unix_seconds) = 0;
    virtual bool set_next_timestamp(std::uint64_t unix_seconds) = 0;  // false: not after the head
    virtual void set_next_base_fee(const U256& base_fee) = 0;
    virtual void set_block_gas_limit(std::uint64_t gas_limit) = 0;
    virtual void set_coinbase(const Address& coinbase) = 0;
    /// Replaces the last `depth` blocks by as many empty ones; their transactions go back to the pool. False: deeper than the finalized head.
    virtual bool reorg(std::uint64_t depth) = 0;

    // --- both layers at once
    virtual std::uint64_t snapshot() = 0;
    virtual bool revert(std::uint64_t id) = 0;
    /// Both chains with all their blocks and states, as one compressed archive.
    virtual Bytes dump_state() = 0;
    /// Puts an archive's chains in the place of these; the error is in words.
    virtual Result<void, std::string> load_state(Bytes archive) = 0;

    // --- state
    virtual void set_account(const Address& address, const state::Account& account, std::optional<Bytes> code) = 0;
    virtual void set_storage(const Address& address, const U256& slot, const U256& value) = 0;

    // --- accounts whose transactions need no signature, and accounts whose keys the devnet holds
    virtual void impersonate(const Address& address, bool on) = 0;
    virtual void impersonate_all(bool on) = 0;
    [[nodiscard]] virtual bool is_impersonated(const Address& address) = 0;
    [[nodiscard]] virtual std::vector<Address> accounts() = 0;
    [[nodiscard]] virtual std::optional<Hash32> find_key(const Address& address) = 0;

    virtual bool drop_transaction(const Hash32& hash) = 0;
    virtual void drop_all_transactions() = 0;
};

}  // namespace entresol::rpc
