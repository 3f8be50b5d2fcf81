// What the host computes itself where the proof machine makes a call (src/guest/crypto.cpp).
#include "core/crypto/curves.hpp"
#include "core/crypto/hashes.hpp"

namespace entresol::crypto {

Bytes modexp(ByteView base, ByteView exponent, ByteView modulus) { return modexp_portable(base, exponent, modulus); }
FixedBytes<20> ripemd160(ByteView message) { return ripemd160_portable(message); }

}  // namespace entresol::crypto
