// Inputs that precompiles accept, and small changes of them: points are computed here, so that pairings and sums meet real ones.
#include "append.hpp"
#include "core/base/hex.hpp"
#include "core/crypto/secp256k1.hpp"
#include "program.hpp"

namespace entresol::fuzz {
namespace {

void append_word(Bytes& out, const U256& word) { append(out, to_hash32(word)); }
Bytes from_hex(std::string_view text) { return parse_hex(text).value(); }

/// EIP-196: the generator and its double, infinity, or a point that is none.
void append_bn_point(Random& random, Bytes& out) {
    switch (random.below(5)) {
        case 0: out.resize(out.size() + 64); break;
        case 1:
            append_word(out, random.word());
            append_word(out, random.word());
            break;
        case 2:
            append(out, from_hex("030644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd3"
                                 "15ed738c0e0a7c92e7845f96b2ae9c0a68a6a449e3538fc7ff3ebf7a5a18a2c4"));
            break;
        default: append_word(out, U256{1}); append_word(out, U256{2});
    }
}

/// EIP-197: G2's generator (imaginary parts first), infinity, or none.
void append_bn_g2(Random& random, Bytes& out) {
    if (random.one_in(4)) {
        out.resize(out.size() + 128);
        return;
    }
    append(out, from_hex("198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2"
                         "1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed"
                         "090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b"
                         "12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa"));
    if (random.one_in(6)) out.back() ^= 1;
}

/// EIP-2537: 64 bytes a field element.
void append_bls_g1(Random& random, Bytes& out) {
    if (random.one_in(4)) {
        out.resize(out.size() + 128);
        return;
    }
    append(out,
           from_hex("0000000000000000000000000000000017f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac58"
                    "6c55e83ff97a1aeffb3af00adb22c6bb0000000000000000000000000000000008b3f481e3aaa0f1a09e30ed741d8ae4"
                    "fcf5e095d5d00af600db18cb2c04b3edd03cc744a2888ae40caa232946c5e7e1"));
    if (random.one_in(8)) out[out.size() - 1 - random.below(128)] ^= static_cast<std::uint8_t>(1 + random.below(255));
}
void append_bls_g2(Random& random, Bytes& out) {
    if (random.one_in(4)) {
        out.resize(out.size() + 256);
        return;
    }
    append(out,
           from_hex("00000000000000000000000000000000024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d177"
                    "0bac0326a805bbefd48056c8c121bdb80000000000000000000000000000000013e02b6052719f607dacd3a088274f65"
                    "596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e00000000000000000000000000000000"
                    "0ce5d527727d6e118cc9cdc6da2e351aadfd9baa8cbdd3a76d429a695160d12c923ac9cc3baca289e193548608b82801"
                    "000000000000000000000000000000000606c4a02ea734cc32acd2b02bc28b99cb3e287e85a763af267492ab572e99ab"
                    "3f370d275cec1da1aaa9075ff05f79be"));
    if (random.one_in(8)) out[out.size() - 1 - random.below(256)] ^= static_cast<std::uint8_t>(1 + random.below(255));
}

/// A field element of BLS12-381, mostly below its modulus.
void append_bls_field(Random& random, Bytes& out) {
    Bytes element = random.bytes(64);
    std::fill_n(element.begin(), 16, std::uint8_t{0});
    if (!random.one_in(6)) element[16] &= 0x0f;
    append(out, element);
}

Bytes make_recovery_input(Random& random) {
    Hash32 key = to_hash32(U256{1 + random.below(1'000)});
    const Hash32 digest = from_bytes<Hash32>(random.bytes(32));
    const auto signature = crypto::sign(digest, key);
    Bytes out = to_bytes(digest.view());
    append_word(out, U256{27U + (signature ? signature->y_parity : 0U)});
    append_word(out, signature ? signature->r : U256{});
    append_word(out, signature ? signature->s : U256{});
    if (random.one_in(4)) out[random.below(out.size())] ^= static_cast<std::uint8_t>(1 + random.below(255));
    return out;
}

Bytes make_modexp_input(Random& random) {
    const auto length = [&] {
        return random.one_in(30) ? random.word() : U256{random.of<std::uint64_t>({0, 1, 2, 31, 32, 33, 64, 100, 256})};
    };
    const U256 base = length(), exponent = length(), modulus = length();
    Bytes out;
    for (const auto& n : {base, exponent, modulus}) append_word(out, n);
    const auto part = [&](const U256& size) {
        if (size > U256{1024}) return;
        Bytes data = random.bytes(size.limb[0]);
        if (random.one_in(4)) std::fill(data.begin(), data.end(), std::uint8_t{0});
        if (random.one_in(4) && !data.empty()) std::fill(data.begin(), data.end() - 1, std::uint8_t{0});
        append(out, data);
    };
    part(base);
    part(exponent);
    part(modulus);
    if (random.one_in(8)) out.resize(random.below(out.size() + 10));
    return out;
}

Bytes make_blake_input(Random& random) {
    Bytes out;
    const std::uint32_t rounds =
        random.one_in(40) ? static_cast<std::uint32_t>(random.next()) : static_cast<std::uint32_t>(random.below(30));
    for (int i = 3; i >= 0; --i) out.push_back(static_cast<std::uint8_t>(rounds >> (8 * i)));
    append(out, random.bytes(208));
    out.push_back(static_cast<std::uint8_t>(random.one_in(6) ? random.next() : random.below(2)));
    if (random.one_in(10)) out.resize(random.below(220));
    return out;
}

/// EIP-4844: the zero polynomial has the point at infinity for its commitment and proofs, and is zero everywhere.
Bytes make_point_evaluation_input(Random& random) {
    Bytes out = from_hex("010657f37554c781402a22917dee2f75def7ab966d7b770905398eba3c444014");
    Bytes z = random.bytes(32);
    z[0] = static_cast<std::uint8_t>(random.below(0x80));
    append(out, z);
    append_word(out, random.one_in(6) ? random.word() : U256{});
    for (int i = 0; i < 2; ++i) {
        out.push_back(0xc0);
        out.resize(out.size() + 47);
    }
    if (random.one_in(4)) out[random.below(out.size())] ^= static_cast<std::uint8_t>(1 + random.below(255));
    return out;
}

/// RIP-7212's first vector of Wycheproof, as EIP-7951's tests have it.
Bytes make_p256_input(Random& random) {
    Bytes out = from_hex(
        "4cee90eb86eaa050036147a12d49004b6b9c72bd725d39d4785011fe190f0b4da73bd4903f0ce3b639bbbf6e8e80d168"
        "31ff4bcf5993412698e4e1f9ed6b5b7a36dbcd03009df8c59286b162af3bd7fcc0450c9aa81be5d10d312af6c66b1d60"
        "4aebd3099c618202fcfe16ae7770b0c49ab5eadf74b754204a3bb6060e44eff37618b065f9832de4ca6ca971a7a1adc8"
        "26d0f7c00181a5fb2ddf79ae00b4e10e");
    if (random.one_in(3)) out[random.below(out.size())] ^= static_cast<std::uint8_t>(1 + random.below(255));
    if (random.one_in(10)) out.resize(random.below(200));
    return out;
}

}  // namespace

Bytes make_precompile_input(Random& random, std::uint64_t precompile) {
    Bytes out;
    const auto times = random.below(4);
    switch (precompile) {
        case 1: return make_recovery_input(random);
        case 5: return make_modexp_input(random);
        case 6:
            append_bn_point(random, out);
            append_bn_point(random, out);
            break;
        case 7:
            append_bn_point(random, out);
            append_word(out, random.word());
            break;
        case 8:
            for (std::uint64_t i = 0; i < times; ++i) {
                append_bn_point(random, out);
                append_bn_g2(random, out);
            }
            break;
        case 9: return make_blake_input(random);
        case 10: return make_point_evaluation_input(random);
        case 11:
            append_bls_g1(random, out);
            append_bls_g1(random, out);
            break;
        case 12:
            for (std::uint64_t i = 0; i < times; ++i) {
                append_bls_g1(random, out);
                append_word(out, random.word());
            }
            break;
        case 13:
            append_bls_g2(random, out);
            append_bls_g2(random, out);
            break;
        case 14:
            for (std::uint64_t i = 0; i < times; ++i) {
                append_bls_g2(random, out);
                append_word(out, random.word());
            }
            break;
        case 15:
            for (std::uint64_t i = 0; i < times; ++i) {
                append_bls_g1(random, out);
                append_bls_g2(random, out);
            }
            break;
        case 16: append_bls_field(random, out); break;
        case 17:
            append_bls_field(random, out);
            append_bls_field(random, out);
            break;
        case 0x100: return make_p256_input(random);
        default: out = random.bytes(random.below(300)); break;
    }
    if (random.one_in(20)) out.resize(random.below(out.size() + 40));
    return out;
}

}  // namespace entresol::fuzz
