// The transactions of a span batch, field by field in columns, so that similar bytes lie together for the compressor (Delta
// specification, "txs"; type 4 by Isthmus). Works on encoded transactions: fields are moved, not interpreted.
#pragma once

#include <span>

#include "core/derive/batch.hpp"
#include "core/derive/byte_cursor.hpp"

namespace entresol::derive {

/// Appends contract_creation_bits, y_parity_bits, tx_sigs, tx_tos, tx_datas, tx_nonces, tx_gases, protected_bits.
[[nodiscard]] Result<void, BatchError> append_span_transactions(Bytes& out, std::span<const Bytes> transactions,
                                                                std::uint64_t chain_id);

/// The transactions as EIP-2718 bytes. Their shape is checked, their signatures are not.
[[nodiscard]] Result<std::vector<Bytes>, BatchError> take_span_transactions(ByteCursor& in, std::size_t count,
                                                                            std::uint64_t chain_id);

}  // namespace entresol::derive
