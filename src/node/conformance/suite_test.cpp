#include "node/conformance/suite.hpp"

#include <fstream>
#include <random>

#include <gtest/gtest.h>
#include <unistd.h>

#include "node/conformance/runner.hpp"

namespace entresol::conformance {
namespace {

namespace fs = std::filesystem;

class Fixtures : public ::testing::Test {
protected:
    Fixtures()
        : folder_(fs::temp_directory_path() / ("entresol_conformance_" + std::to_string(::getpid()) + "_" +
                                               std::to_string(std::random_device{}()))) {
        fs::create_directories(folder_);
    }
    ~Fixtures() override { fs::remove_all(folder_); }

    fs::path write(const std::string& name, const std::string& content) {
        fs::create_directories((folder_ / name).parent_path());
        std::ofstream(folder_ / name) << content;
        return folder_ / name;
    }
    Report run(const char* suite, RunOptions options = {}) {
        options.paths = {folder_};
        options.jobs = 2;
        told_.clear();
        return run_files(*find_suite(suite), find_files(options), options,
                         {.on_result = [this](const fs::path&, const CaseResult& r) { told_.push_back(r); },
                          .on_progress = [](std::size_t, std::size_t, const Counts&) {}});
    }
    fs::path folder_;
    std::vector<CaseResult> told_;
};

TEST_F(Fixtures, AFileOfAnotherFormatIsAFailureInEverySuite) {
    write("a.json", R"({"test": {"what": 1}})");
    write("b.json", "not json");
    write("c.json", "[1, 2]");
    for (const auto& suite : suites()) {
        const auto report = run(std::string(suite.name).c_str());
        EXPECT_EQ(report.total.failed, 3U) << suite.name;
        EXPECT_EQ(report.total.passed, 0U) << suite.name;
        EXPECT_FALSE(report.all_passed());
        for (const auto& result : told_) EXPECT_NE(result.detail.find("not in the format"), std::string::npos);
    }
}

TEST_F(Fixtures, NothingToRunIsAnError) {
    RunOptions options;
    options.paths = {folder_};
    EXPECT_THROW((void)find_files(options), std::runtime_error);
    options.paths = {folder_ / "absent"};
    EXPECT_THROW((void)find_files(options), std::runtime_error);
    write(".meta/index.json", "{}");
    options.paths = {folder_};
    EXPECT_THROW((void)find_files(options), std::runtime_error);
}

TEST_F(Fixtures, WhatDiffersIsAFailureWithWords) {
    write("rlp.json", R"({"dog": {"in": "dog", "out": "0x83646f67"}, "cat": {"in": "cat", "out": "0x83646f67"},
                          "big": {"in": "#115792089237316195423570985008687907853269984665640564039457584007913129639936",
                                  "out": "0xa1010000000000000000000000000000000000000000000000000000000000000000"},
                          "bad": {"in": "INVALID", "out": "0x8100"}, "good": {"in": "VALID", "out": "0x8100"}})");
    const auto report = run("rlp-tests");
    EXPECT_EQ(report.total.passed, 3U);
    EXPECT_EQ(report.total.failed, 2U);
    ASSERT_EQ(told_.size(), 2U);
    EXPECT_EQ(told_[0].test, "cat");
    EXPECT_EQ(told_[0].detail, "encodes to 0x83636174");
    EXPECT_EQ(told_[1].test, "good");
}

TEST_F(Fixtures, ForksAreChosenByEitherName) {
    // An invalid transaction is refused for its form under both forks.
    write("tx.json", R"({"empty": {"txbytes": "0x", "result": {
        "EIP150": {"exception": "TransactionException.RLP_TOO_FEW_ELEMENTS"},
        "Cancun": {"exception": "TransactionException.INTRINSIC_GAS_TOO_LOW"}}}})");
    RunOptions options;
    options.selection.fork = "TangerineWhistle";
    const auto tangerine = run("transaction-tests", options);
    EXPECT_EQ(tangerine.total.passed, 1U);
    EXPECT_EQ(tangerine.total.failed, 0U);
    options.selection.fork = "Cancun";
    EXPECT_EQ(run("transaction-tests", options).total.failed, 1U);  // refused, but not for that reason
}

TEST_F(Fixtures, PrecompilesAreKnownByTheirFilesName) {
    write("sha256.json", R"([{"Name": "empty", "Input": "", "Gas": 60,
        "Expected": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"Name": "wrong gas", "Input": "", "Gas": 61,
        "Expected": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}])");
    const auto report = run("precompiles");
    EXPECT_EQ(report.total.passed, 1U);
    ASSERT_EQ(told_.size(), 1U);
    EXPECT_EQ(told_[0].detail, "costs 60 gas, expected 61");
}

TEST_F(Fixtures, KzgCasesAreKnownByTheirFolders) {
    const std::string infinity = "'0xc0" + std::string(94, '0') + "'", zero = "'0x" + std::string(64, '0') + "'";
    const std::string input =
        "input:\n  commitment: " + infinity + "\n  z: " + zero + "\n  y: " + zero + "\n  proof: " + infinity;
    write("verify_kzg_proof/p/right/data.yaml", input + "\noutput: true\n");
    write("verify_kzg_proof/p/wrong/data.yaml", input + "\noutput: false\n");
    write("compute_challenge/p/other/data.yaml", "input:\n  blob: '0x'\noutput: null\n");
    write("nonsense/p/case/data.yaml", input + "\noutput: true\n");
    const auto report = run("precompiles");
    EXPECT_EQ(report.total.passed, 1U);
    EXPECT_EQ(report.total.failed, 2U);
    EXPECT_EQ(report.total.skipped, 1U);
}

}  // namespace
}  // namespace entresol::conformance
