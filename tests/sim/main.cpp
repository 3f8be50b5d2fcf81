// ./dev sim: as many simulations of the whole system as wanted. Exits 1 when one fails; its seed makes it fail again.
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <string>

#include <unistd.h>

#include "node/io/log.hpp"
#include "node/sim/simulation.hpp"

namespace {

using namespace entresol::sim;

struct Arguments {
    std::uint64_t seeds = 1'000, first = 1;
    bool json = false, trace = false;
};

std::optional<Arguments> read(int count, char** words) {
    Arguments out;
    for (int i = 1; i < count; ++i) {
        const std::string_view word = words[i];
        if (word == "--json") {
            out.json = true;
        } else if (word == "--trace") {
            out.trace = true;
        } else if ((word == "--seeds" || word == "--first") && i + 1 < count) {
            char* end = nullptr;
            const auto number = std::strtoull(words[++i], &end, 10);
            if (*end != 0 || end == words[i]) return std::nullopt;
            (word == "--seeds" ? out.seeds : out.first) = number;
        } else {
            return std::nullopt;
        }
    }
    return out;
}

// A failed CHECK ends the process: whose it was is said before.
std::atomic<std::uint64_t> current_seed{0};
void on_abort(int) {
    char line[64];
    const int size =
        std::snprintf(line, sizeof line, "seed %llu aborted\n", static_cast<unsigned long long>(current_seed.load()));
    (void)!::write(STDERR_FILENO, line, static_cast<std::size_t>(size));
}

void tell(const Scenario& scenario, const Outcome& outcome, bool with_trace) {
    if (with_trace || outcome.fault)
        for (const auto& line : outcome.trace) std::fprintf(stderr, "%s\n", line.c_str());
    if (outcome.fault)
        std::fprintf(stderr, "seed %llu FAILED: %s\n   %s\n   again: ./dev sim --first %llu --seeds 1 --trace\n",
                     static_cast<unsigned long long>(scenario.seed), outcome.fault->c_str(),
                     scenario.describe().c_str(), static_cast<unsigned long long>(scenario.seed));
}

}  // namespace

int main(int count, char** words) {
    const auto arguments = read(count, words);
    if (!arguments) {
        std::fprintf(stderr, "usage: sim [--seeds N] [--first S] [--json] [--trace]\n");
        return 2;
    }
    std::signal(SIGABRT, on_abort);
    const auto start = std::chrono::steady_clock::now();
    const bool shows_progress = ::isatty(STDERR_FILENO) != 0;
    Statistics total;
    std::string failed;
    std::uint64_t failures = 0, digest = 0;
    for (std::uint64_t i = 0; i < arguments->seeds; ++i) {
        const auto scenario = Scenario::draw(arguments->first + i);
        current_seed = scenario.seed;
        Simulation simulation(scenario);
        if (arguments->trace) entresol::io::set_log_level(entresol::io::LogLevel::Info);
        const auto outcome = simulation.run();
        digest = digest * 31 + outcome.digest;
        total.add(outcome.statistics);
        tell(scenario, outcome, arguments->trace);
        if (outcome.fault) {
            failed += (failures++ == 0 ? "" : ",") + std::to_string(scenario.seed);
        }
        if (shows_progress) {
            const std::string line = "\r" + std::to_string(i + 1) + " of " + std::to_string(arguments->seeds) +
                                     " seeds, " + std::to_string(failures) + " failed ";
            std::fputs(line.c_str(), stderr);
        }
    }
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (shows_progress) std::fprintf(stderr, "\r");
    if (arguments->json) {
        std::printf("{\"seeds\":%llu,\"first\":%llu,\"failed\":[%s],\"wall_s\":%.1f,\"digest\":\"%016llx\"",
                    static_cast<unsigned long long>(arguments->seeds),
                    static_cast<unsigned long long>(arguments->first), failed.c_str(), seconds,
                    static_cast<unsigned long long>(digest));
        for (const auto& [name, value] : list(total))
            std::printf(",\"%s\":%llu", name, static_cast<unsigned long long>(value));
        std::printf("}\n");
    } else {
        std::printf("%llu seeds in %.1f s, %llu failed; digest %016llx\n",
                    static_cast<unsigned long long>(arguments->seeds), seconds,
                    static_cast<unsigned long long>(failures), static_cast<unsigned long long>(digest));
        for (const auto& [name, value] : list(total))
            std::printf("   %-16s %llu\n", name, static_cast<unsigned long long>(value));
    }
    return failures == 0 ? 0 : 1;
}
