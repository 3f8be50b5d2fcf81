// Runs the files of a suite on all cores and counts.
#pragma once

#include <chrono>
#include <functional>
#include <map>

#include "node/conformance/suite.hpp"

namespace entresol::conformance {

struct Counts {
    std::size_t passed = 0, failed = 0, skipped = 0;
};

struct Report {
    std::size_t files = 0;
    Counts total;
    std::map<std::string, Counts> by_fork;  // without those of no fork
    std::chrono::duration<double> wall{};
    [[nodiscard]] bool all_passed() const { return total.failed == 0 && total.passed != 0; }
};

struct RunOptions {
    std::vector<std::filesystem::path> paths;  // files or folders
    std::string filter;                        // only files whose path contains it
    Selection selection;
    unsigned jobs = 0;  // 0: one a core
};

/// The suite's files under the paths, sorted. Throws std::runtime_error when a path is not there, or no file is.
[[nodiscard]] std::vector<std::filesystem::path> find_files(const RunOptions& options);

/// Both are called one at a time, from any thread.
struct Listener {
    std::function<void(const std::filesystem::path& file, const CaseResult& result)> on_result;  // failures and skips
    std::function<void(std::size_t files_done, std::size_t files, const Counts& counts)> on_progress;
};
[[nodiscard]] Report run_files(const Suite& suite, const std::vector<std::filesystem::path>& files,
                               const RunOptions& options, const Listener& listener);

}  // namespace entresol::conformance
