// The load generator of ./dev bench load: signs transactions into a file, sends them, counts what was sealed. Each command prints one JSON object.
#include <algorithm>
#include <iostream>

#include <CLI/CLI.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "calls.hpp"
#include "core/base/hex.hpp"
#include "pour.hpp"
#include "sealed.hpp"

namespace entresol::load {
namespace {

namespace json = boost::json;

double quantile(std::vector<double> values, double fraction) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    return values[std::min(values.size() - 1, static_cast<std::size_t>(fraction * static_cast<double>(values.size())))];
}

json::object run_pour(const std::string& file, const std::string& probe_file, const PourOptions& options) {
    const Workload workload(file);
    std::optional<Workload> probes;
    if (!probe_file.empty()) probes.emplace(probe_file);
    const auto poured = pour(workload, probes ? &*probes : nullptr, options);
    Connection reader(options.port);
    // Lanes do not end at the same line: what was sent may be anywhere in the workload.
    const auto sealed = count_sealed(reader, workload, poured.first_block, poured.last_block);
    const auto good = static_cast<double>(sealed.succeeded);
    json::object out{{"sent", poured.sent},
                     {"refused", poured.refused},
                     {"sealed", sealed.found},
                     {"succeeded", sealed.succeeded},
                     {"blocks", poured.last_block - poured.first_block + 1},
                     {"seconds", poured.seconds},
                     {"sending_s", poured.sending_s},
                     {"per_second", good / poured.seconds},
                     {"server_cpu_us_per_tx", poured.server_cpu_s / good * 1e6},
                     {"generator_cpu_us_per_tx", poured.generator_cpu_s / good * 1e6},
                     {"stalled", poured.stalled}};
    if (!poured.refusal.empty()) out["refusal"] = poured.refusal;
    if (probes) {
        out["probes"] = poured.probe_ms.size();
        out["p50_ms"] = quantile(poured.probe_ms, 0.5);
        out["p99_ms"] = quantile(poured.probe_ms, 0.99);
        out["max_ms"] = quantile(poured.probe_ms, 1);
    }
    return out;
}

json::object run_calls(const CallOptions& options) {
    const auto called = call_repeatedly(options);
    const auto calls = static_cast<double>(called.calls);
    return {{"calls", called.calls},
            {"per_second", calls / called.seconds},
            {"server_cpu_us_per_call", called.server_cpu_s / calls * 1e6},
            {"generator_cpu_us_per_call", called.generator_cpu_s / calls * 1e6}};
}

json::object run_sign(const SigningOrder& order) {
    sign_to_file(order);
    return {{"signed", order.count}};
}

int run(int argc, char** argv) {
    CLI::App app("Load for a JSON-RPC server on 127.0.0.1.");
    app.require_subcommand(1);
    json::object result;

    SigningOrder order;
    std::string token;
    auto* sign = app.add_subcommand("sign", "Sign transactions into a file.");
    sign->add_option("kind", order.kind)->required()->check(CLI::IsMember({"transfer", "erc20", "probe"}));
    sign->add_option("count", order.count)->required()->check(CLI::Range(1, 100'000'000));
    sign->add_option("file", order.file)->required();
    sign->add_option("--chain-id", order.chain_id)->required();
    sign->add_option("--token", token);
    sign->callback([&] {
        if (!token.empty()) order.token = parse_fixed<Address>(token).value();
        result = run_sign(order);
    });

    PourOptions options;
    std::string file, probes;
    auto* pouring = app.add_subcommand("pour", "Send a file and wait until all of it is sealed.");
    pouring->add_option("file", file)->required();
    pouring->add_option("--probes", probes, "another file, timed with eth_sendRawTransactionSync meanwhile");
    pouring->add_option("--port", options.port)->required();
    pouring->add_option("--server", options.server, "its process")->required();
    pouring->add_option("--connections", options.connections)->check(CLI::Range(1, 200));
    pouring->add_option("--batch", options.batch)->check(CLI::Range(1, 1000));
    pouring->add_option("--rate", options.rate);
    pouring->add_option("--most-waiting", options.most_waiting);
    pouring->add_option("--seconds", options.seconds);
    pouring->add_option("--forced-per-block", options.forced_per_block);
    pouring->add_option("--progress", options.progress_s);
    pouring->callback([&] { result = run_pour(file, probes, options); });

    CallOptions calls;
    auto* call = app.add_subcommand("calls", "Ask the same for some seconds.");
    call->add_option("method", calls.method)->required();
    call->add_option("params", calls.params);
    call->add_option("--port", calls.port)->required();
    call->add_option("--server", calls.server, "its process")->required();
    call->add_option("--connections", calls.connections)->check(CLI::Range(1, 1000));
    call->add_option("--batch", calls.batch)->check(CLI::Range(1, 1000));
    call->add_option("--seconds", calls.seconds);
    call->callback([&] { result = run_calls(calls); });

    auto* recover = app.add_subcommand("recover", "How long recovering senders takes on one core.");
    recover->add_option("file", file)->required();
    recover->callback([&] { result = {{"us_per_tx", measure_recovery_us(Workload(file), 20'000)}}; });

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& problem) {
        return app.exit(problem);
    }
    std::cout << json::serialize(result) << '\n';
    return 0;
}

}  // namespace
}  // namespace entresol::load

int main(int argc, char** argv) {
    try {
        return entresol::load::run(argc, argv);
    } catch (const std::exception& problem) {
        std::cerr << problem.what() << '\n';
        return 1;
    }
}
