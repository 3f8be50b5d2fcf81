// What is true when the faults have ended and all had their time.
#include "node/l1/in_process_transport.hpp"
#include "node/sim/check_supply.hpp"
#include "node/sim/kzg.hpp"
#include "node/sim/simulation.hpp"
#include "node/store/block_store.hpp"
#include "node/sync/client_l1_provider.hpp"

namespace entresol::sim {
namespace {

DerivedChainCheck::HashAt hashes_of(const ledger::Ledger& ledger) {
    return [&ledger](std::uint64_t number) { return ledger.find_block_hash(number); };
}

}  // namespace

void Simulation::check_at_the_end() {
    check_chains();
    judge_transactions();
    audit();
}

void Simulation::check_chains() {
    const auto& sequenced = sequencer().ledger();
    for (std::size_t i = 1; i < machines_.size(); ++i) {
        const auto& derived = machines_[i]->ledger();
        const auto both = std::min(sequenced.safe()->number(), derived.safe()->number());
        report("derived chain", DerivedChainCheck::compare("sequencer", hashes_of(sequenced), machines_[i]->name(),
                                                           hashes_of(derived), both));
    }
}

// A replica that has seen none of it derives the whole chain from the L1 as it is now, and counts the ether.
void Simulation::audit() {
    const auto& config = machines_[0]->config();
    io::Loop loop([this] { return schedule_.now_ms(); });
    ledger::Ledger ledger(config.l2_config, config.l2_genesis,
                          std::make_shared<store::BlockStore>(store::make_memory_store()));
    ledger.set_execution_threads(1);
    const auto transport =
        std::make_shared<l1::InProcessTransport>([this](std::string_view body) { return l1_->answer(body); },
                                                 [this](std::string_view path) { return l1_->answer_beacon(path); });
    sync::ClientL1Provider provider(
        std::make_shared<l1::L1Client>(transport, transport, []() -> const crypto::Kzg& { return kzg(); }));
    sync::Deriver deriver(rollup_, provider, provider, ledger, loop, nullptr);
    while (deriver.step(256)) {
    }
    if (ledger.safe()->number() < target_)
        return report("derived chain", "a new replica derives " + std::to_string(ledger.safe()->number()) + " of " +
                                           std::to_string(target_) + " blocks " + deriver.problem());
    const auto& sequenced = sequencer().ledger();
    report("derived chain",
           DerivedChainCheck::compare("sequencer", hashes_of(sequenced), "a new replica", hashes_of(ledger),
                                      std::min(ledger.safe()->number(), sequenced.safe()->number())));
    for (const auto& machine : machines_)
        if (const auto fault = check_supply(measure_l2(config, machine->ledger(), l1_->ledger())))
            report("supply", machine->name() + ": " + *fault);
    const auto derived = measure_l2(config, ledger, l1_->ledger());
    report("supply", check_supply(derived));
    report("supply", check_supply(measure_l1(config, l1_->ledger(), ledger), derived.withdrawn));
}

}  // namespace entresol::sim
