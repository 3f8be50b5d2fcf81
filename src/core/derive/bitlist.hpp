// The span batch's standard bitlist: a big-endian integer of ceil(n / 8) bytes whose bit i belongs to element i (Delta specification).
#pragma once

#include "core/derive/byte_cursor.hpp"

namespace entresol::derive {

class Bitlist {
public:
    explicit Bitlist(std::size_t bits = 0) : size_(bits), bytes_(bits / 8 + (bits % 8 != 0 ? 1 : 0)) {}

    /// Nothing when the input is too short or a bit above the count is set: one encoding for each list.
    [[nodiscard]] static std::optional<Bitlist> take(ByteCursor& in, std::size_t bits);

    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] bool get(std::size_t i) const { return (bytes_[bytes_.size() - 1 - i / 8] >> (i % 8) & 1) != 0; }
    void set(std::size_t i) { bytes_[bytes_.size() - 1 - i / 8] |= static_cast<std::uint8_t>(1U << (i % 8)); }
    [[nodiscard]] std::size_t count() const;
    [[nodiscard]] ByteView view() const { return bytes_; }

private:
    std::size_t size_;
    Bytes bytes_;
};

}  // namespace entresol::derive
