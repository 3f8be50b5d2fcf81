#include "node/settlement/rollup_node.hpp"

#include <atomic>
#include <condition_variable>
#include <thread>

#include "node/io/trouble.hpp"
#include "node/store/block_store.hpp"

namespace entresol::settlement {
namespace {

constexpr std::size_t BLOCKS_PER_STEP = 64;
constexpr std::uint64_t MAX_BACKOFF_MS = 10'000;

// What one round came to.
struct Round {
    bool more = false;       // derivation has more to do at once
    std::string words;       // the first thing that L1 did not answer
    std::string derivation;  // the same, of what derivation asked

    void note(const l1::L1Error& error) {
        if (words.empty()) words = error.message;
    }
    void note(const l1::L1Result<void>& outcome) {
        if (!outcome) note(outcome.error());
    }
};

}  // namespace

struct RollupNode::Impl {
    Options options;
    std::shared_ptr<l1::L1Client> client;
    ledger::Ledger& ledger;
    sync::Deriver deriver;
    std::unique_ptr<Batcher> batcher;
    std::unique_ptr<Proposer> proposer;

    std::mutex round_mutex;  // held through a round
    std::thread thread;
    mutable std::mutex mutex;
    std::condition_variable wake;
    bool stopping = false;
    bool poked = false;
    std::uint64_t head_l1 = 0, safe_l1 = 0, finalized_l1 = 0;
    std::string problem;
    std::uint64_t seen_resets = 0;
    std::uint64_t pause_ms = options.poll_ms;
    io::Trouble trouble{"rollup", "L1 and derivation are well again"};  // of the thread

    Impl(Options o, std::shared_ptr<l1::L1Client> c, derive::L1Provider& l1, derive::BlobProvider& blobs,
         ledger::Ledger& ldg, io::Loop& loop, sequencer::Sequencer* sequencer)
        : options(std::move(o)),
          client(std::move(c)),
          ledger(ldg),
          deriver(options.config, l1, blobs, ldg, loop, sequencer) {
        const auto chain_id = options.config.l1.chain_id;
        const auto manager = [&](const Hash32& key, const char* name) {
            return TxManager(client, key, chain_id, Outbox(ledger.store()->tables(), name));
        };
        if (options.batcher_key)
            batcher =
                std::make_unique<Batcher>(options.batcher, options.config, manager(*options.batcher_key, "batcher"),
                                          ledger, options.kzg, Clocks{options.now_ms, options.steady_ms});
        if (options.proposer_key)
            proposer = std::make_unique<Proposer>(options.proposer, client, manager(*options.proposer_key, "proposer"),
                                                  ledger, Clocks{options.now_ms, options.steady_ms});
    }

    void say(std::string words) {
        if (words.empty())
            trouble.clear();
        else
            trouble.report(words);
        const std::lock_guard lock(mutex);
        problem = std::move(words);
    }

    // Each head for itself: one request that is lost takes back nothing of the others. Two in a row that reach nobody: L1 is away.
    bool read_l1_heads(Round& round) {
        struct Head {
            l1::BlockTag tag;
            std::uint64_t& number;
        };
        std::size_t unreachable = 0;
        for (const auto& [tag, number] : {Head{l1::BlockTag::Latest, head_l1}, Head{l1::BlockTag::Safe, safe_l1},
                                          Head{l1::BlockTag::Finalized, finalized_l1}}) {
            const auto header = client->header(tag);
            if (header) {
                const std::lock_guard lock(mutex);
                number = header->header.number;
                continue;
            }
            round.note(header.error());
            if (header.error().kind == l1::L1ErrorKind::Unreachable && ++unreachable == 2) return false;
        }
        return true;
    }

    void follow_l1() {
        const auto ref = derive::make_l2_block_ref(options.config, ledger.head()->block);
        CHECK(ref.has_value());  // a block of our own ledger
        (void)options.follower->follow(ref->l1_origin.number);
    }

    // One round of everything. What L1 does not answer keeps back only who asked; the next round comes after a pause.
    Round round() {
        const std::lock_guard round_lock(round_mutex);
        Round round;
        if (!read_l1_heads(round)) return round;
        if (options.follower != nullptr) follow_l1();
        round.more = deriver.step(BLOCKS_PER_STEP);
        if (options.l1_problem) round.derivation = options.l1_problem();
        deriver.advance_finalized(finalized_l1);
        if (batcher != nullptr) {
            if (const auto resets = deriver.resets(); resets != seen_resets) {
                seen_resets = resets;
                batcher->restart();
            }
            round.note(batcher->step());
        }
        if (proposer != nullptr) round.note(proposer->step());
        return round;
    }

    // The pause until the next one.
    std::uint64_t run_round() {
        const auto done = round();
        const auto& l1_words = done.words.empty() ? done.derivation : done.words;
        say(l1_words.empty() || !deriver.problem().empty() ? deriver.problem() : "L1: " + l1_words);
        if (done.words.empty() && done.more) return 0;
        pause_ms = done.words.empty() || done.more ? options.poll_ms : std::min(pause_ms * 2, MAX_BACKOFF_MS);
        return pause_ms;
    }

    void run() {
        std::unique_lock lock(mutex);
        while (!stopping) {
            lock.unlock();
            const std::chrono::milliseconds pause(run_round());
            lock.lock();
            if (pause.count() == 0) continue;
            wake.wait_for(lock, pause, [this] { return stopping || poked; });
            poked = false;
        }
    }
};

RollupNode::RollupNode(Options options, std::shared_ptr<l1::L1Client> client, derive::L1Provider& l1,
                       derive::BlobProvider& blobs, ledger::Ledger& ledger, io::Loop& loop,
                       sequencer::Sequencer* sequencer)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(client), l1, blobs, ledger, loop, sequencer)) {}

RollupNode::~RollupNode() { stop(); }

void RollupNode::start() {
    impl_->thread = std::thread([this] { impl_->run(); });
}

void RollupNode::stop() {
    {
        const std::lock_guard lock(impl_->mutex);
        impl_->stopping = true;
        impl_->wake.notify_all();
    }
    if (impl_->thread.joinable()) impl_->thread.join();
}

std::uint64_t RollupNode::run_round() { return impl_->run_round(); }

void RollupNode::poke() {
    const std::lock_guard lock(impl_->mutex);
    impl_->poked = true;
    impl_->wake.notify_all();
}

std::unique_lock<std::mutex> RollupNode::hold() { return std::unique_lock(impl_->round_mutex); }

SyncStatus RollupNode::status() const {
    SyncStatus status;
    status.current_l1 = impl_->deriver.l1_origin();
    status.unsafe_l2 = impl_->ledger.head()->number();
    status.safe_l2 = impl_->ledger.safe()->number();
    status.finalized_l2 = impl_->ledger.finalized()->number();
    status.resets = impl_->deriver.resets();
    const std::lock_guard lock(impl_->mutex);
    status.head_l1 = impl_->head_l1;
    status.safe_l1 = impl_->safe_l1;
    status.finalized_l1 = impl_->finalized_l1;
    status.problem = impl_->problem;
    return status;
}

std::optional<derive::BlockId> RollupNode::derived_from(std::uint64_t l2_number) const {
    return impl_->deriver.derived_from(l2_number);
}
std::optional<BatchPosition> RollupNode::batch_position(std::uint64_t l2_number) const {
    return impl_->batcher != nullptr ? impl_->batcher->find_position(l2_number) : std::nullopt;
}
std::vector<BatchPosition> RollupNode::recent_batches(std::size_t most) const {
    return impl_->batcher != nullptr ? impl_->batcher->recent_positions(most) : std::vector<BatchPosition>{};
}
Batcher::Posted RollupNode::posted() const {
    return impl_->batcher != nullptr ? impl_->batcher->posted() : Batcher::Posted{};
}
std::vector<Proposal> RollupNode::proposals() const {
    return impl_->proposer != nullptr ? impl_->proposer->proposals() : std::vector<Proposal>{};
}

}  // namespace entresol::settlement
