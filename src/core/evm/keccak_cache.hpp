// Digests of 64-byte messages seen before: a mapping's key and slot (Solidity's layout of storage), hashed again at each access to the same entry.
#pragma once

#include <cstring>
#include <memory>

#include "core/base/uint256.hpp"
#include "core/crypto/keccak.hpp"

namespace entresol::evm {

/// One place a message may be in; whoever comes later takes it. A machine's own, so nothing is shared and a lookup costs a few nanoseconds.
class KeccakCache {
public:
    [[nodiscard]] U256 hash64(const std::uint8_t* message) {
        if (entries_ == nullptr) entries_ = std::make_unique<Entries>();
        const U256 low = load_limbs(message), high = load_limbs(message + 32);
        const std::uint64_t mixed = U256Hash{}(low) * 3 + U256Hash{}(high);
        const std::size_t at = mixed >> (64 - INDEX_BITS);
        const std::uint64_t tag = mixed | 1;  // never that of a free place
        Entry& entry = entries_->entry[at];
        if (entries_->tag[at] == tag && entry.low == low && entry.high == high) return entry.digest;
        entry.digest = to_u256(crypto::keccak256({message, 64}));
        entry.low = low;
        entry.high = high;
        entries_->tag[at] = tag;
        return entry.digest;
    }

private:
    static constexpr unsigned INDEX_BITS = 9;
    struct Entry {
        U256 low, high, digest;
    };
    struct Entries {
        std::uint64_t tag[1U << INDEX_BITS]{};
        union {
            Entry entry[1U << INDEX_BITS];  // read only where the tag says so
        };
        Entries() {}
    };

    [[nodiscard]] static U256 load_limbs(const std::uint8_t* p) {
        return {load_le64(p), load_le64(p + 8), load_le64(p + 16), load_le64(p + 24)};
    }

    std::unique_ptr<Entries> entries_;
};

}  // namespace entresol::evm
