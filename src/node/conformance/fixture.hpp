// Reading the JSON of the public execution test suites (github.com/ethereum/execution-spec-tests, "state_test" and "blockchain_test").
#pragma once

#include <string>

#include "core/chain/forks.hpp"
#include "core/state/memory_state.hpp"
#include "core/stf/transition.hpp"
#include "node/conformance/fields.hpp"

namespace entresol::conformance {

[[nodiscard]] state::MemoryState load_state(const json::object& accounts);
/// A test's "config". Suites before execution-spec-tests 4 have none: theirs is mainnet's, chain id 1.
[[nodiscard]] const json::object& config_of(const json::object& test);
/// Names of mainnet forks and blob-parameter-only forks, and transitions such as "CancunToPragueAtTime15k".
[[nodiscard]] chain::ChainConfig load_config(std::string_view network, const json::object& config);

/// Does the suite's name for what must be refused ("TransactionException.A|BlockException.B") cover our error?
[[nodiscard]] bool is_expected(std::string_view expected, stf::TxError error);
[[nodiscard]] bool is_expected(std::string_view expected, const stf::BlockFailure& failure);

/// The suite's names for our error, separated by "|".
[[nodiscard]] std::string expected_names(stf::TxError error);
/// Is one of `ours` among the expected ones, which carry the prefix of their kind?
[[nodiscard]] bool names_overlap(std::string_view expected, std::string_view ours);

/// What differs between two states, for a person to read; at most a few lines.
[[nodiscard]] std::string describe_difference(const state::MemoryState& expected, const state::MemoryState& found);

}  // namespace entresol::conformance
