#include "node/sim/simulated_l1.hpp"

#include "core/crypto/keccak.hpp"
#include "node/devnet/accounts.hpp"
#include "node/rpc/submit.hpp"
#include "node/sim/kzg.hpp"
#include "node/store/block_store.hpp"

namespace entresol::sim {
namespace {

pool::Limits l1_limits() {
    pool::Limits limits;
    limits.max_tx_bytes = 1024 * 1024;  // blob transactions travel with their blobs
    return limits;
}

bool blobs_are_valid(const chain::Transaction& tx, const chain::BlobSidecar& sidecar) {
    if (sidecar.version != 0 || sidecar.blobs.size() != tx.blob_hashes.size()) return false;
    for (std::size_t i = 0; i < sidecar.blobs.size(); ++i)
        if (crypto::kzg_to_versioned_hash(sidecar.commitments[i]) != tx.blob_hashes[i] ||
            !kzg().verify_blob(sidecar.blobs[i], sidecar.commitments[i], sidecar.proofs[i]))
            return false;
    return true;
}

}  // namespace

SimulatedL1::SimulatedL1(const devnet::Configuration& config, const L1Behaviour& behaviour, Schedule& schedule,
                         Trace& trace, const Random& random)
    : config_(config),
      behaviour_(behaviour),
      schedule_(schedule),
      trace_(trace),
      random_(random),
      loop_([this] { return schedule_.now_ms(); }),
      store_(std::make_shared<store::BlockStore>(store::make_memory_store())),
      ledger_(config.l1_config, config.l1_genesis, store_),
      sequencer_(
          {.mode = sequencer::SealMode::Manual, .mini_blocks = false, .signing_key = {}, .pool_limits = l1_limits()},
          ledger_, loop_, [this] { return schedule_.now_ms(); },
          [this](const ledger::StoredBlock& parent, std::uint64_t timestamp) {
              return std::optional(make_template(parent, timestamp));
          }),
      rpc_(std::make_shared<rpc::Context>(rpc::Context{.ledger = ledger_,
                                                       .loop = loop_,
                                                       .sequencer = &sequencer_,
                                                       .now_ms = [this] { return schedule_.now_ms(); },
                                                       .client_version = "l1",
                                                       .limits = {},
                                                       .filters = {},
                                                       .subscriptions = {},
                                                       .dev = {},
                                                       .rollup = {},
                                                       .forward_transaction = {},
                                                       .check_sidecar = blobs_are_valid})) {
    ledger_.set_execution_threads(1);
    sequencer_.on_pending_transaction([this](const pool::TxPtr& tx) {
        if (tx->sidecar) blobs_.add(tx->tx, *tx->sidecar);
    });
    ledger_.subscribe([this](const ledger::HeadChange& change) {
        for (const auto& block : change.removed) {
            reorganised_.insert(block->hash);
            trace_.note("l1", "block taken back", block->number(), block->hash);
        }
        for (const auto& block : change.added) trace_.note("l1", "block", block->number(), block->hash);
        follow_finality();
    });
    sequencer_.start();
}

// Two branches never have the same block: the number of the branch is in it.
sequencer::BlockTemplate SimulatedL1::make_template(const ledger::StoredBlock& parent, std::uint64_t timestamp) const {
    Bytes mark(8);
    store_be64(mark.data(), branch_);
    return {.timestamp = timestamp,
            .coinbase = devnet::service_account("l1 fees").address,
            .prev_randao = crypto::keccak256(parent.hash.view()),
            .gas_limit = parent.block.header.gas_limit,
            .parent_beacon_block_root = parent.hash,
            .extra_data = std::move(mark),
            .forced = {},
            .only_forced = false};
}

void SimulatedL1::follow_finality() {
    const auto head = ledger_.head()->number();
    const auto back = [&](std::uint64_t lag) { return ledger_.find_block_hash(head > lag ? head - lag : 0).value(); };
    ledger_.set_safe(back(behaviour_.safe_lag));
    if (head > behaviour_.finalized_lag && head - behaviour_.finalized_lag > ledger_.finalized()->number())
        ledger_.set_finalized(back(behaviour_.finalized_lag));
}

void SimulatedL1::make_block(std::uint64_t timestamp) {
    if (random_.chance(behaviour_.fee_spike_per_mille)) {
        sequencer_.set_next_base_fee(U256{random_.between(1, 200)} * U256{1'000'000'000});
        sequencer_.restart_from_head();
    }
    (void)sequencer_.seal_now(timestamp);
}

void SimulatedL1::pass_slot() {
    if (random_.chance(behaviour_.reorg_per_mille)) {
        reorganise();
    } else if (random_.chance(behaviour_.flip_back_per_mille)) {
        (void)flip_back();
    }
    if (random_.chance(behaviour_.missed_per_mille)) {
        ++missed_;
        return;
    }
    const auto now = schedule_.now_ms() / 1000;
    if (now > ledger_.head()->block.header.timestamp) make_block(now);
}

void SimulatedL1::move_head(const Hash32& hash, bool keeps_transactions) {
    std::vector<ledger::BlockPtr> abandoned;
    const auto old_head = ledger_.head();
    ledger_.set_head(hash);
    if (keeps_transactions) {
        for (auto block = old_head; !ledger_.is_canonical(*block);
             block = ledger_.find_block(block->block.header.parent_hash))
            abandoned.push_back(block);
    } else {
        sequencer_.pool().clear();
    }
    sequencer_.restart_from_head(abandoned);
}

// The other branch saw other slots missed; it may be the shorter one. What the old one held is in a pool still, or lost.
void SimulatedL1::reorganise() {
    const auto head = ledger_.head();
    const auto room = head->number() - ledger_.finalized()->number();
    if (room == 0) return;
    const auto depth = random_.between(1, std::min(room, behaviour_.max_reorg_depth));
    const auto ancestor = ledger_.find_block(head->number() - depth);
    ++branch_;
    ++reorgs_;
    trace_.note("l1", "reorganised behind block", ancestor->number(), ancestor->hash);
    left_tip_ = head;
    move_head(ancestor->hash, !random_.chance(behaviour_.lost_per_mille));
    const auto slot_s = behaviour_.slot_ms / 1000;
    for (auto time = ancestor->block.header.timestamp + slot_s; time < schedule_.now_ms() / 1000; time += slot_s)
        if (!random_.chance(behaviour_.missed_per_mille + 100)) make_block(time);
}

// Back to the branch that was left, where finality allows it.
bool SimulatedL1::flip_back() {
    if (left_tip_ == nullptr) return false;
    const auto finalized = ledger_.finalized();
    auto block = left_tip_;
    while (block->number() > finalized->number()) block = ledger_.find_block(block->block.header.parent_hash);
    if (block->hash != finalized->hash || ledger_.is_canonical(*left_tip_)) return false;
    const auto target = left_tip_;
    left_tip_ = ledger_.head();
    ++reorgs_;
    trace_.note("l1", "back to the branch of block", target->number(), target->hash);
    move_head(target->hash, true);
    return true;
}

void SimulatedL1::take_from_portal(const U256& wei) {
    const auto& portal = config_.rollup.deposit_contract;
    state::StateDiff diff;
    auto account = ledger_.state_at(ledger_.head()).open()->find_account(portal).value();
    account.balance -= wei;
    diff.accounts[portal].account = account;
    sequencer_.apply_dev_diff(diff);
}

std::string SimulatedL1::answer(std::string_view body) {
    std::optional<std::string> answer;
    rpc_.handle(body, {}, [&answer](std::string text) { answer = std::move(text); });
    while (!answer && loop_.run_due()) {
    }
    return answer.value_or("");
}

std::string SimulatedL1::answer_beacon(std::string_view path) {
    const auto response = devnet::answer_beacon(std::string(path), ledger_, blobs_);
    return response && response->status == 200 ? response->body : std::string();
}

std::optional<Hash32> SimulatedL1::send(const Hash32& key, const Address& to, const U256& value, Bytes data,
                                        std::uint64_t gas) {
    chain::Transaction tx;
    tx.type = chain::TxType::DynamicFee;
    tx.chain_id = ledger_.config().chain_id;
    tx.nonce = sequencer_.pool().pending_nonce(crypto::address_of_key(key).value());
    tx.max_priority_fee_per_gas = U256{1'000'000'000};
    tx.max_fee_per_gas = U256{1'000'000'000'000};
    tx.gas_limit = gas;
    tx.to = to;
    tx.value = value;
    tx.data = std::move(data);
    CHECK(chain::sign_transaction(tx, key));
    std::optional<Hash32> sent;
    rpc::submit_raw(rpc_.context(), chain::encode(tx), [&sent](const auto& result) {
        if (result.has_value()) sent = result.value();
    });
    while (loop_.run_due()) {
    }
    return sent;
}

}  // namespace entresol::sim
