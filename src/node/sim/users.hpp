// Those who use the rollup: they send transfers and withdrawals to the sequencer over a network that loses some, send again what got lost, deposit on L1, and
// take withdrawals home.
#pragma once

#include <map>
#include <set>
#include <vector>

#include "node/devnet/accounts.hpp"
#include "node/sim/check_transactions.hpp"
#include "node/sim/machine.hpp"
#include "node/sim/withdrawal.hpp"

namespace entresol::sim {

struct UserBehaviour {
    std::uint64_t mean_pause_ms = 300;
    std::uint64_t deposits_per_mille = 60, withdrawals_per_mille = 60;
    std::uint64_t lost_per_mille = 0, doubled_per_mille = 0;
};

class Users {
public:
    Users(const devnet::Configuration& config, SimulatedL1& l1, Machine& sequencer, Schedule& schedule, Trace& trace,
          const Random& random, TransactionCheck& check);

    void set_behaviour(const UserBehaviour& behaviour) { behaviour_ = behaviour; }
    /// Something that a user does now.
    void act();
    /// Whoever has a withdrawal takes its next step on L1.
    void take_home();

    [[nodiscard]] std::uint64_t sent() const { return sent_; }
    [[nodiscard]] std::uint64_t accepted() const { return accepted_; }
    [[nodiscard]] std::uint64_t deposits() const { return deposits_; }
    [[nodiscard]] std::size_t taken_home() const { return taken_home_.size(); }

private:
    struct Wallet {
        devnet::DevAccount account;
        std::map<std::uint64_t, Bytes> sent;  // by nonce: signed, to be sent again when it got lost
    };
    void send_l2();
    void deposit();
    void submit(const Bytes& raw, bool answer_is_lost);
    [[nodiscard]] Bytes make_transaction(const Wallet& wallet, std::uint64_t nonce);
    void take_step(const Withdrawal& withdrawal, std::uint64_t l2_number);
    [[nodiscard]] bool prove(const Withdrawal& withdrawal, std::uint64_t l2_number);

    const devnet::Configuration& config_;
    SimulatedL1& l1_;
    Machine& sequencer_;
    Schedule& schedule_;
    Trace& trace_;
    Random random_;
    TransactionCheck& check_;
    UserBehaviour behaviour_;
    std::vector<Wallet> wallets_;
    std::shared_ptr<l1::L1Client> own_l1_;  // the users' own node, without faults
    std::set<Hash32> taken_home_;
    std::uint64_t sent_ = 0, accepted_ = 0, deposits_ = 0;
};

}  // namespace entresol::sim
