#include "node/sim/simulation.hpp"

#include "node/genesis/contracts.hpp"
#include "node/io/log.hpp"

namespace entresol::sim {
namespace {

constexpr std::uint64_t GENESIS_TIME_S = 1'800'000'000;

const devnet::Configuration& configuration() {
    static const auto made = devnet::make_configuration({}, genesis::load_contracts(), GENESIS_TIME_S);
    return made;
}

// As a chain of users has it: no development methods, so no time jumps either.
derive::RollupConfig rollup_of(const Scenario& scenario) {
    auto rollup = configuration().rollup;
    rollup.allow_time_jumps = false;
    rollup.seq_window_size = scenario.sequencing_window;
    return rollup;
}

}  // namespace

Simulation::Simulation(const Scenario& scenario)
    : scenario_(scenario),
      random_(scenario.seed),
      schedule_(GENESIS_TIME_S * 1000),
      trace_(schedule_),
      rollup_(rollup_of(scenario)),
      l1_(std::make_unique<SimulatedL1>(configuration(), scenario.l1, schedule_, trace_, random_.fork("l1"))),
      safe_([this](const Hash32& hash) { return l1_->was_reorganised(hash); }),
      derived_(scenario.sequencing_window, [this](const Hash32& hash) { return l1_->was_reorganised(hash); }) {
    io::set_log_level(io::LogLevel::Error);
    make_machines();
    users_ = std::make_unique<Users>(configuration(), *l1_, sequencer(), schedule_, trace_, random_.fork("users"),
                                     transactions_);
    users_->set_behaviour(scenario.users);
}

Simulation::~Simulation() = default;

void Simulation::make_machines() {
    for (std::size_t i = 0; i <= scenario_.replicas; ++i) {
        MachineOptions options{
            .name = i == 0 ? "sequencer" : "replica " + std::to_string(i),
            .is_sequencer = i == 0,
            .proposes = scenario_.proposes,
            .columns = scenario_.columns,
            .posting = {.data = scenario_.blobs ? settlement::DataChoice::Blobs : settlement::DataChoice::Calldata,
                        .deadline_ms = scenario_.batch_deadline_s * 1000},
            .batch_interval_ms = scenario_.blobs ? 20'000U : 4'000U,  // proofs take their time
            .confirmation_depth = scenario_.confirmation_depth,
            .rollup = rollup_};
        machines_.push_back(
            std::make_unique<Machine>(std::move(options), configuration(), *l1_, schedule_, trace_, random_));
        auto& machine = *machines_.back();
        machine.set_faults(scenario_.network);
        machine.on_start([this](Machine& m) { begin_watching(m); });
        machine.on_change([this](Machine& m) { watch(m); });
        machine.on_end([this](Machine& m) { die(m, Death::DiskFull); });
    }
}

void Simulation::plan(std::uint64_t after_ms, std::function<void()> action) {
    schedule_.after(after_ms, std::move(action));
}

void Simulation::repeat(std::function<std::uint64_t()> pause_ms, std::function<void()> action) {
    const auto pause = pause_ms();
    schedule_.after(pause, [this, pause_ms = std::move(pause_ms), action = std::move(action)]() mutable {
        action();
        repeat(std::move(pause_ms), std::move(action));
    });
}

void Simulation::start_everything() {
    repeat([this] { return scenario_.l1.slot_ms; }, [this] { l1_->pass_slot(); });
    for (auto& machine : machines_) {
        machine->start();
        repeat([random = random_.fork("turns of " + machine->name())]() mutable { return random.between(10, 60); },
               [m = machine.get()] { m->turn(); });
        repeat([] { return 1'000; }, [this, m = machine.get()] { strike(*m); });
    }
    repeat([this,
            random = random_.fork("pauses")]() mutable { return random.between(1, 2 * scenario_.users.mean_pause_ms); },
           [this] {
               if (has_faults_) users_->act();
           });
    repeat([] { return 4'000; },
           [this] {
               if (scenario_.proposes) users_->take_home();
           });
}

// The faults of one machine's second.
void Simulation::strike(Machine& machine) {
    if (!has_faults_ || !machine.is_up()) return;
    if (random_.chance(scenario_.clock_jumps)) {
        ++statistics_.clock_jumps;
        const auto most = random_.chance(200) ? 300'000 : 15'000;
        const auto by = static_cast<std::int64_t>(random_.between(0, most)) - static_cast<std::int64_t>(most / 3);
        trace_.note(machine.name(), "clock moves by " + std::to_string(by) + " ms");
        machine.move_clock(by);
    }
    if (random_.chance(scenario_.cuts)) {
        ++statistics_.cuts;
        trace_.note(machine.name(), "is cut off");
        machine.cut(true);
        schedule_.after(random_.between(2'000, 40'000), [&machine] { machine.cut(false); });
    }
    if (random_.chance(scenario_.full_disks)) machine.fill_disk();
    if (random_.chance(scenario_.deaths)) return die(machine, Death::Killed);
    if (random_.chance(scenario_.power_cuts)) return die(machine, Death::PowerCut);
}

void Simulation::die(Machine& machine, Death death) {
    if (!machine.is_up()) return;
    auto& count = death == Death::Killed     ? statistics_.deaths
                  : death == Death::PowerCut ? statistics_.power_cuts
                                             : statistics_.full_disks;
    ++count;
    if (death != Death::DiskFull && machine.options().is_sequencer) judge_transactions();
    const auto head = machine.ledger().head();
    head_at_death_.erase(&machine);
    if (death == Death::Killed) head_at_death_[&machine] = head->hash;
    if (death == Death::PowerCut) {
        safe_.restarted(machine.name());
        if (machine.options().is_sequencer) derived_.lost(head->number());
    }
    machine.die(death);
    schedule_.after(has_faults_ ? random_.between(1'000, 20'000) : 1'000, [&machine] {
        if (!machine.is_up()) machine.start();
    });
}

void Simulation::kill_and_lose(Machine& machine) {
    const auto head = machine.ledger().head();
    machine.ledger().set_head(head->block.header.parent_hash);
    head_at_death_[&machine] = head->hash;
    machine.die(Death::Killed);
    schedule_.after(1'000, [&machine] { machine.start(); });
}

void Simulation::begin_watching(Machine& machine) {
    auto& ledger = machine.ledger();
    trace_.note(machine.name(), "has head", ledger.head()->number(), ledger.head()->hash);
    const auto expected = head_at_death_.find(&machine);
    if (expected != head_at_death_.end() && expected->second != ledger.head()->hash)
        report("restart", machine.name() + ": was killed, and has another head than before");
    if (!machine.options().is_sequencer) return;
    transactions_.restarted();
    ledger.subscribe([this, &ledger](const ledger::HeadChange& change) {
        if (!change.removed.empty()) note_dropped(change.removed);
        for (const auto& block : change.added) {
            const auto parent = ledger.find_block(block->block.header.parent_hash);
            report("derived chain", DerivedChainCheck::sealed(block->number(), parent->block.header.timestamp,
                                                              block->block.header.timestamp, rollup_.block_time));
            report("derived chain", derived_.added(block->number(), block->hash));
        }
    });
}

void Simulation::note_dropped(const std::vector<ledger::BlockPtr>& newest_first) {
    statistics_.dropped_blocks += newest_first.size();
    std::vector<DerivedChainCheck::Sealed> blocks;
    for (auto it = newest_first.rbegin(); it != newest_first.rend(); ++it) {
        const auto ref = derive::make_l2_block_ref(rollup_, (*it)->block);
        blocks.push_back({(*it)->number(), (*it)->hash, ref->l1_origin});
    }
    trace_.note("sequencer", "drops blocks from", blocks.front().number, blocks.front().hash);
    derived_.dropped(blocks, l1_->ledger().head()->number());
}

void Simulation::watch(Machine& machine) {
    auto* const rollup = machine.rollup();
    if (is_over() || rollup == nullptr) return;
    const auto& ledger = machine.ledger();
    const auto safe = ledger.safe(), finalized = ledger.finalized();
    if (auto& seen = safe_seen_[&machine]; seen != safe->hash) {
        seen = safe->hash;
        trace_.note(machine.name(), "safe", safe->number(), safe->hash);
    }
    report("safe head", safe_.observe(machine.name(), safe->number(), safe->hash, [&](std::uint64_t number) {
        const auto block = ledger.find_block(number);
        return SafeBlock{.number = number,
                         .hash = block->hash,
                         .origin = derive::make_l2_block_ref(rollup_, block->block)->l1_origin,
                         .source = rollup->derived_from(number)};
    }));
    report("finalized head", finalized_.observe(machine.name(), finalized->number(), finalized->hash,
                                                [&](std::uint64_t n) { return ledger.find_block_hash(n); }));
    if (const auto problem = rollup->status().problem; problem.find("L1: ") != 0 && !problem.empty())
        report("derivation", machine.name() + ": " + problem);
}

void Simulation::judge_transactions() {
    auto* const sequencer = machines_[0]->sequencer();
    if (sequencer == nullptr) return;
    pool::Whereabouts whereabouts;
    report("transactions", transactions_.judge([&](const Hash32& hash) {
        whereabouts = sequencer->pool().why(hash);
        const bool is_there = machines_[0]->ledger().find_transaction(hash) || sequencer->find_preview(hash) != nullptr;
        return TransactionCheck::Fate{is_there, &whereabouts};
    }));
}

void Simulation::heal() {
    trace_.note("all", "no more faults");
    has_faults_ = false;
    l1_->set_behaviour({.slot_ms = scenario_.l1.slot_ms});
    for (auto& machine : machines_) {
        machine->set_faults({});
        machine->cut(false);
        machine->set_clock_right();
        if (!machine->is_up()) machine->start();
    }
}

// Until everyone has derived what the sequencer had when the faults ended.
bool Simulation::settle() {
    const auto end_ms = schedule_.now_ms() + scenario_.settle_seconds * 1000;
    const auto all = [this](auto&& is_so) { return std::ranges::all_of(machines_, is_so); };
    const auto step = [&](auto&& is_so) {
        while (!is_over() && schedule_.now_ms() < end_ms && !all(is_so))
            schedule_.run_until(schedule_.now_ms() + 1'000, [this] { return is_over(); });
    };
    step([](const auto& machine) { return machine->rollup() != nullptr; });
    if (is_over() || !all([](const auto& machine) { return machine->rollup() != nullptr; })) return false;
    target_ = sequencer().ledger().head()->number();
    const auto has_derived = [this](const auto& machine) {
        return machine->is_up() && machine->rollup() != nullptr && machine->ledger().safe()->number() >= target_;
    };
    step(has_derived);
    return all(has_derived);
}

Outcome Simulation::run() {
    start_everything();
    schedule_.run_until(schedule_.now_ms() + scenario_.seconds * 1000, [this] { return is_over(); });
    if (!is_over()) heal();
    if (!is_over() && !settle() && !is_over()) {
        std::string words =
            "block " + std::to_string(target_) + " is not derived everywhere, long after the last fault:";
        for (const auto& machine : machines_)
            words += " " + machine->name() + " " +
                     (machine->rollup() != nullptr ? std::to_string(machine->ledger().safe()->number()) + " (" +
                                                         machine->rollup()->status().problem + ")"
                                                   : "did not start");
        report("liveness", words);
    }
    if (!is_over()) check_at_the_end();
    return take_outcome();
}

void Simulation::report(const std::string& checker, const std::optional<std::string>& fault) {
    if (!fault || fault_) return;
    fault_ = checker + ": " + *fault;
    trace_.note("checker", *fault_);
}

Outcome Simulation::take_outcome() {
    auto& s = statistics_;
    s.seconds = schedule_.now_ms() / 1000 - GENESIS_TIME_S;
    s.events = schedule_.events_run();
    for (const auto& machine : machines_) s.requests += machine->requests();
    s.l1_blocks = l1_->ledger().head()->number();
    s.l1_reorgs = l1_->reorgs();
    s.missed_slots = l1_->missed();
    if (sequencer().is_up()) s.l2_blocks = sequencer().ledger().head()->number();
    if (sequencer().rollup() != nullptr) s.proposals = sequencer().rollup()->proposals().size();
    s.transactions = users_->accepted();
    s.windows_passed = derived_.windows_passed();
    s.deposits = users_->deposits();
    s.withdrawals = users_->taken_home();
    return {fault_, trace_.digest(), s, trace_.lines()};
}

}  // namespace entresol::sim
