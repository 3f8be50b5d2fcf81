#include "node/devnet/system.hpp"

#include <algorithm>
#include <future>

#include "core/crypto/keccak.hpp"
#include "node/l1/in_process_transport.hpp"
#include "node/metrics/routes.hpp"
#include "node/replica/rollup_service.hpp"
#include "node/rpc/subscriptions.hpp"
#include "node/store/block_store.hpp"
#include "node/sync/l2_templates.hpp"

namespace entresol::devnet {
namespace {

bool sidecar_is_valid(const crypto::Kzg& kzg, const chain::Transaction& tx, const chain::BlobSidecar& sidecar) {
    if (sidecar.blobs.size() != tx.blob_hashes.size()) return false;
    for (std::size_t i = 0; i < sidecar.blobs.size(); ++i) {
        if (sidecar.blobs[i].size() != crypto::BYTES_PER_BLOB ||
            crypto::kzg_to_versioned_hash(sidecar.commitments[i]) != tx.blob_hashes[i])
            return false;
        if (sidecar.version == 0) {
            if (!kzg.verify_blob(sidecar.blobs[i], sidecar.commitments[i], sidecar.proofs[i])) return false;
            continue;
        }
        constexpr std::size_t CELL_PROOFS = 128;
        Bytes proofs;
        for (std::size_t p = 0; p < CELL_PROOFS; ++p) append(proofs, sidecar.proofs[i * CELL_PROOFS + p].view());
        if (!kzg.verify_cell_proofs(sidecar.blobs[i], sidecar.commitments[i], proofs)) return false;
    }
    return true;
}

// What a layer keeps beside its chain. The heads and the chain's name are the ledger's to write.
StateArchive::Records read_table(const store::BlockStore& store, store::Table table) {
    StateArchive::Records records;
    store.tables()->scan(table, {}, store::ScanOrder::Ascending, [&](ByteView key, ByteView value) {
        records.emplace_back(to_bytes(key), to_bytes(value));
        return true;
    });
    return records;
}

void write_table(store::BlockStore& store, store::Table table, const StateArchive::Records& records) {
    store::WriteBatch batch;
    for (const auto& [key, value] : records)
        if (table != store::Table::Meta || !store.find_meta({reinterpret_cast<const char*>(key.data()), key.size()}))
            batch.put(table, key, value);
    store.tables()->write(batch, false);
}

StateArchive::Layer read_layer(const ledger::Ledger& ledger) {
    return {.chain = ledger::make_archive(ledger),
            .facts = read_table(*ledger.store(), store::Table::Meta),
            .outbox = read_table(*ledger.store(), store::Table::Outbox)};
}

Result<void, std::string> restore_layer(const StateArchive::Layer& layer, const chain::ChainConfig& config,
                                        const chain::Genesis& genesis,
                                        const std::shared_ptr<store::BlockStore>& store) {
    (void)ledger::Ledger(config, genesis, store);  // writes the genesis block
    TRY_VOID(ledger::restore_archive(layer.chain, *store));
    write_table(*store, store::Table::Meta, layer.facts);
    write_table(*store, store::Table::Outbox, layer.outbox);
    store->flush();
    return {};
}

}  // namespace

Result<void, std::string> restore(const StateArchive& archive, const Configuration& config,
                                  const SystemStores& stores) {
    const auto in = [](const char* layer, const Result<void, std::string>& outcome) -> Result<void, std::string> {
        if (!outcome) return fail(layer + outcome.error());
        return {};
    };
    TRY_VOID(in("L1: ", restore_layer(archive.l1, config.l1_config, config.l1_genesis, stores.l1)));
    return in("L2: ", restore_layer(archive.l2, config.l2_config, config.l2_genesis, stores.l2));
}

System::System(Options options, Configuration config, SystemStores stores, std::int64_t offset_ms, Load load)
    : options_(std::move(options)), config_(std::move(config)), stores_(std::move(stores)), load_(std::move(load)) {
    clock_.set_offset_ms(offset_ms);
    if (stores_.keeps) blobs_.keep_in(stores_.l1);
    // Before the L1's: its contracts depend on the L2's chain id, and the user chose that.
    (void)stores_.l2->check_chain(options_.l2_chain_id, config_.rollup.l2_genesis.hash);
    make_l1();
    make_l2();
    make_l1_rpc();
    make_rollup();
    make_l2_rpc();
}

System::~System() { stop(); }

void System::start() {
    is_started_ = true;
    l1_->start();
    l2_->start();
    rollup_->start();
    (void)snapshot();
}

void System::stop() {
    if (!std::exchange(is_started_, false)) return;
    rollup_->stop();
    l2_->stop();
    l1_->stop();
    stores_.l1->flush();
    stores_.l2->flush();
}

sequencer::BlockTemplate System::l1_template(const ledger::StoredBlock& parent, std::uint64_t timestamp) const {
    return {.timestamp = timestamp,
            .coinbase = l1_->coinbase().value_or(service_account("l1 fees").address),
            .prev_randao =
                crypto::keccak256(parent.hash.view()),  // no beacon chain draws lots here: a public, repeatable value
            .gas_limit = l1_->gas_limit_or(parent.block.header.gas_limit),
            .parent_beacon_block_root = crypto::keccak256(parent.block.header.prev_randao.view()),
            .extra_data = l1_->branch_mark(),
            .forced = {},
            .only_forced = false};
}

// Safe and finalized follow the head at fixed distances.
void System::follow_l1_finality() {
    l1_->ledger().subscribe([this](const ledger::HeadChange&) {
        auto& ledger = l1_->ledger();
        const auto head = ledger.head()->number();
        const auto back = [&](std::uint64_t lag) {
            return ledger.find_block_hash(head > lag ? head - lag : 0).value();
        };
        ledger.set_safe(back(options_.l1_safe_lag));
        if (head > options_.l1_finalized_lag && head - options_.l1_finalized_lag > ledger.finalized()->number())
            ledger.set_finalized(back(options_.l1_finalized_lag));
    });
}

void System::make_l1() {
    sequencer::Options o{.block_time_ms = options_.l1_block_time_ms,
                         .exact_spacing = false,
                         .mode = sequencer::SealMode::Interval,
                         .mini_blocks = false,
                         .signing_key = std::nullopt,
                         .pool_limits = {}};
    o.pool_limits.max_tx_bytes = 1024 * 1024;
    l1_ = std::make_unique<ChainNode>(o, config_.l1_config, config_.l1_genesis, stores_.l1, clock_, *this,
                                      [this](const ledger::StoredBlock& parent, std::uint64_t timestamp) {
                                          return std::optional(l1_template(parent, timestamp));
                                      });
    blobs_.prove_with([this]() -> const crypto::Kzg& { return kzg_; });
    l1_->sequencer().on_pending_transaction([this](const pool::TxPtr& tx) {
        if (tx->sidecar) blobs_.add(tx->tx, *tx->sidecar);
    });
    follow_l1_finality();
    l1_provider_ = std::make_unique<sync::LedgerL1Provider>(l1_->ledger());
}

void System::make_l2() {
    const sequencer::Options o{
        .block_time_ms = options_.l2_block_time_ms,
        .exact_spacing = true,
        .follows_clock = config_.rollup.allow_time_jumps,
        .mode = options_.automine ? sequencer::SealMode::Automine : sequencer::SealMode::Interval,
        .mini_blocks = true,
        .signing_key = service_account("sequencer").key,
        .pool_limits = {.max_transactions = options_.pool_transactions}};
    l2_ = std::make_unique<ChainNode>(o, config_.l2_config, config_.l2_genesis, stores_.l2, clock_, *this,
                                      sync::make_l2_templates(config_.rollup, *l1_provider_));
}

rpc::Context System::make_context(ChainNode& node, const char* layer) {
    return {.ledger = node.ledger(),
            .loop = node.loop(),
            .sequencer = &node.sequencer(),
            .now_ms = [this] { return clock_.now_ms(); },
            .client_version = std::string("anvil/entresol/v0.1.0/") +
                              layer,  // tools ask for "anvil" before they use development methods
            .dev = std::shared_ptr<rpc::DevMethods>(std::shared_ptr<void>(), &node)};
}

void System::make_l1_rpc() {
    auto context = make_context(*l1_, "l1");
    context.check_sidecar = [this](const chain::Transaction& tx, const chain::BlobSidecar& sidecar) {
        return sidecar_is_valid(kzg_, tx, sidecar);
    };
    l1_rpc_ = rpc::make_dispatcher(std::move(context));
}

// Batcher, proposer and derivation reach the embedded L1 as they would any other: by JSON-RPC, only without a socket.
void System::make_rollup() {
    const auto answer = [this](std::string_view body) {
        std::promise<std::string> promise;
        auto future = promise.get_future();
        l1_rpc_->handle(body, {}, [&promise](std::string response) { promise.set_value(std::move(response)); });
        return future.get();
    };
    const auto beacon = [this](std::string_view path) {
        const auto response = answer_beacon(std::string(path), l1_->ledger(), blobs_);
        return response && response->status == 200 ? response->body : std::string();
    };
    const auto transport = std::make_shared<l1::InProcessTransport>(answer, beacon);
    l1_client_ = std::make_shared<l1::L1Client>(transport, transport, [this]() -> const crypto::Kzg& { return kzg_; });
    blob_provider_ = std::make_unique<sync::ClientL1Provider>(l1_client_);
    settlement::RollupNode::Options o{.config = config_.rollup,
                                      .batcher_key = service_account("batcher").key,
                                      .proposer_key = service_account("proposer").key,
                                      .batcher = {},
                                      .proposer = {},
                                      .poll_ms = 200,
                                      .kzg = [this]() -> const crypto::Kzg& { return kzg_; },
                                      .now_ms = [this] { return clock_.now_ms(); }};
    o.batcher.posting = options_.posting;
    if (options_.columns) o.batcher.channel.format = derive::ChannelFormat::Columns;
    o.batcher.interval_ms = options_.l1_block_time_ms;
    o.proposer.factory = config_.contracts.at("dispute_game_factory");
    o.proposer.portal = config_.contracts.at("optimism_portal");
    o.proposer.interval_ms = options_.proposal_interval_s * 1000;
    o.proposer.challenge_period_s = options_.challenge_period_s;
    rollup_ = std::make_unique<settlement::RollupNode>(std::move(o), l1_client_, *l1_provider_, *blob_provider_,
                                                       l2_->ledger(), l2_->loop(), &l2_->sequencer());
    l1_->ledger().subscribe([this](const ledger::HeadChange&) { rollup_->poke(); });
}

void System::make_l2_rpc() {
    auto context = make_context(*l2_, "l2");
    const auto bridge = std::make_shared<bridge::Bridge>(l1_client_, l2_->ledger(), config_.rollup.deposit_contract,
                                                         config_.rollup.l1_genesis.number);
    context.rollup = std::make_shared<replica::RollupService>(
        genesis::ChainFile{config_.rollup, config_.l2_genesis, config_.contracts}, *rollup_, l2_->ledger(), bridge,
        l1_client_, [this] { return clock_.now_ms(); });
    l2_rpc_ = rpc::make_dispatcher(std::move(context));
    explorer_ = std::make_unique<explorer::Explorer>(
        explorer::Sources{.l2 = l2_rpc_, .bridge = bridge, .config = config_.rollup, .contracts = config_.contracts});
}

http::Response System::get_l1(const std::string& target) const {
    if (auto answer = answer_beacon(target, l1_->ledger(), blobs_)) return std::move(*answer);
    return {.status = 404, .content_type = "text/plain", .body = "not found\n", .headers = {}};
}

http::Response System::get_l2(const std::string& target) const {
    auto answer = metrics::answer(target, {.ledger = l2_->ledger(),
                                           .dispatcher = *l2_rpc_,
                                           .sequencer = &l2_->sequencer(),
                                           .rollup = rollup_.get(),
                                           .now_ms = [this] { return clock_.now_ms(); },
                                           .max_head_age_s = options_.max_head_age_s});
    return answer ? std::move(*answer) : explorer_->answer(target);
}

void System::close_subscriptions() {
    for (const auto& dispatcher : {l1_rpc_, l2_rpc_}) dispatcher->context().subscriptions->close_all();
}

// What users were shown, and what development methods wrote, is in a block before the heads are noted down.
void System::seal_what_was_shown() {
    for (auto* layer : {l1_.get(), l2_.get()})
        layer->loop().run_and_wait([layer] {
            if (layer->sequencer().has_shown_transactions()) (void)layer->sequencer().seal_now();
        });
}

std::uint64_t System::snapshot() {
    seal_what_was_shown();
    const std::lock_guard lock(snapshots_mutex_);
    snapshots_[next_snapshot_] = {l1_->ledger().head()->hash, l2_->ledger().head()->hash, clock_.offset_ms()};
    return next_snapshot_++;
}

// A snapshot can be used once; later ones die with it (as Hardhat and anvil have it). Number 0, the start, stays.
bool System::revert(std::uint64_t id) {
    Snapshot target;
    {
        const std::lock_guard lock(snapshots_mutex_);
        const auto it = snapshots_.find(id);
        if (it == snapshots_.end()) return false;
        target = it->second;
        snapshots_.erase(id == 0 ? std::next(it) : it, snapshots_.end());
    }
    const auto held =
        rollup_->hold();  // derivation must not rebuild between the two moves what one of them has taken away
    // Time travelled since is undone, as test suites expect; the machine's own time has gone on, so the heads stay in the past.
    clock_.set_offset_ms(target.offset_ms);
    l2_->move_head(target.l2_head, false);
    l1_->move_head(target.l1_head, false);
    l2_->move_head(target.l2_head, false);  // once more: its block in progress stood on L1 blocks that are gone
    return true;
}

void System::clock_moved() {
    l1_->loop().wake();
    l2_->loop().wake();
}
void System::head_moved() { clock_moved(); }

// Both chains stand still while they are read: neither loop runs anything else, and no round of the rollup is in progress.
Bytes System::dump() {
    StateArchive archive{.options = options_,
                         .genesis_time = config_.rollup.l2_genesis_timestamp,
                         .now_ms = 0,
                         .l1 = {},
                         .l2 = {},
                         .blobs = {}};
    {
        const auto held = rollup_->hold();
        seal_what_was_shown();
        l1_->loop().run_and_wait([&] {
            l2_->loop().run_and_wait([&] {
                archive.now_ms = clock_.now_ms();
                archive.l1 = read_layer(l1_->ledger());
                archive.l2 = read_layer(l2_->ledger());
                archive.blobs = blobs_.records();
            });
        });
    }
    return encode(archive);
}

bool System::restore_blobs(const StateArchive& archive) {
    return std::ranges::all_of(archive.blobs,
                               [this](const auto& blob) { return blobs_.restore(blob.first, blob.second); });
}

}  // namespace entresol::devnet
