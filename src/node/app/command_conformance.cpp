// Public consensus test suites over this program's state transition.
#include <cstdio>
#include <memory>

#include <unistd.h>
#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "node/app/commands.hpp"
#include "node/conformance/runner.hpp"
#include "node/io/failure.hpp"
#include "node/io/terminal.hpp"

namespace entresol::app {
namespace {

namespace json = boost::json;
using conformance::CaseResult;
using conformance::Counts;

constexpr std::size_t MAX_LISTED = 10'000;  // failures in the JSON answer
constexpr int BAR_WIDTH = 30;

struct Settings {
    std::string suite;
    conformance::RunOptions options;
    std::vector<std::string> paths;
    bool print_json = false;
    bool lists_skipped = false;
};

// On standard error, and only where somebody looks.
class ProgressBar {
public:
    ProgressBar() : is_on_(::isatty(STDERR_FILENO) != 0) {}
    void show(std::size_t done, std::size_t all, const Counts& counts) {
        if (!is_on_ || (done != all && done * 1000 / all == shown_)) return;
        shown_ = done * 1000 / all;
        const int filled = static_cast<int>(done * BAR_WIDTH / all);
        std::fprintf(stderr, "\r[%.*s%*s] %zu of %zu files, %zu passed, %zu failed ", filled,
                     "##############################", BAR_WIDTH - filled, "", done, all, counts.passed, counts.failed);
        if (done == all) clear();
    }
    void clear() const {
        if (is_on_) std::fprintf(stderr, "\r%*s\r", 100, "");
    }

private:
    bool is_on_;
    std::size_t shown_ = ~std::size_t{0};
};

json::object to_json(const Counts& counts) {
    return {{"passed", counts.passed}, {"failed", counts.failed}, {"skipped", counts.skipped}};
}

json::object to_json(const std::filesystem::path& file, const CaseResult& result) {
    json::object out{{"file", file.string()}, {"test", result.test}};
    if (!result.fork.empty()) out["fork"] = result.fork;
    if (result.index) out["index"] = *result.index;
    out[result.outcome == CaseResult::Outcome::Skipped ? "reason" : "difference"] = result.detail;
    return out;
}

std::string to_line(const std::filesystem::path& file, const CaseResult& result) {
    std::string out = result.outcome == CaseResult::Outcome::Failed ? "FAIL " : "SKIP ";
    out += file.string() + " " + result.test;
    if (!result.fork.empty()) out += " " + result.fork;
    if (result.index) out += " #" + std::to_string(*result.index);
    return out + ": " + result.detail + "\n";
}

json::object to_json(const conformance::Report& report, const std::string& suite) {
    json::object out = to_json(report.total), forks;
    for (const auto& [fork, counts] : report.by_fork) forks[fork] = to_json(counts);
    out["suite"] = suite;
    out["files"] = report.files;
    out["seconds"] = report.wall.count();
    out["forks"] = std::move(forks);
    return out;
}

std::string to_text(const conformance::Report& report) {
    std::string out;
    char line[160];
    for (const auto& [fork, counts] : report.by_fork) {
        std::snprintf(line, sizeof line, "%-32s %7zu passed %5zu failed\n", fork.c_str(), counts.passed, counts.failed);
        out += line;
    }
    std::snprintf(line, sizeof line, "%zu files, %zu passed, %zu failed, %zu skipped, %.1f s\n", report.files,
                  report.total.passed, report.total.failed, report.total.skipped, report.wall.count());
    return out + line;
}

int run_conformance(Settings& settings) {
    const auto* suite = conformance::find_suite(settings.suite);
    if (suite == nullptr) throw io::Failure(io::FailureKind::Usage, "there is no suite " + settings.suite);
    settings.options.paths.assign(settings.paths.begin(), settings.paths.end());
    std::vector<std::filesystem::path> files;
    try {
        files = conformance::find_files(settings.options);
    } catch (const std::exception& problem) {
        throw io::Failure(io::FailureKind::Usage, problem.what());
    }
    ProgressBar bar;
    json::array failures, skips;
    const auto tell = [&](const std::filesystem::path& file, const CaseResult& result) {
        const bool is_failure = result.outcome == CaseResult::Outcome::Failed;
        if (settings.print_json) {
            auto& into = is_failure ? failures : skips;
            if (into.size() < MAX_LISTED) into.push_back(to_json(file, result));
            return;
        }
        if (!is_failure && !settings.lists_skipped) return;
        bar.clear();
        print(to_line(file, result));
    };
    const auto report = conformance::run_files(
        *suite, files, settings.options,
        {.on_result = tell,
         .on_progress = [&](std::size_t done, std::size_t all, const Counts& counts) { bar.show(done, all, counts); }});
    if (settings.print_json) {
        auto out = to_json(report, settings.suite);
        out["failures"] = std::move(failures);
        out["skips"] = std::move(skips);
        print(json::serialize(out) + "\n");
    } else {
        print(to_text(report));
    }
    return report.all_passed() ? 0 : 1;
}

}  // namespace

Command add_conformance_command(CLI::App& app) {
    auto settings = std::make_shared<Settings>();
    auto* command =
        app.add_subcommand("conformance", "Run public consensus tests over this program's state transition");
    std::vector<std::string> names;
    std::string about = "Suites:\n";
    for (const auto& suite : conformance::suites()) {
        names.emplace_back(suite.name);
        about += "  " + std::string(suite.name) + std::string(18 - suite.name.size(), ' ') +
                 std::string(suite.description) + "\n";
    }
    command->add_option("SUITE", settings->suite, "What the files are")->required()->check(CLI::IsMember(names));
    command->add_option("PATH", settings->paths, "Fixture files, or folders of them")->required();
    command->add_option("--fork", settings->options.selection.fork,
                        "Only cases under this fork, by the suite's name or ours");
    command->add_option("--filter", settings->options.filter, "Only files whose path contains this");
    command->add_option("--jobs", settings->options.jobs, "Threads; 0 takes one a core")->capture_default_str();
    command
        ->add_option("--execution-threads", settings->options.selection.execution_threads,
                     "blockchain-tests: threads that execute a block, a transaction each; 1 is serial")
        ->capture_default_str()
        ->check(CLI::Range(1, 64));
    command->add_flag("--skipped", settings->lists_skipped, "List what was skipped too, with its reason");
    command->add_flag("--json", settings->print_json, "Print one JSON object: counts, by fork, failures, skips");
    command->footer(about +
                    "\nOne line a failure: file, test, fork, index, what differed. A file that is not of the suite's "
                    "format is a failure.\nThe exit code is 0 when everything passed and something ran, else 1.\n\n"
                    "Examples:\n  entresol conformance state-tests fixtures/state_tests --fork Prague\n"
                    "  entresol conformance blockchain-tests fixtures/blockchain_tests --filter eip7702 --json");
    return [settings] { return run_conformance(*settings); };
}

}  // namespace entresol::app
