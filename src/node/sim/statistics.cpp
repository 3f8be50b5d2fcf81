#include "node/sim/simulation.hpp"

namespace entresol::sim {
namespace {

struct Row {
    const char* name;
    std::uint64_t Statistics::* value;
};
constexpr Row ROWS[] = {
    {"seconds", &Statistics::seconds},
    {"events", &Statistics::events},
    {"requests", &Statistics::requests},
    {"l1_blocks", &Statistics::l1_blocks},
    {"l1_reorgs", &Statistics::l1_reorgs},
    {"missed_slots", &Statistics::missed_slots},
    {"l2_blocks", &Statistics::l2_blocks},
    {"deaths", &Statistics::deaths},
    {"power_cuts", &Statistics::power_cuts},
    {"full_disks", &Statistics::full_disks},
    {"clock_jumps", &Statistics::clock_jumps},
    {"cuts", &Statistics::cuts},
    {"transactions", &Statistics::transactions},
    {"deposits", &Statistics::deposits},
    {"withdrawals", &Statistics::withdrawals},
    {"proposals", &Statistics::proposals},
    {"dropped_blocks", &Statistics::dropped_blocks},
    {"windows_passed", &Statistics::windows_passed},
};

}  // namespace

void Statistics::add(const Statistics& other) {
    for (const auto& row : ROWS) this->*row.value += other.*row.value;
}

std::vector<std::pair<const char*, std::uint64_t>> list(const Statistics& statistics) {
    std::vector<std::pair<const char*, std::uint64_t>> out;
    for (const auto& row : ROWS) out.emplace_back(row.name, statistics.*row.value);
    return out;
}

}  // namespace entresol::sim
