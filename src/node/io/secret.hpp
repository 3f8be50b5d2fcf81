// What must not be seen. A Secret has no way into a log or an answer: it cannot be copied, compared, iterated, printed or formatted, and its memory is
// zeroed when it goes. Who needs the bytes says so: reveal().
#pragma once

#include <cstddef>
#include <string_view>

#include "core/base/bytes.hpp"

namespace entresol::io {

class Secret {
public:
    Secret() = default;
    /// That many zero bytes, to be written into.
    explicit Secret(std::size_t size) : bytes_(size) {}
    explicit Secret(std::string_view text);
    ~Secret() { forget(); }
    Secret(Secret&& other) noexcept : bytes_(std::move(other.bytes_)) { other.bytes_.clear(); }
    Secret& operator=(Secret&& other) noexcept;
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;

    [[nodiscard]] ByteView reveal() const { return {bytes_.data(), bytes_.size()}; }
    [[nodiscard]] std::string_view reveal_text() const {
        return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()};
    }
    [[nodiscard]] std::uint8_t* data() { return bytes_.data(); }
    [[nodiscard]] std::size_t size() const { return bytes_.size(); }
    /// Keeps the first `size` bytes; the rest is zeroed. Precondition: there are that many.
    void shrink(std::size_t size);
    /// Zeroes the memory and is empty.
    void forget();

private:
    Bytes bytes_;  // never grows: a reallocation would leave a copy behind
};

/// The secret key of an account: 32 bytes between 1 and the order of secp256k1 (checked by who makes one).
class PrivateKey {
public:
    explicit PrivateKey(const Hash32& key) : key_(key) {}
    ~PrivateKey();
    PrivateKey(PrivateKey&& other) noexcept;
    PrivateKey& operator=(PrivateKey&& other) noexcept;
    PrivateKey(const PrivateKey&) = delete;
    PrivateKey& operator=(const PrivateKey&) = delete;

    [[nodiscard]] const Hash32& reveal() const { return key_; }

private:
    Hash32 key_;
};

/// Overwrites memory so that no compiler leaves it out.
void wipe(void* memory, std::size_t size);

}  // namespace entresol::io
