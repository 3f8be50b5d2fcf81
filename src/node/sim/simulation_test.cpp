// Whole runs: 200 seeds without a fault, the same seed twice, and faults that were planted and must be found.
#include "node/sim/simulation.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>

#include <unistd.h>

#include "node/sim/simulated_l1.hpp"

namespace entresol::sim {
namespace {

std::string tell(const Scenario& scenario, const Outcome& outcome) {
    std::string out = "seed " + std::to_string(scenario.seed) + ": " + outcome.fault.value_or("") + "\n" +
                      scenario.describe() + "\n./dev sim --trace --seeds 1 --first " + std::to_string(scenario.seed);
    for (const auto& line : outcome.trace) out += "\n" + line;
    return out;
}

TEST(Simulation, TwoHundredSeedsWithoutAFault) {
    Statistics total;
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        const auto scenario = Scenario::draw(seed);
        const auto outcome = Simulation(scenario).run();
        ASSERT_FALSE(outcome.fault.has_value()) << tell(scenario, outcome);
        total.add(outcome.statistics);
    }
    // Each kind of thing has happened, or the runs say nothing of it.
    for (const auto& [name, value] : list(total)) EXPECT_GT(value, 0U) << name;
}

TEST(Simulation, TheSameSeedIsTheSameRun) {
    for (const std::uint64_t seed : {3, 4, 5}) {
        const auto a = Simulation(Scenario::draw(seed)).run(), b = Simulation(Scenario::draw(seed)).run();
        EXPECT_EQ(a.digest, b.digest) << seed;
        EXPECT_EQ(a.trace, b.trace) << seed;
        EXPECT_NE(a.digest, Simulation(Scenario::draw(seed + 100)).run().digest);
    }
}

constexpr std::uint64_t SEEDS_ELSEWHERE[] = {6, 7, 8, 9};

std::string digests() {
    std::string out;
    for (const auto seed : SEEDS_ELSEWHERE) out += std::to_string(Simulation(Scenario::draw(seed)).run().digest) + " ";
    return out;
}

// Runs in a process of its own, which the test below starts.
TEST(DISABLED_OtherProcess, Digests) { std::printf("digests: %s\n", digests().c_str()); }

// Another process has other addresses, and another seed of its hash tables.
TEST(Simulation, TheSameSeedIsTheSameRunInAnotherProcess) {
    std::array<char, 4096> path{};
    const auto size = ::readlink("/proc/self/exe", path.data(), path.size() - 1);
    ASSERT_GT(size, 0);
    const std::string command =
        std::string(path.data()) + " --gtest_also_run_disabled_tests --gtest_filter=DISABLED_OtherProcess.Digests 2>&1";
    FILE* const other = ::popen(command.c_str(), "r");
    ASSERT_NE(other, nullptr);
    std::string text;
    std::array<char, 4096> part{};
    while (std::fgets(part.data(), part.size(), other) != nullptr) text += part.data();
    ASSERT_EQ(::pclose(other), 0) << text;
    EXPECT_NE(text.find("digests: " + digests()), std::string::npos) << text;
}

Scenario calm() {
    Scenario scenario;
    scenario.seed = 1;
    scenario.seconds = 60;
    scenario.users.mean_pause_ms = 100;
    return scenario;
}

TEST(Simulation, NothingIsReplacedOnACalmDay) {
    const auto outcome = Simulation(calm()).run();
    EXPECT_FALSE(outcome.fault.has_value()) << tell(calm(), outcome);
    EXPECT_EQ(outcome.statistics.dropped_blocks, 0U);
    EXPECT_GT(outcome.statistics.transactions, 100U);
    EXPECT_GT(outcome.statistics.l2_blocks, 50U);
}

void expect_found(Simulation& simulation, const char* checker) {
    const auto outcome = simulation.run();
    ASSERT_TRUE(outcome.fault.has_value());
    EXPECT_EQ(outcome.fault->find(checker), 0U) << *outcome.fault;
}

TEST(PlantedFault, ASafeHeadThatGoesBack) {
    Simulation simulation(calm());
    simulation.plan(40'000, [&] {
        auto& ledger = simulation.replica(0).ledger();
        ledger.set_safe(*ledger.find_block_hash(ledger.safe()->number() - 1));
    });
    expect_found(simulation, "safe head: replica 1: safe went back");
}

TEST(PlantedFault, AFinalizedHeadThatGoesBack) {
    Simulation simulation(calm());
    simulation.plan(50'000, [&] {
        auto& ledger = simulation.replica(0).ledger();
        ASSERT_GT(ledger.finalized()->number(), 1U);
        ledger.set_finalized(ledger.genesis()->hash);
    });
    expect_found(simulation, "finalized head: replica 1: finalized went back");
}

// State that no transaction made: everyone who derives gets another block.
TEST(PlantedFault, ASequencerWhoseStateIsNotDerived) {
    Simulation simulation(calm());
    simulation.plan(40'000, [&] {
        state::StateDiff diff;
        diff.accounts[Address{{{1}}}].account = state::Account{.nonce = 1, .balance = U256{7}};
        simulation.sequencer().sequencer()->apply_dev_diff(diff);
    });
    const auto outcome = simulation.run();
    ASSERT_TRUE(outcome.fault.has_value());
}

TEST(PlantedFault, ASequencedBlockThatIsDropped) {
    Simulation simulation(calm());
    simulation.plan(40'000, [&] {
        auto& ledger = simulation.sequencer().ledger();
        const auto dropped = ledger.head();
        ledger.set_head(dropped->block.header.parent_hash);
        simulation.sequencer().sequencer()->restart_from_head({dropped});
    });
    expect_found(simulation, "derived chain: sequenced block");
}

TEST(PlantedFault, AnAcceptedTransactionThatIsForgotten) {
    auto scenario = calm();
    Simulation simulation(scenario);
    // The last moment of the users: later they would send it again.
    simulation.plan(scenario.seconds * 1000 - 10, [&] {
        ASSERT_TRUE(simulation.sequencer().sequencer()->has_shown_transactions());
        simulation.sequencer().sequencer()->drop_and_restart();
    });
    expect_found(simulation, "transactions: accepted transaction");
}

TEST(PlantedFault, AWeiThatThePortalLost) {
    Simulation simulation(calm());
    simulation.plan(40'000, [&] { simulation.l1().take_from_portal(U256{1}); });
    expect_found(simulation, "supply: the portal holds");
}

TEST(PlantedFault, ADiskThatLosesWhatAKilledProcessWrote) {
    Simulation simulation(calm());
    simulation.plan(40'000, [&] { simulation.kill_and_lose(simulation.replica(0)); });
    expect_found(simulation, "restart: replica 1");
}

}  // namespace
}  // namespace entresol::sim
