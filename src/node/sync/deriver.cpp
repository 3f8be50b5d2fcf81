#include "node/sync/deriver.hpp"

#include <mutex>

#include "core/base/hex.hpp"
#include "node/io/log.hpp"
#include "node/ledger/node_overlay.hpp"
#include "node/parallel/execute_block.hpp"
#include "node/store/block_store.hpp"

namespace entresol::sync {
namespace {

using derive::BlockId;
using derive::Stall;

std::string derived_from_key(std::uint64_t number) { return "derived_from." + std::to_string(number); }

// The ledger as derivation reads it, with the L1 block that each L2 block came from.
class LedgerL2Reader final : public derive::L2Reader {
public:
    explicit LedgerL2Reader(const ledger::Ledger& ledger) : ledger_(ledger) {}
    derive::Fetched<chain::Block> block_by_number(std::uint64_t number) override {
        const auto block = ledger_.find_block(number);
        if (block == nullptr) return fail(derive::FetchError::NotFound);
        return block->block;
    }
    std::optional<BlockId> derived_from(std::uint64_t number) override {
        const auto stored = ledger_.store()->find_meta(derived_from_key(number));
        if (!stored || stored->size() != 72) return std::nullopt;
        // The record names the L2 block it speaks of: after a reorg it may be another one's.
        const auto l2_hash = ledger_.find_block_hash(number);
        if (!l2_hash || from_bytes<Hash32>(ByteView(*stored).subspan(40)) != *l2_hash) return std::nullopt;
        return BlockId{from_bytes<Hash32>(*stored), load_be64(stored->data() + 32)};
    }
    void remember(std::uint64_t number, const Hash32& l2_hash, const derive::L1BlockRef& l1) {
        Bytes record = to_bytes(l1.hash.view());
        record.resize(40);
        store_be64(record.data() + 32, l1.number);
        append(record, l2_hash.view());
        ledger_.store()->put_meta(derived_from_key(number), record);
    }

private:
    const ledger::Ledger& ledger_;
};

}  // namespace

struct Deriver::Impl {
    derive::RollupConfig config;
    derive::L1Provider& l1;
    ledger::Ledger& ledger;
    io::Loop& loop;
    sequencer::Sequencer* sequencer;
    LedgerL2Reader l2;
    derive::Pipeline pipeline;
    struct Search {
        Hash32 safe, finalized;
        derive::SyncStartSearch steps;
    };
    std::optional<Search> search;  // for where to start again, while it is not finished
    bool needs_reset = true;
    Hash32 expected_safe;      // what this class made the safe head
    ledger::BlockPtr reached;  // how far derivation has come: below the safe head for a while after it started again
    mutable std::mutex mutex;  // guards what other threads read
    derive::L1BlockRef origin;
    std::string problem;
    std::uint64_t resets = 0;

    Impl(derive::RollupConfig c, derive::L1Provider& l1_provider, derive::BlobProvider& blobs, ledger::Ledger& ldg,
         io::Loop& lp, sequencer::Sequencer* seq)
        : config(std::move(c)),
          l1(l1_provider),
          ledger(ldg),
          loop(lp),
          sequencer(seq),
          l2(ledger),
          pipeline(config, l1, blobs, l2) {}

    // Once, not each time that the same thing is met again.
    void say(std::string words) {
        const std::lock_guard lock(mutex);
        if (words == problem) return;
        io::log_error("derivation", words);
        problem = std::move(words);
    }

    derive::L2BlockRef ref_of(const ledger::StoredBlock& block) const {
        const auto ref = derive::make_l2_block_ref(config, block.block);
        CHECK(ref.has_value());  // a block of our own ledger
        return *ref;
    }

    // Nothing: L1 does not say now.
    std::optional<bool> is_canonical(const BlockId& l1_block) {
        const auto header = l1.header_by_number(l1_block.number);
        if (!header) return header.error() == derive::FetchError::NotFound ? std::optional(false) : std::nullopt;
        return chain::header_hash(*header) == l1_block.hash;
    }
    // Is the L1 block that this L2 block stands on still canonical?
    std::optional<bool> stands_on_canonical_l1(const ledger::StoredBlock& block) {
        return is_canonical(ref_of(block).l1_origin);
    }

    void move_head(const ledger::BlockPtr& target) {
        io::log_warning("derivation", "L1 was reorganised, unsafe blocks are taken back",
                        {{"from", ledger.head()->number()}, {"to", target->number()}});
        loop.run_and_wait([&] {
            std::vector<ledger::BlockPtr> abandoned;
            for (auto block = ledger.head(); block->number() > target->number();
                 block = ledger.find_block(block->block.header.parent_hash))
                abandoned.push_back(block);
            ledger.set_head(target->hash);
            if (sequencer != nullptr) sequencer->restart_from_head(abandoned);
        });
    }

    // Unsafe blocks whose L1 origin has been reorganised away can never become safe. While L1 is asked, the sequencer may seal more on top of them.
    bool rewind_unsafe(std::uint64_t safe_number) {
        const auto top = ledger.head();
        auto block = top;
        while (block->number() > safe_number) {
            const auto canonical = stands_on_canonical_l1(*block);
            if (!canonical) return false;
            if (*canonical) break;
            block = ledger.find_block(block->block.header.parent_hash);
        }
        if (block->hash != top->hash) move_head(block);
        return true;
    }

    // The pipeline sees a reorg only of L1 blocks that it has read; the sequencer may have built on later ones. And development methods move heads.
    bool stands_still() {
        if (ledger.safe()->hash != expected_safe) return false;
        return stands_on_canonical_l1(*ledger.head()).value_or(true);
    }

    // Derivation starts again at the last block of an earlier L1 block, for it cannot go on in the middle of one. What was derived beyond that is still
    // safe as long as the L1 block that it came from is canonical. Nothing: L1 does not say now, and no answer is no reorganisation.
    std::optional<bool> is_still_safe(const ledger::StoredBlock& block) {
        const auto from = l2.derived_from(block.number());
        if (!from) return false;
        const auto source_stands = is_canonical(*from);
        if (!source_stands || !*source_stands) return source_stands;
        return stands_on_canonical_l1(block);
    }

    // Interrupted by an L1 that does not answer, the search goes on in the next step, as long as it is the same chain that it is about.
    Result<derive::SyncStart, Stall> find_start() {
        const auto safe = ledger.safe(), finalized = ledger.finalized();
        if (!search || search->safe != safe->hash || search->finalized != finalized->hash)
            search.emplace(Search{safe->hash, finalized->hash, {config, l1, l2, safe->number(), finalized->number()}});
        return search->steps.run();
    }

    bool reset() {
        const auto start = find_start();
        if (!start) {
            if (start.error() != Stall::Temporary) search.reset();
            if (start.error() == Stall::Broken)
                say("L1 no longer holds what finalized L2 blocks were derived from: a reorg across a finalized block, "
                    "or another L1");
            return false;
        }
        const auto old_safe = ledger.safe();
        const auto still_safe = old_safe->number() > start->safe_head.number ? is_still_safe(*old_safe) : false;
        if (!still_safe) return false;
        const bool keeps = *still_safe;
        const Hash32 safe = keeps ? old_safe->hash : start->safe_head.hash;
        if (!rewind_unsafe(keeps ? old_safe->number() : start->safe_head.number)) return false;
        if (!keeps) loop.run_and_wait([&] { ledger.set_safe(safe); });
        pipeline.reset(*start);
        search.reset();
        expected_safe = safe;
        reached = ledger.find_block(start->safe_head.hash);
        needs_reset = false;
        io::log(resets == 0 ? io::LogLevel::Info : io::LogLevel::Warning, "derivation",
                resets == 0 ? "starts" : "was reset, starts again",
                {{"safe_block", ledger.safe()->number()}, {"from_block", start->safe_head.number}});
        const std::lock_guard lock(mutex);
        ++resets;
        problem.clear();
        return true;
    }

    bool take(const derive::PayloadAttributes& attributes) {
        const auto known = ledger.find_block(attributes.parent.number + 1);
        if (known != nullptr && known->block.header.parent_hash == attributes.parent.hash &&
            derive::matches(config, attributes, known->block)) {
            mark_safe(known, attributes.derived_from);
            return true;
        }
        return build(attributes);
    }

    void mark_safe(const ledger::BlockPtr& block, const derive::L1BlockRef& from) {
        reached = block;
        if (ledger.safe()->number() >= block->number()) return;  // derived once more
        loop.run_and_wait([&] {
            if (ledger.find_block_hash(block->number()) != block->hash)
                return;  // moved meanwhile: the next step notices
            l2.remember(block->number(), block->hash, from);
            ledger.set_safe(block->hash);
        });
        expected_safe = block->hash;
    }

    // The batch says something else than what is here, or nothing is here: derivation decides.
    bool build(const derive::PayloadAttributes& attributes) {
        bool ok = false;
        loop.run_and_wait([&] {
            const auto parent = ledger.find_block(attributes.parent.hash);
            const auto before = ledger.state_at(parent);
            const auto view = before.open();
            auto run = ledger.executor().begin(*view, [&before] { return before.open(); });
            ledger::NodeOverlay nodes(*ledger.store());
            auto derived = derive::derive_block(config, pipeline, attributes,
                                                {parent->block.header, run.view(), nodes, nodes, run.runner()});
            std::vector<ledger::BlockPtr> abandoned;
            const auto known = ledger.find_block(parent->number() + 1);
            if (derived && known != nullptr && chain::header_hash(derived->sealed.block.header) == known->hash) {
                // Once more without the batch's transactions, which make no valid block (Holocene): it may be final, and stays.
                mark_safe(known, attributes.derived_from);
                ok = true;
                return;
            }
            for (auto block = ledger.head(); block->number() > parent->number();
                 block = ledger.find_block(block->block.header.parent_hash))
                abandoned.push_back(block);
            if (ledger.head()->hash != parent->hash) {
                io::log_warning("derivation", "unsafe blocks are replaced by derived ones",
                                {{"from", ledger.head()->number()}, {"to", parent->number()}});
                ledger.set_head(parent->hash);
            }
            if (derived) {
                const auto block = ledger.commit({.block = std::move(derived->sealed.block),
                                                  .outcome = std::move(derived->sealed.outcome),
                                                  .senders = std::move(derived->sealed.senders),
                                                  .state = nodes.take()});
                l2.remember(block->number(), block->hash, attributes.derived_from);
                ledger.set_safe(block->hash);
                expected_safe = block->hash;
                reached = block;
                ok = true;
            } else {
                say(std::string("derived attributes make no block: ") + derive::to_string(derived.error()));
            }
            if (sequencer != nullptr) sequencer->restart_from_head(abandoned);
        });
        return ok;
    }
};

Deriver::Deriver(derive::RollupConfig config, derive::L1Provider& l1, derive::BlobProvider& blobs,
                 ledger::Ledger& ledger, io::Loop& loop, sequencer::Sequencer* sequencer)
    : impl_(std::make_unique<Impl>(std::move(config), l1, blobs, ledger, loop, sequencer)) {}
Deriver::~Deriver() = default;

bool Deriver::step(std::size_t max_blocks) {
    auto& d = *impl_;
    if (!d.needs_reset && !d.stands_still()) d.needs_reset = true;
    if (d.needs_reset && !d.reset()) return false;
    for (std::size_t i = 0; i < max_blocks; ++i) {
        if (d.ledger.safe()->hash != d.expected_safe) {
            d.needs_reset = true;
            return true;
        }
        const auto attributes = d.pipeline.next(d.ref_of(*d.reached));
        {
            const std::lock_guard lock(d.mutex);
            d.origin = d.pipeline.origin();
        }
        if (attributes) {
            if (attributes->parent.hash != d.reached->hash || !d.take(*attributes)) {
                d.needs_reset = true;
                return false;
            }
            continue;
        }
        switch (attributes.error()) {
            case Stall::Again: continue;
            case Stall::Reset: d.needs_reset = true; return true;
            case Stall::Broken:
                d.say("L1 holds data that no genuine chain of this rollup holds: derivation cannot go on");
                return false;
            default: return false;
        }
    }
    return true;
}

void Deriver::advance_finalized(std::uint64_t l1_finalized_number) {
    auto& d = *impl_;
    auto candidate = d.ledger.safe();
    const auto finalized = d.ledger.finalized()->number();
    while (candidate->number() > finalized) {
        const auto from = d.l2.derived_from(candidate->number());
        if (from && from->number <= l1_finalized_number) break;
        candidate = d.ledger.find_block(candidate->block.header.parent_hash);
    }
    if (candidate->number() <= finalized) return;
    // Its number alone says nothing: L1 may have left the branch that it is of, and derivation not have read that yet.
    if (!d.is_canonical(*d.l2.derived_from(candidate->number())).value_or(false)) return;
    d.loop.run_and_wait([&] { d.ledger.set_finalized(candidate->hash); });
}

derive::L1BlockRef Deriver::l1_origin() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->origin;
}
std::optional<BlockId> Deriver::derived_from(std::uint64_t l2_number) const {
    return impl_->l2.derived_from(l2_number);
}
std::string Deriver::problem() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->problem;
}
std::uint64_t Deriver::resets() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->resets;
}

}  // namespace entresol::sync
