// One run from one seed: an L1, a sequencer with batcher and proposer, replicas and users, faults for a while, then none until all agree. One thread.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "node/sim/check_derived_chain.hpp"
#include "node/sim/check_finalized_head.hpp"
#include "node/sim/check_safe_head.hpp"
#include "node/sim/scenario.hpp"

namespace entresol::sim {

struct Statistics {
    std::uint64_t seconds = 0, events = 0, requests = 0;
    std::uint64_t l1_blocks = 0, l1_reorgs = 0, missed_slots = 0;
    std::uint64_t l2_blocks = 0, deaths = 0, power_cuts = 0, full_disks = 0, clock_jumps = 0, cuts = 0;
    std::uint64_t transactions = 0, deposits = 0, withdrawals = 0, proposals = 0;
    std::uint64_t dropped_blocks = 0;  // sequenced ones that were not derived, each for a reason
    std::uint64_t windows_passed = 0;  // that was the reason
    void add(const Statistics& other);
};
/// Names and values, in order.
[[nodiscard]] std::vector<std::pair<const char*, std::uint64_t>> list(const Statistics& statistics);

struct Outcome {
    std::optional<std::string> fault;
    std::uint64_t digest = 0;  // of everything that happened
    Statistics statistics;
    std::deque<std::string> trace;  // its end
};

class Simulation {
public:
    explicit Simulation(const Scenario& scenario);
    ~Simulation();
    Simulation(const Simulation&) = delete;
    Simulation& operator=(const Simulation&) = delete;

    [[nodiscard]] Outcome run();

    /// At that time of the run, once: for tests that plant a fault.
    void plan(std::uint64_t after_ms, std::function<void()> action);
    /// A process is killed, and its disk forgets what it had written: for a test.
    void kill_and_lose(Machine& machine);
    [[nodiscard]] Machine& sequencer() { return *machines_[0]; }
    [[nodiscard]] Machine& replica(std::size_t i) { return *machines_[1 + i]; }
    [[nodiscard]] SimulatedL1& l1() { return *l1_; }

private:
    void make_machines();
    void repeat(std::function<std::uint64_t()> pause_ms, std::function<void()> action);
    void start_everything();
    void strike(Machine& machine);
    void die(Machine& machine, Death death);
    void heal();
    void note_dropped(const std::vector<ledger::BlockPtr>& newest_first);
    void watch(Machine& machine);
    void begin_watching(Machine& machine);
    void judge_transactions();
    [[nodiscard]] bool settle();
    void check_at_the_end();
    void check_chains();
    void audit();
    void report(const std::string& checker, const std::optional<std::string>& fault);
    [[nodiscard]] bool is_over() const { return fault_.has_value(); }
    [[nodiscard]] Outcome take_outcome();

    Scenario scenario_;
    Random random_;
    Schedule schedule_;
    Trace trace_;
    derive::RollupConfig rollup_;
    std::unique_ptr<SimulatedL1> l1_;
    std::vector<std::unique_ptr<Machine>> machines_;  // the sequencer first
    std::unique_ptr<Users> users_;
    bool has_faults_ = true;
    std::uint64_t target_ = 0;  // what all must have derived in the end
    Statistics statistics_;
    std::optional<std::string> fault_;

    SafeHeadCheck safe_;
    FinalizedHeadCheck finalized_;
    DerivedChainCheck derived_;
    TransactionCheck transactions_;
    std::map<const Machine*, Hash32> head_at_death_;  // of those that were killed
    std::map<const Machine*, Hash32> safe_seen_;
};

}  // namespace entresol::sim
