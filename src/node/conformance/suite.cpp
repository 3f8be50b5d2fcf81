#include "node/conformance/suite.hpp"

#include <algorithm>

#include "core/chain/forks.hpp"

namespace entresol::conformance {
namespace {

constexpr Suite SUITES[] = {
    {"state-tests", "transactions on a state (GeneralStateTests, state_test)", run_state_tests},
    {"blockchain-tests", "chains of blocks (BlockchainTests, blockchain_test)", run_blockchain_tests},
    {"trie-tests", "roots of Merkle Patricia tries (TrieTests)", run_trie_tests},
    {"rlp-tests", "RLP, valid and invalid (RLPTests)", run_rlp_tests},
    {"transaction-tests", "decoding and intrinsic validity of transactions (TransactionTests)", run_transaction_tests},
    {"precompiles", "precompile vectors of EIPs and geth (JSON), KZG vectors of c-kzg-4844 (YAML)",
     run_precompile_tests},
};

}  // namespace

std::span<const Suite> suites() { return SUITES; }

const Suite* find_suite(std::string_view name) {
    const auto* const found = std::ranges::find(SUITES, name, &Suite::name);
    return found == std::end(SUITES) ? nullptr : found;
}

bool Selection::takes(std::string_view name) const {
    if (fork.empty() || fork == name) return true;
    const auto wanted = chain::parse_fork(fork), given = chain::parse_fork(name);
    return wanted && given && *wanted == *given;
}

}  // namespace entresol::conformance
