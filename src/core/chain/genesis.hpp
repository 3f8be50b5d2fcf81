// A chain's first block: header fields and the accounts that exist before any transaction.
#pragma once

#include <map>
#include <optional>

#include "core/chain/block.hpp"
#include "core/chain/forks.hpp"

namespace entresol::chain {

struct GenesisAccount {
    U256 balance;
    std::uint64_t nonce = 0;
    Bytes code;
    std::map<U256, U256> storage;  // no zero values
};

struct Genesis {
    std::uint64_t timestamp = 0;  // seconds
    std::uint64_t number = 0;
    std::uint64_t gas_limit = 30'000'000;
    U256 difficulty;
    Bytes extra_data;
    Address coinbase;
    Hash32 prev_randao;
    FixedBytes<8> nonce;
    std::optional<U256> base_fee_per_gas;  // 1 gwei (London's initial) where absent and London is active
    std::optional<std::uint64_t> blob_gas_used;
    std::optional<std::uint64_t> excess_blob_gas;
    std::optional<Hash32> withdrawals_root;  // OP Isthmus: the message passer's storage root; else the empty trie
    std::map<Address, GenesisAccount> alloc;
};

/// The genesis header with the fields that the forks active at its time demand.
[[nodiscard]] Header make_genesis_header(const Genesis& genesis, const ChainConfig& config, const Hash32& state_root);

}  // namespace entresol::chain
