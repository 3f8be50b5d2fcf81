// Safe never moves back but with L1, and what is derived from an L1 block is the same for everyone, whenever he derives it.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/derive/rollup_config.hpp"

namespace entresol::sim {

/// A safe L2 block, and the L1 block that it came from.
struct SafeBlock {
    std::uint64_t number = 0;
    Hash32 hash;
    derive::BlockId origin;
    std::optional<derive::BlockId> source;  // nothing: not on record
};

class SafeHeadCheck {
public:
    using WasReorganised = std::function<bool(const Hash32& l1_block)>;
    using SafeBlockAt = std::function<SafeBlock(std::uint64_t number)>;

    explicit SafeHeadCheck(WasReorganised was_reorganised) : was_reorganised_(std::move(was_reorganised)) {}

    /// A process begins: after a power cut it may know of less than the one before it.
    void restarted(const std::string& node) { chains_.erase(node); }
    /// The words of a fault.
    [[nodiscard]] std::optional<std::string> observe(const std::string& node, std::uint64_t safe_number,
                                                     const Hash32& safe_hash, const SafeBlockAt& block_at);

private:
    [[nodiscard]] std::optional<std::string> agree(const std::string& node, const SafeBlock& block);

    WasReorganised was_reorganised_;
    std::map<std::string, std::vector<SafeBlock>> chains_;               // by number
    std::map<std::pair<Hash32, std::uint64_t>, SafeBlock> from_source_;  // by L1 block and L2 number
};

}  // namespace entresol::sim
