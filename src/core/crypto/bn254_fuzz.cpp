// Any input to the three precompiles, as it is and with points that exist: both kernels answer alike, and what comes out is a point.
#include <algorithm>

#include "core/base/check.hpp"
#include "core/crypto/bn254_kernel.hpp"

namespace {

using namespace entresol;
using crypto::bn254::Kernel;

Bytes exactly(ByteView data, std::size_t size) {
    Bytes out(size);
    std::copy_n(data.begin(), std::min(size, data.size()), out.begin());
    return out;
}

// The multiple of (1, 2) by the first 32 bytes, then the rest.
Bytes with_point(ByteView data, std::size_t size) {
    Bytes input(96);
    input[31] = 1;
    input[63] = 2;
    std::copy_n(data.begin(), std::min<std::size_t>(32, data.size()), input.begin() + 64);
    Bytes out = to_bytes(crypto::bn254_mul(input)->view());
    append(out, exactly(data.subspan(std::min<std::size_t>(32, data.size())), size - 64));
    return out;
}

void check(ByteView sum_input, ByteView product_input) {
    const auto sum = crypto::bn254_add(sum_input);
    CHECK(sum == Kernel<false>::add(sum_input));
    const auto product = crypto::bn254_mul(product_input);
    CHECK(product == Kernel<false>::mul(product_input));
    for (const auto& point : {sum, product}) {
        if (!point) continue;
        Bytes doubled = to_bytes(point->view());
        append(doubled, point->view());
        CHECK(crypto::bn254_add(doubled).has_value());
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView input{data, size};
    check(exactly(input, 128), exactly(input, 96));
    if (size >= 4 && data[0] % 4 == 0) check(with_point(input.subspan(1), 128), with_point(input.subspan(1), 96));
    const auto answer = crypto::bn254_pairing_check(input);
    CHECK(answer.has_value() || size != 0);
    if (size % 192 == 0) CHECK(answer == Kernel<false>::pairing_check(input));
    return 0;
}
