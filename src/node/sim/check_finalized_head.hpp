// Finalized never moves back, not over a power cut either, and there is one finalized chain for all.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/bytes.hpp"

namespace entresol::sim {

class FinalizedHeadCheck {
public:
    using HashAt = std::function<std::optional<Hash32>(std::uint64_t number)>;

    /// The words of a fault. `hash_at` reads the node's canonical chain.
    [[nodiscard]] std::optional<std::string> observe(const std::string& node, std::uint64_t number, const Hash32& hash,
                                                     const HashAt& hash_at);

private:
    std::vector<Hash32> chain_;  // by number: what anyone has called finalized
    std::map<std::string, std::uint64_t> heads_;
};

}  // namespace entresol::sim
