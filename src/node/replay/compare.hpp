// Findings from two sides of one field.
#pragma once

#include "core/base/hex.hpp"
#include "node/replay/replay.hpp"

namespace entresol::replay {

[[nodiscard]] inline std::string shown(std::uint64_t value) { return to_quantity(value); }
[[nodiscard]] inline std::string shown(const U256& value) { return to_quantity(value); }
[[nodiscard]] inline std::string shown(const Bytes& value) { return to_hex(value); }
template <std::size_t N>
[[nodiscard]] std::string shown(const FixedBytes<N>& value) {
    return to_hex(value);
}
template <typename T>
[[nodiscard]] std::string shown(const std::optional<T>& value) {
    return value ? shown(*value) : "none";
}

template <typename T>
[[nodiscard]] Finding compared(std::string field, const T& given, const T& computed) {
    return {std::move(field), given == computed ? Verdict::Same : Verdict::Differs, shown(given), shown(computed), {}};
}
[[nodiscard]] inline Finding unchecked(std::string field, std::string note) {
    return {std::move(field), Verdict::Unchecked, {}, {}, std::move(note)};
}

/// Each field of a receipt that execution decides.
[[nodiscard]] std::vector<Finding> compare_receipt(const GivenReceipt& given, const stf::TxOutcome& outcome);
/// Accounts as far as they were told, against a journal between two transactions.
[[nodiscard]] std::vector<Finding> compare_accounts(const GivenAccounts& given, state::Journal& journal);
/// All accounts after the block, those that should not be there included.
[[nodiscard]] std::vector<Finding> compare_states(const state::MemoryState& given, state::StateView& before,
                                                  const state::StateDiff& changes);

/// Fields of the header that follow from the parent, the body and the execution. A text in `left_out` says why a field could not be worked out.
[[nodiscard]] std::vector<Finding> compare_headers(const chain::Header& given, const chain::Header& computed,
                                                   bool has_given, const std::map<std::string, std::string>& left_out);

}  // namespace entresol::replay
