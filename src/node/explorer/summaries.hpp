// The objects that several pages share (docs/explorer-api.md).
#pragma once

#include <string_view>

#include "node/explorer/pages.hpp"

namespace entresol::explorer {

/// A place in the chain's life, from "waiting" to "finalized".
[[nodiscard]] const char* status_of(const ledger::Ledger& ledger, std::uint64_t number);

[[nodiscard]] json::object block_summary(const State& state, const BlockFigures& block);
[[nodiscard]] json::object transaction_summary(const State& state, const ledger::StoredBlock& block, std::size_t index);
/// One that is in a mini-block, not in a block yet.
[[nodiscard]] json::object transaction_summary(const sequencer::Preview& preview, std::size_t index);
/// One that waits in the pool.
[[nodiscard]] json::object transaction_summary(const pool::CheckedTransaction& tx);

/// The steps towards finality of a block, or of its transaction at `tx_index`.
[[nodiscard]] json::object block_timeline(const State& state, const ledger::StoredBlock& block, std::size_t tx_index);
/// Of a transaction that is not in a block: in a mini-block, or none.
[[nodiscard]] json::object early_timeline(const sequencer::MiniBlock* mini_block, const char* status,
                                          std::string waits_for);

/// The name of an address that every rollup of this kind has; empty for others.
[[nodiscard]] std::string known_name(const State& state, const Address& address);

/// The newest sealed blocks of a page, and where the next page begins.
struct BlockPage {
    json::array blocks;
    json::value next;
};
[[nodiscard]] BlockPage list_blocks(const State& state, const Request& request);

}  // namespace entresol::explorer
