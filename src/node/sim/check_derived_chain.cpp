#include "node/sim/check_derived_chain.hpp"

#include <utility>

#include "core/base/hex.hpp"

namespace entresol::sim {

std::optional<std::string> DerivedChainCheck::sealed(std::uint64_t number, std::uint64_t parent_time,
                                                     std::uint64_t time, std::uint64_t block_time) {
    if (time == parent_time + block_time) return std::nullopt;
    return "sequenced block " + std::to_string(number) + " is " + std::to_string(time - parent_time) +
           " s after its parent, and the rollup has a block each " + std::to_string(block_time) + " s";
}

void DerivedChainCheck::dropped(const std::vector<Sealed>& blocks, std::uint64_t l1_head) {
    const auto& lowest = blocks.front();
    if (was_reorganised_(lowest.origin.hash)) return excuse(blocks);
    const bool has_passed = l1_head >= lowest.origin.number + sequencing_window_;
    if (has_passed) ++windows_passed_;
    if (has_passed || lowest.number <= lost_up_to_) {
        lost(blocks.back().number);
        return excuse(blocks);
    }
    if (unexcused_.empty() || lowest.number < unexcused_.front().number) unexcused_ = blocks;
}

void DerivedChainCheck::excuse(const std::vector<Sealed>& blocks) {
    for (const auto& block : blocks) excused_.insert(block.hash);
}

std::optional<std::string> DerivedChainCheck::added(std::uint64_t number, const Hash32& hash) {
    if (unexcused_.empty() || number != unexcused_.front().number) return std::nullopt;
    const auto blocks = std::exchange(unexcused_, {});
    const auto& lowest = blocks.front();
    if (hash == lowest.hash) return std::nullopt;
    if (excused_.contains(hash)) {  // L1 is back on the branch that holds this one's batch
        excuse(blocks);
        return std::nullopt;
    }
    return "sequenced block " + std::to_string(lowest.number) + " " + to_hex(lowest.hash) +
           " was replaced by another one, " + to_hex(hash) + ", and its L1 origin " +
           std::to_string(lowest.origin.number) + " stands, within the sequencing window";
}

std::optional<std::string> DerivedChainCheck::compare(const std::string& name, const HashAt& chain,
                                                      const std::string& other_name, const HashAt& other,
                                                      std::uint64_t up_to) {
    for (std::uint64_t number = 0; number <= up_to; ++number) {
        const auto a = chain(number), b = other(number);
        if (a && b && *a == *b) continue;
        const auto show = [](const std::optional<Hash32>& hash) { return hash ? to_hex(*hash) : "nothing"; };
        std::string words = "block " + std::to_string(number) + " is ";
        words.append(show(a)).append(" on ").append(name).append(" and ").append(show(b)).append(" on ");
        return words.append(other_name);
    }
    return std::nullopt;
}

}  // namespace entresol::sim
