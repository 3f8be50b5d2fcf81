#include "state_shape.hpp"

#include <algorithm>

#include "core/base/endian.hpp"

namespace entresol::bench {

std::uint64_t mix(std::uint64_t x) {
    x += 0x9e3779b97f4a7c15ULL;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
}

std::uint64_t Shape::slots_of(std::uint64_t account) const {
    const std::uint64_t tokens = slots / 5;
    if (account == TOKEN) return tokens;
    const std::uint64_t contracts = (accounts + EVERY - 4) / EVERY;
    return is_contract(account) && contracts != 0 ? (slots - tokens) / contracts : 0;
}

Address Shape::address(std::uint64_t account) {
    Address out;
    store_be64(out.data(), mix(account));
    store_be64(out.data() + 8, mix(account ^ 0xabcdef));
    store_be32(out.data() + 16, static_cast<std::uint32_t>(account));
    return out;
}

state::Account Shape::account(std::uint64_t account) const {
    state::Account out{.nonce = mix(account) % 200, .balance = U256{mix(account + 1) >> (mix(account + 2) % 40)}};
    if (account == TOKEN || is_contract(account)) {
        out.nonce = 1;
        // Most contracts are copies of a few thousand.
        const std::uint64_t code = mix(account) % 5'000;
        out.code_hash = crypto::keccak256({reinterpret_cast<const std::uint8_t*>(&code), sizeof code});
    }
    return out;
}

U256 Shape::slot_key(std::uint64_t account, std::uint64_t slot) {
    if (account != TOKEN) return U256{slot};
    Hash32 key;
    for (std::size_t i = 0; i < 4; ++i) store_be64(key.data() + 8 * i, mix(slot * 4 + i));
    return to_u256(key);
}

U256 Shape::slot_value(std::uint64_t account, std::uint64_t slot) {
    const std::uint64_t lot = mix(account * 1'000'003 + slot);
    if (account == TOKEN || lot % 3 == 0) return U256{lot | 1};  // amounts
    if (lot % 3 == 1) return U256{lot % 1'000 + 1};              // counters
    return to_u256(address(lot));                                // owners
}

std::vector<Hashed> hash_and_sort(std::uint64_t count, Bytes (*key)(std::uint64_t account, std::uint64_t number),
                                  std::uint64_t account) {
    constexpr std::uint64_t AT_ONCE = 4'096;
    std::vector<Hashed> out;
    out.reserve(count);
    for (std::uint64_t first = 0; first < count; first += AT_ONCE) {
        const std::uint64_t n = std::min(AT_ONCE, count - first);
        std::vector<Bytes> messages;
        for (std::uint64_t i = 0; i < n; ++i) messages.push_back(key(account, first + i));
        const std::vector<ByteView> views(messages.begin(), messages.end());
        std::vector<Hash32> digests(n);
        crypto::keccak256_many(views, digests);
        for (std::uint64_t i = 0; i < n; ++i) out.push_back({digests[i], static_cast<std::uint32_t>(first + i)});
    }
    std::sort(out.begin(), out.end(), [](const Hashed& a, const Hashed& b) { return a.key < b.key; });
    return out;
}

}  // namespace entresol::bench
