#include <memory>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "node/app/chain_file_option.hpp"
#include "node/app/commands.hpp"
#include "node/http/url.hpp"
#include "node/io/data_directory.hpp"
#include "node/io/failure.hpp"
#include "node/io/log.hpp"
#include "node/replica/replica.hpp"

namespace entresol::app {
namespace {

struct Settings {
    replica::Options options;
    std::string chain_file, beacon_url, sequencer_url, datadir;
    std::string durability = "async";
    bool print_json = false;
    std::shared_ptr<LogSettings> log;
};

void start(replica::Replica& node) {
    try {
        node.start();
    } catch (const io::Failure& failure) {
        if (failure.kind() != io::FailureKind::Listen || failure.port() == 0) throw;
        throw io::Failure(io::FailureKind::Listen,
                          std::string(failure.what()) + "\nchoose another with --port (0 takes a free one)",
                          failure.port());
    }
}

int run_node(Settings& settings) {
    auto& o = settings.options;
    if (!settings.beacon_url.empty()) o.beacon_url = settings.beacon_url;
    if (!settings.sequencer_url.empty()) o.sequencer_url = settings.sequencer_url;
    if (!settings.datadir.empty()) o.datadir = settings.datadir;
    o.durability = resolve_durability(settings.durability);
    settings.log->apply();
    block_signals();
    std::optional<io::DataDirectory> held;
    if (o.datadir) held.emplace(*o.datadir);
    replica::Replica node(o, load_chain_file(settings.chain_file));
    start(node);
    starting_is_over();
    const auto url = http::make_http_url(o.host, node.port());
    io::log_info("node", "started", {{"rpc", url}, {"datadir", settings.datadir}});
    print(settings.print_json ? "{\"rpc\":\"" + url + "\"}\n"
                              : "Entresol replica: " + url + "   (HTTP and WebSocket); Ctrl-C stops it\n");
    wait_for_signal();
    node.stop();
    io::log_info("node", "stopped");
    return 0;
}

}  // namespace

Command add_node_command(CLI::App& app) {
    auto settings = std::make_shared<Settings>();
    auto& o = settings->options;
    auto* command = app.add_subcommand("node", "Derive a rollup's blocks from its L1 and serve them");
    command->add_option("--l1", o.l1_url, "JSON-RPC of the L1, http:// or https://")->required();
    command->add_option("--chain", settings->chain_file, "The rollup's chain file (entresol_chainFile gives it)")
        ->required()
        ->check(CLI::ExistingFile);
    command->add_option("--l1-beacon", settings->beacon_url,
                        "Beacon API, for batches in blobs; the L1's URL where absent");
    command->add_option("--sequencer", settings->sequencer_url, "JSON-RPC that transactions sent here are handed to");
    command->add_option("--host", o.host, "Address to listen on")->capture_default_str();
    command->add_option("--port", o.port, "Port; 0 takes a free one")->capture_default_str();
    add_health_option(*command, o.max_head_age_s);
    add_access_options(*command, o);
    command->add_option("--datadir", settings->datadir, "Keep the chain in this directory and resume from it")
        ->type_name("DIR");
    add_durability_option(*command, settings->durability);
    add_blob_retention_option(*command, o.blob_retention_s);
    command->add_option("--poll-ms", o.poll_ms, "Milliseconds between looks at the L1")
        ->capture_default_str()
        ->check(CLI::Range(10, 60000));
    command
        ->add_option("--execution-threads", o.execution_threads,
                     "Threads that execute a block; 0 takes one a core, 1 is serial")
        ->capture_default_str()
        ->check(CLI::Range(0, 64));
    command->add_flag("--json", settings->print_json, "Print the endpoint as JSON");
    settings->log = add_log_options(*command, "info");
    command->footer(
        "Examples:\n  entresol node --l1 http://127.0.0.1:8546 --chain chain.json\n  entresol node --l1 "
        "https://l1.example --l1-beacon https://beacon.example --chain chain.json --datadir ./replica");
    return [settings] { return run_node(*settings); };
}

}  // namespace entresol::app
