// Posts L2 blocks to L1: one channel of span batches at a time, as blobs or calldata, until derivation has found them there. Lives on one thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "core/derive/channel_builder.hpp"
#include "node/ledger/ledger.hpp"
#include "node/settlement/clocks.hpp"
#include "node/settlement/position_log.hpp"
#include "node/settlement/posting.hpp"
#include "node/settlement/tx_manager.hpp"

namespace entresol::settlement {

struct BatcherOptions {
    PostingOptions posting;
    /// Blob transactions carry EIP-7594 cell proofs (what L1 demands since Osaka).
    bool cell_proofs = true;
    std::uint64_t interval_ms = 2'000;  // between two channels
    std::uint64_t resend_after_ms = 30'000;
    derive::ChannelOptions channel;
};

class Batcher {
public:
    /// `kzg` is asked only for blobs. Positions of earlier runs are read from the ledger's store.
    Batcher(const BatcherOptions& options, const derive::RollupConfig& config, TxManager transactions,
            const ledger::Ledger& ledger, std::function<const crypto::Kzg&()> kzg, Clocks clocks);

    /// One round: looks after what is under way, else posts the next channel. Never waits for inclusion.
    [[nodiscard]] l1::L1Result<void> step();
    /// L1 or the L2 was reorganised: begins again behind the safe head, and behind what is still on L1.
    void restart();

    [[nodiscard]] std::optional<BatchPosition> find_position(std::uint64_t l2_block_number) const;  // thread-safe
    [[nodiscard]] std::vector<BatchPosition> recent_positions(std::size_t most) const;  // thread-safe, newest first
    /// What this process has posted, and L1 included. Thread-safe.
    struct Posted {
        std::uint64_t batches = 0, raw_bytes = 0, compressed_bytes = 0;
    };
    [[nodiscard]] Posted posted() const;

private:
    struct InFlight {
        BatchPosition position;
        std::vector<TxRequest> requests;  // those that were not sent yet, in order
        std::size_t transactions = 0;     // of the whole channel
        struct Sent {
            TxManager::Ticket ticket;
            std::uint64_t at_ms = 0;
            std::optional<TxManager::Progress> included;
        };
        std::vector<Sent> under_way;
        [[nodiscard]] bool is_sent() const { return requests.empty(); }
    };
    /// What earlier runs had under way: a whole channel is seen through, the rest is given up.
    void take_up_unsettled();
    /// Goes behind the batches that are on L1 although derivation has not read them yet.
    [[nodiscard]] l1::L1Result<void> skip_what_is_posted();
    [[nodiscard]] bool is_of_this_chain(const BatchPosition& position) const;
    [[nodiscard]] l1::L1Result<bool> is_on_l1(BatchPosition& position);
    /// Blocks that wait for the next channel.
    struct Waiting {
        derive::ChannelBuilder builder;
        std::uint64_t first_block = 0, next_block = 0;
        Hash32 last_hash;
        std::uint64_t since_ms = 0;
    };
    /// Adds what the L2 has made since; false while there is nothing.
    [[nodiscard]] bool collect();
    [[nodiscard]] bool open_waiting();
    [[nodiscard]] std::uint64_t age_ms(std::uint64_t timestamp) const;
    [[nodiscard]] Backlog measure_backlog();
    [[nodiscard]] l1::L1Result<void> observe_prices();
    [[nodiscard]] bool begin_channel();
    [[nodiscard]] std::vector<TxRequest> make_requests(const derive::EncodedChannel& channel, DataKind kind);
    /// Commitments and proofs of its blobs: a tenth of a second for each.
    void complete(chain::BlobSidecar& sidecar);
    [[nodiscard]] l1::L1Result<void> advance(InFlight& work);
    /// False where the transaction was lost, and the channel with it.
    [[nodiscard]] l1::L1Result<bool> look_after(InFlight& work, std::size_t i);
    /// Transactions of a channel that was given up still hold their nonce: they must go through before later ones can.
    [[nodiscard]] l1::L1Result<void> look_after_abandoned();
    [[nodiscard]] bool stands_on_what_was_posted() const;
    [[nodiscard]] l1::L1Result<void> send_rest(InFlight& work);
    void finish(InFlight& work);
    void give_up();
    void remember(const BatchPosition& position);

    BatcherOptions options_;
    const derive::RollupConfig& config_;
    TxManager transactions_;
    const ledger::Ledger& ledger_;
    std::function<const crypto::Kzg&()> kzg_;
    Clocks clocks_;
    /// For intervals.
    [[nodiscard]] std::uint64_t now_ms() const { return clocks_.steady_ms(); }
    PostingPolicy policy_;
    std::uint64_t prices_at_ms_ = 0;
    std::optional<Waiting> waiting_;
    std::optional<DataKind> last_kind_;
    std::optional<InFlight> in_flight_;
    struct Abandoned {
        TxManager::Ticket ticket;
        std::uint64_t sent_at_ms = 0;
    };
    std::vector<Abandoned> abandoned_;
    bool looks_for_posted_ = true;  // before the next channel
    std::uint64_t next_block_ = 0;
    std::uint64_t safe_seen_ = 0;
    Hash32 last_posted_hash_;  // of block next_block_ - 1, once it was posted
    std::uint64_t last_posted_ms_ = 0;
    std::uint64_t channels_ = 0;
    std::uint64_t waiting_for_safe_since_ms_ = 0;

    static constexpr std::size_t MAX_POSITIONS = 100'000;
    PositionLog log_;
    mutable std::mutex mutex_;
    Posted posted_;
    std::map<std::uint64_t, BatchPosition> positions_;  // by last L2 block
};

}  // namespace entresol::settlement
