// The derived chain is the sequenced chain: what the sequencer sealed stays, unless L1 left the branch that it stood on, its window passed, the disk lost it or L1
// returned to a branch that holds the batch of what was sealed there before; and everyone has the same chain in the end.
#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/derive/rollup_config.hpp"

namespace entresol::sim {

class DerivedChainCheck {
public:
    struct Sealed {
        std::uint64_t number = 0;
        Hash32 hash;
        derive::BlockId origin;
    };
    using WasReorganised = std::function<bool(const Hash32& l1_block)>;
    using HashAt = std::function<std::optional<Hash32>(std::uint64_t number)>;

    DerivedChainCheck(std::uint64_t sequencing_window, WasReorganised was_reorganised)
        : sequencing_window_(sequencing_window), was_reorganised_(std::move(was_reorganised)) {}

    /// The sequencer sealed a block: one that derivation would not take is a fault already now, though only its window will show it.
    [[nodiscard]] static std::optional<std::string> sealed(std::uint64_t number, std::uint64_t parent_time,
                                                           std::uint64_t time, std::uint64_t block_time);
    /// How many times nothing but the window excused it.
    [[nodiscard]] std::uint64_t windows_passed() const { return windows_passed_; }
    /// A power cut: another chain may have been sealed, and posted, up to this block.
    void lost(std::uint64_t number) { lost_up_to_ = std::max(lost_up_to_, number); }
    /// The sequencer's own chain dropped these blocks, the lowest first. Where another chain had been posted, it may go on deciding: what is sealed in place of these is
    /// excused too. Without an excuse the verdict waits for the block that comes in its place.
    void dropped(const std::vector<Sealed>& blocks, std::uint64_t l1_head);
    /// A block joined the sequencer's own chain, sealed or derived. The words of a fault, when it replaces one that should have stayed.
    [[nodiscard]] std::optional<std::string> added(std::uint64_t number, const Hash32& hash);
    /// Two chains up to a block, both ends included.
    [[nodiscard]] static std::optional<std::string> compare(const std::string& name, const HashAt& chain,
                                                            const std::string& other_name, const HashAt& other,
                                                            std::uint64_t up_to);

private:
    void excuse(const std::vector<Sealed>& blocks);

    std::uint64_t sequencing_window_;  // L1 blocks
    WasReorganised was_reorganised_;
    std::uint64_t lost_up_to_ = 0, windows_passed_ = 0;
    std::set<Hash32> excused_;       // dropped with an excuse: their batches may be on a branch that L1 returns to
    std::vector<Sealed> unexcused_;  // dropped without one, until a block takes the place of the lowest
};

}  // namespace entresol::sim
