// Any base, exponent and modulus: the same as by doubling and adding on bytes.
#include <algorithm>

#include "core/base/check.hpp"
#include "core/crypto/curves.hpp"
#include "core/crypto/modexp_testing.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace entresol;
    constexpr std::size_t MAX_BASE = 80, MAX_EXPONENT = 2,
                          MAX_MODULUS = 72;  // the slow way takes milliseconds for these
    if (size < 3) return 0;
    ByteView rest{data + 3, size - 3};
    const auto take = [&rest](std::size_t wanted) {
        const ByteView part = rest.first(std::min(wanted, rest.size()));
        rest = rest.subspan(part.size());
        return part;
    };
    const ByteView base = take(data[0] % (MAX_BASE + 1)), exponent = take(data[1] % (MAX_EXPONENT + 1)),
                   modulus = take(data[2] % (MAX_MODULUS + 1));
    const Bytes result = crypto::modexp(base, exponent, modulus);
    const bool zero = std::all_of(modulus.begin(), modulus.end(), [](auto byte) { return byte == 0; });
    CHECK(result ==
          (zero ? Bytes(modulus.size()) : crypto::testing::SlowRing(to_bytes(modulus)).power(base, exponent)));
    return 0;
}
