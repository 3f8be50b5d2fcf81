#include "run_files.hpp"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <mutex>
#include <string_view>
#include <thread>

namespace entresol::conformance {

namespace {

std::vector<std::string> find_files(int argc, char** argv) {
    std::vector<std::string> paths, files;
    std::string filter;
    for (int i = 1; i < argc; ++i) {
        if (std::string_view(argv[i]) == "--filter" && i + 1 < argc)
            filter = argv[++i];
        else
            paths.emplace_back(argv[i]);
    }
    const auto keep = [&](const std::string& path) {
        if (path.ends_with(".json") && path.find("/.meta/") == path.npos && path.find(filter) != path.npos)
            files.push_back(path);
    };
    for (const auto& path : paths) {
        if (!std::filesystem::is_directory(path)) {
            keep(path);
            continue;
        }
        for (const auto& entry : std::filesystem::recursive_directory_iterator(path))
            if (entry.is_regular_file()) keep(entry.path().string());
    }
    std::sort(files.begin(), files.end());
    return files;
}

struct Totals {
    std::mutex mutex;
    std::size_t passed = 0, failed = 0;

    void add(const std::string& file, const std::vector<CaseResult>& results) {
        const std::lock_guard lock(mutex);
        for (const auto& result : results) {
            ++(result.failure.empty() ? passed : failed);
            if (!result.failure.empty())
                std::printf("FAIL %s\n    %s\n    %s\n", file.c_str(), result.name.c_str(), result.failure.c_str());
        }
    }
};

std::vector<CaseResult> run_guarded(const RunFile& run, const std::string& file) {
    try {
        return run(file);
    } catch (const std::exception& error) {  // a malformed fixture
        return {{"(file)", error.what()}};
    }
}

}  // namespace

int run_files(int argc, char** argv, const RunFile& run) {
    const auto files = find_files(argc, argv);
    Totals totals;
    std::atomic<std::size_t> next = 0;
    std::vector<std::jthread> workers;
    for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i)
        workers.emplace_back([&] {
            for (std::size_t at = next++; at < files.size(); at = next++)
                totals.add(files[at], run_guarded(run, files[at]));
        });
    workers.clear();  // joins
    std::printf("%zu files, %zu cases passed, %zu failed\n", files.size(), totals.passed, totals.failed);
    return totals.failed == 0 && totals.passed != 0 ? 0 : 1;
}

}  // namespace entresol::conformance
