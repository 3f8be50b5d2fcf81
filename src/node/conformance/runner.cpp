#include "node/conformance/runner.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <stdexcept>
#include <thread>

namespace entresol::conformance {
namespace {

namespace fs = std::filesystem;
using Outcome = CaseResult::Outcome;

// Releases of execution-spec-tests keep an index of their files in a folder of this name.
constexpr std::string_view INDEX_FOLDER = "/.meta/";

bool is_fixture(const fs::path& file) {
    return (file.extension() == ".json" || file.extension() == ".yaml") &&
           file.string().find(INDEX_FOLDER) == std::string::npos;
}

void count(Counts& counts, Outcome outcome) {
    ++(outcome == Outcome::Passed ? counts.passed : outcome == Outcome::Failed ? counts.failed : counts.skipped);
}

// A file that is not of the suite's format is a failure of its own.
std::vector<CaseResult> run_guarded(const Suite& suite, const fs::path& file, const Selection& selection) {
    try {
        return suite.run(file, selection);
    } catch (const std::exception& problem) {
        return {
            make_result("(file)", {}, {}, "not in the format of " + std::string(suite.name) + ": " + problem.what())};
    }
}

}  // namespace

std::vector<fs::path> find_files(const RunOptions& options) {
    std::vector<fs::path> files;
    for (const auto& path : options.paths) {
        if (!fs::exists(path)) throw std::runtime_error("there is no " + path.string());
        if (!fs::is_directory(path)) {
            files.push_back(path);
            continue;
        }
        for (const auto& entry : fs::recursive_directory_iterator(path))
            if (entry.is_regular_file() && is_fixture(entry.path())) files.push_back(entry.path());
    }
    if (!options.filter.empty())
        std::erase_if(files,
                      [&](const fs::path& file) { return file.string().find(options.filter) == std::string::npos; });
    if (files.empty()) throw std::runtime_error("no fixtures there: nothing would be tested");
    std::ranges::sort(files);
    return files;
}

Report run_files(const Suite& suite, const std::vector<fs::path>& files, const RunOptions& options,
                 const Listener& listener) {
    const auto start = std::chrono::steady_clock::now();
    Report report;
    std::mutex mutex;
    std::atomic<std::size_t> next = 0;
    const auto add = [&](const fs::path& file, const std::vector<CaseResult>& results) {
        const std::lock_guard lock(mutex);
        ++report.files;
        for (const auto& result : results) {
            count(report.total, result.outcome);
            if (!result.fork.empty()) count(report.by_fork[result.fork], result.outcome);
            if (result.outcome != Outcome::Passed) listener.on_result(file, result);
        }
        listener.on_progress(report.files, files.size(), report.total);
    };
    {
        std::vector<std::jthread> workers;
        const unsigned jobs = options.jobs != 0 ? options.jobs : std::max(1U, std::thread::hardware_concurrency());
        for (unsigned i = 0; i < jobs; ++i)
            workers.emplace_back([&] {
                for (std::size_t at = next++; at < files.size(); at = next++)
                    add(files[at], run_guarded(suite, files[at], options.selection));
            });
    }
    report.wall = std::chrono::steady_clock::now() - start;
    return report;
}

}  // namespace entresol::conformance
