#include "node/sim/machine.hpp"

#include <exception>

#include "node/devnet/accounts.hpp"
#include "node/rpc/service.hpp"
#include "node/sim/kzg.hpp"
#include "node/sim/simulated_l1.hpp"
#include "node/store/block_store.hpp"
#include "node/sync/client_l1_provider.hpp"
#include "node/sync/l2_templates.hpp"

namespace entresol::sim {

const char* to_string(Death death) {
    switch (death) {
        case Death::Killed: return "killed";
        case Death::PowerCut: return "power cut";
        case Death::DiskFull: break;
    }
    return "disk full";
}

struct Machine::Process {
    io::Loop loop;
    ledger::Ledger ledger;
    std::shared_ptr<l1::L1Client> client;
    sync::ClientL1Provider provider;
    sync::L1Follower follower{provider};
    std::unique_ptr<sequencer::Sequencer> block_maker;
    std::unique_ptr<settlement::RollupNode> rollup;
    std::shared_ptr<rpc::Dispatcher> rpc;
    std::unique_ptr<Fiber> service;  // the thread of the rollup node, and of the start before it

    Process(const Machine& machine, const devnet::Configuration& config)
        : loop([&machine] { return machine.now_ms(); }),
          ledger(config.l2_config, config.l2_genesis, std::make_shared<store::BlockStore>(machine.disk_)),
          client(std::make_shared<l1::L1Client>(machine.execution_, machine.beacon_,
                                                []() -> const crypto::Kzg& { return kzg(); })),
          provider(client) {
        ledger.set_execution_threads(1);
    }
};

Machine::Machine(MachineOptions options, const devnet::Configuration& config, SimulatedL1& l1, Schedule& schedule,
                 Trace& trace, const Random& random)
    : options_(std::move(options)),
      config_(config),
      schedule_(schedule),
      trace_(trace),
      random_(random.fork(options_.name)),
      disk_(std::make_shared<Disk>()) {
    const auto link = [&](const char* purpose) {
        return std::make_shared<Link>(
            schedule, trace, random_.fork(purpose), [&l1](std::string_view body) { return l1.answer(body); },
            [&l1](std::string_view path) { return l1.answer_beacon(path); });
    };
    execution_ = link("execution");
    beacon_ = link("beacon");
    for (const auto& each : {execution_, beacon_}) each->on_request([this] { changed(); });
}

Machine::~Machine() {
    if (is_up()) die(Death::Killed);
}

std::uint64_t Machine::now_ms() const {
    return static_cast<std::uint64_t>(static_cast<std::int64_t>(schedule_.now_ms()) + clock_offset_ms_);
}

void Machine::set_faults(const NetworkFaults& faults) {
    execution_->set_faults(faults);
    beacon_->set_faults(faults);
}

void Machine::cut(bool is_cut) {
    execution_->cut(is_cut);
    beacon_->cut(is_cut);
}

ledger::Ledger& Machine::ledger() { return process_->ledger; }
settlement::RollupNode* Machine::rollup() { return is_up() ? process_->rollup.get() : nullptr; }
sequencer::Sequencer* Machine::sequencer() { return is_up() ? process_->block_maker.get() : nullptr; }
rpc::Dispatcher* Machine::rpc() { return is_up() ? process_->rpc.get() : nullptr; }

void Machine::changed() {
    if (!is_dying_ && on_change_) on_change_(*this);
}

void Machine::start() {
    CHECK(!is_up());
    ++life_;
    is_dying_ = has_failed_ = false;
    trace_.note(options_.name, "starts");
    execution_->reopen();
    beacon_->reopen();
    process_ = std::make_unique<Process>(*this, config_);
    if (on_start_) on_start_(*this);
    process_->service = std::make_unique<Fiber>([this] {
        try {
            live();
        } catch (const std::exception& failure) {
            trace_.note(options_.name, failure.what());
            has_failed_ = true;
        }
    });
    process_->service->resume();
}

void Machine::sleep(std::uint64_t ms) {
    sleeping_ = std::make_shared<Waiting>();
    schedule_.after(ms, [waiting = sleeping_] { waiting->wake(); });
    Fiber::pause();
    sleeping_.reset();
}

// As replica::Replica has it, but for the servers: an L1 that does not answer at the start ends that process, and whoever watches it starts it again.
void Machine::live() {
    auto& p = *process_;
    while (!is_dying_ && !p.client->chain_id()) sleep(1'000);
    if (is_dying_) return;
    settlement::RollupNode::Options o{.config = options_.rollup,
                                      .batcher_key = {},
                                      .proposer_key = {},
                                      .batcher = {},
                                      .proposer = {},
                                      .poll_ms = options_.poll_ms,
                                      .kzg = []() -> const crypto::Kzg& { return kzg(); },
                                      .follower = nullptr,
                                      .now_ms = [this] { return now_ms(); },
                                      .steady_ms = [this] { return schedule_.now_ms(); },
                                      .l1_problem = [&p] { return p.provider.problem(); }};
    if (options_.is_sequencer) {
        const auto head = derive::make_l2_block_ref(options_.rollup, p.ledger.head()->block);
        CHECK(head.has_value());
        while (p.follower.follow(head->l1_origin.number)) {
        }
        if (is_dying_) return;
        p.block_maker = std::make_unique<sequencer::Sequencer>(
            sequencer::Options{.block_time_ms = options_.rollup.block_time * 1000,
                               .exact_spacing = true,
                               .mode = sequencer::SealMode::Interval,
                               .mini_blocks = true,
                               .signing_key = devnet::service_account("sequencer").key,
                               .pool_limits = {}},
            p.ledger, p.loop, [this] { return now_ms(); },
            sync::make_l2_templates(options_.rollup, p.follower, options_.confirmation_depth));
        o.follower = &p.follower;
        o.batcher_key = devnet::service_account("batcher").key;
        o.batcher.posting = options_.posting;
        o.batcher.cell_proofs = false;  // a hundred times the work, and nothing here reads them
        o.batcher.interval_ms = options_.batch_interval_ms;
        if (options_.columns) o.batcher.channel.format = derive::ChannelFormat::Columns;
        if (options_.proposes) {
            o.proposer_key = devnet::service_account("proposer").key;
            o.proposer.factory = config_.contracts.at("dispute_game_factory");
            o.proposer.portal = config_.contracts.at("optimism_portal");
            o.proposer.interval_ms = options_.proposal_interval_ms;
            o.proposer.refresh_ms = options_.proposal_interval_ms / 2;
            o.proposer.challenge_period_s = CHALLENGE_PERIOD_S;
        }
        p.rpc = rpc::make_dispatcher({.ledger = p.ledger,
                                      .loop = p.loop,
                                      .sequencer = p.block_maker.get(),
                                      .now_ms = [this] { return now_ms(); },
                                      .client_version = "sequencer",
                                      .limits = {},
                                      .filters = {},
                                      .subscriptions = {},
                                      .dev = {},
                                      .rollup = {},
                                      .forward_transaction = {},
                                      .check_sidecar = {}});
    }
    p.rollup = std::make_unique<settlement::RollupNode>(std::move(o), p.client, p.provider, p.provider, p.ledger,
                                                        p.loop, p.block_maker.get());
    if (p.block_maker) p.block_maker->start();
    while (!is_dying_) {
        const auto pause_ms = p.rollup->run_round();
        if (is_dying_) return;
        changed();
        sleep(pause_ms + random_.below(20));
    }
}

void Machine::turn() {
    if (!is_up()) return;
    try {
        if (!has_failed_) (void)process_->loop.run_due();
    } catch (const std::exception& failure) {
        trace_.note(options_.name, failure.what());
        has_failed_ = true;
    }
    changed();
    if (has_failed_ && on_end_) on_end_(*this);
}

// The fiber is led to its end with a network that is gone and a disk that takes nothing: production has no such moment, and nothing of it is kept.
void Machine::die(Death death) {
    CHECK(is_up());
    trace_.note(options_.name, to_string(death));
    is_dying_ = true;
    disk_->stop();
    execution_->close();
    beacon_->close();
    if (const auto waiting = sleeping_) waiting->wake();
    CHECK(process_->service->is_done());
    process_.reset();
    disk_->restart(death == Death::PowerCut ? Disk::Loss::PowerCut : Disk::Loss::Nothing, random_);
}

}  // namespace entresol::sim
