// A machine of a node operator: disk, clock and links that outlive the process on it, and the process, which is wired as `entresol sequencer` and
// `entresol replica` wire theirs.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "node/devnet/configuration.hpp"
#include "node/rpc/dispatcher.hpp"
#include "node/settlement/rollup_node.hpp"
#include "node/sim/disk.hpp"
#include "node/sim/network.hpp"

namespace entresol::sim {

class SimulatedL1;

struct MachineOptions {
    std::string name;
    bool is_sequencer = false;
    bool proposes = false;
    bool columns = false;
    settlement::PostingOptions posting;
    std::uint64_t batch_interval_ms = 4'000;
    std::uint64_t proposal_interval_ms = 8'000;
    std::uint64_t confirmation_depth = 0;
    std::uint64_t poll_ms = 500;
    derive::RollupConfig rollup;
};

/// Of the dispute games, short as on a devnet.
inline constexpr std::uint64_t CHALLENGE_PERIOD_S = 12;

enum class Death : std::uint8_t { Killed, PowerCut, DiskFull };
[[nodiscard]] const char* to_string(Death death);

class Machine {
public:
    Machine(MachineOptions options, const devnet::Configuration& config, SimulatedL1& l1, Schedule& schedule,
            Trace& trace, const Random& random);
    ~Machine();
    Machine(const Machine&) = delete;
    Machine& operator=(const Machine&) = delete;

    /// Precondition: is_up() is false.
    void start();
    void die(Death death);
    [[nodiscard]] bool is_up() const { return process_ != nullptr; }
    /// How many processes there have been.
    [[nodiscard]] std::uint64_t life() const { return life_; }
    /// The loop of the process runs what is due.
    void turn();

    void set_faults(const NetworkFaults& faults);
    void cut(bool is_cut);
    void fill_disk() { disk_->fill(); }
    void move_clock(std::int64_t by_ms) { clock_offset_ms_ += by_ms; }
    void set_clock_right() { clock_offset_ms_ = 0; }
    [[nodiscard]] std::uint64_t now_ms() const;

    [[nodiscard]] const MachineOptions& options() const { return options_; }
    [[nodiscard]] const devnet::Configuration& config() const { return config_; }
    [[nodiscard]] const std::string& name() const { return options_.name; }
    // --- while it is up
    [[nodiscard]] ledger::Ledger& ledger();
    /// Null while the process is still starting.
    [[nodiscard]] settlement::RollupNode* rollup();
    [[nodiscard]] sequencer::Sequencer* sequencer();
    [[nodiscard]] rpc::Dispatcher* rpc();
    [[nodiscard]] std::uint64_t requests() const { return execution_->requests(); }

    /// After anything that may have moved a head; on the schedule or in the middle of a round.
    void on_change(std::function<void(Machine&)> listener) { on_change_ = std::move(listener); }
    /// When a process has opened its ledger, before it does anything.
    void on_start(std::function<void(Machine&)> listener) { on_start_ = std::move(listener); }
    /// When a process has ended by itself: a disk that fails ends it.
    void on_end(std::function<void(Machine&)> listener) { on_end_ = std::move(listener); }

private:
    struct Process;
    void changed();
    void sleep(std::uint64_t ms);
    void live();

    MachineOptions options_;
    const devnet::Configuration& config_;
    Schedule& schedule_;
    Trace& trace_;
    Random random_;
    std::shared_ptr<Disk> disk_;
    std::shared_ptr<Link> execution_, beacon_;
    std::int64_t clock_offset_ms_ = 0;
    std::uint64_t life_ = 0;
    bool is_dying_ = false, has_failed_ = false;
    std::unique_ptr<Process> process_;
    std::shared_ptr<Waiting> sleeping_;
    std::function<void(Machine&)> on_change_, on_start_, on_end_;
};

}  // namespace entresol::sim
