// Paths through the trie: runs of half-bytes inside packed bytes, without copies.
#pragma once

#include <compare>

#include "core/base/bytes.hpp"
#include "core/base/check.hpp"

namespace entresol::trie {

/// A view: the bytes must outlive it.
class Nibbles {
public:
    Nibbles() = default;
    explicit Nibbles(ByteView key) : bytes_(key.data()), size_(2 * key.size()) {}

    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] bool empty() const { return size_ == 0; }
    /// Precondition: i < size().
    [[nodiscard]] std::uint8_t operator[](std::size_t i) const {
        const std::uint8_t byte = bytes_[(begin_ + i) / 2];
        return (begin_ + i) % 2 == 0 ? byte >> 4 : byte & 15;
    }
    /// Without the first n. Precondition: n <= size().
    [[nodiscard]] Nibbles drop(std::size_t n) const {
        CHECK(n <= size_);
        Nibbles rest = *this;
        rest.begin_ += n;
        rest.size_ -= n;
        return rest;
    }
    /// Only the first n. Precondition: n <= size().
    [[nodiscard]] Nibbles first(std::size_t n) const {
        CHECK(n <= size_);
        Nibbles head = *this;
        head.size_ = n;
        return head;
    }

private:
    const std::uint8_t* bytes_ = nullptr;
    std::size_t begin_ = 0;  // in nibbles
    std::size_t size_ = 0;
};

[[nodiscard]] std::size_t common_prefix(const Nibbles& a, const Nibbles& b);
[[nodiscard]] inline bool starts_with(const Nibbles& whole, const Nibbles& head) {
    return common_prefix(whole, head) == head.size();
}
/// Lexicographic; a prefix comes before what it begins.
[[nodiscard]] std::strong_ordering compare(const Nibbles& a, const Nibbles& b);

/// The path of one nibble (0 to 15).
[[nodiscard]] Nibbles single_nibble(std::uint8_t nibble);
/// Packed bytes of a followed by b, low half of the last byte unused where the length is odd.
[[nodiscard]] Bytes pack(const Nibbles& a, const Nibbles& b);

}  // namespace entresol::trie
