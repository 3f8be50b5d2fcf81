// Whole blocks from signatures (or known senders) to the diff, over a state in memory, serial beside parallel in turn.
//   driver TOKEN_CODE ROUNDS [THREADS [LOAD]]   prints one line of JSON a measurement: medians of wall and CPU time.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <iostream>

#include "core/base/check.hpp"
#include "core/base/hex.hpp"
#include "loads.hpp"
#include "node/parallel/execute_block.hpp"
#include "node/parallel/memory_reader.hpp"

namespace entresol::bench {
namespace {

struct Time {
    double wall_ms = 0, cpu_ms = 0;
};

double cpu_ms() {
    timespec now{};
    CHECK(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now) == 0);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

Time measure(const std::function<void()>& work) {
    const auto wall = std::chrono::steady_clock::now();
    const double cpu = cpu_ms();
    work();
    return {std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - wall).count(), cpu_ms() - cpu};
}

double median(std::vector<double> values) {
    std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2));
    return values[values.size() / 2];
}

Time median(const std::vector<Time>& times) {
    std::vector<double> wall, cpu;
    for (const auto& t : times) wall.push_back(t.wall_ms), cpu.push_back(t.cpu_ms);
    return {median(wall), median(cpu)};
}

struct Result {
    std::uint64_t gas = 0;
    std::size_t changed = 0;
};

Result execute(const Load& load, state::StateView& view, const stf::RunTransactions& run) {
    const auto& header = load.block.header;
    const auto rules = load.config.rules_at(header.number, header.timestamp);
    const auto context = stf::make_block_context(header, rules);
    state::Journal journal(view);
    evm::Vm vm(journal, context);
    stf::BlockProgress progress;
    std::vector<Address> senders;
    const auto outcomes = run(journal, vm, context, progress, load.block.transactions, senders);
    CHECK(outcomes.has_value());
    return {progress.gas_used, journal.take_diff().accounts.size()};
}

/// The best that one thread does: all hashes at once, then one transaction after the other.
Result execute_serially(const Load& load, bool knows_senders) {
    parallel::MemoryReader view(load.state);
    return execute(load, view,
                   [&](state::Journal& journal, evm::Vm& vm, const evm::BlockContext& context,
                       stf::BlockProgress& progress, std::span<const chain::Transaction> transactions,
                       std::vector<Address>&) -> entresol::Result<std::vector<stf::TxOutcome>, stf::BlockFailure> {
                       std::vector<std::optional<Address>> found(load.senders.begin(), load.senders.end());
                       if (!knows_senders) chain::recover_senders(transactions, found);
                       std::vector<stf::TxOutcome> outcomes;
                       outcomes.reserve(transactions.size());
                       for (std::size_t i = 0; i < transactions.size(); ++i) {
                           CHECK(found[i].has_value());
                           auto outcome =
                               stf::apply_transaction(journal, vm, context, progress, transactions[i], *found[i]);
                           if (!outcome) return stf::transaction_failure(outcome.error(), i);
                           outcomes.push_back(std::move(*outcome));
                       }
                       return outcomes;
                   });
}

Result execute_in_parallel(const Load& load, bool knows_senders, parallel::Executor& executor) {
    parallel::MemoryReader view(load.state);
    auto run = executor.begin(
        view, [&load] { return std::make_unique<parallel::MemoryReader>(load.state); },
        knows_senders ? std::span<const Address>(load.senders) : std::span<const Address>{});
    return execute(load, run.view(), run.runner());
}

void print(const Load& load, bool knows_senders, const Result& result, const std::vector<Time>& serial,
           const std::vector<Time>& parallel, const parallel::Executor& executor) {
    const Time one = median(serial), many = median(parallel);
    std::vector<double> ratios;  // of each pair, which met the same noise
    for (std::size_t i = 0; i < serial.size(); ++i) ratios.push_back(serial[i].wall_ms / parallel[i].wall_ms);
    const auto& s = executor.statistics();
    std::cout << R"({"load":")" << load.name << R"(","title":")" << load.title << R"(","signatures":)"
              << (knows_senders ? "false" : "true") << R"(,"transactions":)" << load.block.transactions.size()
              << R"(,"gas":)" << result.gas << R"(,"threads":)" << executor.threads() << R"(,"serial_wall_ms":)"
              << one.wall_ms << R"(,"serial_cpu_ms":)" << one.cpu_ms << R"(,"parallel_wall_ms":)" << many.wall_ms
              << R"(,"parallel_cpu_ms":)" << many.cpu_ms << R"(,"times_faster":)" << median(ratios) << R"(,"chunks":)"
              << s.chunks << R"(,"committed":)" << s.committed << R"(,"aborted":)" << s.aborted << "}" << std::endl;
}

void run(const Load& load, bool knows_senders, std::size_t rounds, unsigned threads) {
    parallel::Executor executor({.threads = threads});
    std::vector<Time> serial, parallel;
    Result expected, found;
    for (std::size_t i = 0; i < rounds + 2; ++i) {
        const Time one = measure([&] { expected = execute_serially(load, knows_senders); });
        const Time many = measure([&] { found = execute_in_parallel(load, knows_senders, executor); });
        CHECK(expected.gas == found.gas && expected.changed == found.changed);
        if (i < 2) continue;  // caches and allocator
        serial.push_back(one);
        parallel.push_back(many);
    }
    print(load, knows_senders, expected, serial, parallel, executor);
}

}  // namespace
}  // namespace entresol::bench

int main(int argc, char** argv) {
    using namespace entresol;  // NOLINT
    const auto token = argc > 1 ? parse_hex("0x" + std::string(argv[1])) : std::nullopt;
    const std::size_t rounds = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 0;
    const auto threads = static_cast<unsigned>(argc > 3 ? std::strtoul(argv[3], nullptr, 10) : 0);
    if (!token || rounds == 0) {
        std::cerr << "usage: " << argv[0] << " TOKEN_CODE ROUNDS [THREADS [LOAD]]\n";
        return 2;
    }
    const std::string_view only = argc > 4 ? argv[4] : "";
    for (const auto& load : bench::make_loads(*token)) {
        if (!only.empty() && only != load.name) continue;
        for (const bool knows_senders : {false, true}) bench::run(load, knows_senders, rounds, threads);
    }
    return 0;
}
