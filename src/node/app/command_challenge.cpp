// The challenger: an L1 endpoint, a data directory, a key and the chain's file; plays the right side of every fault game.
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include <CLI/CLI.hpp>

#include "core/base/hex.hpp"
#include "core/riscv/provable_preimages.hpp"
#include "core/riscv/state_root.hpp"
#include "node/app/chain_file_option.hpp"
#include "node/app/commands.hpp"
#include "node/app/machine_program.hpp"
#include "node/challenge/chain_trace.hpp"
#include "node/challenge/challenger.hpp"
#include "node/challenge/machine_trace.hpp"
#include "node/http/url.hpp"
#include "node/io/data_directory.hpp"
#include "node/io/failure.hpp"
#include "node/io/key_file.hpp"
#include "node/io/log.hpp"
#include "node/io/trouble.hpp"
#include "node/l1/http_transport.hpp"
#include "node/replica/replica.hpp"
#include "node/store/key_value.hpp"

namespace entresol::app {
namespace {

struct Settings {
    std::string l1_url, beacon_url, l2_url, chain_file, factory, datadir;
    MachineSettings machine;
    io::KeyLocation key;
    std::uint64_t poll_ms = 2'000, resend_ms = 30'000;
    std::shared_ptr<LogSettings> log;
};

std::uint64_t machine_ms() {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

// The run of one game: what it knows of preimages belongs to it.
class GameTrace final : public challenge::Trace {
public:
    GameTrace(const MachineSettings& settings, const Bytes& input)
        : settings_(settings), input_hash_(preimages_.add_keccak256(input)), machine_([this] { return start(); }) {}

    std::optional<std::vector<Hash32>> roots(std::uint64_t first, std::uint64_t spacing, std::size_t count) override {
        return machine_.roots(first, spacing, count);
    }
    std::optional<Bytes> state(std::uint64_t step) override { return machine_.state(step); }
    std::optional<Bytes> prove(std::uint64_t step) override { return machine_.prove(step); }

private:
    // The file is read again with each run: what a replica has written meanwhile is there.
    riscv::Machine start() {
        load_preimages(settings_, preimages_);
        auto machine = load_program(settings_);
        machine.preimages = &preimages_;
        riscv::set_input(machine.hart, input_hash_);
        return machine;
    }

    const MachineSettings& settings_;
    riscv::ProvablePreimages preimages_;
    Hash32 input_hash_;
    challenge::MachineTrace machine_;
};

challenge::Challenger::MakeTrace make_traces(const MachineSettings& settings) {
    auto machine = load_program(settings);
    riscv::MemoryTree tree;
    const Hash32 root = tree.update(machine.memory);
    const std::uint64_t entry = machine.hart.pc;
    return [&settings, root, entry](const challenge::Question& question) -> std::unique_ptr<challenge::Trace> {
        if (question.program_root != root || question.program_entry != entry) return nullptr;
        return std::make_unique<GameTrace>(settings, question.encode_input());
    };
}

// Rounds on a thread of their own, until told to stop.
class Rounds {
public:
    Rounds(challenge::Challenger& challenger, std::uint64_t poll_ms)
        : challenger_(challenger), poll_ms_(poll_ms), thread_([this] { run(); }) {}
    ~Rounds() {
        {
            const std::lock_guard lock(mutex_);
            is_stopping_ = true;
        }
        wake_.notify_all();
        thread_.join();
    }
    Rounds(const Rounds&) = delete;
    Rounds& operator=(const Rounds&) = delete;

private:
    void run() {
        io::Trouble trouble("challenge", "L1 is well again");
        std::unique_lock lock(mutex_);
        while (!is_stopping_) {
            lock.unlock();
            const auto done = challenger_.step();
            if (done)
                trouble.clear();
            else
                trouble.report(done.error().message);
            lock.lock();
            wake_.wait_for(lock, std::chrono::milliseconds(poll_ms_), [this] { return is_stopping_; });
        }
    }

    challenge::Challenger& challenger_;
    std::uint64_t poll_ms_;
    std::mutex mutex_;
    std::condition_variable wake_;
    bool is_stopping_ = false;
    std::thread thread_;
};

// A replica of the challenger's own, on a port of its own, where nobody named one.
std::unique_ptr<replica::Replica> start_replica(const Settings& settings, const genesis::ChainFile& chain) {
    if (settings.chain_file.empty() || !settings.l2_url.empty()) return nullptr;
    replica::Options options;
    options.l1_url = settings.l1_url;
    if (!settings.beacon_url.empty()) options.beacon_url = settings.beacon_url;
    options.datadir = settings.datadir + "/replica";
    options.port = 0;
    auto node = std::make_unique<replica::Replica>(options, chain);
    node->start();
    return node;
}

// Loaded when a blob is first met.
std::function<const crypto::Kzg&()> lazy_kzg() {
    const auto kzg = std::make_shared<std::optional<crypto::Kzg>>();
    return [kzg]() -> const crypto::Kzg& {
        if (!*kzg) *kzg = crypto::Kzg::ceremony();
        return **kzg;
    };
}

Address find_factory(const Settings& settings, const genesis::ChainFile& chain) {
    if (settings.factory.empty()) {
        const auto found = chain.contracts.find("dispute_game_factory");
        if (found != chain.contracts.end()) return found->second;
        throw io::Failure(io::FailureKind::Usage,
                          "--factory is missing, and no chain file names the dispute game factory");
    }
    const auto factory = parse_fixed<Address>(settings.factory);
    if (!factory) throw io::Failure(io::FailureKind::Usage, "--factory is not an address");
    return *factory;
}

int run_challenge(Settings& settings) {
    settings.log->apply();
    block_signals();
    if (settings.chain_file.empty() == settings.machine.file.empty())
        throw io::Failure(io::FailureKind::Usage, "give the rollup's --chain, or a --program of your own");
    const auto chain = settings.chain_file.empty() ? genesis::ChainFile{} : load_chain_file(settings.chain_file);
    const auto factory = find_factory(settings, chain);
    auto key = io::load_private_key(settings.key);
    if (!key) throw io::Failure(io::FailureKind::Key, "the challenger's key: " + key.error());
    const io::DataDirectory held(settings.datadir);
    const auto transport = std::make_shared<l1::HttpTransport>(settings.l1_url);
    const auto beacon =
        settings.beacon_url.empty() ? transport : std::make_shared<l1::HttpTransport>(settings.beacon_url);
    const auto client = std::make_shared<l1::L1Client>(transport, beacon, lazy_kzg());
    const auto chain_id = client->chain_id();
    if (!chain_id) throw std::runtime_error("L1 does not answer: " + chain_id.error().message);
    const auto node = start_replica(settings, chain);
    const auto l2_url = node == nullptr ? settings.l2_url : http::make_http_url("127.0.0.1", node->port());
    // A program of one's own asks no L2.
    const auto l2 = settings.chain_file.empty() ? nullptr : std::make_shared<l1::HttpTransport>(l2_url);
    const auto traces = settings.chain_file.empty()
                            ? make_traces(settings.machine)
                            : challenge::make_chain_traces({.config = chain.rollup,
                                                            .l1 = client,
                                                            .l2 = program::Replica(l2),
                                                            .memory_mib = settings.machine.memory_mib});
    const std::shared_ptr<store::KeyValue> tables = store::open_rocks_store(settings.datadir + "/challenger");
    challenge::Challenger challenger(
        {.factory = factory, .resend_after_ms = settings.resend_ms}, client,
        settlement::TxManager(client, key->reveal(), *chain_id, settlement::Outbox(tables, "challenger")), traces,
        machine_ms);
    starting_is_over();
    io::log_info("challenge", "started", {{"factory", to_hex(factory)}, {"datadir", settings.datadir}});
    print("Entresol challenger of the factory " + to_hex(factory) + "; Ctrl-C stops it\n");
    {
        const Rounds rounds(challenger, settings.poll_ms);
        wait_for_signal();
        transport->cancel();
        beacon->cancel();
        if (l2 != nullptr) l2->cancel();
    }
    if (node != nullptr) node->stop();
    io::log_info("challenge", "stopped");
    return 0;
}

}  // namespace

Command add_challenge_command(CLI::App& app) {
    auto settings = std::make_shared<Settings>();
    auto* command = app.add_subcommand("challenge", "Play the right side of every dispute about a rollup's state");
    command->add_option("--l1", settings->l1_url, "JSON-RPC of the L1, http:// or https://")->required();
    command->add_option("--l1-beacon", settings->beacon_url,
                        "Beacon API, for batches in blobs; the L1's URL where absent");
    command->add_option("--chain", settings->chain_file, "The rollup's chain file (entresol_chainFile gives it)")
        ->check(CLI::ExistingFile);
    command->add_option("--l2", settings->l2_url,
                        "JSON-RPC of a replica to read the L2's state from; where absent the challenger derives the "
                        "chain itself, in its data directory");
    command->add_option("--factory", settings->factory,
                        "Address of the dispute game factory on L1; where absent the chain file's");
    command
        ->add_option("--program", settings->machine.file,
                     "Instead of --chain: a program for the proof machine, an RV64IM ELF file")
        ->check(CLI::ExistingFile);
    command
        ->add_option("--preimages", settings->machine.preimages,
                     "With --program: what it may read, as a file; read again with each run")
        ->check(CLI::ExistingFile);
    command->add_option("--memory-mib", settings->machine.memory_mib, "Memory that one run of the program may use")
        ->capture_default_str()
        ->check(CLI::Range(1, 1 << 20));
    command
        ->add_option("--datadir", settings->datadir, "Keep transactions under way in this directory and resume from it")
        ->required()
        ->type_name("DIR");
    command->add_option("--poll-ms", settings->poll_ms, "Milliseconds between looks at the L1")
        ->capture_default_str()
        ->check(CLI::Range(10, 600000));
    command
        ->add_option("--resend-ms", settings->resend_ms,
                     "Milliseconds after which a transaction that waits is sent again for more")
        ->capture_default_str()
        ->check(CLI::Range(100, 3600000));
    add_key_options(*command, "challenger", settings->key);
    settings->log = add_log_options(*command, "info");
    command->footer(
        "The key pays gas and bonds, which come back; it needs no permission. It comes from a file that only you can "
        "read, or "
        "from ENTRESOL_CHALLENGER_KEY.\n\nExamples:\n  entresol challenge --l1 https://l1.example --chain "
        "chain.json --datadir ./challenger --challenger-key-file c.key\n"
        "  entresol challenge --l1 http://127.0.0.1:8546 --chain chain.json --l2 http://127.0.0.1:8545 --datadir "
        "./challenger --challenger-key-file c.key");
    return [settings] { return run_challenge(*settings); };
}

}  // namespace entresol::app
