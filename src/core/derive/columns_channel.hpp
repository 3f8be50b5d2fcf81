// Channels of Entresol's own codec (docs/spec/batch-format.md): each says what one span batch would say. Derivation takes those alone that need no other
// channel and carry signatures, so that what it reads does not depend on where it began.
#pragma once

#include <optional>

#include "core/derive/batch.hpp"

namespace entresol::derive {

[[nodiscard]] bool is_columns_channel(ByteView channel);
/// Nothing for a channel that does not decode, or says what no span batch of this chain can.
[[nodiscard]] std::optional<SpanBatch> decode_columns_channel(ByteView channel, const BatchContext& context);
/// Nothing where a reader would refuse it: transactions that a span cannot hold, or that expand too far.
[[nodiscard]] std::optional<Bytes> encode_columns_channel(const SpanBatch& span, const BatchContext& context);

}  // namespace entresol::derive
