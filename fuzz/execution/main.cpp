// ./dev fuzz execution: generated transactions on this program, twice (as the node runs code, and each instruction by itself), and on the peers that are given.
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>

#include "core/base/hex.hpp"
#include "generate.hpp"
#include "minimize.hpp"
#include "peer.hpp"

namespace entresol::fuzz {
namespace {

constexpr std::uint64_t CASES_PER_ROUND = 400;

struct Settings {
    std::uint64_t cases = 10'000, seed = 1;
    std::optional<chain::Fork> fork;
    std::string out = "build/fuzz/execution";
    bool print_json = false, print_test = false;
    std::vector<std::pair<std::string, std::string>> peers;
};

[[noreturn]] void fail_usage(const std::string& words) {
    std::cerr << words
              << "\nusage: fuzz_execution [--cases N] [--seed S] [--fork NAME] [--out FOLDER] [--peer NAME=PROGRAM] "
                 "[--json]\n"
                 "       fuzz_execution --seed S --print-test    the case as a state test\n";
    std::exit(2);
}

Settings parse(const std::vector<std::string>& words) {
    Settings settings;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto& word = words[i];
        if (word == "--json") {
            settings.print_json = true;
            continue;
        }
        if (word == "--print-test") {
            settings.print_test = true;
            continue;
        }
        if (i + 1 >= words.size()) fail_usage(word + " wants a value, or is no flag");
        const auto& value = words[++i];
        if (word == "--fork") {
            settings.fork = chain::parse_fork(value);
            if (!settings.fork) fail_usage("no fork " + value);
        } else if (word == "--out") {
            settings.out = value;
        } else if (word == "--peer") {
            const auto at = value.find('=');
            if (at == std::string::npos) fail_usage("--peer wants NAME=PROGRAM");
            settings.peers.emplace_back(value.substr(0, at), value.substr(at + 1));
        } else if (word == "--cases" || word == "--seed") {
            char* end = nullptr;
            const auto number = std::strtoull(value.c_str(), &end, 10);
            if (value.empty() || *end != '\0') fail_usage(word + " wants a number");
            (word == "--cases" ? settings.cases : settings.seed) = number;
        } else {
            fail_usage("no flag " + word);
        }
    }
    return settings;
}

class Campaign {
public:
    explicit Campaign(const Settings& settings) : settings_(settings) {
        for (const auto& [name, program] : settings.peers) peers_.push_back(std::make_unique<Peer>(name, program));
    }

    int run() {
        const auto start = std::chrono::steady_clock::now();
        for (std::uint64_t done = 0; done < settings_.cases;) {
            const auto count = std::min(CASES_PER_ROUND, settings_.cases - done);
            round(settings_.seed + done, count);
            done += count;
            if (settings_.print_json || done % (CASES_PER_ROUND * 25) != 0) continue;
            std::printf("%llu of %llu cases, %llu differences\n", static_cast<unsigned long long>(done),
                        static_cast<unsigned long long>(settings_.cases),
                        static_cast<unsigned long long>(differences_));
            (void)std::fflush(stdout);
        }
        const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
        tell_end(spent.count());
        return differences_ == 0 ? 0 : 1;
    }

private:
    void round(std::uint64_t first, std::uint64_t count) {
        std::vector<Case> cases;
        std::vector<Bytes> encoded;
        std::vector<OurRun> ours;
        for (std::uint64_t i = 0; i < count; ++i) {
            cases.push_back(generate(first + i, settings_.fork));
            encoded.push_back(encode_case(cases.back()));
            ours.push_back(run_case(cases.back(), true));
            const auto& answer = ours.back().answer;
            (answer.accepted ? (answer.status == "1" ? succeeded_ : failed_) : refused_)++;
            const auto plain = run_case(cases.back(), false);
            if (const auto field = find_difference(ours.back().answer, plain.answer); !field.empty())
                tell(cases.back(), "this program, instruction by instruction", field, ours.back(), plain.answer,
                     nullptr);
        }
        for (const auto& peer : peers_) {
            const auto lines = peer->ask(encoded);
            for (std::size_t i = 0; i < cases.size(); ++i) {
                const auto theirs = Answer::parse(lines[i]);
                if (const auto field = find_difference(ours[i].answer, theirs); !field.empty())
                    tell(cases[i], peer->name(), field, ours[i], theirs, peer.get());
            }
        }
    }

    void tell(const Case& given, const std::string& who, const std::string& field, const OurRun& ours,
              const Answer& theirs, Peer* peer) {
        ++differences_;
        if (differences_ > 20) return;  // the first few tell the cause
        const auto smallest = minimize(given, [&](const Case& candidate) {
            const auto mine = run_case(candidate, true).answer;
            const auto other = peer != nullptr ? Answer::parse(peer->ask({encode_case(candidate)})[0])
                                               : run_case(candidate, false).answer;
            return find_difference(mine, other) == field;
        });
        const auto run = run_case(smallest, true);
        const std::string file = settings_.out + "/seed_" + std::to_string(given.seed) + ".json";
        std::ofstream(file) << to_state_test(smallest, run.root, run.logs_rlp_hash);
        std::cerr << "seed " << given.seed << ", " << chain::to_string(given.fork) << ": " << field << " differs from "
                  << who << "\n  ours   " << ours.answer.to_line() << "\n  theirs " << theirs.to_line()
                  << "\n  the smallest case is in " << file << "\n";
    }

    void tell_end(double seconds) const {
        const auto n = [](std::uint64_t value) { return static_cast<unsigned long long>(value); };
        if (settings_.print_json)
            std::printf(
                "{\"cases\":%llu,\"succeeded\":%llu,\"failed\":%llu,\"refused\":%llu,\"differences\":%llu,"
                "\"peers\":%zu,\"seconds\":%.1f}\n",
                n(settings_.cases), n(succeeded_), n(failed_), n(refused_), n(differences_), peers_.size(), seconds);
        else
            std::printf("%llu cases: %llu succeeded, %llu failed, %llu refused; %zu peers, %llu differences, %.1f s\n",
                        n(settings_.cases), n(succeeded_), n(failed_), n(refused_), peers_.size(), n(differences_),
                        seconds);
    }

    const Settings& settings_;
    std::vector<std::unique_ptr<Peer>> peers_;
    std::uint64_t succeeded_ = 0, failed_ = 0, refused_ = 0, differences_ = 0;
};

int run(const std::vector<std::string>& words) {
    const auto settings = parse(words);
    if (settings.print_test) {
        const auto made = generate(settings.seed, settings.fork);
        const auto ours = run_case(made, true);
        std::cout << to_state_test(made, ours.root, ours.logs_rlp_hash);
        return 0;
    }
    return Campaign(settings).run();
}

}  // namespace
}  // namespace entresol::fuzz

int main(int argc, char** argv) {
    try {
        return entresol::fuzz::run({argv + 1, argv + argc});
    } catch (const std::exception& problem) {
        std::cerr << problem.what() << "\n";
        return 1;
    }
}
