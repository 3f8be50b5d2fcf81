// What a seed stands for: how many machines, which options, and which faults at which rates. Each kind of fault is absent from about half of the seeds, so that
// none hides what another would show (swarm testing).
#pragma once

#include <string>

#include "node/sim/network.hpp"
#include "node/sim/simulated_l1.hpp"
#include "node/sim/users.hpp"

namespace entresol::sim {

struct Scenario {
    std::uint64_t seed = 0;
    std::uint64_t seconds = 90;          // with faults
    std::uint64_t settle_seconds = 300;  // without them, at most, until all agree
    std::size_t replicas = 1;
    bool blobs = false, columns = false, proposes = true;
    std::uint64_t confirmation_depth = 0;
    std::uint64_t batch_deadline_s = 0;
    std::uint64_t sequencing_window = 60;  // L1 blocks
    L1Behaviour l1;
    NetworkFaults network;
    UserBehaviour users;
    // Per mille of each machine's seconds.
    std::uint64_t deaths = 0, power_cuts = 0, full_disks = 0, clock_jumps = 0, cuts = 0;

    [[nodiscard]] static Scenario draw(std::uint64_t seed);
    [[nodiscard]] std::string describe() const;
};

}  // namespace entresol::sim
