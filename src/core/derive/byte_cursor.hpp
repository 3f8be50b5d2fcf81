// Reads hostile bytes from front to back; every read is bounded by what is left.
#pragma once

#include <optional>

#include "core/base/bytes.hpp"

namespace entresol::derive {

class ByteCursor {
public:
    explicit ByteCursor(ByteView data) : rest_(data) {}

    [[nodiscard]] ByteView rest() const { return rest_; }
    [[nodiscard]] std::size_t remaining() const { return rest_.size(); }
    [[nodiscard]] bool empty() const { return rest_.empty(); }

    [[nodiscard]] std::optional<ByteView> take(std::size_t count);
    /// Unsigned base-128 varint as protobuf defines it: least significant group first, at most 64 bits. A longer form of the same
    /// number is accepted, as there and in op-node.
    [[nodiscard]] std::optional<std::uint64_t> take_uvarint();

private:
    ByteView rest_;
};

void append_uvarint(Bytes& out, std::uint64_t value);

}  // namespace entresol::derive
