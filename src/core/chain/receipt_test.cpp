#include "core/chain/receipt.hpp"

#include <gtest/gtest.h>

#include "core/base/hex.hpp"
#include "core/chain/random_testing.hpp"
#include "core/crypto/keccak.hpp"
#include "core/trie/trie.hpp"

namespace entresol::chain {
namespace {

TEST(Receipt, EveryTypeSurvivesARoundTrip) {
    RandomData random(51);
    for (int i = 0; i < 500; ++i) {
        for (const TxType type : ALL_TYPES) {
            const Receipt receipt = random.receipt(type);
            const Bytes encoded = encode(receipt);
            const auto decoded = decode_receipt(encoded);
            ASSERT_TRUE(decoded);
            EXPECT_EQ(*decoded, receipt);
            Bytes longer = encoded;
            longer.push_back(0);
            EXPECT_FALSE(decode_receipt(longer));
            EXPECT_FALSE(decode_receipt(ByteView(encoded).first(random.below(encoded.size()))));
        }
    }
}

TEST(Receipt, FiveTopicsAreTooMany) {
    Receipt receipt;
    receipt.logs.push_back({Address{}, std::vector<Hash32>(4), {}});
    EXPECT_TRUE(decode_receipt(encode(receipt)));
    receipt.logs[0].topics.emplace_back();
    EXPECT_FALSE(decode_receipt(encode(receipt)));
}

TEST(Receipt, RootHashesTheDepositNonceOnlyWithTheVersion) {
    Receipt plain;
    plain.type = TxType::Deposit;
    plain.succeeded = true;
    plain.cumulative_gas_used = 50'000;
    Receipt regolith = plain;
    regolith.deposit_nonce = 4'012'991;
    Receipt canyon = regolith;
    canyon.deposit_receipt_version = 1;
    EXPECT_EQ(compute_receipts_root({regolith}), compute_receipts_root({plain}));
    EXPECT_NE(compute_receipts_root({canyon}), compute_receipts_root({plain}));
    const std::vector<Bytes> encoded{encode(canyon)};
    EXPECT_EQ(compute_receipts_root({canyon}), trie::compute_ordered_root(encoded));
}

TEST(Bloom, HoldsThreeBitsForEachAddressAndTopic) {
    RandomData random(52);
    const std::vector<Log> logs{{random.fixed<Address>(), random.fixed_list<Hash32>(4), {}},
                                {random.fixed<Address>(), {random.fixed<Hash32>()}, {}}};
    const Bloom bloom = compute_bloom(logs);
    for (const auto& log : logs) {
        EXPECT_TRUE(bloom_may_contain(bloom, log.address.view()));
        for (const auto& topic : log.topics) EXPECT_TRUE(bloom_may_contain(bloom, topic.view()));
    }
    int false_positives = 0;
    for (int i = 0; i < 1000; ++i) false_positives += bloom_may_contain(bloom, random.fixed<Hash32>().view()) ? 1 : 0;
    EXPECT_LT(false_positives, 5);
    EXPECT_TRUE(compute_bloom({}).is_zero());
}

TEST(Bloom, MergedHoldsBoth) {
    RandomData random(53);
    const std::vector<Log> first{{random.fixed<Address>(), {}, {}}};
    const std::vector<Log> second{{random.fixed<Address>(), {}, {}}};
    Bloom merged = compute_bloom(first);
    merge_bloom(merged, compute_bloom(second));
    EXPECT_EQ(merged, compute_bloom({first[0], second[0]}));
}

}  // namespace
}  // namespace entresol::chain
