// Every primitive beside a peer in the same run, where Debian has one. Names are "program/what": tools/bench_ratios.py puts one what on one line.
// What differs is said: OpenSSL 3.0 has SHA3-256, which is Keccak-256 but for the padding; no peer in Debian has bn254, so blst's pairing on
// BLS12-381 (a 381-bit field) is there for scale.
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <string>

#include <benchmark/benchmark.h>
#include <blst.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>

#if __has_include(<gmp.h>)
#include <gmp.h>
#define ENTRESOL_BENCH_GMP 1
#endif

#include "core/base/hex.hpp"
#include "core/crypto/bn254_kernel.hpp"
#include "core/crypto/curves.hpp"
#include "core/crypto/hashes.hpp"
#include "core/crypto/keccak.hpp"
#include "core/crypto/keccak_vector.hpp"
#include "core/crypto/kzg.hpp"
#include "core/crypto/secp256k1.hpp"

// After ours: c-kzg defines BYTES_PER_BLOB as a macro.
#include <entresol_trusted_setup.h>

namespace entresol::crypto {
namespace {

using benchmark::DoNotOptimize;
using benchmark::State;

Bytes pattern(std::size_t size) {
    Bytes out(size);
    for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<std::uint8_t>(i * 131 + (i >> 8) + 7);
    return out;
}
template <typename Run>
void add(const std::string& name, const Run& run) {
    benchmark::RegisterBenchmark(name.c_str(), [run](State& state) {
        for (auto _ : state) run();
    });
}

using KeccakPath = void (*)(std::span<const ByteView>, std::span<Hash32>);
// 64 messages at a time; the time is that of one.
void add_keccak_many(const std::string& name, KeccakPath path, std::size_t size) {
    if (path == nullptr) return;
    benchmark::RegisterBenchmark(name.c_str(), [path, size](State& state) {
        const Bytes message = pattern(size);
        const std::vector<ByteView> views(64, ByteView(message));
        std::vector<Hash32> digests(64);
        while (state.KeepRunningBatch(64)) {
            path(views, digests);
            DoNotOptimize(digests.data());
        }
    });
}
void add_openssl_digest(const std::string& what, const EVP_MD* kind, std::size_t size) {
    add("openssl/" + what, [kind, message = pattern(size)] {
        std::uint8_t out[64];
        unsigned length = 0;
        EVP_Digest(message.data(), message.size(), out, &length, kind, nullptr);
        DoNotOptimize(out);
    });
}

void add_hashes() {
    for (const std::size_t size : {32U, 100U, 532U}) {
        const std::string bytes = std::to_string(size) + " B";
        add("ours/keccak " + bytes, [message = pattern(size)] { DoNotOptimize(keccak256(message)); });
        add_openssl_digest("keccak " + bytes, EVP_sha3_256(), size);
        add_keccak_many("ours/keccak many " + bytes, keccak256_many, size);
        add_keccak_many("avx2/keccak many " + bytes, find_keccak_avx2(), size);
    }
    for (const std::size_t size : {64U, 4096U}) {
        const std::string bytes = std::to_string(size) + " B";
        add("ours/sha256 " + bytes, [message = pattern(size)] { DoNotOptimize(sha256(message)); });
        add("portable/sha256 " + bytes, [message = pattern(size)] { DoNotOptimize(sha256_portable(message)); });
        add_openssl_digest("sha256 " + bytes, EVP_sha256(), size);
        add("ours/ripemd160 " + bytes, [message = pattern(size)] { DoNotOptimize(ripemd160(message)); });
        add_openssl_digest("ripemd160 " + bytes, EVP_ripemd160(), size);
    }
    add("ours/blake2b block of 128 B", [] {
        std::uint64_t h[8]{};
        const std::uint64_t m[16] = {1, 2, 3}, t[2] = {128, 0};
        blake2f(12, h, m, t, true);
        DoNotOptimize(h);
    });
    add_openssl_digest("blake2b block of 128 B", EVP_blake2b512(), 128);
}

#ifdef ENTRESOL_BENCH_GMP
void gmp_modexp(const Bytes& base, const Bytes& exponent, const Bytes& modulus) {
    mpz_t b, e, m;
    mpz_inits(b, e, m, nullptr);
    mpz_import(b, base.size(), 1, 1, 1, 0, base.data());
    mpz_import(e, exponent.size(), 1, 1, 1, 0, exponent.data());
    mpz_import(m, modulus.size(), 1, 1, 1, 0, modulus.data());
    mpz_powm(b, b, e, m);
    Bytes out(modulus.size() + 8);
    std::size_t count = 0;
    mpz_export(out.data(), &count, 1, 1, 1, 0, b);
    DoNotOptimize(out.data());
    mpz_clears(b, e, m, nullptr);
}
#endif

void add_modexp() {
    enum class Kind : std::uint8_t { Odd, Even, HalfPower };
    struct Row {
        std::size_t bytes, exponent_bytes;
        Kind kind;
    };
    for (const Row row :
         {Row{32, 32, Kind::Odd}, Row{64, 64, Kind::Odd}, Row{128, 128, Kind::Odd}, Row{256, 3, Kind::Odd},
          Row{256, 256, Kind::Odd}, Row{512, 512, Kind::Odd}, Row{1024, 3, Kind::Odd}, Row{1024, 1024, Kind::Odd},
          Row{256, 256, Kind::Even}, Row{256, 256, Kind::HalfPower}}) {
        Bytes base = pattern(row.bytes), exponent = pattern(row.exponent_bytes), modulus = pattern(row.bytes);
        base[0] = 0x7f;
        modulus[0] = exponent[0] = 0xc1;
        modulus.back() |= 1;
        if (row.kind == Kind::Even) modulus.back() = 0x30;
        if (row.kind == Kind::HalfPower)
            std::fill(modulus.begin() + static_cast<std::ptrdiff_t>(row.bytes / 2), modulus.end(), 0);
        const char* const kinds[] = {"odd", "even", "half 2^n"};
        const std::string what = "modexp " + std::to_string(row.bytes) + " B ^ " + std::to_string(row.exponent_bytes) +
                                 " B, " + kinds[static_cast<int>(row.kind)];
        add("ours/" + what, [=] { DoNotOptimize(modexp(base, exponent, modulus).data()); });
#ifdef ENTRESOL_BENCH_GMP
        add("gmp/" + what, [=] { gmp_modexp(base, exponent, modulus); });
#endif
    }
}

// A signature that OpenSSL makes, so that both verify a real one.
struct P256Case {
    EVP_PKEY* key = EVP_EC_gen("P-256");
    Bytes digest = pattern(32), der;
    U256 r, s, x, y;
    P256Case() {
        EVP_PKEY_CTX* const context = EVP_PKEY_CTX_new(key, nullptr);
        std::size_t size = 0;
        EVP_PKEY_sign_init(context);
        EVP_PKEY_sign(context, nullptr, &size, digest.data(), digest.size());
        der.resize(size);
        EVP_PKEY_sign(context, der.data(), &size, digest.data(), digest.size());
        der.resize(size);
        EVP_PKEY_CTX_free(context);
        std::uint8_t point[65];
        EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point, &size);
        x = load_be256(point + 1);
        y = load_be256(point + 33);
        const std::size_t r_size = der[3];
        r = integer({der.data() + 4, r_size});
        s = integer({der.data() + 6 + r_size, der[5 + r_size]});
    }
    static U256 integer(ByteView bytes) { return load_be(bytes.size() > 32 ? bytes.subspan(1) : bytes); }
};

void add_signatures() {
    static const P256Case signature;
    add("ours/p256 verify", [] {
        CHECK(p256_verify(from_bytes<Hash32>(signature.digest), signature.r, signature.s, signature.x, signature.y));
    });
    benchmark::RegisterBenchmark("openssl/p256 verify", [](State& state) {
        EVP_PKEY_CTX* const context = EVP_PKEY_CTX_new(signature.key, nullptr);
        EVP_PKEY_verify_init(context);
        for (auto _ : state)
            CHECK(EVP_PKEY_verify(context, signature.der.data(), signature.der.size(), signature.digest.data(), 32) ==
                  1);
        EVP_PKEY_CTX_free(context);
    });
    const Hash32 digest = from_bytes<Hash32>(signature.digest);
    const Signature signed_by = *sign(digest, digest);
    add("ours/secp256k1 recover (libsecp256k1)",
        [digest, signed_by] { DoNotOptimize(recover_address(digest, signed_by)); });
    add("ours/secp256k1 recover of eight (lanes where the CPU has them)", [digest, signed_by] {
        const std::vector<Hash32> digests(8, digest);
        const std::vector<Signature> signatures(8, signed_by);
        std::vector<std::optional<Address>> addresses(8);
        recover_addresses(digests, signatures, addresses);
        DoNotOptimize(addresses);
    });
}

const std::string G1 =
    "0000000000000000000000000000000000000000000000000000000000000001"
    "0000000000000000000000000000000000000000000000000000000000000002";
const std::string MINUS_G1 =
    "0000000000000000000000000000000000000000000000000000000000000001"
    "30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd45";
const std::string G2 =
    "198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c21800deef121f1e76426a00665e5c4479674322d4f75edadd46"
    "debd5cd992f6ed"
    "090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4c"
    "e6cc0166fa7daa";

void add_bn254() {
    Bytes product = *parse_hex(G1);
    append(product, pattern(32));
    Bytes sum = to_bytes(bn254_mul(product)->view());
    append(sum, *parse_hex(G1));
    add("ours/bn254 add", [=] { DoNotOptimize(bn254_add(sum)); });
    add("ours/bn254 mul", [=] { DoNotOptimize(bn254_mul(product)); });
    add("portable/bn254 mul", [=] { DoNotOptimize(bn254::Kernel<false>::mul(product)); });
    for (const int count : {1, 2, 4, 10}) {
        Bytes pairs;
        for (int i = 0; i < count; ++i) append(pairs, *parse_hex((i % 2 == 0 ? G1 : MINUS_G1) + G2));
        const std::string what = "pairing check, " + std::to_string(count) + " pairs";
        add("ours/bn254 " + what, [=] { DoNotOptimize(bn254_pairing_check(pairs)); });
        add("portable/bn254 " + what, [=] { DoNotOptimize(bn254::Kernel<false>::pairing_check(pairs)); });
        add("blst/bn254 " + what, [count] {  // on BLS12-381, subgroup checks as ours
            blst_fp12 product_of_lines = *blst_fp12_one();
            for (int i = 0; i < count; ++i) {
                const auto& p = *blst_p1_affine_generator();
                const auto& q = *blst_p2_affine_generator();
                CHECK(blst_p1_affine_in_g1(&p) && blst_p2_affine_in_g2(&q));
                blst_fp12 line;
                blst_miller_loop(&line, &q, &p);
                blst_fp12_mul(&product_of_lines, &product_of_lines, &line);
            }
            blst_final_exp(&product_of_lines, &product_of_lines);
            DoNotOptimize(product_of_lines);
        });
    }
}

void add_kzg() {
    static const Kzg kzg = Kzg::ceremony();
    static Bytes blob = pattern(131072);
    for (std::size_t i = 0; i < blob.size(); i += 32) blob[i] = 0;
    static const auto commitment = *kzg.commit(blob);
    static const auto proof = *kzg.prove_blob(blob, commitment);
    static const auto cells = *kzg.compute_cell_proofs(blob);
    add("ours/kzg setup", [] { DoNotOptimize(Kzg::ceremony()); });
    add("ckzg/kzg setup", [] {
        const auto text =
            std::string(ENTRESOL_SOURCE_DIR) + "/third_party/node_modules/c-kzg/deps/c-kzg/trusted_setup.txt";
        std::FILE* const file = std::fopen(text.c_str(), "rb");
        KZGSettings settings{};
        CHECK(file != nullptr && load_trusted_setup_file(&settings, file, 0) == C_KZG_OK);
        std::fclose(file);
        free_trusted_setup(&settings);
    });
    add("ours/kzg commit to a blob", [] { DoNotOptimize(kzg.commit(blob)); });
    add("ours/kzg prove a blob", [] { DoNotOptimize(kzg.prove_blob(blob, commitment)); });
    add("ours/kzg verify a blob", [] { CHECK(kzg.verify_blob(blob, commitment, proof)); });
    add("ours/kzg cell proofs of a blob", [] { DoNotOptimize(kzg.compute_cell_proofs(blob)); });
    add("ours/kzg verify 128 cells", [] { CHECK(kzg.verify_cell_proofs(blob, commitment, cells)); });
    add("ours/kzg point evaluation", [] {
        FixedBytes<48> identity;
        identity.bytes[0] = 0xc0;
        CHECK(crypto::verify_kzg_proof(identity, Hash32{}, Hash32{}, identity));
    });
}

const bool ADDED = [] {
    add_hashes();
    add_modexp();
    add_signatures();
    add_bn254();
    add_kzg();
    return true;
}();

}  // namespace
}  // namespace entresol::crypto
