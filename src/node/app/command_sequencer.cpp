// The sequencer of a rollup on an L1 that somebody else runs; and the devnet's L2 on such an L1, deployed with keys that everybody knows.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>

#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "core/base/hex.hpp"
#include "node/app/chain_file_option.hpp"
#include "node/app/commands.hpp"
#include "node/app/foreign_l1.hpp"
#include "node/devnet/accounts.hpp"
#include "node/devnet/deploy.hpp"
#include "node/http/url.hpp"
#include "node/io/data_directory.hpp"
#include "node/io/failure.hpp"
#include "node/io/log.hpp"
#include "node/l1/http_transport.hpp"
#include "node/replica/replica.hpp"

namespace entresol::app {
namespace {

namespace json = boost::json;

constexpr std::uint64_t L1_SLOT_S = 12;  // Ethereum

// Written beside its place and moved there: a killed process leaves the whole file or none.
void save_chain_file(const std::string& path, const genesis::ChainFile& chain) {
    const std::string unfinished = path + ".new";
    std::ofstream out(unfinished, std::ios::binary | std::ios::trunc);
    out << json::serialize(genesis::to_json(chain)) << '\n';
    out.close();
    if (!out) throw io::Failure(io::FailureKind::Datadir, "cannot write " + unfinished);
    std::filesystem::rename(unfinished, path);
}

Hash32 load_key(const char* role, const io::KeyLocation& location) {
    auto key = io::load_private_key(location);
    if (!key) throw io::Failure(io::FailureKind::Key, std::string("the ") + role + "'s key: " + key.error());
    return key->reveal();
}

std::string describe(const replica::Options& options, std::uint16_t port, const genesis::ChainFile& chain,
                     bool with_accounts) {
    json::object contracts;
    for (const auto& [name, address] : chain.contracts)
        if (!name.ends_with("_impl")) contracts[name] = to_hex(address);
    json::object out{
        {"l2", json::object{{"rpc", http::make_http_url(options.host, port)}, {"chainId", chain.rollup.l2.chain_id}}},
        {"l1", json::object{{"chainId", chain.rollup.l1.chain_id}}},
        {"contracts", std::move(contracts)}};
    if (with_accounts) {
        json::array accounts;
        for (const auto& account : devnet::dev_accounts())
            accounts.push_back(json::object{{"address", to_hex(account.address)}, {"privateKey", to_hex(account.key)}});
        out["accounts"] = std::move(accounts);
    }
    return json::serialize(out) + "\n";
}

int serve(const replica::Options& options, const genesis::ChainFile& chain, bool print_json, bool with_accounts) {
    replica::Replica node(options, chain);
    node.start();
    starting_is_over();
    const auto url = http::make_http_url(options.host, node.port());
    io::log_info("sequencer", "started", {{"rpc", url}, {"datadir", options.datadir.value_or("")}});
    print(print_json ? describe(options, node.port(), chain, with_accounts)
                     : "Entresol sequencer: " + url + "   chain id " + std::to_string(chain.rollup.l2.chain_id) +
                           "   (HTTP and WebSocket); Ctrl-C stops it\n");
    wait_for_signal();
    node.stop();
    io::log_info("sequencer", "stopped");
    return 0;
}

genesis::ChainFile deploy_or_load(const ForeignL1& foreign, const devnet::Options& options) {
    const auto kept = options.datadir ? *options.datadir + "/chain.json" : std::string();
    if (!kept.empty() && std::filesystem::exists(kept)) return load_chain_file(kept);
    const auto transport = std::make_shared<l1::HttpTransport>(foreign.url);
    l1::L1Client client(transport, nullptr, {});
    const auto key =
        foreign.deployer.is_given() ? load_key("deployer", foreign.deployer) : devnet::dev_accounts()[0].key;
    auto chain = devnet::deploy(client, options, key,
                                [](const std::string& step) { io::log_info("deploy", "included", {{"step", step}}); });
    if (!kept.empty()) save_chain_file(kept, chain);
    return chain;
}

struct Settings {
    replica::Options options;
    replica::SequencerRole role;
    io::KeyLocation signer, batcher, proposer;
    std::string chain_file, beacon_url, datadir, batch_format = "columns", durability = "block";
    PostingSettings posting{.data = "auto", .deadline_s = 300};
    bool print_json = false;
    std::shared_ptr<LogSettings> log;
};

int run_sequencer(Settings& settings) {
    auto& o = settings.options;
    settings.log->apply();
    block_signals();
    const auto chain = load_chain_file(settings.chain_file);
    settings.role.signing_key = load_key("sequencer", settings.signer);
    settings.role.batcher_key = load_key("batcher", settings.batcher);
    settings.role.proposer_key = load_key("proposer", settings.proposer);
    settings.role.posting = settings.posting.options(chain.rollup.seq_window_size * L1_SLOT_S);
    settings.role.columns = settings.batch_format == "columns";
    if (!settings.beacon_url.empty()) o.beacon_url = settings.beacon_url;
    o.datadir = settings.datadir;
    o.durability = resolve_durability(settings.durability);
    o.sequencer = settings.role;
    const io::DataDirectory held(settings.datadir);
    return serve(o, chain, settings.print_json, false);
}

}  // namespace

int run_devnet_on_foreign_l1(const ForeignL1& foreign, const devnet::Options& options, bool print_json) {
    const auto chain = deploy_or_load(foreign, options);
    replica::Options o{.l1_url = foreign.url, .beacon_url = {}, .sequencer_url = {}};
    if (!foreign.beacon_url.empty()) o.beacon_url = foreign.beacon_url;
    o.host = options.host;
    o.port = options.port;
    o.datadir = options.datadir;
    o.durability = options.durability;
    o.poll_ms = 200;
    o.allowed_origin = "*";  // as the devnet on its own L1 has it: pages under development are served from anywhere
    o.sequencer = replica::SequencerRole{.signing_key = devnet::service_account("sequencer").key,
                                         .batcher_key = devnet::service_account("batcher").key,
                                         .proposer_key = devnet::service_account("proposer").key,
                                         .posting = options.posting,
                                         .batch_interval_ms = options.l1_block_time_ms,
                                         .proposal_interval_s = options.proposal_interval_s,
                                         .challenge_period_s = options.challenge_period_s};
    return serve(o, chain, print_json, true);
}

Command add_sequencer_command(CLI::App& app) {
    auto settings = std::make_shared<Settings>();
    auto& o = settings->options;
    auto* command = app.add_subcommand("sequencer", "Make a rollup's blocks, post its batches and propose its outputs");
    command->add_option("--l1", o.l1_url, "JSON-RPC of the L1, http:// or https://")->required();
    command->add_option("--chain", settings->chain_file, "The rollup's chain file")
        ->required()
        ->type_name("FILE")
        ->check(CLI::ExistingFile);
    command->add_option("--datadir", settings->datadir, "Keep the chain in this directory and resume from it")
        ->required()
        ->type_name("DIR");
    add_durability_option(*command, settings->durability);
    add_blob_retention_option(*command, o.blob_retention_s);
    command->add_option("--l1-beacon", settings->beacon_url,
                        "Beacon API, for batches in blobs; the L1's URL where absent");
    add_posting_options(*command, settings->posting);
    command
        ->add_option("--batch-format", settings->batch_format,
                     "Channels of the OP Stack (span), or of our own codec (columns), which its readers cannot read")
        ->capture_default_str()
        ->check(CLI::IsMember({"span", "columns"}));
    command->add_option("--batch-interval", settings->role.batch_interval_ms, "Milliseconds between two batches")
        ->capture_default_str();
    command->add_option("--proposal-interval", settings->role.proposal_interval_s, "Seconds between two outputs")
        ->capture_default_str();
    command
        ->add_option("--challenge-period", settings->role.challenge_period_s,
                     "Seconds in which an output may be challenged, as the contracts have it")
        ->capture_default_str();
    command
        ->add_option("--l1-confirmations", settings->role.confirmation_depth,
                     "L1 blocks on top of one before the L2 builds on it")
        ->capture_default_str();
    command->add_option("--host", o.host, "Address to listen on")->capture_default_str();
    command->add_option("--port", o.port, "Port; 0 takes a free one")->capture_default_str();
    add_access_options(*command, o);
    o.max_head_age_s = 60;
    add_health_option(*command, o.max_head_age_s);
    add_key_options(*command, "sequencer", settings->signer);
    add_key_options(*command, "batcher", settings->batcher);
    add_key_options(*command, "proposer", settings->proposer);
    command->add_flag("--json", settings->print_json, "Print endpoint and contracts as one JSON object");
    settings->log = add_log_options(*command, "info");
    command->footer(
        "Keys come from files that only you can read, or from ENTRESOL_SEQUENCER_KEY, ENTRESOL_BATCHER_KEY and "
        "ENTRESOL_PROPOSER_KEY.\n\nExamples:\n  entresol sequencer --l1 https://l1.example --l1-beacon "
        "https://beacon.example --chain chain.json --datadir ./l2 --sequencer-key-file s.key --batcher-key-file b.key "
        "--proposer-key-file p.key");
    return [settings] { return run_sequencer(*settings); };
}

}  // namespace entresol::app
