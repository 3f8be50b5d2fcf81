#include "node/sim/scenario.hpp"

namespace entresol::sim {

Scenario Scenario::draw(std::uint64_t seed) {
    Random random = Random(seed).fork("scenario");
    const auto sometimes = [&random](std::uint64_t least, std::uint64_t most) {
        const bool is_there = random.chance(500);
        const auto rate = random.between(least, most);
        return is_there ? rate : 0;
    };
    Scenario s;
    s.seed = seed;
    s.seconds = random.between(60, 120);
    s.replicas = random.between(1, 2);
    s.blobs = random.chance(80);
    s.columns = random.chance(400);
    s.proposes = random.chance(700);
    s.confirmation_depth = random.chance(500) ? random.between(1, 4) : 0;
    s.sequencing_window = random.chance(150) ? random.between(12, 20) : 60;

    s.l1.missed_per_mille = sometimes(20, 300);
    s.l1.reorg_per_mille = sometimes(10, 120);
    s.l1.flip_back_per_mille = sometimes(10, 80);
    s.l1.fee_spike_per_mille = sometimes(10, 100);
    s.l1.lost_per_mille = random.between(0, 600);
    s.l1.max_reorg_depth = random.between(1, s.l1.finalized_lag - 1);

    s.network.lost_requests = sometimes(1, 60);
    s.network.lost_answers = sometimes(1, 60);
    s.network.doubled = sometimes(1, 60);
    s.network.late = sometimes(1, 30);
    s.network.most_ms = random.between(5, 60);
    s.cuts = sometimes(2, 15);

    s.users.mean_pause_ms = random.between(100, 1'500);
    s.users.deposits_per_mille = random.between(0, 200);
    s.users.withdrawals_per_mille = random.between(0, 150);
    s.users.lost_per_mille = sometimes(10, 200);
    s.users.doubled_per_mille = sometimes(10, 200);

    s.deaths = sometimes(2, 20);
    s.power_cuts = sometimes(2, 15);
    s.full_disks = sometimes(1, 6);
    s.clock_jumps = sometimes(2, 20);
    s.batch_deadline_s = random.chance(300) ? random.between(4, s.sequencing_window / 2) : 0;
    s.network.damaged = sometimes(1, 20);
    return s;
}

std::string Scenario::describe() const {
    std::string out = std::to_string(seconds) + " s";
    const auto add = [&out](const char* what, std::uint64_t rate) {
        if (rate != 0) out += std::string(", ") + what + " " + std::to_string(rate);
    };
    add("replicas", replicas);
    add("window", sequencing_window);
    add("confirmations", confirmation_depth);
    add("batch deadline", batch_deadline_s);
    out += blobs ? ", blobs" : ", calldata";
    if (columns) out += ", columns";
    if (proposes) out += ", proposals";
    out += "; per mille";
    add("missed slots", l1.missed_per_mille);
    add("reorgs", l1.reorg_per_mille);
    add("flips back", l1.flip_back_per_mille);
    add("fee spikes", l1.fee_spike_per_mille);
    add("lost requests", network.lost_requests);
    add("lost answers", network.lost_answers);
    add("doubled", network.doubled);
    add("late", network.late);
    add("damaged", network.damaged);
    add("cuts", cuts);
    add("deaths", deaths);
    add("power cuts", power_cuts);
    add("full disks", full_disks);
    add("clock jumps", clock_jumps);
    return out;
}

}  // namespace entresol::sim
