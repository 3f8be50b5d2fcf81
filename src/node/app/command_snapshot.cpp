// A settled block's state as files: written from a data directory, checked, and made a data directory again.
#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>

#include <unistd.h>
#include <CLI/CLI.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "core/base/hex.hpp"
#include "node/app/commands.hpp"
#include "node/io/data_directory.hpp"
#include "node/io/failure.hpp"
#include "node/l1/http_transport.hpp"
#include "node/snapshot/import_snapshot.hpp"
#include "node/snapshot/settled_output.hpp"
#include "node/store/block_store.hpp"

namespace entresol::app {
namespace {

namespace json = boost::json;

struct Settings {
    std::string folder, out, datadir, chain_file, l1_url, trusted_output;
    std::optional<std::uint64_t> block;
    snapshot::ExportRequest request;
    bool print_json = false;
};

[[noreturn]] void fail_usage(const std::string& words) { throw io::Failure(io::FailureKind::Usage, words); }

genesis::ChainFile load_chain_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) fail_usage("cannot read the chain file " + path);
    auto parsed = genesis::parse_chain_file(std::string{std::istreambuf_iterator<char>(in), {}});
    if (!parsed) fail_usage(path + ": " + parsed.error());
    return std::move(*parsed);
}

template <typename T>
T answer_of_l1(l1::L1Result<T> answer) {
    if (!answer) throw io::Failure(io::FailureKind::L1Endpoint, "the L1 endpoint: " + answer.error().message);
    return std::move(*answer);
}

l1::L1Client open_l1(const std::string& url, const genesis::ChainFile& chain) {
    l1::L1Client client(std::make_shared<l1::HttpTransport>(url), nullptr, nullptr);
    const auto chain_id = answer_of_l1(client.chain_id());
    if (chain_id != chain.rollup.l1.chain_id)
        throw io::Failure(io::FailureKind::L1Endpoint, "the L1 endpoint has chain id " + std::to_string(chain_id) +
                                                           ", the rollup settles on " +
                                                           std::to_string(chain.rollup.l1.chain_id));
    return client;
}

// On a terminal one line that moves; elsewhere nothing.
snapshot::Progress show_progress(std::uint64_t of_chunks) {
    if (::isatty(STDERR_FILENO) == 0) return [](const snapshot::Totals&) {};
    return [of_chunks](const snapshot::Totals& t) {
        const auto of = of_chunks == 0 ? std::string() : " of " + std::to_string(of_chunks);
        std::fprintf(stderr, "\rchunk %llu%s, %llu accounts, %llu slots, %llu MB ",
                     static_cast<unsigned long long>(t.chunks), of.c_str(), static_cast<unsigned long long>(t.accounts),
                     static_cast<unsigned long long>(t.slots), static_cast<unsigned long long>(t.bytes >> 20));
    };
}

void report(const Settings& settings, const char* done, const snapshot::Manifest& manifest,
            const snapshot::Totals& totals, const json::object& more) {
    if (::isatty(STDERR_FILENO) != 0) std::fprintf(stderr, "\r\033[K");
    if (!settings.print_json) {
        std::string text = std::string(done) + " block " + std::to_string(manifest.block_number) + ", output root " +
                           to_hex(manifest.output_root()) + "\n" + std::to_string(totals.chunks) + " chunks, " +
                           std::to_string(totals.bytes) + " bytes: " + std::to_string(totals.accounts) + " accounts, " +
                           std::to_string(totals.slots) + " slots, " + std::to_string(totals.codes) + " codes, " +
                           std::to_string(totals.blocks) + " blocks\n";
        for (const auto& [name, value] : more) text += std::string(name) + ": " + json::serialize(value) + "\n";
        return print(text);
    }
    json::object out{{"chain_id", manifest.chain_id},
                     {"block_number", manifest.block_number},
                     {"block_hash", to_hex(manifest.block_hash)},
                     {"state_root", to_hex(manifest.state_root)},
                     {"output_root", to_hex(manifest.output_root())},
                     {"chunks", totals.chunks},
                     {"bytes", totals.bytes},
                     {"accounts", totals.accounts},
                     {"slots", totals.slots},
                     {"codes", totals.codes},
                     {"blocks", totals.blocks}};
    for (const auto& [name, value] : more) out[name] = value;
    print(json::serialize(out) + "\n");
}

std::uint64_t newest_settled_block(const Settings& settings, const store::BlockStore& store) {
    const auto chain = load_chain_file(settings.chain_file);
    auto client = open_l1(settings.l1_url, chain);
    const auto is_ours = [&](const snapshot::SettledOutput& output) {
        const auto hash = store.find_canonical_hash(output.block_number);
        const auto rlp = hash ? store.find_header(*hash) : std::nullopt;
        const auto header = rlp ? chain::decode_header(*rlp) : Result<chain::Header, codec::RlpError>(chain::Header{});
        if (!rlp || !header || output.block_number == 0) return false;
        const snapshot::Manifest manifest{.genesis_hash = {},
                                          .state_root = header->state_root,
                                          .message_passer_root = header->withdrawals_root.value_or(Hash32{}),
                                          .block_hash = *hash};
        return manifest.output_root() == output.output_root;
    };
    const auto found = answer_of_l1(snapshot::find_newest_settled(client, chain, is_ours));
    if (!found) throw std::runtime_error("L1 has settled no output of a block that this directory holds");
    return found->block_number;
}

int run_export(Settings& settings) {
    if (settings.l1_url.empty() != settings.chain_file.empty()) fail_usage("--l1 and --chain go together");
    if (!settings.l1_url.empty() && settings.block) fail_usage("--block and --l1 both name the block: give one");
    if (::access((settings.datadir + "/l2").c_str(), F_OK) != 0)
        throw io::Failure(io::FailureKind::Datadir, settings.datadir + " holds no chain");
    const io::DataDirectory held(settings.datadir);
    store::BlockStore store(store::open_rocks_store(settings.datadir + "/l2"));
    settings.request.block = settings.l1_url.empty() ? settings.block : newest_settled_block(settings, store);
    const auto done =
        snapshot::export_snapshot(store, settings.request, snapshot::Folder(settings.out), show_progress(0));
    report(settings, "exported", done.manifest, done.totals, {});
    return 0;
}

int run_verify(const Settings& settings) {
    const snapshot::Folder folder(settings.folder);
    const auto manifest = folder.load_manifest();
    const auto totals = snapshot::verify_snapshot(folder, manifest, show_progress(manifest.chunks));
    report(settings, "whole and consistent:", manifest, totals, {});
    return 0;
}

void check_output(const Settings& settings, const snapshot::Manifest& manifest, const genesis::ChainFile& chain) {
    const auto root = manifest.output_root();
    const auto what = "the output root " + to_hex(root) + " of block " + std::to_string(manifest.block_number);
    if (!settings.trusted_output.empty()) {
        const auto trusted = parse_fixed<Hash32>(settings.trusted_output);
        if (!trusted) fail_usage("--trusted-output: 0x and 64 hexadecimal digits are expected");
        if (*trusted != root) throw std::runtime_error(what + " is not the trusted one");
        return;
    }
    auto client = open_l1(settings.l1_url, chain);
    switch (answer_of_l1(snapshot::find_settlement(client, chain, manifest.block_number, root))) {
        case snapshot::Settlement::Settled: return;
        case snapshot::Settlement::NotYet:
            throw std::runtime_error(
                what + " is proposed on L1 but not settled yet\ntry again later, or export an older block");
        case snapshot::Settlement::Contradicted: throw std::runtime_error(what + " is not the one that L1 has settled");
        case snapshot::Settlement::Unknown: break;
    }
    throw std::runtime_error(what +
                             " is not on L1\nan export with --l1 and --chain takes a block whose output is settled");
}

int run_import(const Settings& settings) {
    if (settings.l1_url.empty() == settings.trusted_output.empty())
        fail_usage("either --l1 or --trusted-output says which output root is right");
    const auto chain = load_chain_file(settings.chain_file);
    const snapshot::Folder folder(settings.folder);
    const auto manifest = folder.load_manifest();
    snapshot::check_chain(manifest, chain);
    check_output(settings, manifest, chain);
    const io::DataDirectory held(settings.datadir);
    const auto done =
        snapshot::import_snapshot(folder, manifest, chain, settings.datadir, show_progress(manifest.chunks));
    report(settings, "imported", manifest, done.totals, {{"chunks_taken_before", done.taken_before}});
    return 0;
}

CLI::App* add_export(CLI::App& group, Settings& s) {
    auto* command = group.add_subcommand("export", "Write a block's state from a data directory that no process uses");
    command->add_option("--datadir", s.datadir, "The data directory")->required()->type_name("DIR");
    command->add_option("--out", s.out, "The folder to make")->required()->type_name("DIR");
    command->add_option("--block", s.block, "The block; the finalized head where absent")->type_name("N");
    command->add_option("--l1", s.l1_url, "JSON-RPC of the L1: the newest block whose output is settled there");
    command->add_option("--chain", s.chain_file, "The rollup's chain file, with --l1")->check(CLI::ExistingFile);
    command
        ->add_option("--l1-blocks", s.request.l1_blocks,
                     "Add the blocks of so many L1 blocks before; at least the chain's channel timeout")
        ->type_name("N")
        ->capture_default_str();
    command->add_flag("--json", s.print_json, "Print one JSON object");
    command->footer(
        "Examples:\n  entresol snapshot export --datadir ./replica --out ./snapshot --l1 http://127.0.0.1:8546 "
        "--chain chain.json");
    return command;
}

CLI::App* add_verify(CLI::App& group, Settings& s) {
    auto* command = group.add_subcommand("verify", "Check every chunk of a snapshot against the output root it names");
    command->add_option("DIR", s.folder, "The snapshot")->required()->check(CLI::ExistingDirectory);
    command->add_flag("--json", s.print_json, "Print one JSON object");
    command->footer(
        "Whether that output root is the chain's, L1 says: import asks it.\n\nExamples:\n  entresol snapshot verify "
        "./snapshot");
    return command;
}

CLI::App* add_import(CLI::App& group, Settings& s) {
    auto* command =
        group.add_subcommand("import", "Make a data directory from a snapshot whose output root L1 has settled");
    command->add_option("DIR", s.folder, "The snapshot")->required()->check(CLI::ExistingDirectory);
    command->add_option("--datadir", s.datadir, "The data directory; it holds no chain yet")
        ->required()
        ->type_name("DIR");
    command->add_option("--chain", s.chain_file, "The rollup's chain file")->required()->check(CLI::ExistingFile);
    command->add_option("--l1", s.l1_url, "JSON-RPC of the L1 that is asked whether the output root is settled");
    command->add_option("--trusted-output", s.trusted_output, "The output root that is right, instead of asking an L1")
        ->type_name("HASH");
    command->add_flag("--json", s.print_json, "Print one JSON object");
    command->footer(
        "Interrupted, it goes on where it was when called again. Until it is done the directory holds no chain.\n\n"
        "Examples:\n  entresol snapshot import ./snapshot --datadir ./replica --chain chain.json --l1 "
        "http://127.0.0.1:8546\n"
        "  entresol node --datadir ./replica --chain chain.json --l1 http://127.0.0.1:8546");
    return command;
}

}  // namespace

Command add_snapshot_command(CLI::App& app) {
    auto settings = std::make_shared<Settings>();
    auto* group = app.add_subcommand("snapshot", "Write, check and take in a verified snapshot of the chain's state");
    group->require_subcommand(1);
    group->footer("Examples:\n  entresol snapshot verify ./snapshot");
    auto* write = add_export(*group, *settings);
    auto* verify = add_verify(*group, *settings);
    (void)add_import(*group, *settings);
    return [settings, write, verify] {
        if (write->parsed()) return run_export(*settings);
        return verify->parsed() ? run_verify(*settings) : run_import(*settings);
    };
}

}  // namespace entresol::app
