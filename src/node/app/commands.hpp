// One function a subcommand: it adds itself to the command line and, when chosen, runs.
#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace entresol::app {

/// Each gives back what to run when its subcommand was chosen; the result is the exit code.
using Command = std::function<int()>;
Command add_devnet_command(CLI::App& app);
Command add_node_command(CLI::App& app);

/// Blocks until SIGINT or SIGTERM.
void wait_for_signal();
/// Before any thread starts, so that every thread inherits it.
void block_signals();

}  // namespace entresol::app
