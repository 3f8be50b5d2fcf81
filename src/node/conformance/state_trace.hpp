// EIP-3155 traces of state tests and of bare code, each case with a closing line.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/base/uint256.hpp"
#include "node/conformance/step_lines.hpp"

namespace entresol::conformance {

struct TraceSelection {
    std::string test;  // part of its name; empty: every
    std::string fork;
    std::optional<std::size_t> index;
};
/// How many cases there were. Throws std::runtime_error when the file is not of the format.
std::size_t trace_state_tests(const std::filesystem::path& file, const TraceSelection& selection,
                              const StepLineOptions& options, const StepLines::Write& write);

struct CodeToTrace {
    Bytes code, input;
    std::uint64_t gas = 10'000'000;
    U256 value;
    std::string fork;  // empty: the newest
};
/// The code as an account's, called by another one with nothing else in the world. Throws std::runtime_error for an unknown fork.
void trace_code(const CodeToTrace& given, const StepLineOptions& options, const StepLines::Write& write);

}  // namespace entresol::conformance
