#include "node/sim/check_derived_chain.hpp"

#include "core/base/hex.hpp"

namespace entresol::sim {

std::optional<std::string> DerivedChainCheck::sealed(std::uint64_t number, std::uint64_t parent_time,
                                                     std::uint64_t time, std::uint64_t block_time) {
    if (time == parent_time + block_time) return std::nullopt;
    return "sequenced block " + std::to_string(number) + " is " + std::to_string(time - parent_time) +
           " s after its parent, and the rollup has a block each " + std::to_string(block_time) + " s";
}

std::optional<std::string> DerivedChainCheck::dropped(const Sealed& lowest, std::uint64_t highest,
                                                      std::uint64_t l1_head) {
    if (was_reorganised_(lowest.origin.hash)) return std::nullopt;
    const bool has_passed = l1_head >= lowest.origin.number + sequencing_window_;
    if (has_passed) ++windows_passed_;
    if (has_passed || lowest.number <= lost_up_to_) {
        lost(highest);
        return std::nullopt;
    }
    return "sequenced block " + std::to_string(lowest.number) + " " + to_hex(lowest.hash) +
           " was replaced by a derived one, and its L1 origin " + std::to_string(lowest.origin.number) +
           " stands, within the sequencing window";
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
