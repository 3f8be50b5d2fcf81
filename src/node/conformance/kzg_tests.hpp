// The KZG vectors of c-kzg-4844: folders named after an operation, a case a folder, "data.yaml" with input and output.
#pragma once

#include "node/conformance/suite.hpp"

namespace entresol::conformance {

[[nodiscard]] std::vector<CaseResult> run_kzg_test(const std::filesystem::path& file);

}  // namespace entresol::conformance
