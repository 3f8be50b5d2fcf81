// Any signature and key; and signatures made with keys from the input, whole or spoilt: the same verdict as by the plain way.
#include <algorithm>
#include <numeric>

#include "core/base/check.hpp"
#include "core/crypto/curves.hpp"
#include "core/crypto/p256_testing.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace entresol;
    namespace plain = crypto::testing;
    Bytes input(161);
    std::copy_n(data, std::min(size, input.size()), input.begin());
    const auto word = [&](std::size_t i) { return load_be256(input.data() + 1 + 32 * i); };
    (void)crypto::p256_verify(to_hash32(word(0)), word(1), word(2), word(3), word(4));
    if (std::accumulate(input.begin(), input.end(), 0U) % 32 != 0) return 0;  // the plain way takes milliseconds
    const U256 digest = word(0), key = word(1) % plain::P256_N, nonce = word(2) % plain::P256_N;
    const auto public_key = plain::multiply(plain::P256_G, key);
    if (!public_key || nonce.is_zero()) return 0;
    auto signature = plain::sign_p256(digest, key, nonce);
    if (!signature) return 0;
    const auto verify = [&] {
        return crypto::p256_verify(to_hash32(digest), signature->r, signature->s, public_key->x, public_key->y);
    };
    CHECK(verify());
    signature->s = addmod(signature->s, word(3) % U256{3}, plain::P256_N);
    if (signature->s.is_zero()) return 0;
    CHECK(verify() == plain::verify_p256(digest, *signature, *public_key));
    return 0;
}
