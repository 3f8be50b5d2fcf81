#include <cstdio>
#include <filesystem>
#include <memory>

#include <unistd.h>
#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "core/base/hex.hpp"
#include "node/app/commands.hpp"
#include "node/app/foreign_l1.hpp"
#include "node/app/state_file.hpp"
#include "node/devnet/accounts.hpp"
#include "node/devnet/devnet.hpp"
#include "node/http/url.hpp"
#include "node/io/data_directory.hpp"
#include "node/io/failure.hpp"
#include "node/io/log.hpp"
#include "node/io/terminal.hpp"
#include "node/settlement/claim_terms.hpp"

namespace entresol::app {
namespace {

namespace json = boost::json;

struct Settings {
    devnet::Options options;
    ForeignL1 foreign;
    std::string datadir, load_state, dump_state, state;
    PostingSettings posting{.data = "calldata"};
    std::string game = "claim", batch_format = "columns", durability = "async";
    bool print_json = false;
    std::shared_ptr<LogSettings> log;
};

json::object describe(const Settings& settings, const devnet::Devnet& net) {
    const auto config = net.rollup_config();  // a loaded state brings its own chain ids
    json::object contracts;
    for (const auto& [name, address] : net.contracts())
        if (!name.ends_with("_impl")) contracts[name] = to_hex(address);
    json::array accounts;
    for (const auto& account : devnet::dev_accounts())
        accounts.push_back(json::object{{"address", to_hex(account.address)}, {"privateKey", to_hex(account.key)}});
    return {{"l2", json::object{{"rpc", http::make_http_url(settings.options.host, net.port())},
                                {"chainId", config.l2.chain_id}}},
            {"l1", json::object{{"rpc", http::make_http_url(settings.options.host, net.l1_port())},
                                {"chainId", config.l1.chain_id}}},
            {"contracts", std::move(contracts)},
            {"accounts", std::move(accounts)}};
}

void print_text(const Settings& settings, const devnet::Devnet& net) {
    const bool colour = io::use_colour(STDOUT_FILENO);
    const char* bold = colour ? "\033[1m" : "";
    const char* plain = colour ? "\033[0m" : "";
    std::printf("%sEntresol devnet%s\n\n", bold, plain);
    std::printf("  L2  %s   chain id %llu   (HTTP and WebSocket)\n",
                http::make_http_url(settings.options.host, net.port()).c_str(),
                static_cast<unsigned long long>(net.rollup_config().l2.chain_id));
    std::printf("  L1  %s   chain id %llu\n\n", http::make_http_url(settings.options.host, net.l1_port()).c_str(),
                static_cast<unsigned long long>(net.rollup_config().l1.chain_id));
    std::printf("%sContracts on L1%s\n", bold, plain);
    for (const auto& [name, address] : net.contracts())
        if (!name.ends_with("_impl")) std::printf("  %-28s %s\n", name.c_str(), to_hex(address).c_str());
    std::printf("\n%sAccounts%s with 10000 ETH on each layer; their keys are public, use them nowhere else\n", bold,
                plain);
    for (const auto& account : devnet::dev_accounts())
        std::printf("  %s  %s\n", to_hex(account.address).c_str(), to_hex(account.key).c_str());
    std::printf("\nCtrl-C stops it.%s\n", settings.options.datadir || !settings.dump_state.empty()
                                              ? ""
                                              : " Nothing is kept: give --datadir DIR to keep it.");
    std::fflush(stdout);
}

// A port that cannot be had is told with the flag that chooses it.
void start(const Settings& settings, devnet::Devnet& net) {
    const auto& o = settings.options;
    std::optional<Bytes> state;
    if (!settings.load_state.empty()) state = read_state_file(settings.load_state);
    try {
        net.start(state ? &*state : nullptr);
    } catch (const io::Failure& failure) {
        if (failure.kind() != io::FailureKind::Listen || failure.port() == 0) throw;
        const char* flag = failure.port() == o.port ? "--port" : "--l1-port";
        throw io::Failure(io::FailureKind::Listen,
                          std::string(failure.what()) + "\nchoose another with " + flag + " (0 takes a free one)",
                          failure.port());
    }
}

int run_devnet(Settings& settings) {
    auto& o = settings.options;
    settings.log->apply();
    if (o.port != 0 && o.port == o.l1_port)
        throw io::Failure(io::FailureKind::Usage, "--port and --l1-port are both " + std::to_string(o.port));
    if (!settings.datadir.empty()) o.datadir = settings.datadir;
    if (!settings.state.empty()) {
        settings.dump_state = settings.state;
        if (std::filesystem::exists(settings.state)) settings.load_state = settings.state;
    }
    if (!settings.dump_state.empty()) check_state_file_can_be_written(settings.dump_state);
    o.posting = settings.posting.options(o.sequencing_window_blocks * o.l1_block_time_ms / 1000);
    o.columns = settings.batch_format == "columns";
    o.game_type = settings.game == "fault" ? settlement::FAULT_GAME : settlement::CLAIM_GAME;
    o.durability = resolve_durability(settings.durability);
    block_signals();
    std::optional<io::DataDirectory> held;
    if (o.datadir) held.emplace(*o.datadir);
    if (!settings.foreign.url.empty()) return run_devnet_on_foreign_l1(settings.foreign, o, settings.print_json);
    devnet::Devnet net(o);
    start(settings, net);
    starting_is_over();
    io::log_info("devnet", "started",
                 {{"l2", http::make_http_url(o.host, net.port())},
                  {"l1", http::make_http_url(o.host, net.l1_port())},
                  {"datadir", settings.datadir}});
    if (settings.print_json)
        print(json::serialize(describe(settings, net)) + "\n");
    else
        print_text(settings, net);
    wait_for_signal();
    net.stop();
    if (!settings.dump_state.empty()) write_state_file(settings.dump_state, net.dump());
    io::log_info("devnet", "stopped");
    return 0;
}

}  // namespace

Command add_devnet_command(CLI::App& app) {
    auto settings = std::make_shared<Settings>();
    auto& o = settings->options;
    auto* command = app.add_subcommand("devnet", "Start an L1, the L2 on it and the bridge in one process");
    command->add_option("--host", o.host, "Address to listen on")->capture_default_str();
    command->add_option("--port", o.port, "Port of the L2; 0 takes a free one")->capture_default_str();
    auto* own_l1 =
        command->add_option("--l1-port", o.l1_port, "Port of the L1; 0 takes a free one")->capture_default_str();
    auto* foreign =
        command->add_option("--l1", settings->foreign.url,
                            "JSON-RPC of an L1 to use instead of an own one; the contracts are deployed there");
    foreign->excludes(own_l1);
    command->add_option("--l1-beacon", settings->foreign.beacon_url, "That L1's beacon API, for batches in blobs")
        ->needs(foreign);
    add_key_options(*command, "deployer", settings->foreign.deployer);
    command->add_option("--datadir", settings->datadir, "Keep both chains in this directory and resume from it")
        ->type_name("DIR");
    add_durability_option(*command, settings->durability);
    auto* load = command->add_option("--load-state", settings->load_state, "Go on from what an earlier devnet dumped")
                     ->type_name("FILE")
                     ->check(CLI::ExistingFile)
                     ->excludes(foreign);
    auto* dump =
        command->add_option("--dump-state", settings->dump_state, "Write both chains into this file at the end")
            ->type_name("FILE")
            ->excludes(foreign);
    command
        ->add_option("--state", settings->state, "The same file for both: loaded where it exists, written at the end")
        ->type_name("FILE")
        ->excludes(foreign)
        ->excludes(load)
        ->excludes(dump);
    command->add_option("--chain-id", o.l2_chain_id, "Chain id of the L2")
        ->capture_default_str()
        ->check(CLI::PositiveNumber);
    command->add_option("--l1-chain-id", o.l1_chain_id, "Chain id of the L1")
        ->capture_default_str()
        ->check(CLI::PositiveNumber);
    command->add_option("--block-time", o.l2_block_time_ms, "Milliseconds between sealed L2 blocks (whole seconds)")
        ->capture_default_str()
        ->check(CLI::Range(1000, 60000));
    command->add_option("--l1-block-time", o.l1_block_time_ms, "Milliseconds between L1 blocks (whole seconds)")
        ->capture_default_str()
        ->check(CLI::Range(1000, 60000));
    command->add_option("--gas-limit", o.l2_gas_limit, "Gas limit of L2 blocks")
        ->capture_default_str()
        ->check(CLI::Range(30'000'000, 500'000'000));
    command
        ->add_option("--da-footprint-gas", o.da_footprint_gas_scalar,
                     "Gas that a byte of data counts for in an L2 block (Jovian)")
        ->capture_default_str()
        ->check(CLI::Range(1, 65535));
    command->add_option("--pool-transactions", o.pool_transactions, "Transactions that the L2's pool holds at most")
        ->capture_default_str()
        ->check(CLI::Range(1, 10'000'000));
    command->add_flag("--automine", o.automine, "Seal an L2 block for each transaction")->excludes(foreign);
    add_posting_options(*command, settings->posting);
    add_health_option(*command, o.max_head_age_s);
    command
        ->add_option("--batch-format", settings->batch_format,
                     "Channels of the OP Stack (span), or of our own codec (columns), which its readers cannot read")
        ->capture_default_str()
        ->check(CLI::IsMember({"span", "columns"}));
    command
        ->add_option(
            "--game", settings->game,
            "Whose claims about the L2's state count on L1: the proposer's alone (claim), or those that anyone "
            "may dispute with `entresol challenge` (fault)")
        ->capture_default_str()
        ->check(CLI::IsMember({"claim", "fault"}));
    command->add_option("--challenge-period", o.challenge_period_s, "Seconds in which an output may be challenged")
        ->capture_default_str();
    command
        ->add_option("--sequencing-window", o.sequencing_window_blocks,
                     "L1 blocks in which a batch must be posted; then deposits alone make blocks")
        ->capture_default_str()
        ->check(CLI::Range(2, 1'000'000));
    command
        ->add_option("--exit-window", o.exit_window_s,
                     "Seconds that a change of the contracts waits, beyond the time that an exit takes")
        ->capture_default_str()
        ->check(CLI::Range(0, 315'360'000));
    command->add_option("--l1-finalized-lag", o.l1_finalized_lag, "L1 blocks from the head to the finalized block")
        ->capture_default_str();
    command->add_flag("--json", settings->print_json, "Print endpoints, contracts and accounts as one JSON object");
    settings->log = add_log_options(*command, "warn");
    command->footer(
        "Examples:\n  entresol devnet\n  entresol devnet --port 0 --l1-port 0 --json\n  entresol devnet --datadir "
        "./data\n  entresol devnet --state ./devnet.state\n  entresol devnet --l1 http://127.0.0.1:8546 --datadir "
        "./data");
    return [settings] { return run_devnet(*settings); };
}

}  // namespace entresol::app
