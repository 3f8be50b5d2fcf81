// Hash for tables whose keys a stranger may choose: without the seed nobody can find keys that meet in one place.
#pragma once

#include "core/base/endian.hpp"
#include "core/base/uint256.hpp"

namespace entresol {

/// Secret of one process, drawn by the shell and passed to where a view or table is made. The default serves where no stranger chooses (tests, the
/// guest): keys that collide under it are easily made. No result may depend on it.
struct HashSeed {
    std::uint64_t a = 0xa0761d6478bd642fULL;
    std::uint64_t b = 0xe7037ed1a0b428dbULL;
    bool operator==(const HashSeed&) const = default;
};

/// Multiply-fold with both factors blinded by the seed: a factor that the attacker knows to be zero would swallow the other.
class SeededHash {
public:
    SeededHash() = default;
    explicit SeededHash(const HashSeed& seed) : seed_(seed) {}
    [[nodiscard]] const HashSeed& seed() const { return seed_; }

    std::size_t operator()(const U256& v) const { return mix(fold(v.limb[0], v.limb[1]), v.limb[2], v.limb[3]); }
    std::size_t operator()(const Hash32& v) const {
        const auto* p = v.data();
        return mix(fold(load_le64(p), load_le64(p + 8)), load_le64(p + 16), load_le64(p + 24));
    }
    std::size_t operator()(const Address& v) const {
        const auto* p = v.data();
        return mix(fold(load_le64(p), load_le64(p + 8)), load_le32(p + 16), Address::SIZE);
    }
    std::size_t operator()(const Address& address, const U256& slot) const {
        return mix((*this)(address), (*this)(slot), 0);
    }
    /// Any length; the length counts too.
    std::size_t operator()(ByteView bytes) const;

private:
    [[nodiscard]] static std::uint64_t multiply(std::uint64_t x, std::uint64_t y) {
        const auto product = static_cast<u128>(x) * y;
        return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
    }
    [[nodiscard]] std::uint64_t fold(std::uint64_t x, std::uint64_t y) const {
        return multiply(x ^ seed_.a, y ^ seed_.b);
    }
    [[nodiscard]] std::uint64_t mix(std::uint64_t h, std::uint64_t x, std::uint64_t y) const {
        return multiply(x ^ h ^ seed_.b, y ^ seed_.a);
    }
    HashSeed seed_;
};

}  // namespace entresol
