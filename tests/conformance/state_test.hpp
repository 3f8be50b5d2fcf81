#pragma once

#include <vector>

#include "run_files.hpp"

namespace entresol::conformance {

/// Every fork and index of every test in a "state_test" file.
[[nodiscard]] std::vector<CaseResult> run_state_test_file(const std::string& path);
/// Every test in a "blockchain_test" file.
[[nodiscard]] std::vector<CaseResult> run_blockchain_test_file(const std::string& path);

}  // namespace entresol::conformance
