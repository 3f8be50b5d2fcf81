#include <gtest/gtest.h>

#include "core/base/hex.hpp"
#include "core/chain/random_testing.hpp"

namespace entresol::chain {
namespace {

const Hash32 KEY = *parse_fixed<Hash32>("0x4646464646464646464646464646464646464646464646464646464646464646");
const Address SIGNER = *parse_fixed<Address>("0x9d8a62f656a8d1615c1294fd71e9cfb3e4855a4f");

TEST(SignTransaction, Eip155Example) {
    Transaction tx;
    tx.chain_id = 1;
    tx.nonce = 9;
    tx.max_fee_per_gas = tx.max_priority_fee_per_gas = U256{20'000'000'000};
    tx.gas_limit = 21000;
    tx.to = *parse_fixed<Address>("0x3535353535353535353535353535353535353535");
    tx.value = U256{1'000'000'000'000'000'000};
    ASSERT_TRUE(sign_transaction(tx, KEY));
    EXPECT_EQ(
        to_hex(encode(tx)),
        "0xf86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a76400008025a028ef61340bd939"
        "bc2195fe537567866003e1a15d3c71ff63e1590620aa636276a067cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1"
        "966a3b6d83");
    EXPECT_EQ(recover_sender(tx), SIGNER);
}

TEST(SignTransaction, EveryTypeIsRecoveredAloneAndInABatch) {
    RandomData random(41);
    std::vector<Transaction> transactions;
    std::vector<Address> expected;
    for (int i = 0; i < 20; ++i) {
        for (const TxType type : ALL_TYPES) {
            Transaction tx = random.transaction(type);
            const Hash32 key = to_hash32(random.u256() + U256{1});
            EXPECT_EQ(sign_transaction(tx, key), type != TxType::Deposit);
            expected.push_back(type == TxType::Deposit ? tx.from : *crypto::address_of_key(key));
            EXPECT_EQ(recover_sender(tx), expected.back());
            const auto decoded = decode_transaction(encode(tx));
            ASSERT_TRUE(decoded);
            EXPECT_EQ(recover_sender(*decoded), expected.back());
            transactions.push_back(std::move(tx));
        }
    }
    std::vector<std::optional<Address>> senders(transactions.size());
    recover_senders(transactions, senders);
    for (std::size_t i = 0; i < senders.size(); ++i) EXPECT_EQ(senders[i], expected[i]);
}

TEST(SignTransaction, HighSIsForFrontierOnly) {
    Transaction tx = RandomData(42).transaction(TxType::Legacy);
    ASSERT_TRUE(sign_transaction(tx, KEY));
    const U256 order = (crypto::secp256k1_half_order() << 1) + U256{1};
    tx.signature.s = order - tx.signature.s;
    tx.signature.y_parity ^= 1;
    EXPECT_FALSE(recover_sender(tx));
    EXPECT_EQ(recover_sender_frontier(tx), SIGNER);
    std::optional<Address> sender = SIGNER;
    recover_senders(std::span(&tx, 1), std::span(&sender, 1));
    EXPECT_FALSE(sender);
}

TEST(SignTransaction, KeysOutOfRangeDoNotSign) {
    Transaction tx = RandomData(43).transaction(TxType::DynamicFee);
    const Transaction before = tx;
    EXPECT_FALSE(sign_transaction(tx, Hash32{}));
    EXPECT_FALSE(sign_transaction(tx, to_hash32(U256::max())));
    EXPECT_EQ(tx, before);
}

TEST(SignTransaction, AuthorityOfASignedAuthorization) {
    Authorization authorization{U256{1}, SIGNER, 7, {}, {}};
    ASSERT_TRUE(sign_authorization(authorization, KEY));
    EXPECT_EQ(recover_authority(authorization), SIGNER);
    Authorization other = authorization;
    other.nonce = 8;
    EXPECT_NE(recover_authority(other), SIGNER);
    other = authorization;
    other.y_parity = U256{2};
    EXPECT_FALSE(recover_authority(other));
    other = authorization;
    other.signature.s = (crypto::secp256k1_half_order() << 1) + U256{1} - authorization.signature.s;
    EXPECT_FALSE(recover_authority(other));
}

}  // namespace
}  // namespace entresol::chain
