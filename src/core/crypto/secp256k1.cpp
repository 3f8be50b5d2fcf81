#include "core/crypto/secp256k1.hpp"

#include <secp256k1.h>
#include <secp256k1_recovery.h>

#include <array>
#include <vector>

#include "core/base/check.hpp"
#include "core/crypto/keccak.hpp"
#include "core/crypto/modular_inverse.hpp"
#include "core/crypto/secp256k1_scalar.hpp"
#include "core/crypto/secp256k1_vector.hpp"

namespace entresol::crypto {
namespace {

bool recover(const Hash32& digest, const Signature& signature, secp256k1_pubkey& key) {
    if (signature.y_parity > 1 || signature.r.is_zero() || signature.s.is_zero()) return false;
    std::uint8_t compact[64];
    store_be256(compact, signature.r);
    store_be256(compact + 32, signature.s);
    secp256k1_ecdsa_recoverable_signature parsed;
    if (secp256k1_ecdsa_recoverable_signature_parse_compact(secp256k1_context_static, &parsed, compact,
                                                            signature.y_parity) == 0)
        return false;
    return secp256k1_ecdsa_recover(secp256k1_context_static, &key, &parsed, digest.data()) == 1;
}

FixedBytes<64> serialize(const secp256k1_pubkey& key) {
    std::uint8_t out[65];
    std::size_t size = sizeof out;
    secp256k1_ec_pubkey_serialize(secp256k1_context_static, out, &size, &key, SECP256K1_EC_UNCOMPRESSED);
    return from_bytes<FixedBytes<64>>({out + 1, 64});
}

Address address_of(const FixedBytes<64>& public_key) { return to_address(keccak256(public_key.view())); }

constexpr std::size_t LANES = 8;
constexpr std::size_t WORTH_IT = 2;  // eight in lanes take as long as not quite two one by one

bool is_in_range(const U256& scalar) { return !scalar.is_zero() && scalar < secp256k1_scalar::N; }

// Eight signatures or fewer, of which every one has r and s in range: one inversion for all (Montgomery's trick). SEC 1, 4.1.6: Q = (s R − e G) / r.
std::array<RecoveryInput, LANES> prepare(std::span<const Hash32> digests,
                                         std::span<const Signature* const> signatures) {
    using namespace secp256k1_scalar;  // NOLINT
    std::array<U256, LANES> before;
    U256 product{1};
    for (std::size_t i = 0; i < signatures.size(); ++i) {
        before[i] = product;
        product = multiply(product, signatures[i]->r);
    }
    U256 inverse = inverse_modulo(product, N);
    std::array<RecoveryInput, LANES> inputs;
    for (std::size_t i = signatures.size(); i-- > 0;) {
        const Signature& signature = *signatures[i];
        const U256 r_inverse = multiply(inverse, before[i]), e = load_be256(digests[i].data());
        inverse = multiply(inverse, signature.r);
        inputs[i] = {.r = signature.r,
                     .u1 = negate(multiply(e, r_inverse)),
                     .u2 = multiply(signature.s, r_inverse),
                     .y_parity = signature.y_parity};
    }
    for (std::size_t i = signatures.size(); i < LANES; ++i) inputs[i] = inputs[0];
    return inputs;
}

// Signing needs blinded tables of its own: 50 µs to make. They belong to whoever signs, because core keeps no mutable globals.
struct SigningContext {
    secp256k1_context* context = secp256k1_context_create(SECP256K1_CONTEXT_NONE);
    SigningContext() = default;
    ~SigningContext() { secp256k1_context_destroy(context); }
    SigningContext(const SigningContext&) = delete;
    SigningContext& operator=(const SigningContext&) = delete;
};

std::optional<Signature> sign_with(const SigningContext& signing, const Hash32& digest, const Hash32& secret_key) {
    secp256k1_ecdsa_recoverable_signature raw;
    if (secp256k1_ecdsa_sign_recoverable(signing.context, &raw, digest.data(), secret_key.data(), nullptr, nullptr) ==
        0)
        return std::nullopt;
    std::uint8_t compact[64];
    int recovery_id = 0;
    secp256k1_ecdsa_recoverable_signature_serialize_compact(signing.context, compact, &recovery_id, &raw);
    CHECK(recovery_id <= 1);  // 2 and 3 need r above the order: one chance in 2^127
    return Signature{
        .r = load_be256(compact), .s = load_be256(compact + 32), .y_parity = static_cast<std::uint8_t>(recovery_id)};
}

}  // namespace

U256 secp256k1_half_order() { return {0xdfe92f46681b20a0ULL, 0x5d576e7357a4501dULL, ~0ULL, 0x7fffffffffffffffULL}; }

std::optional<FixedBytes<64>> recover_public_key(const Hash32& digest, const Signature& signature) {
    secp256k1_pubkey key;
    if (!recover(digest, signature, key)) return std::nullopt;
    return serialize(key);
}

std::optional<Address> recover_address(const Hash32& digest, const Signature& signature) {
    const auto key = recover_public_key(digest, signature);
    if (!key) return std::nullopt;
    return address_of(*key);
}

void recover_addresses(std::span<const Hash32> digests, std::span<const Signature> signatures,
                       std::span<std::optional<Address>> addresses) {
    CHECK(digests.size() == signatures.size() && digests.size() == addresses.size());
    const RecoverEight eight = find_recover_avx512();
    std::size_t next = 0;
    while (next < digests.size()) {
        std::array<std::size_t, LANES> places{};
        std::array<Hash32, LANES> chosen;
        std::array<const Signature*, LANES> of{};
        std::size_t count = 0;
        for (; next < digests.size() && count < LANES; ++next) {
            const Signature& signature = signatures[next];
            addresses[next].reset();
            if (signature.y_parity > 1 || !is_in_range(signature.r) || !is_in_range(signature.s)) continue;
            places[count] = next;
            chosen[count] = digests[next];
            of[count++] = &signature;
        }
        std::array<std::optional<FixedBytes<64>>, LANES> keys;
        if (eight != nullptr && count >= WORTH_IT) eight(prepare({chosen.data(), count}, {of.data(), count}), keys);
        std::vector<ByteView> messages;
        for (std::size_t i = 0; i < count; ++i) {
            if (!keys[i]) keys[i] = recover_public_key(chosen[i], *of[i]);
            messages.push_back(keys[i] ? keys[i]->view() : ByteView{});
        }
        std::array<Hash32, LANES> hashes;
        keccak256_many(messages, {hashes.data(), count});
        for (std::size_t i = 0; i < count; ++i)
            if (keys[i]) addresses[places[i]] = to_address(hashes[i]);
    }
}

std::optional<Signature> sign(const Hash32& digest, const Hash32& secret_key) {
    return sign_with({}, digest, secret_key);
}

struct Signer::Impl {
    SigningContext context;
    Hash32 secret_key;
};
Signer::Signer(const Hash32& secret_key) : impl_(std::make_unique<Impl>()) { impl_->secret_key = secret_key; }
Signer::~Signer() = default;
std::optional<Signature> Signer::sign(const Hash32& digest) const {
    return sign_with(impl_->context, digest, impl_->secret_key);
}

std::optional<Address> address_of_key(const Hash32& secret_key) {
    const SigningContext signing;
    secp256k1_pubkey key;
    if (secp256k1_ec_pubkey_create(signing.context, &key, secret_key.data()) == 0) return std::nullopt;
    return address_of(serialize(key));
}

}  // namespace entresol::crypto
