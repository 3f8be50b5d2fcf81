#include "node/app/run.hpp"

#include <csignal>
#include <cstdio>
#include <exception>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "node/app/commands.hpp"

namespace entresol::app {

void block_signals() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
}

void wait_for_signal() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    int signal = 0;
    sigwait(&set, &signal);
}

int run(int argc, char** argv) {
    CLI::App app{"Entresol: an Ethereum layer 2 in one program.", "entresol"};
    app.set_version_flag("--version", "entresol 0.1.0");
    app.require_subcommand(1);
    app.set_config("--config", "", "Read options from a TOML file; the command line wins");
    app.footer(
        "Examples:\n  entresol devnet\n  entresol devnet --datadir ./data --block-time 2000\n  entresol devnet --json "
        "| jq .contracts");
    const std::pair<const char*, Command> commands[] = {{"devnet", add_devnet_command(app)},
                                                        {"node", add_node_command(app)}};
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& problem) {
        return app.exit(problem) == 0 ? 0 : 2;
    }
    try {
        for (const auto& [name, command] : commands)
            if (app.got_subcommand(name)) return command();
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "entresol: %s\n", problem.what());
        return 1;
    }
    return 2;
}

}  // namespace entresol::app
