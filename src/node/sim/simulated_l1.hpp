// The L1 of a simulation: the production ledger, pool, block building and JSON-RPC, whose blocks come slot by slot, are missed, and are taken back by
// reorganisations that may be undone again. The truth that checkers compare with; it never crashes.
#pragma once

#include <memory>
#include <set>
#include <string>

#include "node/devnet/blob_archive.hpp"
#include "node/devnet/configuration.hpp"
#include "node/rpc/dispatcher.hpp"
#include "node/sim/random.hpp"
#include "node/sim/trace.hpp"

namespace entresol::sim {

struct L1Behaviour {
    std::uint64_t slot_ms = 2'000;
    std::uint64_t missed_per_mille = 0, reorg_per_mille = 0, lost_per_mille = 300, flip_back_per_mille = 0;
    std::uint64_t fee_spike_per_mille = 0;
    std::uint64_t max_reorg_depth = 6;
    std::uint64_t safe_lag = 4, finalized_lag = 8;  // blocks
};

class SimulatedL1 {
public:
    SimulatedL1(const devnet::Configuration& config, const L1Behaviour& behaviour, Schedule& schedule, Trace& trace,
                const Random& random);
    SimulatedL1(const SimulatedL1&) = delete;
    SimulatedL1& operator=(const SimulatedL1&) = delete;

    void set_behaviour(const L1Behaviour& behaviour) { behaviour_ = behaviour; }
    /// What happens in the slot that begins now.
    void pass_slot();

    [[nodiscard]] std::string answer(std::string_view body);
    [[nodiscard]] std::string answer_beacon(std::string_view path);
    /// As a wallet of its own node. Nothing: the pool would not have it.
    std::optional<Hash32> send(const Hash32& key, const Address& to, const U256& value, Bytes data, std::uint64_t gas);

    /// Ether that vanishes without a transaction, as none may: for a test.
    void take_from_portal(const U256& wei);

    [[nodiscard]] ledger::Ledger& ledger() { return ledger_; }
    /// Has this block ever been taken off the chain?
    [[nodiscard]] bool was_reorganised(const Hash32& hash) const { return reorganised_.contains(hash); }
    [[nodiscard]] std::uint64_t reorgs() const { return reorgs_; }
    [[nodiscard]] std::uint64_t missed() const { return missed_; }

private:
    [[nodiscard]] sequencer::BlockTemplate make_template(const ledger::StoredBlock& parent,
                                                         std::uint64_t timestamp) const;
    void make_block(std::uint64_t timestamp);
    void reorganise();
    bool flip_back();
    void move_head(const Hash32& hash, bool keeps_transactions);
    void follow_finality();

    const devnet::Configuration& config_;
    L1Behaviour behaviour_;
    Schedule& schedule_;
    Trace& trace_;
    Random random_;
    io::Loop loop_;
    std::shared_ptr<store::BlockStore> store_;
    ledger::Ledger ledger_;
    sequencer::Sequencer sequencer_;
    devnet::BlobArchive blobs_;
    rpc::Dispatcher rpc_;
    std::set<Hash32> reorganised_;
    ledger::BlockPtr left_tip_;  // of the branch that the last reorganisation left
    std::uint64_t branch_ = 0, reorgs_ = 0, missed_ = 0;
};

}  // namespace entresol::sim
