// The state that is measured, the same on each run: which accounts there are and which slots they have.
// A tenth of the accounts are contracts that share four fifths of the slots evenly; one token holds the other fifth.
#pragma once

#include <vector>

#include "core/state/account.hpp"

namespace entresol::bench {

// splitmix64: as good as a hash for this, and cheap beside what is measured.
std::uint64_t mix(std::uint64_t x);

struct Shape {
    std::uint64_t accounts = 0, slots = 0;

    static constexpr std::uint64_t TOKEN = 0, EVERY = 10;
    [[nodiscard]] bool is_contract(std::uint64_t account) const { return account % EVERY == 3; }
    [[nodiscard]] std::uint64_t slots_of(std::uint64_t account) const;
    [[nodiscard]] static Address address(std::uint64_t account);
    [[nodiscard]] state::Account account(std::uint64_t account) const;
    /// Key of an account's slot: of the token's a balance under a hash, of a contract's 0, 1, 2, …
    [[nodiscard]] static U256 slot_key(std::uint64_t account, std::uint64_t slot);
    [[nodiscard]] static U256 slot_value(std::uint64_t account, std::uint64_t slot);
};

/// Hashed keys with the numbers that they are of, ascending. `key` gives the bytes of number i, at most 32.
struct Hashed {
    Hash32 key;
    std::uint32_t number;
};
std::vector<Hashed> hash_and_sort(std::uint64_t count, Bytes (*key)(std::uint64_t account, std::uint64_t number),
                                  std::uint64_t account);

}  // namespace entresol::bench
