// What a batch costs under each codec, measured on a file of real data.
#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>

#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "node/app/commands.hpp"
#include "node/codec_measure/measure.hpp"
#include "node/io/failure.hpp"

namespace entresol::app {
namespace {

namespace json = boost::json;
using codec_measure::Report;

struct Settings {
    std::string file;
    codec_measure::Chain chain;
    bool without_signatures = false;
    bool print_json = false;
    int runs = 3;
};

Bytes read_whole_file(const std::string& path) {
    constexpr std::size_t MAX_FILE_BYTES = 256'000'000;
    std::ifstream in(path, std::ios::binary);
    Bytes bytes;
    for (auto it = std::istreambuf_iterator<char>(in); in && it != std::istreambuf_iterator<char>(); ++it) {
        if (bytes.size() == MAX_FILE_BYTES) throw io::Failure(io::FailureKind::Usage, path + " is above 256 MB");
        bytes.push_back(static_cast<std::uint8_t>(*it));
    }
    return bytes;
}

std::string as_json(const Report& report) {
    json::array rows;
    for (const auto& m : report.measurements)
        rows.push_back(json::object{{"codec", m.codec},
                                    {"cadence", codec_measure::to_string(m.cadence)},
                                    {"bytes", m.bytes},
                                    {"bytes_per_transaction", m.bytes_per_transaction},
                                    {"encode_mb_per_s", m.encode_mb_per_s},
                                    {"decode_mb_per_s", m.decode_mb_per_s},
                                    {"decode_transactions_per_s", m.decode_transactions_per_s},
                                    {"exact", m.exact}});
    json::object out{{"source", report.source},
                     {"signatures", report.has_signatures},
                     {"blocks", report.blocks},
                     {"transactions", report.transactions},
                     {"transaction_bytes", report.transaction_bytes},
                     {"channel_bytes", report.channel_bytes},
                     {"measurements", std::move(rows)}};
    return json::serialize(out) + "\n";
}

template <typename... T>
void add_line(std::string& out, const char* format, T... values) {
    char line[200];
    const int size = std::snprintf(line, sizeof line, format, values...);
    out.append(line, std::min(sizeof line - 1, static_cast<std::size_t>(std::max(size, 0))));
}

std::string as_text(const Report& report) {
    std::string out;
    add_line(out, "%s: %zu blocks, %zu transactions of %.1f bytes on average, %s signatures\n", report.source.c_str(),
             report.blocks, report.transactions,
             static_cast<double>(report.transaction_bytes) / static_cast<double>(report.transactions),
             report.has_signatures ? "with" : "without");
    if (report.channel_bytes != 0)
        add_line(out, "as posted: %.1f bytes per transaction\n",
                 static_cast<double>(report.channel_bytes) / static_cast<double>(report.transactions));
    add_line(out, "\n%-14s %-20s %10s %12s %12s %14s  %s\n", "parts", "codec", "bytes/tx", "encode MB/s", "decode MB/s",
             "decode tx/s", "exact");
    for (const auto& m : report.measurements)
        add_line(out, "%-14s %-20s %10.1f %12.1f %12.1f %14.0f  %s\n", codec_measure::to_string(m.cadence),
                 m.codec.c_str(), m.bytes_per_transaction, m.encode_mb_per_s, m.decode_mb_per_s,
                 m.decode_transactions_per_s, m.exact ? "yes" : "NO");
    return out;
}

int run_measure(const Settings& settings) {
    auto workload = codec_measure::read_workload(read_whole_file(settings.file), settings.chain);
    if (settings.without_signatures && workload.form == columns::Form::Signed)
        workload = codec_measure::remove_signatures(workload, settings.chain);
    const Report report = codec_measure::measure(workload, settings.chain, settings.runs);
    print(settings.print_json ? as_json(report) : as_text(report));
    if (!report.all_exact()) throw std::runtime_error("a codec did not give back what went in");
    return 0;
}

}  // namespace

Command add_codec_command(CLI::App& app) {
    auto settings = std::make_shared<Settings>();
    auto* group = app.add_subcommand("codec", "Measure what batches cost under each codec");
    group->require_subcommand(1);
    group->footer("Examples:\n  entresol codec measure channel.hex");
    auto* command = group->add_subcommand(
        "measure", "Print bytes per transaction and speed for each codec, and check that each is exact");
    command
        ->add_option(
            "FILE", settings->file,
            "A channel, a batcher transaction or its payload, or a blob of transactions; binary or hexadecimal")
        ->required()
        ->check(CLI::ExistingFile);
    command->add_flag("--without-signatures", settings->without_signatures,
                      "Leave signatures out and put senders in, as for batches that a validity proof covers");
    command->add_option("--chain-id", settings->chain.chain_id, "Of the transactions")
        ->type_name("N")
        ->capture_default_str();
    command
        ->add_option("--genesis-timestamp", settings->chain.genesis_timestamp,
                     "Of the chain whose span batches are read")
        ->type_name("SECONDS")
        ->capture_default_str();
    command->add_option("--block-time", settings->chain.block_time, "Of that chain")
        ->type_name("SECONDS")
        ->capture_default_str()
        ->check(CLI::Range(1, 3600));
    command->add_option("--runs", settings->runs, "Speed is the best of so many")
        ->type_name("N")
        ->capture_default_str()
        ->check(CLI::Range(1, 100));
    command->add_flag("--json", settings->print_json, "Print one JSON object");
    command->footer(
        "Parts are everything at once, twelve seconds, or single blocks. Ours keeps what it has learnt from part to "
        "part, and is shown a\n"
        "second time without that; the others begin afresh, as a channel of the OP Stack does.\n\n"
        "Examples:\n  entresol codec measure channel.hex\n  entresol codec measure blob.bin --json | jq .measurements");
    return [settings] { return run_measure(*settings); };
}

}  // namespace entresol::app
