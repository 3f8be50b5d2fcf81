// core/crypto by the machine's calls. Messages beyond a call's bound go on block by block; what L1 alone can compute is read as the preimage of its
// computation (docs/spec/machine.md, a4 = 4); the rest runs instruction by instruction.
#include <algorithm>
#include <bit>

#include "core/base/endian.hpp"
#include "core/crypto/curves.hpp"
#include "core/crypto/hashes.hpp"
#include "core/crypto/keccak.hpp"
#include "core/crypto/kzg.hpp"
#include "core/crypto/secp256k1.hpp"
#include "guest/machine_calls.hpp"
#include "guest/machine_oracle.hpp"

namespace entresol::crypto {
namespace {

using guest::Call;
using guest::call_bytes;

constexpr std::size_t MAX_CALL_INPUT = 65536;

void absorb(std::uint64_t (&state)[25], const std::uint8_t* block) {
    constexpr std::size_t RATE_WORDS = 17;
    for (std::size_t i = 0; i < RATE_WORDS; ++i) state[i] ^= load_le64(block + 8 * i);
    guest::make_call(Call::KeccakF, guest::address_of(state));
}

Hash32 keccak256_by_blocks(ByteView message) {
    constexpr std::size_t RATE = 136;
    std::uint64_t state[25]{};
    for (; message.size() >= RATE; message = message.subspan(RATE)) absorb(state, message.data());
    std::uint8_t last[RATE]{};
    std::copy(message.begin(), message.end(), last);
    last[message.size()] = 0x01;
    last[RATE - 1] |= 0x80;
    absorb(state, last);
    Hash32 out;
    std::memcpy(out.data(), state, Hash32::SIZE);
    return out;
}

Hash32 sha256_by_blocks(ByteView message) {
    constexpr std::size_t BLOCK = 64;
    std::uint32_t state[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                              0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    const std::uint64_t bits = 8 * std::uint64_t{message.size()};
    for (; message.size() >= BLOCK; message = message.subspan(BLOCK)) sha256_compress(state, message.first<BLOCK>());
    Bytes last = to_bytes(message);
    last.push_back(0x80);
    while (last.size() % BLOCK != BLOCK - 8) last.push_back(0);
    for (int shift = 56; shift >= 0; shift -= 8) last.push_back(static_cast<std::uint8_t>(bits >> shift));
    for (std::size_t at = 0; at < last.size(); at += BLOCK)
        sha256_compress(state, ByteView(last).subspan(at).first<BLOCK>());
    Hash32 out;
    for (std::size_t i = 0; i < 8; ++i)
        for (std::size_t j = 0; j < 4; ++j) out.bytes[4 * i + j] = static_cast<std::uint8_t>(state[i] >> (24 - 8 * j));
    return out;
}

template <typename T>
std::optional<T> call_for(Call number, ByteView input) {
    T out;
    if (call_bytes(number, out.data(), input) == 0) return std::nullopt;
    return out;
}

/// A precompile's answer as L1 gives it: for inputs beyond the bounds of its call.
std::optional<Bytes> ask_l1(std::uint8_t precompile, ByteView input) {
    Bytes question(Address::SIZE);
    question.back() = precompile;
    append(question, input);
    const Bytes answer = guest::read_preimage(guest::PreimageKind::Computation, keccak256(question));
    if (answer.empty() || answer[0] == 0) return std::nullopt;
    return Bytes(answer.begin() + 1, answer.end());
}

std::optional<bool> pairing(Call number, std::uint8_t precompile, std::size_t pair_bytes, ByteView pairs) {
    constexpr std::size_t MAX_PAIRS = 128;
    if (pairs.size() % pair_bytes != 0) return std::nullopt;
    if (pairs.size() > MAX_PAIRS * pair_bytes) {
        const auto answer = ask_l1(precompile, pairs);
        if (!answer || answer->size() != Hash32::SIZE) return std::nullopt;
        return answer->back() == 1;
    }
    const auto word = call_for<Hash32>(number, pairs);
    if (!word) return std::nullopt;
    return word->bytes[31] == 1;
}

/// A sum of products: parts of at most `most` points, added.
template <typename Point>
std::optional<Point> sum_of_products(Call product, Call sum, std::size_t item_bytes, std::size_t most, ByteView input) {
    if (input.empty() || input.size() % item_bytes != 0) return std::nullopt;
    std::optional<Point> total;
    while (!input.empty()) {
        const auto part = input.first(std::min(input.size(), most * item_bytes));
        input = input.subspan(part.size());
        const auto product_of_part = call_for<Point>(product, part);
        if (!product_of_part) return std::nullopt;
        if (!total) {
            total = product_of_part;
            continue;
        }
        Bytes both = to_bytes(total->view());
        append(both, product_of_part->view());
        total = call_for<Point>(sum, both);
        if (!total) return std::nullopt;
    }
    return total;
}

/// docs/spec/machine.md, 0x205: no more than EIP-7883 may charge.
bool is_modexp_within_bounds(std::uint64_t base, std::uint64_t exponent, std::uint64_t modulus) {
    constexpr std::uint64_t MAX_LENGTH = 1024, MAX_COST = 8'000'000;
    if (base > MAX_LENGTH || exponent > MAX_LENGTH || modulus > MAX_LENGTH || modulus == 0) return false;
    const std::uint64_t words = (std::max(base, modulus) + 7) / 8;
    const std::uint64_t complexity = words <= 4 ? 16 : 2 * words * words;
    const std::uint64_t iterations = exponent <= 32 ? 8 * exponent : 16 * (exponent - 32) + 256;
    return complexity * iterations <= MAX_COST;
}

}  // namespace

Hash32 keccak256(ByteView message) {
    if (message.size() > MAX_CALL_INPUT) return keccak256_by_blocks(message);
    Hash32 out;
    call_bytes(Call::Keccak256, out.data(), message);
    return out;
}

void keccak256_many(std::span<const ByteView> messages, std::span<Hash32> digests) {
    for (std::size_t i = 0; i < messages.size(); ++i) digests[i] = keccak256(messages[i]);
}

void sha256_compress(std::uint32_t (&state)[8], std::span<const std::uint8_t, 64> block) {
    alignas(8) std::uint32_t words[8];
    std::copy(std::begin(state), std::end(state), words);
    guest::make_call(Call::Sha256Compress, guest::address_of(words), guest::address_of(block.data()));
    std::copy(std::begin(words), std::end(words), state);
}

Hash32 sha256(ByteView message) {
    if (message.size() > MAX_CALL_INPUT) return sha256_by_blocks(message);
    Hash32 out;
    call_bytes(Call::Sha256, out.data(), message);
    return out;
}

FixedBytes<20> ripemd160(ByteView message) {
    if (message.size() > MAX_CALL_INPUT) return ripemd160_portable(message);
    Hash32 word;
    call_bytes(Call::Ripemd160, word.data(), message);
    return from_bytes<FixedBytes<20>>(word.view().last(20));
}

void blake2f(std::uint32_t rounds, std::uint64_t (&h)[8], const std::uint64_t (&m)[16], const std::uint64_t (&t)[2],
             bool final_block) {
    constexpr std::uint32_t MAX_ROUNDS = 4'194'304;
    std::uint64_t input[26];
    std::copy(std::begin(h), std::end(h), input);
    std::copy(std::begin(m), std::end(m), input + 8);
    std::copy(std::begin(t), std::end(t), input + 24);
    if (rounds <= MAX_ROUNDS) {
        guest::make_call(Call::Blake2f, guest::address_of(h), guest::address_of(input), rounds, final_block ? 1 : 0);
        return;
    }
    Bytes question(4);
    store_be32(question.data(), rounds);
    append(question, {reinterpret_cast<const std::uint8_t*>(input), sizeof(input)});
    question.push_back(final_block ? 1 : 0);
    const auto answer = ask_l1(9, question);
    CHECK(answer && answer->size() == sizeof(h));
    std::memcpy(h, answer->data(), sizeof(h));
}

std::optional<FixedBytes<64>> bn254_add(ByteView two_points) {
    return call_for<FixedBytes<64>>(Call::Bn254Add, two_points);
}
std::optional<FixedBytes<64>> bn254_mul(ByteView point_and_scalar) {
    return call_for<FixedBytes<64>>(Call::Bn254Mul, point_and_scalar);
}
std::optional<bool> bn254_pairing_check(ByteView pairs) { return pairing(Call::Bn254Pairing, 8, 192, pairs); }

bool p256_verify(const Hash32& digest, const U256& r, const U256& s, const U256& x, const U256& y) {
    Bytes input = to_bytes(digest.view());
    for (const U256& word : {r, s, x, y}) append(input, to_hash32(word).view());
    Hash32 out;
    return call_bytes(Call::P256Verify, out.data(), input) != 0;
}

std::optional<FixedBytes<128>> bls12_g1_add(ByteView input) { return call_for<FixedBytes<128>>(Call::BlsG1Add, input); }
std::optional<FixedBytes<128>> bls12_g1_msm(ByteView input) {
    return sum_of_products<FixedBytes<128>>(Call::BlsG1Msm, Call::BlsG1Add, 160, 400, input);
}
std::optional<FixedBytes<256>> bls12_g2_add(ByteView input) { return call_for<FixedBytes<256>>(Call::BlsG2Add, input); }
std::optional<FixedBytes<256>> bls12_g2_msm(ByteView input) {
    return sum_of_products<FixedBytes<256>>(Call::BlsG2Msm, Call::BlsG2Add, 288, 200, input);
}
std::optional<bool> bls12_pairing_check(ByteView input) {
    if (input.empty()) return std::nullopt;  // EIP-2537, unlike EIP-197
    return pairing(Call::BlsPairing, 0x0f, 384, input);
}
std::optional<FixedBytes<128>> bls12_map_fp_to_g1(ByteView input) {
    return call_for<FixedBytes<128>>(Call::BlsMapToG1, input);
}
std::optional<FixedBytes<256>> bls12_map_fp2_to_g2(ByteView input) {
    return call_for<FixedBytes<256>>(Call::BlsMapToG2, input);
}

Bytes modexp(ByteView base, ByteView exponent, ByteView modulus) {
    if (!is_modexp_within_bounds(base.size(), exponent.size(), modulus.size()))
        return modexp_portable(base, exponent, modulus);
    Bytes input = to_bytes(base);
    append(input, exponent);
    append(input, modulus);
    Bytes out(modulus.size());
    guest::make_call(Call::Modexp, guest::address_of(out.data()), guest::address_of(input.data()), base.size(),
                     exponent.size(), modulus.size());
    return out;
}

U256 secp256k1_half_order() { return {0xdfe92f46681b20a0ULL, 0x5d576e7357a4501dULL, ~0ULL, 0x7fffffffffffffffULL}; }

std::optional<Address> recover_address(const Hash32& digest, const Signature& signature) {
    Bytes input = to_bytes(digest.view());
    append(input, to_hash32(U256(27U + signature.y_parity)).view());
    append(input, to_hash32(signature.r).view());
    append(input, to_hash32(signature.s).view());
    const auto word = call_for<Hash32>(Call::Ecrecover, input);
    if (!word) return std::nullopt;
    return to_address(*word);
}

void recover_addresses(std::span<const Hash32> digests, std::span<const Signature> signatures,
                       std::span<std::optional<Address>> addresses) {
    for (std::size_t i = 0; i < digests.size(); ++i) addresses[i] = recover_address(digests[i], signatures[i]);
}

Hash32 kzg_to_versioned_hash(const KzgCommitment& commitment) {
    Hash32 hash = sha256(commitment.view());
    hash.bytes[0] = 0x01;  // EIP-4844, VERSIONED_HASH_VERSION_KZG
    return hash;
}

bool verify_kzg_proof(const KzgCommitment& commitment, const Hash32& z, const Hash32& y, const KzgProof& proof) {
    Bytes input = to_bytes(kzg_to_versioned_hash(commitment).view());
    append(input, z.view());
    append(input, y.view());
    append(input, commitment.view());
    append(input, proof.view());
    FixedBytes<64> out;
    return call_bytes(Call::PointEvaluation, out.data(), input) != 0;
}

}  // namespace entresol::crypto
