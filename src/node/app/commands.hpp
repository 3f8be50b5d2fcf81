// One function a subcommand: it adds itself to the command line and, when chosen, runs.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "node/app/signals.hpp"
#include "node/store/durability.hpp"

namespace CLI {
class App;
}

namespace entresol::io {
struct KeyLocation;
}

namespace entresol::replica {
struct Options;
}

namespace entresol::settlement {
struct PostingOptions;
}

namespace entresol::app {

/// Each gives back what to run when its subcommand was chosen; the result is the exit code. io::Failure says why not, with the kind that decides the code.
using Command = std::function<int()>;
Command add_devnet_command(CLI::App& app);
Command add_node_command(CLI::App& app);
Command add_conformance_command(CLI::App& app);
Command add_trace_command(CLI::App& app);
Command add_replay_command(CLI::App& app);
Command add_sequencer_command(CLI::App& app);
Command add_challenge_command(CLI::App& app);
Command add_key_command(CLI::App& app);
Command add_codec_command(CLI::App& app);
Command add_machine_command(CLI::App& app);
Command add_snapshot_command(CLI::App& app);
Command add_program_command(CLI::App& app);
Command add_version_command(CLI::App& app);
Command add_completion_command(CLI::App& app);

/// --log-level and --log-format of a command that serves.
struct LogSettings {
    std::string level, format = "text";
    void apply() const;
};
[[nodiscard]] std::shared_ptr<LogSettings> add_log_options(CLI::App& command, const char* default_level);

/// --ROLE-key-file and --ROLE-password-file; the key itself may stand in the environment, as in ENTRESOL_BATCHER_KEY for "batcher". io::load_private_key
/// loads it. `location` must live as long as the command.
void add_key_options(CLI::App& command, const std::string& role, io::KeyLocation& location);

/// --da and --batch-deadline of a command that posts batches.
struct PostingSettings {
    std::string data;
    std::uint64_t deadline_s = 0;
    /// Half of the sequencing window is left for L1 to include what is posted. Throws io::Failure where the deadline goes beyond.
    [[nodiscard]] settlement::PostingOptions options(std::uint64_t sequencing_window_s) const;
};
/// `settings` must live as long as the command; what they say is the default.
void add_posting_options(CLI::App& command, PostingSettings& settings);

/// --health-max-age of a command that serves. `seconds` must live as long as the command; what it says is the default.
/// --durability; its words into `name`, which resolve_durability() reads.
void add_durability_option(CLI::App& command, std::string& name);
[[nodiscard]] store::Durability resolve_durability(const std::string& name);
void add_blob_retention_option(CLI::App& command, std::uint64_t& seconds);
void add_health_option(CLI::App& command, std::uint64_t& seconds);

/// --cors-origin and --allow-host of a command that serves anyone but its developer. `options` must live as long as the command.
void add_access_options(CLI::App& command, replica::Options& options);

/// Prints text on standard output at once. Throws std::runtime_error when that is closed or full.
void print(const std::string& text);

}  // namespace entresol::app
