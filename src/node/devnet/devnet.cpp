#include "node/devnet/devnet.hpp"

#include <future>
#include <stdexcept>

#include "core/crypto/keccak.hpp"
#include "node/devnet/blob_archive.hpp"
#include "node/devnet/chain_node.hpp"
#include "node/devnet/configuration.hpp"
#include "node/explorer/explorer.hpp"
#include "node/l1/in_process_transport.hpp"
#include "node/replica/rollup_service.hpp"
#include "node/settlement/rollup_node.hpp"
#include "node/store/block_store.hpp"
#include "node/sync/client_l1_provider.hpp"
#include "node/sync/l2_templates.hpp"
#include "node/sync/ledger_l1_provider.hpp"

namespace entresol::devnet {
namespace {

constexpr std::string_view META_GENESIS_TIME = "devnet.genesis_time";

std::shared_ptr<store::BlockStore> open_store(const Options& options, const char* layer) {
    if (!options.datadir) return std::make_shared<store::BlockStore>(store::make_memory_store());
    return std::make_shared<store::BlockStore>(store::open_rocks_store(*options.datadir + "/" + layer));
}

// A kept devnet goes on with the genesis time it was born with: the time is part of its genesis hash.
std::uint64_t load_genesis_time(store::BlockStore& store, const DevClock& clock) {
    if (const auto known = store.find_meta(META_GENESIS_TIME)) return load_be64(known->data());
    Bytes time(8);
    store_be64(time.data(), clock.now_ms() / 1000);
    store.put_meta(META_GENESIS_TIME, time);
    return load_be64(time.data());
}

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

}  // namespace

struct Devnet::Impl final : BothLayers {
    Options options;
    DevClock clock;
    crypto::Kzg kzg = crypto::Kzg::ceremony();
    BlobArchive blobs;
    std::shared_ptr<store::BlockStore> l1_store, l2_store;
    Configuration config;
    std::unique_ptr<ChainNode> l1, l2;
    std::unique_ptr<sync::LedgerL1Provider> l1_provider;
    std::shared_ptr<rpc::Dispatcher> l1_rpc, l2_rpc;
    std::shared_ptr<l1::L1Client> l1_client;
    std::unique_ptr<explorer::Explorer> explorer;
    std::unique_ptr<http::Server> l1_server, l2_server;
    std::unique_ptr<sync::ClientL1Provider> blob_provider;
    std::unique_ptr<settlement::RollupNode> rollup;
    bool stopped = false;

    struct Snapshot {
        Hash32 l1_head, l2_head;
        std::int64_t offset_ms = 0;
    };
    std::mutex snapshots_mutex;
    std::map<std::uint64_t, Snapshot> snapshots;
    std::uint64_t next_snapshot = 0;

    explicit Impl(Options o) : options(std::move(o)) {}

    void make_chains();
    [[nodiscard]] rpc::Context make_context(ChainNode& node, const char* layer);
    void make_l1_rpc();
    void make_rollup();
    void make_servers();
    [[nodiscard]] sequencer::BlockTemplate l1_template(const ledger::StoredBlock& parent,
                                                       std::uint64_t timestamp) const;
    void follow_l1_finality();

    // --- BothLayers
    std::uint64_t snapshot() override;
    bool revert(std::uint64_t id) override;
    void clock_moved() override;
    void head_moved() override;
};

sequencer::BlockTemplate Devnet::Impl::l1_template(const ledger::StoredBlock& parent, std::uint64_t timestamp) const {
    return {.timestamp = timestamp,
            .coinbase = l1->coinbase().value_or(service_account("l1 fees").address),
            .prev_randao =
                crypto::keccak256(parent.hash.view()),  // no beacon chain draws lots here: a public, repeatable value
            .gas_limit = l1->gas_limit_or(parent.block.header.gas_limit),
            .parent_beacon_block_root = crypto::keccak256(parent.block.header.prev_randao.view()),
            .extra_data = {},
            .forced = {},
            .only_forced = false};
}

// Safe and finalized follow the head at fixed distances.
void Devnet::Impl::follow_l1_finality() {
    l1->ledger().subscribe([this](const ledger::HeadChange&) {
        auto& ledger = l1->ledger();
        const auto head = ledger.head()->number();
        const auto back = [&](std::uint64_t lag) {
            return ledger.find_block_hash(head > lag ? head - lag : 0).value();
        };
        ledger.set_safe(back(options.l1_safe_lag));
        if (head > options.l1_finalized_lag && head - options.l1_finalized_lag > ledger.finalized()->number())
            ledger.set_finalized(back(options.l1_finalized_lag));
    });
}

void Devnet::Impl::make_chains() {
    l1_store = open_store(options, "l1");
    l2_store = open_store(options, "l2");
    if (options.datadir) blobs.keep_in(l1_store);
    config = make_configuration(options, genesis::load_contracts(), load_genesis_time(*l1_store, clock));

    // Before the L1's: its contracts depend on the L2's chain id, and the user chose that.
    (void)l2_store->check_chain(options.l2_chain_id, config.rollup.l2_genesis.hash);
    sequencer::Options l1_options{.block_time_ms = options.l1_block_time_ms,
                                  .exact_spacing = false,
                                  .mode = sequencer::SealMode::Interval,
                                  .mini_blocks = false,
                                  .signing_key = std::nullopt,
                                  .pool_limits = {}};
    l1_options.pool_limits.max_tx_bytes = 1024 * 1024;
    l1 = std::make_unique<ChainNode>(l1_options, config.l1_config, config.l1_genesis, l1_store, clock, *this,
                                     [this](const ledger::StoredBlock& parent, std::uint64_t timestamp) {
                                         return std::optional(l1_template(parent, timestamp));
                                     });
    l1->sequencer().on_pending_transaction([this](const pool::TxPtr& tx) {
        if (tx->sidecar) blobs.add(tx->tx, *tx->sidecar);
    });
    follow_l1_finality();

    l1_provider = std::make_unique<sync::LedgerL1Provider>(l1->ledger());
    const auto mode = options.automine ? sequencer::SealMode::Automine : sequencer::SealMode::Interval;
    l2 = std::make_unique<ChainNode>(sequencer::Options{.block_time_ms = options.l2_block_time_ms,
                                                        .exact_spacing = true,
                                                        .mode = mode,
                                                        .mini_blocks = true,
                                                        .signing_key = service_account("sequencer").key,
                                                        .pool_limits = {}},
                                     config.l2_config, config.l2_genesis, l2_store, clock, *this,
                                     sync::make_l2_templates(config.rollup, *l1_provider));
    // A kept chain may be ahead of the machine's clock: development methods had moved time.
    for (auto* layer : {l1.get(), l2.get()}) clock.reach_ms(layer->ledger().head()->block.header.timestamp * 1000);
}

rpc::Context Devnet::Impl::make_context(ChainNode& node, const char* layer) {
    return {.ledger = node.ledger(),
            .loop = node.loop(),
            .sequencer = &node.sequencer(),
            .now_ms = [this] { return clock.now_ms(); },
            .client_version = std::string("anvil/entresol/v0.1.0/") +
                              layer,  // tools ask for "anvil" before they use development methods
            .dev = std::shared_ptr<rpc::DevMethods>(std::shared_ptr<void>(), &node)};
}

void Devnet::Impl::make_l1_rpc() {
    auto context = make_context(*l1, "l1");
    context.check_sidecar = [this](const chain::Transaction& tx, const chain::BlobSidecar& sidecar) {
        return sidecar_is_valid(kzg, tx, sidecar);
    };
    l1_rpc = rpc::make_dispatcher(std::move(context));
}

void Devnet::Impl::make_servers() {
    auto context = make_context(*l2, "l2");
    const auto bridge = std::make_shared<bridge::Bridge>(l1_client, l2->ledger(), config.rollup.deposit_contract,
                                                         config.rollup.l1_genesis.number);
    context.rollup =
        std::make_shared<replica::RollupService>(genesis::ChainFile{config.rollup, config.l2_genesis, config.contracts},
                                                 *rollup, l2->ledger(), bridge, [this] { return clock.now_ms(); });
    l2_rpc = rpc::make_dispatcher(std::move(context));
    explorer = std::make_unique<explorer::Explorer>(
        explorer::Sources{.l2 = l2_rpc, .bridge = bridge, .config = config.rollup, .contracts = config.contracts});

    http::Handlers l1_handlers = rpc::make_handlers(l1_rpc);
    l1_handlers.get = [this](const std::string& target, const http::Respond& respond) {
        auto answer = answer_beacon(target, l1->ledger(), blobs);
        respond(
            answer ? std::move(*answer)
                   : http::Response{.status = 404, .content_type = "text/plain", .body = "not found\n", .headers = {}});
    };
    l1_server =
        std::make_unique<http::Server>(http::ServerOptions{.host = options.host, .port = options.l1_port}, l1_handlers);
    http::Handlers l2_handlers = rpc::make_handlers(l2_rpc);
    l2_handlers.get = [this](const std::string& target, const http::Respond& respond) {
        respond(explorer->answer(target));
    };
    l2_server =
        std::make_unique<http::Server>(http::ServerOptions{.host = options.host, .port = options.port}, l2_handlers);
}

// Batcher, proposer and derivation reach the embedded L1 as they would any other: by JSON-RPC, only without a socket.
void Devnet::Impl::make_rollup() {
    const auto answer = [this](std::string_view body) {
        std::promise<std::string> promise;
        auto future = promise.get_future();
        l1_rpc->handle(body, {}, [&promise](std::string response) { promise.set_value(std::move(response)); });
        return future.get();
    };
    const auto beacon = [this](std::string_view path) {
        const auto response = answer_beacon(std::string(path), l1->ledger(), blobs);
        return response && response->status == 200 ? response->body : std::string();
    };
    const auto transport = std::make_shared<l1::InProcessTransport>(answer, beacon);
    l1_client = std::make_shared<l1::L1Client>(transport, transport, [this]() -> const crypto::Kzg& { return kzg; });
    blob_provider = std::make_unique<sync::ClientL1Provider>(l1_client);
    settlement::RollupNode::Options o{.config = config.rollup,
                                      .batcher_key = service_account("batcher").key,
                                      .proposer_key = service_account("proposer").key,
                                      .batcher = {},
                                      .proposer = {},
                                      .poll_ms = 200,
                                      .kzg = [this]() -> const crypto::Kzg& { return kzg; },
                                      .now_ms = [this] { return clock.now_ms(); }};
    o.batcher.use_blobs = options.blobs;
    o.batcher.interval_ms = options.l1_block_time_ms;
    o.proposer.factory = config.contracts.at("dispute_game_factory");
    o.proposer.interval_ms = options.proposal_interval_s * 1000;
    o.proposer.challenge_period_s = options.challenge_period_s;
    rollup = std::make_unique<settlement::RollupNode>(std::move(o), l1_client, *l1_provider, *blob_provider,
                                                      l2->ledger(), l2->loop(), &l2->sequencer());
    l1->ledger().subscribe([this](const ledger::HeadChange&) { rollup->poke(); });
}

std::uint64_t Devnet::Impl::snapshot() {
    // What users were shown belongs to the snapshot: the L2 block in progress is sealed first.
    l2->loop().run_and_wait([this] {
        if (l2->sequencer().has_shown_transactions()) (void)l2->sequencer().seal_now();
    });
    const std::lock_guard lock(snapshots_mutex);
    snapshots[next_snapshot] = {l1->ledger().head()->hash, l2->ledger().head()->hash, clock.offset_ms()};
    return next_snapshot++;
}

// A snapshot can be used once; later ones die with it (as Hardhat and anvil have it). Number 0, the start, stays.
bool Devnet::Impl::revert(std::uint64_t id) {
    Snapshot target;
    {
        const std::lock_guard lock(snapshots_mutex);
        const auto it = snapshots.find(id);
        if (it == snapshots.end()) return false;
        target = it->second;
        snapshots.erase(id == 0 ? std::next(it) : it, snapshots.end());
    }
    const auto held =
        rollup->hold();  // derivation must not rebuild between the two moves what one of them has taken away
    // Time travelled since is undone, as test suites expect; the machine's own time has gone on, so the heads stay in the past.
    clock.set_offset_ms(target.offset_ms);
    l2->move_head(target.l2_head, false);
    l1->move_head(target.l1_head, false);
    l2->move_head(target.l2_head, false);  // once more: its block in progress stood on L1 blocks that are gone
    return true;
}

void Devnet::Impl::clock_moved() {
    l1->loop().wake();
    l2->loop().wake();
}
void Devnet::Impl::head_moved() { clock_moved(); }

Devnet::Devnet(Options options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Devnet::~Devnet() { stop(); }

void Devnet::start() {
    impl_->make_chains();
    impl_->make_l1_rpc();
    impl_->make_rollup();
    impl_->make_servers();
    impl_->l1->start();
    impl_->l2->start();
    impl_->rollup->start();
    (void)impl_->snapshot();
    impl_->l1_server->start();
    impl_->l2_server->start();
}

void Devnet::stop() {
    if (std::exchange(impl_->stopped, true)) return;
    if (impl_->l2_server) impl_->l2_server->stop();
    if (impl_->l1_server) impl_->l1_server->stop();
    if (impl_->rollup) impl_->rollup->stop();
    if (impl_->l2) impl_->l2->stop();
    if (impl_->l1) impl_->l1->stop();
    if (impl_->l1_store) impl_->l1_store->flush();
    if (impl_->l2_store) impl_->l2_store->flush();
}

std::uint16_t Devnet::port() const { return impl_->l2_server->port(); }
std::uint16_t Devnet::l1_port() const { return impl_->l1_server->port(); }
const std::map<std::string, Address>& Devnet::contracts() const { return impl_->config.contracts; }
const derive::RollupConfig& Devnet::rollup_config() const { return impl_->config.rollup; }

}  // namespace entresol::devnet
