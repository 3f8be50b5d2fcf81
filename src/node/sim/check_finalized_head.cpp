#include "node/sim/check_finalized_head.hpp"

#include <algorithm>

#include "core/base/hex.hpp"

namespace entresol::sim {

std::optional<std::string> FinalizedHeadCheck::observe(const std::string& node, std::uint64_t number,
                                                       const Hash32& hash, const HashAt& hash_at) {
    const auto [known, is_first] = heads_.try_emplace(node, number);
    const std::uint64_t before = known->second;
    known->second = number;
    if (number < before)
        return node + ": finalized went back from block " + std::to_string(before) + " to " + std::to_string(number);
    if (number == before && !is_first && number < chain_.size() && chain_[number] == hash) return std::nullopt;
    for (std::uint64_t n = before; n <= number; ++n) {
        const auto here = n == number ? std::optional(hash) : hash_at(n);
        if (!here) return node + ": finalized block " + std::to_string(n) + " is not in its chain";
        if (n == chain_.size()) chain_.push_back(*here);
        if (n < chain_.size() && chain_[n] != *here)
            return node + ": finalized block " + std::to_string(n) + " is " + to_hex(*here) +
                   ", and another one was finalized: " + to_hex(chain_[n]);
    }
    return std::nullopt;
}

}  // namespace entresol::sim
