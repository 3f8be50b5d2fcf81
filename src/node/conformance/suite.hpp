// The public test suites that this program runs, one row a suite: how its files look and what a case of it demands.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace entresol::conformance {

struct CaseResult {
    enum class Outcome : std::uint8_t { Passed, Failed, Skipped };
    std::string test;
    std::string fork;                  // empty where the suite has none
    std::optional<std::size_t> index;  // of several cases under one fork
    Outcome outcome = Outcome::Passed;
    std::string detail;  // what differed, or why it was skipped
};

/// Empty differences pass.
[[nodiscard]] inline CaseResult make_result(std::string test, std::string fork, std::optional<std::size_t> index,
                                            std::string difference) {
    const auto outcome = difference.empty() ? CaseResult::Outcome::Passed : CaseResult::Outcome::Failed;
    return {std::move(test), std::move(fork), index, outcome, std::move(difference)};
}
[[nodiscard]] inline CaseResult make_skipped(std::string test, std::string reason) {
    return {std::move(test), {}, {}, CaseResult::Outcome::Skipped, std::move(reason)};
}

/// Which cases of a file to run.
struct Selection {
    std::string fork;                // empty: every
    unsigned execution_threads = 1;  // of a block's execution; more: every transaction is run ahead of its turn
    [[nodiscard]] bool takes(std::string_view name) const;
};

/// All selected cases of a file. Throws std::runtime_error when the file is not of the suite's format: never a silent pass.
using RunFile = std::vector<CaseResult> (*)(const std::filesystem::path& file, const Selection& selection);

struct Suite {
    std::string_view name;
    std::string_view description;
    RunFile run;
};
[[nodiscard]] std::span<const Suite> suites();
[[nodiscard]] const Suite* find_suite(std::string_view name);

std::vector<CaseResult> run_state_tests(const std::filesystem::path& file, const Selection& selection);
std::vector<CaseResult> run_blockchain_tests(const std::filesystem::path& file, const Selection& selection);
std::vector<CaseResult> run_trie_tests(const std::filesystem::path& file, const Selection& selection);
std::vector<CaseResult> run_rlp_tests(const std::filesystem::path& file, const Selection& selection);
std::vector<CaseResult> run_transaction_tests(const std::filesystem::path& file, const Selection& selection);
std::vector<CaseResult> run_precompile_tests(const std::filesystem::path& file, const Selection& selection);

}  // namespace entresol::conformance
