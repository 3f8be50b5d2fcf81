// The derived chain is the sequenced chain: what the sequencer sealed stays, unless L1 left the branch that it stood on, its window passed or the disk lost it;
// and everyone has the same chain in the end.
#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <string>

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
    /// The sequencer's own chain dropped blocks, from this one to that number. The words of a fault. Where another chain had been posted, it may go on deciding: what
    /// is sealed in place of these is excused too.
    [[nodiscard]] std::optional<std::string> dropped(const Sealed& lowest, std::uint64_t highest,
                                                     std::uint64_t l1_head);
    /// Two chains up to a block, both ends included.
    [[nodiscard]] static std::optional<std::string> compare(const std::string& name, const HashAt& chain,
                                                            const std::string& other_name, const HashAt& other,
                                                            std::uint64_t up_to);

private:
    std::uint64_t sequencing_window_;  // L1 blocks
    WasReorganised was_reorganised_;
    std::uint64_t lost_up_to_ = 0, windows_passed_ = 0;
};

}  // namespace entresol::sim
