#include "node/io/secret.hpp"

#include <utility>

#include <openssl/crypto.h>

#include "core/base/check.hpp"

namespace entresol::io {

void wipe(void* memory, std::size_t size) { OPENSSL_cleanse(memory, size); }

Secret::Secret(std::string_view text) : bytes_(text.begin(), text.end()) {}

Secret& Secret::operator=(Secret&& other) noexcept {
    if (this == &other) return *this;
    forget();
    bytes_ = std::move(other.bytes_);
    other.bytes_.clear();
    return *this;
}

void Secret::shrink(std::size_t size) {
    CHECK(size <= bytes_.size());
    wipe(bytes_.data() + size, bytes_.size() - size);
    bytes_.resize(size);
}

void Secret::forget() {
    if (!bytes_.empty()) wipe(bytes_.data(), bytes_.size());
    bytes_.clear();
}

PrivateKey::~PrivateKey() { wipe(key_.data(), key_.bytes.size()); }

PrivateKey::PrivateKey(PrivateKey&& other) noexcept : key_(other.key_) {
    wipe(other.key_.data(), other.key_.bytes.size());
}

PrivateKey& PrivateKey::operator=(PrivateKey&& other) noexcept {
    if (this == &other) return *this;
    key_ = other.key_;
    wipe(other.key_.data(), other.key_.bytes.size());
    return *this;
}

}  // namespace entresol::io
