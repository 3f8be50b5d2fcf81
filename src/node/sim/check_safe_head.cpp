#include "node/sim/check_safe_head.hpp"

#include <algorithm>

#include "core/base/hex.hpp"

namespace entresol::sim {

std::optional<std::string> SafeHeadCheck::observe(const std::string& node, std::uint64_t safe_number,
                                                  const Hash32& safe_hash, const SafeBlockAt& block_at) {
    auto& chain = chains_[node];
    if (!chain.empty() && chain.back().number == safe_number && chain.back().hash == safe_hash) return std::nullopt;

    // Back to what stays of the chain that was safe before.
    std::vector<SafeBlock> fresh;
    std::uint64_t number = safe_number;
    for (;; --number) {
        const auto block = block_at(number);
        if (number < chain.size() && chain[number].hash == block.hash) break;
        fresh.push_back(block);
        if (number == 0) break;
    }
    const std::size_t kept = safe_number + 1 - fresh.size();
    if (kept < chain.size()) {
        const auto& first_gone = chain[kept];
        const bool excused =
            std::any_of(chain.begin() + static_cast<std::ptrdiff_t>(kept), chain.end(), [this](const SafeBlock& gone) {
                return was_reorganised_(gone.origin.hash) || (gone.source && was_reorganised_(gone.source->hash));
            });
        if (!excused)
            return node + ": safe went back behind block " + std::to_string(first_gone.number) + " " +
                   to_hex(first_gone.hash) + ", and L1 was not reorganised";
    }
    chain.resize(kept);
    for (auto it = fresh.rbegin(); it != fresh.rend(); ++it) {
        if (auto fault = agree(node, *it)) return fault;
        chain.push_back(*it);
    }
    return std::nullopt;
}

std::optional<std::string> SafeHeadCheck::agree(const std::string& node, const SafeBlock& block) {
    if (!block.source) return std::nullopt;
    const auto [it, is_first] = from_source_.try_emplace({block.source->hash, block.number}, block);
    if (is_first || it->second.hash == block.hash) return std::nullopt;
    return node + ": block " + std::to_string(block.number) + " derived from L1 block " +
           std::to_string(block.source->number) + " is " + to_hex(block.hash) + ", and was " + to_hex(it->second.hash);
}

}  // namespace entresol::sim
