#include <random>
#include <string>

#include <gtest/gtest.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include "core/base/hex.hpp"
#include "core/base/uint256.hpp"
#include "core/crypto/curves.hpp"
#include "core/crypto/hashes.hpp"
#include "core/crypto/keccak.hpp"
#include "core/crypto/keccak_vector.hpp"
#include "core/crypto/secp256k1.hpp"
#include "testing/shared_data.hpp"

namespace entresol::crypto {
namespace {

namespace json = boost::json;

Bytes bytes_of(std::string_view text) { return {text.begin(), text.end()}; }
Bytes from_hex(std::string_view text) { return parse_hex(text).value(); }

TEST(KeccakTest, KnownDigests) {
    EXPECT_EQ(keccak256({}), EMPTY_CODE_HASH);
    EXPECT_EQ(to_hex(keccak256(bytes_of("abc"))), "0x4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
}

// Every path must give what the scalar one gives, whatever the number of messages and their lengths: around each multiple of the block of 136 bytes too.
TEST(KeccakTest, ManyEqualsOneByOne) {
    std::mt19937_64 random(7);
    const KeccakMany paths[] = {keccak256_many, find_keccak_avx512(), find_keccak_avx2()};
    for (const auto path : paths) {
        if (path == nullptr) continue;  // this CPU cannot
        for (std::size_t count : {0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 40, 200}) {
            std::vector<Bytes> messages;
            for (std::size_t i = 0; i < count; ++i) {
                const std::size_t size = random() % 3 == 0 ? 136 * (random() % 4) + random() % 3 : random() % 700;
                Bytes message(size);
                for (auto& byte : message) byte = static_cast<std::uint8_t>(random());
                messages.push_back(std::move(message));
            }
            const std::vector<ByteView> views(messages.begin(), messages.end());
            std::vector<Hash32> digests(count);
            path(views, digests);
            for (std::size_t i = 0; i < count; ++i)
                ASSERT_EQ(digests[i], keccak256(messages[i]))
                    << count << " messages, number " << i << " of " << messages[i].size() << " bytes";
        }
    }
}

TEST(HashesTest, KnownDigests) {
    EXPECT_EQ(to_hex(sha256(bytes_of("abc"))), "0xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(to_hex(sha256({})), "0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(to_hex(ripemd160(bytes_of("abc"))), "0x8eb208f7e05d987a9b044a8e98c6b087f15a0bfc");
    EXPECT_EQ(to_hex(ripemd160({})), "0x9c1185a5c5e9fc54612808977ee8f548b2258d31");
}

TEST(HashesTest, PortableSha256EqualsTheProcessors) {
    std::mt19937_64 random(13);
    for (std::size_t size = 0; size < 400; ++size) {
        Bytes message(size);
        for (auto& byte : message) byte = static_cast<std::uint8_t>(random());
        ASSERT_EQ(sha256(message), sha256_portable(message)) << size;
    }
}

// RIPEMD-160's authors' own vectors, of one, two and many blocks.
TEST(HashesTest, Ripemd160OfSeveralBlocks) {
    EXPECT_EQ(to_hex(ripemd160(bytes_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"))),
              "0xb0e20b6e3116640286ed3a87a5713079b21f5189");
    EXPECT_EQ(to_hex(ripemd160(Bytes(1'000'000, 'a'))), "0x52783243c1697bdbe16d37f97f68f08325dc1528");
}

// EIP-152, test vector 5: "abc" in one final block of twelve rounds.
TEST(HashesTest, Blake2f) {
    std::uint64_t h[8] = {0x6a09e667f2bdc948, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
                          0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};
    const std::uint64_t m[16] = {0x636261};
    const std::uint64_t t[2] = {3, 0};
    blake2f(12, h, m, t, true);
    EXPECT_EQ(h[0], 0x0d4d1c983fa580baULL);  // ba80a53f981c4d0d
    EXPECT_EQ(h[7], 0x239900d4ed8623b9ULL);  // b92386edd4009923
}

TEST(Secp256k1Test, SignedMessagesRecoverTheirSigner) {
    std::mt19937_64 random(11);
    for (int i = 0; i < 50; ++i) {
        Hash32 key, digest;
        for (auto& byte : key.bytes) byte = static_cast<std::uint8_t>(random());
        for (auto& byte : digest.bytes) byte = static_cast<std::uint8_t>(random());
        const auto signature = sign(digest, key);
        EXPECT_EQ(Signer(key).sign(digest), signature);
        ASSERT_TRUE(signature.has_value());
        EXPECT_LE(signature->s, secp256k1_half_order());
        EXPECT_EQ(recover_address(digest, *signature), address_of_key(key));
        Signature other = *signature;
        other.y_parity ^= 1;
        EXPECT_NE(recover_address(digest, other), address_of_key(key));
    }
}

TEST(Secp256k1Test, KeysAndSignaturesOutOfRangeAreRefused) {
    EXPECT_FALSE(address_of_key(Hash32{}).has_value());
    Hash32 too_large;
    too_large.bytes.fill(0xff);
    EXPECT_FALSE(address_of_key(too_large).has_value());
    EXPECT_FALSE(recover_address(Hash32{}, {.r = U256{}, .s = U256{1}, .y_parity = 0}).has_value());
    EXPECT_FALSE(recover_address(Hash32{}, {.r = U256::max(), .s = U256{1}, .y_parity = 0}).has_value());
    Hash32 one;
    one.bytes[31] = 1;
    EXPECT_EQ(to_hex(*address_of_key(one)), "0x7e5f4552091a69125d5dfcb7b8c2659029395bdf");
}

struct Operation {
    const char* file;
    std::optional<Bytes> (*run)(ByteView);
};
template <auto function>
std::optional<Bytes> as_bytes(ByteView input) {
    const auto result = function(input);
    if (!result) return std::nullopt;
    return to_bytes(result->view());
}
std::optional<Bytes> pairing(ByteView input) {
    const auto result = bls12_pairing_check(input);
    if (!result) return std::nullopt;
    Bytes out(32);
    out[31] = *result ? 1 : 0;
    return out;
}
constexpr Operation BLS_OPERATIONS[] = {
    {"add_G1_bls.json", as_bytes<bls12_g1_add>},
    {"add_G2_bls.json", as_bytes<bls12_g2_add>},
    {"mul_G1_bls.json", as_bytes<bls12_g1_msm>},
    {"mul_G2_bls.json", as_bytes<bls12_g2_msm>},
    {"msm_G1_bls.json", as_bytes<bls12_g1_msm>},
    {"pairing_check_bls.json", pairing},
    {"map_fp_to_G1_bls.json", as_bytes<bls12_map_fp_to_g1>},
    {"map_fp2_to_G2_bls.json", as_bytes<bls12_map_fp2_to_g2>},
    {"fail-add_G1_bls.json", as_bytes<bls12_g1_add>},
    {"fail-add_G2_bls.json", as_bytes<bls12_g2_add>},
    {"fail-mul_G1_bls.json", as_bytes<bls12_g1_msm>},
    {"fail-mul_G2_bls.json", as_bytes<bls12_g2_msm>},
    {"fail-msm_G1_bls.json", as_bytes<bls12_g1_msm>},
    {"fail-msm_G2_bls.json", as_bytes<bls12_g2_msm>},
    {"fail-pairing_check_bls.json", pairing},
    {"fail-map_fp_to_G1_bls.json", as_bytes<bls12_map_fp_to_g1>},
    {"fail-map_fp2_to_G2_bls.json", as_bytes<bls12_map_fp2_to_g2>},
};

TEST(Bls12Test, PublicVectorsOfEip2537) {
    ENTRESOL_VECTORS_OR_SKIP(folder, "prec/eip-2537");
    std::size_t cases = 0;
    for (const auto& operation : BLS_OPERATIONS) {
        const auto vectors = json::parse(testing::read_file(folder / operation.file));
        for (const auto& entry : vectors.as_array()) {
            const auto& fields = entry.as_object();
            const auto result = operation.run(from_hex(std::string_view(fields.at("Input").as_string())));
            const auto* expected = fields.if_contains("Expected");
            ASSERT_EQ(result.has_value(), expected != nullptr) << operation.file << " " << fields.at("Name");
            if (expected != nullptr) {
                EXPECT_EQ(*result, from_hex(std::string_view(expected->as_string())))
                    << operation.file << " " << fields.at("Name");
            }
            ++cases;
        }
    }
    EXPECT_GT(cases, 100U);
}

TEST(P256Test, PublicVectorsOfEip7951) {
    ENTRESOL_VECTORS_OR_SKIP(folder, "prec/eip-7951");
    const auto vectors = json::parse(testing::read_file(folder / "test-vectors.json"));
    std::size_t cases = 0;
    for (const auto& entry : vectors.as_array()) {
        const auto& fields = entry.as_object();
        const Bytes input = from_hex(std::string_view(fields.at("Input").as_string()));
        if (input.size() != 160) continue;  // lengths are the precompile's to check
        const auto word = [&](std::size_t i) { return load_be256(input.data() + 32 * i); };
        const bool valid = p256_verify(from_bytes<Hash32>(input), word(1), word(2), word(3), word(4));
        EXPECT_EQ(valid, !fields.at("Expected").as_string().empty()) << fields.at("Name");
        ++cases;
    }
    EXPECT_GT(cases, 100U);
}

}  // namespace
}  // namespace entresol::crypto
