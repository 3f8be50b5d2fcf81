// The public TransactionTests: what is valid under a fork decodes to its hash and sender; what no fork accepts for its form is refused here.
#include <gtest/gtest.h>

#include <algorithm>

#include "core/chain/json_testing.hpp"
#include "testing/shared_data.hpp"

namespace entresol::chain {
namespace {

/// Refusals of well-formed transactions: they belong to validation, not to decoding.
constexpr std::string_view FOR_VALIDATION[] = {
    "TransactionException.GASLIMIT_PRICE_PRODUCT_OVERFLOW",
    "TransactionException.INITCODE_SIZE_EXCEEDED",
    "TransactionException.INTRINSIC_GAS_TOO_LOW",
    "TransactionException.NONCE_TOO_BIG",
    "TransactionException.PRIORITY_GREATER_THAN_MAX_FEE_PER_GAS_2",
    "TransactionException.TYPE_NOT_SUPPORTED",
};

struct Outcome {
    std::optional<Transaction> tx;
    std::optional<Address> sender;
};

Outcome decode_and_recover(const boost::json::value& test, bool is_frontier) {
    const auto raw = parse_hex(test.at("txbytes").as_string());
    if (!raw) return {};
    const auto tx = decode_transaction(*raw);
    if (!tx) return {};
    return {*tx, is_frontier ? recover_sender_frontier(*tx) : recover_sender(*tx)};
}

void check_valid(const Outcome& outcome, const boost::json::value& expected) {
    ASSERT_TRUE(outcome.tx && outcome.sender);
    EXPECT_EQ(transaction_hash(*outcome.tx), fixed_of<Hash32>(expected, "hash"));
    EXPECT_EQ(*outcome.sender, fixed_of<Address>(expected, "sender"));
}

void check_refused(const Outcome& outcome, std::string_view exception) {
    const auto* const end = std::end(FOR_VALIDATION);
    if (std::find(std::begin(FOR_VALIDATION), end, exception) != end) return;
    if (exception == "TransactionException.INVALID_CHAINID") {
        EXPECT_TRUE(!outcome.sender || outcome.tx->chain_id != 1U);
        return;
    }
    EXPECT_FALSE(outcome.sender) << exception;
}

TEST(TransactionVectors, AllFolders) {
    ENTRESOL_VECTORS_OR_SKIP(folder, "tests/TransactionTests");
    std::size_t valid = 0, refused = 0;
    for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
        if (file.path().extension() != ".json") continue;
        const auto tests = boost::json::parse(testing::read_file(file.path()));
        for (const auto& [name, test] : tests.as_object()) {
            for (const auto& [fork, result] : test.at("result").as_object()) {
                SCOPED_TRACE(file.path().filename().string() + " " + std::string(fork));
                const Outcome outcome = decode_and_recover(test, fork == "Frontier");
                if (has(result, "exception")) {
                    // Before EIP-155 its v was invalid: that depends on the fork, and thus belongs to validation.
                    if (fork != "Cancun") continue;
                    check_refused(outcome, text_of(result, "exception"));
                    ++refused;
                } else {
                    check_valid(outcome, result);
                    ++valid;
                }
            }
        }
    }
    EXPECT_GT(valid, 400U);
    EXPECT_GT(refused, 80U);
}

}  // namespace
}  // namespace entresol::chain
