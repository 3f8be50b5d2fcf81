// The proof machine's program as one chain runs it, and what it reads to answer one question (docs/spec/game.md).
#include <fstream>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "core/base/hex.hpp"
#include "node/app/chain_file_option.hpp"
#include "node/app/commands.hpp"
#include "node/io/failure.hpp"
#include "node/l1/http_transport.hpp"
#include "node/program/chain_program.hpp"
#include "node/program/record_question.hpp"

namespace entresol::app {
namespace {

namespace json = boost::json;

struct Settings {
    std::string chain_file, l1_url, beacon_url, l2_url, l1_head, out, input;
    std::uint64_t from = 0, block = 0;
    bool print_json = false;
};

void write_file(const std::string& path, ByteView bytes) {
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    out.close();
    if (!out) throw io::Failure(io::FailureKind::Usage, "cannot write " + path);
}

int run_image(const Settings& settings) {
    const auto program = program::make_chain_program({load_chain_file(settings.chain_file).rollup, std::nullopt});
    if (!settings.out.empty()) write_file(settings.out, program.elf);
    const std::string root = to_hex(program.memory_root), entry = to_quantity(program.entry);
    print(settings.print_json ? json::serialize(json::object{{"memory_root", root}, {"entry", entry}}) + "\n"
                              : "memory root " + root + "\nentry       " + entry + "\n");
    return 0;
}

l1::L1Block find_l1_head(l1::L1Client& client, const Settings& settings) {
    if (settings.l1_head.empty()) {
        auto head = client.header(l1::BlockTag::Latest);
        if (!head) throw io::Failure(io::FailureKind::L1Endpoint, "L1 does not answer: " + head.error().message);
        return *std::move(head);
    }
    const auto hash = parse_fixed<Hash32>(settings.l1_head);
    if (!hash) throw io::Failure(io::FailureKind::Usage, "--l1-head is not a hash");
    auto head = client.header(*hash);
    if (!head)
        throw io::Failure(io::FailureKind::L1Endpoint, "L1's block " + settings.l1_head + ": " + head.error().message);
    return *std::move(head);
}

int run_record(const Settings& settings) {
    const auto config = load_chain_file(settings.chain_file).rollup;
    const auto execution = std::make_shared<l1::HttpTransport>(settings.l1_url);
    const auto& beacon_url = settings.beacon_url.empty() ? settings.l1_url : settings.beacon_url;
    const auto kzg = std::make_shared<std::optional<crypto::Kzg>>();
    const auto client = std::make_shared<l1::L1Client>(execution, std::make_shared<l1::HttpTransport>(beacon_url),
                                                       [kzg]() -> const crypto::Kzg& {
                                                           if (!*kzg) *kzg = crypto::Kzg::ceremony();
                                                           return **kzg;
                                                       });
    const auto head = find_l1_head(*client, settings);
    const program::Replica replica(std::make_shared<l1::HttpTransport>(settings.l2_url));
    const program::Question question{program::output_root_at(replica, settings.from), head.hash, settings.block};
    const auto recording = program::record_question(config, question, settings.from, client, replica);
    write_file(settings.out, recording.preimages);
    const Bytes input = program::encode(question);
    if (!settings.input.empty()) write_file(settings.input, input);
    const std::string words =
        recording.answer ? to_hex(*recording.answer) : program::to_string(recording.answer.error());
    if (settings.print_json) {
        json::object out{{"input", to_hex(input)},
                         {"l1_head", to_hex(head.hash)},
                         {"l1_number", head.header.number},
                         {"preimages", recording.count},
                         {"bytes", recording.preimages.size()}};
        out[recording.answer ? "output_root" : "no_answer"] = words;
        print(json::serialize(out) + "\n");
    } else {
        print((recording.answer ? "output root " : "no answer: ") + words + "\n" + std::to_string(recording.count) +
              " preimages, " + std::to_string(recording.preimages.size()) + " bytes, in " + settings.out + "\n");
    }
    return 0;
}

CLI::App* add_image(CLI::App& group, Settings& settings) {
    auto* command =
        group.add_subcommand("image", "Write the program as one chain runs it, and print what names it on L1");
    command->add_option("--chain", settings.chain_file, "The rollup's chain file (entresol_chainFile gives it)")
        ->required()
        ->check(CLI::ExistingFile);
    command->add_option("--out", settings.out, "Write the ELF file there")->type_name("FILE");
    command->add_flag("--json", settings.print_json, "Print one JSON object");
    command->footer(
        "The memory root is that of the machine with the program loaded, before its first step; the dispute game on L1 "
        "has it and the entry point as constants.\n\n"
        "Examples:\n  entresol program image --chain chain.json\n  entresol program image --chain chain.json --out "
        "program.elf --json | jq -r .memory_root");
    return command;
}

CLI::App* add_record(CLI::App& group, Settings& settings) {
    auto* command = group.add_subcommand(
        "record", "Derive an L2 block as a dispute does, and write down what the machine has to read for it");
    command->add_option("--chain", settings.chain_file, "The rollup's chain file (entresol_chainFile gives it)")
        ->required()
        ->check(CLI::ExistingFile);
    command->add_option("--l1", settings.l1_url, "JSON-RPC of the L1, http:// or https://")->required();
    command->add_option("--l1-beacon", settings.beacon_url,
                        "Beacon API, for batches in blobs; the L1's URL where absent");
    command->add_option("--l2", settings.l2_url, "JSON-RPC of a replica (debug_executionWitness, debug_getRawBlock)")
        ->required();
    command->add_option("--from", settings.from, "The L2 block that is agreed")->required()->type_name("N");
    command->add_option("--block", settings.block, "The L2 block that is asked about")->required()->type_name("N");
    command->add_option("--l1-head", settings.l1_head, "The last L1 block that counts; L1's newest where absent")
        ->type_name("HASH");
    command->add_option("--out", settings.out, "Write the preimages there (docs/spec/machine.md)")
        ->required()
        ->type_name("FILE");
    command->add_option("--input", settings.input, "Write the question there, the program's input")->type_name("FILE");
    command->add_flag("--json", settings.print_json, "Print one JSON object");
    command->footer(
        "Nothing that L1 or the replica answer is believed: each counts only under the hash that is asked for.\n\n"
        "Examples:\n  entresol program record --chain chain.json --l1 http://127.0.0.1:8546 --l2 "
        "http://127.0.0.1:8545 --from 0 --block 12 --out preimages --input question\n"
        "  entresol machine run program.elf --input question --preimages preimages --json");
    return command;
}

}  // namespace

Command add_program_command(CLI::App& app) {
    auto settings = std::make_shared<Settings>();
    auto* group = app.add_subcommand("program", "The program that disputes run: its image, and what it reads");
    group->require_subcommand(1);
    group->footer(
        "Examples:\n  entresol program image --chain chain.json --out program.elf\n  entresol program record --chain "
        "chain.json --l1 http://127.0.0.1:8546 --l2 http://127.0.0.1:8545 --from 0 --block 12 --out preimages --input "
        "question");
    const auto* image = add_image(*group, *settings);
    add_record(*group, *settings);
    return [settings, image] { return image->parsed() ? run_image(*settings) : run_record(*settings); };
}

}  // namespace entresol::app
