// Reading the JSON of the public execution test suites (github.com/ethereum/execution-spec-tests, "state_test" and "blockchain_test").
#pragma once

#include <string>

#include "core/chain/forks.hpp"
#include "core/state/memory_state.hpp"
#include "core/stf/transition.hpp"
#include "testing/json_fields.hpp"

namespace entresol::conformance {

namespace json = boost::json;
using testing::text, testing::to_bytes, testing::to_fixed, testing::to_u256, testing::to_u64;

[[nodiscard]] state::MemoryState load_state(const json::object& accounts);
/// Names of mainnet forks and blob-parameter-only forks, and transitions such as "CancunToPragueAtTime15k".
[[nodiscard]] chain::ChainConfig load_config(std::string_view network, const json::object& config);

/// Does the suite's name for what must be refused ("TransactionException.A|BlockException.B") cover our error?
[[nodiscard]] bool is_expected(std::string_view expected, stf::TxError error);
[[nodiscard]] bool is_expected(std::string_view expected, const stf::BlockFailure& failure);

/// What differs between two states, for a person to read; at most a few lines.
[[nodiscard]] std::string describe_difference(const state::MemoryState& expected, const state::MemoryState& found);

}  // namespace entresol::conformance
