#include "core/chain/transaction.hpp"

#include <gtest/gtest.h>

#include "core/base/hex.hpp"
#include "core/chain/random_testing.hpp"
#include "core/codec/rlp.hpp"

namespace entresol::chain {
namespace {

/// The worked example of EIP-155.
constexpr const char* EIP155_EXAMPLE =
    "f86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a76400008025a028ef61340bd939bc2195fe"
    "537567866003e1a15d3c71ff63e1590620aa636276a067cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83";

TEST(Transaction, Eip155Example) {
    const Bytes encoded = *parse_hex(EIP155_EXAMPLE);
    const auto tx = decode_transaction(encoded);
    ASSERT_TRUE(tx);
    EXPECT_EQ(tx->type, TxType::Legacy);
    EXPECT_EQ(tx->chain_id, 1U);
    EXPECT_EQ(tx->nonce, 9U);
    EXPECT_EQ(tx->max_fee_per_gas, U256{20'000'000'000});
    EXPECT_EQ(tx->gas_limit, 21000U);
    EXPECT_EQ(tx->value, U256{1'000'000'000'000'000'000});
    EXPECT_EQ(tx->signature.y_parity, 0);
    EXPECT_EQ(to_hex(signing_hash(*tx)), "0xdaf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53");
    EXPECT_EQ(encode(*tx), encoded);
}

TEST(Transaction, EveryTypeSurvivesARoundTrip) {
    RandomData random(31);
    for (int i = 0; i < 600; ++i) {
        for (const TxType type : ALL_TYPES) {
            const Transaction tx = random.transaction(type);
            const auto decoded = decode_transaction(encode(tx));
            ASSERT_TRUE(decoded) << to_string(decoded.error());
            ASSERT_EQ(*decoded, tx);
            const auto pooled = decode_pooled_transaction(encode(tx));
            ASSERT_TRUE(pooled);
            EXPECT_EQ(pooled->tx, tx);
            EXPECT_FALSE(pooled->sidecar);
        }
    }
}

TEST(Transaction, WhatDecodesHasOneEncoding) {
    RandomData random(32);
    int decoded_count = 0;
    for (int i = 0; i < 30'000; ++i) {
        Bytes bytes = encode(random.transaction(ALL_TYPES[random.below(6)]));
        for (std::uint64_t edits = random.below(3); edits > 0; --edits)
            bytes[random.below(std::min<std::size_t>(bytes.size(), 120))] =
                static_cast<std::uint8_t>(random.below(256));
        const auto decoded = decode_transaction(bytes);
        if (!decoded) continue;
        ++decoded_count;
        ASSERT_EQ(encode(*decoded), bytes) << to_hex(bytes);
    }
    EXPECT_GT(decoded_count, 5000);
}

TEST(Transaction, BytesBehindTheEndAndMissingBytesAreRefused) {
    RandomData random(33);
    for (const TxType type : ALL_TYPES) {
        const Bytes encoded = encode(random.transaction(type));
        Bytes longer = encoded;
        longer.push_back(0);
        EXPECT_EQ(decode_transaction(longer).error(), TxDecodeError::Malformed);
        for (std::size_t size = 0; size < encoded.size(); ++size)
            EXPECT_FALSE(decode_transaction(ByteView(encoded).first(size)));
    }
}

TEST(Transaction, TypesThatDoNotExistAreRefused) {
    const Bytes payload = encode(RandomData(34).transaction(TxType::DynamicFee));
    for (unsigned type = 0; type < 0x80; ++type) {
        if ((type >= 1 && type <= 4) || type == 0x7e) continue;
        Bytes bytes = payload;
        bytes[0] = static_cast<std::uint8_t>(type);
        EXPECT_EQ(decode_transaction(bytes).error(), TxDecodeError::UnsupportedType) << type;
    }
    EXPECT_EQ(decode_transaction({}).error(), TxDecodeError::Malformed);
    EXPECT_EQ(decode_transaction(Bytes{0x80}).error(), TxDecodeError::Malformed);
    EXPECT_EQ(decode_transaction(Bytes(20 << 20, 0xff)).error(), TxDecodeError::TooLarge);
}

TEST(Transaction, SignaturesOutOfRangeAreRefused) {
    const auto decode_with = [](TxType type, const crypto::Signature& signature) {
        Transaction tx = RandomData(35).transaction(type);
        tx.signature = signature;
        return decode_transaction(encode(tx));
    };
    const U256 order = (crypto::secp256k1_half_order() << 1) + U256{1};
    const U256 one{1};
    const crypto::Signature refused[] = {{U256{}, one, 0}, {one, U256{}, 0}, {order, one, 0}, {one, order, 0}};
    for (const TxType type : ALL_TYPES) {
        if (type == TxType::Deposit) continue;
        for (const auto& signature : refused)
            EXPECT_EQ(decode_with(type, signature).error(), TxDecodeError::InvalidSignature);
        EXPECT_TRUE(decode_with(type, {order - one, order - one, 1}));  // high s decodes; EIP-2 refuses it in recovery
        if (type != TxType::Legacy) {
            EXPECT_EQ(decode_with(type, {one, one, 2}).error(), TxDecodeError::InvalidSignature);
        }
    }
}

TEST(Transaction, LegacyVMustBeOfEip155OrBefore) {
    Bytes bytes = *parse_hex(EIP155_EXAMPLE);
    const std::size_t v_at = bytes.size() - 67;
    ASSERT_EQ(bytes[v_at], 0x25);
    for (unsigned v = 1; v < 0x80; ++v) {
        bytes[v_at] = static_cast<std::uint8_t>(v);
        const auto tx = decode_transaction(bytes);
        EXPECT_EQ(tx.has_value(), v == 27 || v == 28 || v >= 35) << v;
        if (tx) {
            EXPECT_EQ(tx->chain_id.has_value(), v >= 35);
        }
    }
}

TEST(Transaction, BlobAndSetCodeNeedARecipient) {
    for (const TxType type : {TxType::Blob, TxType::SetCode}) {
        Transaction tx = RandomData(36).transaction(type);
        tx.to.reset();
        EXPECT_EQ(decode_transaction(encode(tx)).error(), TxDecodeError::Malformed);
    }
}

TEST(Transaction, AuthorizationsBeyondTheirBoundsAreRefused) {
    Transaction tx = RandomData(37).transaction(TxType::SetCode);
    tx.authorizations = {{U256{1}, Address{}, 0, {U256{1}, U256{1}, 0}, U256{255}}};
    EXPECT_EQ(*decode_transaction(encode(tx)),
              tx);  // no signature has this parity, but EIP-7702 bounds it by 2**8 only
    EXPECT_FALSE(recover_authority(tx.authorizations[0]));
    tx.authorizations[0].y_parity = U256{256};
    EXPECT_EQ(decode_transaction(encode(tx)).error(), TxDecodeError::Malformed);
}

BlobSidecar make_sidecar(std::uint8_t version, std::size_t blobs) {
    RandomData random(38);
    BlobSidecar sidecar;
    sidecar.version = version;
    for (std::size_t i = 0; i < blobs; ++i) {
        sidecar.blobs.push_back(random.bytes(crypto::BYTES_PER_BLOB));
        sidecar.commitments.push_back(random.fixed<crypto::KzgCommitment>());
        for (int j = 0; j < (version == 0 ? 1 : 128); ++j) sidecar.proofs.push_back(random.fixed<crypto::KzgProof>());
    }
    return sidecar;
}

TEST(PooledTransaction, BothWrapperVersionsSurviveARoundTrip) {
    for (const std::uint8_t version : {0, 1}) {
        for (const std::size_t blobs : {1U, 3U}) {
            Transaction tx = RandomData(39).transaction(TxType::Blob);
            tx.blob_hashes.assign(blobs, Hash32{});
            const BlobSidecar sidecar = make_sidecar(version, blobs);
            const Bytes encoded = encode_pooled(tx, sidecar);
            const auto pooled = decode_pooled_transaction(encoded);
            ASSERT_TRUE(pooled) << to_string(pooled.error());
            EXPECT_EQ(pooled->tx, tx);
            EXPECT_EQ(pooled->sidecar, sidecar);
            EXPECT_EQ(decode_transaction(encoded).error(), TxDecodeError::Malformed);  // never in a block
        }
    }
}

TEST(PooledTransaction, CountsAndSizesMustFit) {
    Transaction tx = RandomData(40).transaction(TxType::Blob);
    tx.blob_hashes.assign(2, Hash32{});
    const auto error_with = [&](auto change) {
        BlobSidecar sidecar = make_sidecar(1, 2);
        change(sidecar);
        return decode_pooled_transaction(encode_pooled(tx, sidecar)).error();
    };
    EXPECT_EQ(error_with([](auto& s) { s.blobs.pop_back(); }), TxDecodeError::BlobContentMismatch);
    EXPECT_EQ(error_with([](auto& s) { s.commitments.pop_back(); }), TxDecodeError::BlobContentMismatch);
    EXPECT_EQ(error_with([](auto& s) { s.proofs.pop_back(); }), TxDecodeError::BlobContentMismatch);
    EXPECT_EQ(error_with([](auto& s) { s.version = 0; }), TxDecodeError::BlobContentMismatch);
    EXPECT_EQ(error_with([](auto& s) { s.version = 2; }), TxDecodeError::Malformed);
    EXPECT_EQ(error_with([](auto& s) { s.blobs[1].pop_back(); }), TxDecodeError::Malformed);
}

TEST(ContractAddress, OfCreateAndCreate2) {
    // Two well-known contracts of one deployer, and EIP-1014's examples.
    const auto sender = *parse_fixed<Address>("0x6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0");
    EXPECT_EQ(to_hex(create_address(sender, 0)), "0xcd234a471b72ba2f1ccf0a70fcaba648a5eecd8d");
    EXPECT_EQ(to_hex(create_address(sender, 1)), "0x343c43a37d37dff08ae8c4a11544c718abb4fcf8");
    EXPECT_EQ(to_hex(create2_address({}, {},
                                     *parse_fixed<Hash32>("0xbc36789e7a1e281436464229828f817d6612f7b477d66591ff96"
                                                          "a9e064bcc98a"))),
              "0x4d1a2e2bb4f88f0250f26ffff098b0b30b26bf38");
}

}  // namespace
}  // namespace entresol::chain
