// One transaction with everything it reads, and what became of it. Written to the peers as bytes, to people as a state test.
#pragma once

#include <map>
#include <string>

#include "core/chain/forks.hpp"
#include "core/chain/transaction.hpp"
#include "core/state/account.hpp"

namespace entresol::fuzz {

struct CaseAccount {
    std::uint64_t nonce = 0;
    U256 balance;
    Bytes code;
    std::map<U256, U256> storage;  // no zeros
};

struct Case {
    std::uint64_t seed = 0;
    chain::Fork fork = chain::Fork::Osaka;
    std::uint64_t number = 1, timestamp = 1, gas_limit = 30'000'000, base_fee = 0, excess_blob_gas = 0;
    Address coinbase;
    Hash32 prev_randao;  // the difficulty before the Merge
    Hash32 sender_key;   // so that the case can be written as a state test
    Address sender;
    chain::Transaction tx;  // its own signature is empty: the sender is given
    std::map<Address, CaseAccount> accounts;
};

/// A length (four bytes, little-endian) and that many bytes; README.md has the layout.
[[nodiscard]] Bytes encode_case(const Case& given);
/// A state test of the public format that other clients' runners read. `root` and `logs` are this program's.
[[nodiscard]] std::string to_state_test(const Case& given, const Hash32& root, const Hash32& logs_rlp_hash);

/// What an executor answers; fields that it does not know are "-".
struct Answer {
    bool supported = true;
    bool accepted = false;
    std::string refusal;  // in the client's own words: not compared
    std::string gas, status, output, logs, root, accounts;
    [[nodiscard]] static Answer parse(const std::string& line);
    [[nodiscard]] std::string to_line() const;
};
/// The first field in which two answers differ; empty where they agree in all that both know.
[[nodiscard]] std::string find_difference(const Answer& a, const Answer& b);

/// This program's answer. `fused`: as the node runs code, or each instruction by itself.
struct OurRun {
    Answer answer;
    Hash32 root, logs_rlp_hash;
};
[[nodiscard]] OurRun run_case(const Case& given, bool fused);

}  // namespace entresol::fuzz
