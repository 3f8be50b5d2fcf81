// A block executed again, and what of it another client had otherwise.
#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "node/app/commands.hpp"
#include "node/io/failure.hpp"
#include "node/replay/read_files.hpp"
#include "node/replay/read_node.hpp"
#include "node/replay/report_text.hpp"

namespace entresol::app {
namespace {

struct Settings {
    std::vector<std::string> files;
    std::string url, block = "latest", chain;
    replay::Selection selection;
    std::optional<std::size_t> trace;
    replay::TextOptions text;
    conformance::StepLineOptions lines;
    bool print_json = false;
};

class Replays {
public:
    explicit Replays(const Settings& settings) : settings_(settings) {}

    replay::BlockReport run(const replay::ReplayInput& input) {
        const replay::TraceRequest request{settings_.trace.value_or(0), settings_.lines,
                                           [](const std::string& line) { print(line + "\n"); }};
        auto report = replay::replay_block(input, settings_.trace ? &request : nullptr);
        ++blocks_;
        if (!report.is_as_expected()) ++different_;
        if (settings_.trace) return report;  // steps alone, so that they can be compared with another client's
        if (settings_.print_json)
            reports_.push_back(replay::to_json(report));
        else
            print(replay::to_text(report, settings_.text));
        return report;
    }

    int finish() {
        if (blocks_ == 0) throw io::Failure(io::FailureKind::Usage, "there is no such block");
        if (settings_.trace) return different_ == 0 ? 0 : 1;
        if (settings_.print_json)
            print(boost::json::serialize(boost::json::object{
                      {"blocks", blocks_}, {"different", different_}, {"reports", std::move(reports_)}}) +
                  "\n");
        else
            print(std::to_string(blocks_) + (blocks_ == 1 ? " block" : " blocks") + " executed again, " +
                  std::to_string(different_) + " not as given\n");
        return different_ == 0 ? 0 : 1;
    }

private:
    const Settings& settings_;
    std::size_t blocks_ = 0, different_ = 0;
    boost::json::array reports_;
};

int run_replay(const Settings& settings) {
    if (settings.files.empty() == settings.url.empty())
        throw io::Failure(io::FailureKind::Usage, "give files, or --rpc and a block of that node");
    Replays replays(settings);
    std::optional<chain::ChainConfig> config;
    try {
        if (!settings.chain.empty()) config = replay::load_chain(settings.chain);
        if (!settings.files.empty())
            replay::replay_files({settings.files.begin(), settings.files.end()}, config, settings.selection,
                                 [&](const auto& input) { return replays.run(input); });
    } catch (const std::exception& problem) {
        throw io::Failure(io::FailureKind::Usage, problem.what());
    }
    if (!settings.url.empty()) (void)replays.run(replay::ask_node(settings.url, settings.block, config));
    return replays.finish();
}

}  // namespace

Command add_replay_command(CLI::App& app) {
    auto settings = std::make_shared<Settings>();
    auto* command = app.add_subcommand(
        "replay", "Execute a block again and compare its header, receipts and accounts field by field");
    command
        ->add_option("FILE", settings->files,
                     "Blockchain tests; or the parts of one block, in any order: the block, a witness or prestate "
                     "traces, receipts, diff traces, genesis.json")
        ->check(CLI::ExistingFile);
    command->add_option("--rpc", settings->url, "Ask this node for all of it")->type_name("URL");
    command->add_option("--block", settings->block, "With --rpc: a number, a hash, or latest, safe, finalized")
        ->capture_default_str();
    command->add_option("--number", settings->selection.number, "Of a file's blocks, the one with this number")
        ->type_name("N");
    command->add_option("--test", settings->selection.test, "Of a file's tests, those whose name contains this")
        ->type_name("NAME");
    command
        ->add_option("--chain", settings->chain,
                     "The chain's rules: mainnet, go-ethereum's genesis.json, or a rollup's chain file")
        ->type_name("FILE");
    command->add_option("--trace", settings->trace, "Print this transaction's steps instead (EIP-3155)")
        ->type_name("INDEX");
    command->add_flag("--memory", settings->lines.memory, "With --trace: memory's content in each line");
    command->add_flag("--all", settings->text.lists_same, "List the fields that agree too");
    command->add_flag("--changes", settings->text.lists_changes, "List what the execution changed");
    command->add_flag("--json", settings->print_json, "One JSON object with every field");
    command->footer(
        "The state before the block is a witness (debug_executionWitness), a whole state (blockchain tests) or what a\n"
        "prestate tracer named (debug_traceBlock); from the last no state root follows. What cannot be checked is "
        "said.\n"
        "The exit code is 0 when all fields are as given.\n\n"
        "Examples:\n  entresol replay --rpc http://127.0.0.1:8545 --block 12\n"
        "  entresol replay block.json witness.json receipts.json --chain genesis.json\n"
        "  entresol replay block.json prestate.json --chain mainnet --trace 7 > ours.jsonl\n"
        "  entresol replay blockchain_tests/test.json --test Prague --all");
    return [settings] { return run_replay(*settings); };
}

}  // namespace entresol::app
