#include "node/replica/replica.hpp"

#include <chrono>
#include <thread>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "core/base/hex.hpp"
#include "node/archive/archived_blobs.hpp"
#include "node/archive/beacon_routes.hpp"
#include "node/explorer/explorer.hpp"
#include "node/io/failure.hpp"
#include "node/l1/http_transport.hpp"
#include "node/metrics/routes.hpp"
#include "node/replica/rollup_service.hpp"
#include "node/rpc/service.hpp"
#include "node/store/block_store.hpp"
#include "node/sync/client_l1_provider.hpp"
#include "node/sync/l2_templates.hpp"

namespace entresol::replica {
namespace {

std::uint64_t machine_ms() {
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
            .count());
}

std::shared_ptr<store::BlockStore> open_store(const Options& options) {
    if (!options.datadir) return std::make_shared<store::BlockStore>(store::make_memory_store());
    return std::make_shared<store::BlockStore>(
        store::with_durability(store::open_rocks_store(*options.datadir + "/l2"), options.durability));
}

}  // namespace

struct Replica::Impl {
    Options options;
    genesis::ChainFile chain;
    crypto::Kzg kzg = crypto::Kzg::ceremony();
    io::Loop loop{machine_ms};
    ledger::Ledger ledger;
    std::shared_ptr<l1::HttpTransport> execution, beacon;
    std::shared_ptr<l1::L1Client> client;
    sync::ClientL1Provider provider;
    sync::L1Follower follower{provider};
    std::unique_ptr<archive::BlobArchive> archive;  // null without a data directory, as the next
    std::unique_ptr<archive::ArchivedBlobs> archived_blobs;
    std::unique_ptr<sequencer::Sequencer> block_maker;  // null in a replica
    std::unique_ptr<settlement::RollupNode> rollup;
    std::shared_ptr<rpc::Dispatcher> dispatcher;
    std::unique_ptr<explorer::Explorer> explorer;
    std::unique_ptr<http::Server> server;
    std::unique_ptr<http::Client> sequencer;
    bool stopped = false;

    Impl(Options o, genesis::ChainFile c)
        : options(std::move(o)),
          chain(std::move(c)),
          ledger(chain.rollup.l2, chain.l2_genesis, open_store(options)),
          execution(std::make_shared<l1::HttpTransport>(options.l1_url)),
          beacon(std::make_shared<l1::HttpTransport>(options.beacon_url.value_or(options.l1_url))),
          client(make_client()),
          provider(client) {
        ledger.set_execution_threads(options.execution_threads);
        if (options.datadir) make_archive();
    }

    std::shared_ptr<l1::L1Client> make_client() {
        return std::make_shared<l1::L1Client>(execution, beacon, [this]() -> const crypto::Kzg& { return kzg; });
    }

    void make_archive() {
        archive = std::make_unique<archive::BlobArchive>(
            ledger.store()->tables(), [this]() -> const crypto::Kzg& { return kzg; }, options.blob_retention_s);
        const auto find_clock = [this]() -> std::optional<archive::SlotClock> {
            const auto clock = client->beacon_clock();
            if (!clock) return std::nullopt;
            return archive::SlotClock{clock->genesis_time, clock->seconds_per_slot};
        };
        archived_blobs = std::make_unique<archive::ArchivedBlobs>(provider, *archive, find_clock);
    }
    derive::BlobProvider& blobs() {
        if (archived_blobs) return *archived_blobs;
        return provider;
    }

    // A wrong endpoint is found out at the start, not by blocks that never come.
    void check_l1() {
        if (ledger.genesis()->hash != chain.rollup.l2_genesis.hash)
            throw io::Failure(io::FailureKind::Usage,
                              "the chain file contradicts itself: its genesis state gives block " +
                                  to_hex(ledger.genesis()->hash) + ", its rollup says " +
                                  to_hex(chain.rollup.l2_genesis.hash));
        const auto chain_id = client->chain_id();
        if (!chain_id)
            throw io::Failure(io::FailureKind::L1Endpoint, std::string("the L1 endpoint: ") + chain_id.error().message);
        if (*chain_id != chain.rollup.l1.chain_id)
            throw io::Failure(io::FailureKind::L1Endpoint, std::string("the L1 endpoint has chain id ") +
                                                               std::to_string(*chain_id) + ", the rollup settles on " +
                                                               std::to_string(chain.rollup.l1.chain_id));
        const auto genesis = client->header(chain.rollup.l1_genesis.number);
        if (!genesis || genesis->hash != chain.rollup.l1_genesis.hash)
            throw io::Failure(
                io::FailureKind::L1Endpoint,
                std::string("the L1 endpoint") + " is another chain: it does not hold the rollup's L1 genesis block");
    }

    void forward(const Bytes& raw, const std::function<void(boost::json::value)>& done) {
        const boost::json::object request{{"jsonrpc", "2.0"},
                                          {"id", 1},
                                          {"method", "eth_sendRawTransaction"},
                                          {"params", boost::json::array{to_hex(raw)}}};
        const auto answer = sequencer->post(boost::json::serialize(request));
        boost::system::error_code error;
        auto parsed = answer ? boost::json::parse(*answer, error) : boost::json::value();
        if (!answer || error || !parsed.is_object())
            parsed = boost::json::object{
                {"error",
                 boost::json::object{{"code", -32000},
                                     {"message", answer ? "the sequencer's answer is not JSON" : answer.error()}}}};
        done(std::move(parsed));
    }

    // Its L1 origins are read ahead: making a block never waits for the endpoint.
    void make_block_maker(const SequencerRole& role) {
        const auto head = derive::make_l2_block_ref(chain.rollup, ledger.head()->block);
        if (!head) throw io::Failure(io::FailureKind::Datadir, "the newest block kept there is none of this rollup");
        while (follower.follow(head->l1_origin.number)) {
        }
        block_maker = std::make_unique<sequencer::Sequencer>(
            sequencer::Options{.block_time_ms = chain.rollup.block_time * 1000,
                               .exact_spacing = true,
                               .mode = sequencer::SealMode::Interval,
                               .mini_blocks = true,
                               .signing_key = role.signing_key,
                               .pool_limits = {}},
            ledger, loop, machine_ms, sync::make_l2_templates(chain.rollup, follower, role.confirmation_depth));
    }

    settlement::RollupNode::Options rollup_options() {
        settlement::RollupNode::Options o{.config = chain.rollup,
                                          .poll_ms = options.poll_ms,
                                          .kzg = [this]() -> const crypto::Kzg& { return kzg; },
                                          .now_ms = machine_ms,
                                          .l1_problem = [this] { return provider.problem(); }};
        if (!options.sequencer) return o;
        const auto& role = *options.sequencer;
        o.batcher_key = role.batcher_key;
        o.proposer_key = role.proposer_key;
        o.batcher.posting = role.posting;
        if (role.columns) o.batcher.channel.format = derive::ChannelFormat::Columns;
        o.batcher.interval_ms = role.batch_interval_ms;
        o.proposer.factory = chain.contracts.at("dispute_game_factory");
        o.proposer.portal = chain.contracts.at("optimism_portal");
        o.proposer.interval_ms = role.proposal_interval_s * 1000;
        o.proposer.challenge_period_s = role.challenge_period_s;
        o.follower = &follower;
        return o;
    }

    void make_server() {
        rpc::Context context{.ledger = ledger,
                             .loop = loop,
                             .sequencer = block_maker.get(),
                             .now_ms = machine_ms,
                             .client_version = block_maker ? "entresol/v0.1.0/sequencer" : "entresol/v0.1.0/replica"};
        const auto bridge = std::make_shared<bridge::Bridge>(client, ledger, chain.rollup.deposit_contract,
                                                             chain.rollup.l1_genesis.number);
        context.rollup = std::make_shared<RollupService>(chain, *rollup, ledger, bridge, client, machine_ms);
        if (options.sequencer_url) {
            sequencer = std::make_unique<http::Client>(*options.sequencer_url);
            context.forward_transaction =
                [this](const Bytes& raw, const std::function<void(boost::json::value)>& done) { forward(raw, done); };
        }
        dispatcher = rpc::make_dispatcher(std::move(context));
        explorer = std::make_unique<explorer::Explorer>(explorer::Sources{
            .l2 = dispatcher, .bridge = bridge, .config = chain.rollup, .contracts = chain.contracts});
        http::Handlers handlers = rpc::make_handlers(dispatcher);
        handlers.get = [this](const std::string& target, const http::Respond& respond) {
            auto answer = archive ? archive::answer_beacon(target, *archive) : std::nullopt;
            if (answer) return respond(std::move(*answer));
            answer = metrics::answer(target, {.ledger = ledger,
                                              .dispatcher = *dispatcher,
                                              .sequencer = block_maker.get(),
                                              .rollup = rollup.get(),
                                              .now_ms = machine_ms,
                                              .max_head_age_s = options.max_head_age_s});
            respond(answer ? std::move(*answer) : explorer->answer(target));
        };
        server = std::make_unique<http::Server>(http::ServerOptions{.host = options.host,
                                                                    .port = options.port,
                                                                    .allowed_origin = options.allowed_origin,
                                                                    .allowed_hosts = options.allowed_hosts},
                                                handlers);
    }
};

Replica::Replica(Options options, genesis::ChainFile chain)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(chain))) {}
Replica::~Replica() { stop(); }

void Replica::start() {
    auto& r = *impl_;
    r.check_l1();
    if (r.options.sequencer) r.make_block_maker(*r.options.sequencer);
    r.rollup = std::make_unique<settlement::RollupNode>(r.rollup_options(), r.client, r.provider, r.blobs(), r.ledger,
                                                        r.loop, r.block_maker.get());
    r.make_server();
    if (r.block_maker) r.block_maker->start();
    r.loop.start();
    r.rollup->start();
    r.server->start();
}

void Replica::stop() {
    if (std::exchange(impl_->stopped, true)) return;
    // What waits for others must not keep us.
    impl_->execution->cancel();
    impl_->beacon->cancel();
    if (impl_->sequencer) impl_->sequencer->cancel();
    if (impl_->server) impl_->server->stop();
    if (impl_->rollup) impl_->rollup->stop();
    impl_->loop.stop();
    impl_->ledger.store()->flush();
}

std::uint16_t Replica::port() const { return impl_->server->port(); }

}  // namespace entresol::replica
