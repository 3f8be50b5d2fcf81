// One layer of the devnet: its ledger, sequencer, loop and JSON-RPC, and what development methods do to it.
#pragma once

#include <functional>
#include <memory>
#include <set>

#include "node/devnet/accounts.hpp"
#include "node/devnet/dev_clock.hpp"
#include "node/rpc/dev_methods.hpp"
#include "node/rpc/service.hpp"
#include "node/sequencer/sequencer.hpp"

namespace entresol::devnet {

/// What development methods need of both layers together.
class BothLayers {
public:
    virtual ~BothLayers() = default;
    virtual std::uint64_t snapshot() = 0;
    virtual bool revert(std::uint64_t id) = 0;
    virtual Bytes dump() = 0;
    virtual Result<void, std::string> load(Bytes archive) = 0;
    /// The clock was moved: timers of both layers look again.
    virtual void clock_moved() = 0;
    /// A layer's head was moved from outside.
    virtual void head_moved() = 0;
};

class ChainNode final : public rpc::DevMethods {
public:
    ChainNode(const sequencer::Options& options, chain::ChainConfig config, const chain::Genesis& genesis,
              std::shared_ptr<store::BlockStore> store, DevClock& clock, BothLayers& both,
              sequencer::TemplateSource templates);
    ~ChainNode() override;

    [[nodiscard]] ledger::Ledger& ledger() { return ledger_; }
    [[nodiscard]] sequencer::Sequencer& sequencer() { return sequencer_; }
    [[nodiscard]] io::Loop& loop() { return loop_; }
    void start();
    void stop();

    /// The head goes to this block (both known), everything above is forgotten by the canonical chain.
    void move_head(const Hash32& hash, bool keep_transactions);
    [[nodiscard]] std::uint64_t gas_limit_or(std::uint64_t fallback) const {
        return gas_limit_.load() != 0 ? gas_limit_.load() : fallback;
    }
    [[nodiscard]] std::optional<Address> coinbase() const;
    /// Differs after each reorg(): without it the blocks of the new branch could be those of the old one.
    [[nodiscard]] Bytes branch_mark() const;

    // --- rpc::DevMethods
    bool automine() override;
    void set_automine(bool on) override;
    void set_interval_ms(std::uint64_t interval_ms) override;
    void mine(std::uint64_t count, std::optional<std::uint64_t> interval_s) override;
    std::int64_t increase_time(std::uint64_t seconds) override;
    void set_time(std::uint64_t unix_seconds) override;
    bool set_next_timestamp(std::uint64_t unix_seconds) override;
    void set_next_base_fee(const U256& base_fee) override;
    void set_block_gas_limit(std::uint64_t gas_limit) override { gas_limit_ = gas_limit; }
    void set_coinbase(const Address& coinbase) override;
    bool reorg(std::uint64_t depth) override;
    std::uint64_t snapshot() override { return both_.snapshot(); }
    bool revert(std::uint64_t id) override { return both_.revert(id); }
    Bytes dump_state() override { return both_.dump(); }
    Result<void, std::string> load_state(Bytes archive) override { return both_.load(std::move(archive)); }
    void set_account(const Address& address, const state::Account& account, std::optional<Bytes> code) override;
    void set_storage(const Address& address, const U256& slot, const U256& value) override;
    void impersonate(const Address& address, bool on) override;
    void impersonate_all(bool on) override;
    bool is_impersonated(const Address& address) override;
    std::vector<Address> accounts() override;
    std::optional<Hash32> find_key(const Address& address) override;
    bool drop_transaction(const Hash32& hash) override;
    void drop_all_transactions() override;

private:
    void seal_one(std::optional<std::uint64_t> timestamp);

    DevClock& clock_;
    BothLayers& both_;
    io::Loop loop_;
    ledger::Ledger ledger_;
    sequencer::Sequencer sequencer_;
    bool has_interval_;  // blocks come by time while automine is off; of the loop
    std::atomic<std::uint64_t> gas_limit_{0};
    std::atomic<std::uint64_t> branch_{0};  // the time of the last reorg: another one after a restart too
    mutable std::mutex mutex_;              // guards the two below
    std::set<Address> impersonated_;
    std::optional<Address> coinbase_;
    std::atomic<bool> impersonates_all_{false};
};

}  // namespace entresol::devnet
