// A block's transactions on all cores, with the result of one: docs/adr/0013-parallel-blocks.md.
#pragma once

#include <memory>

#include "core/stf/transition.hpp"

namespace entresol::parallel {

struct Options {
    unsigned threads = 0;                // 0: as many as the machine has; 1: serial
    std::size_t chunk_transactions = 0;  // 0: by the block's size
    bool adapts = true;                  // stops guessing where guesses prove wrong; tests go on
};

/// What became of the work done ahead, since the executor was made. Blocks that were too small are not counted.
struct Statistics {
    std::uint64_t blocks = 0;
    std::uint64_t chunks = 0;     // all
    std::uint64_t committed = 0;  // as they had been run ahead
    std::uint64_t aborted = 0;    // run ahead on a state that others then changed, and run again
};

/// A view of the state before the block for one more thread. Called from any thread.
using OpenView = std::function<std::unique_ptr<state::StateView>()>;

/// Not thread-safe; one block at a time. Its threads sleep in between.
class Executor {
public:
    explicit Executor(const Options& options);
    ~Executor();
    Executor(const Executor&) = delete;
    Executor& operator=(const Executor&) = delete;

    /// A block in progress: what it is executed on, and how its transactions are run. Both refer to this and to the view.
    class BlockRun {
    public:
        ~BlockRun();
        BlockRun(const BlockRun&) = delete;
        BlockRun& operator=(const BlockRun&) = delete;
        [[nodiscard]] state::StateView& view();
        /// Gives exactly what stf::run_transactions gives. From Byzantium on.
        [[nodiscard]] stf::RunTransactions runner();

    private:
        friend class Executor;
        struct Impl;
        explicit BlockRun(std::unique_ptr<Impl> impl);
        std::unique_ptr<Impl> impl_;
    };
    /// `view` is for the calling thread. Senders may be known or empty.
    [[nodiscard]] BlockRun begin(state::StateView& view, OpenView open, std::span<const Address> known_senders = {});

    /// stf::apply_block with the same result; fills the senders.
    [[nodiscard]] Result<stf::BlockOutcome, stf::BlockFailure> apply_block(
        state::StateView& view, OpenView open, const chain::ChainConfig& config, const chain::Header& parent,
        const chain::Block& block, std::vector<Address>& senders, std::span<const Address> known_senders = {},
        const stf::PostStateRoot& post_state_root = {});

    [[nodiscard]] const Statistics& statistics() const;
    [[nodiscard]] unsigned threads() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace entresol::parallel
