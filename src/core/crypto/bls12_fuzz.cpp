// Any input to EIP-2537's precompiles and to the point evaluation: what is a point stays one, and P + 0 is P.
#include <algorithm>

#include "core/base/check.hpp"
#include "core/crypto/curves.hpp"
#include "core/crypto/kzg.hpp"

namespace {

using namespace entresol;

template <std::size_t size, auto add, auto msm>
void check_group(ByteView input) {
    (void)msm(input);
    Bytes two(2 * size);
    std::copy_n(input.begin(), std::min(input.size(), two.size()), two.begin());
    const auto sum = add(two);
    if (!sum) return;
    Bytes with_identity = to_bytes(sum->view());
    with_identity.resize(2 * size);
    CHECK(add(with_identity) == sum);
}

template <std::size_t field_size, auto map, auto add>
void check_map(ByteView input) {
    Bytes element(field_size);
    for (std::size_t i = 0; i < field_size; ++i)
        if (i % 64 >= 17 && i < input.size()) element[i] = input[i];  // below the modulus: 381 bits in 64 bytes
    const auto point = map(element);
    CHECK(point.has_value());
    Bytes doubled = to_bytes(point->view());
    append(doubled, point->view());
    CHECK(add(doubled).has_value());
    (void)map(input);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView input{data, size};
    check_group<128, crypto::bls12_g1_add, crypto::bls12_g1_msm>(input);
    check_group<256, crypto::bls12_g2_add, crypto::bls12_g2_msm>(input);
    (void)crypto::bls12_pairing_check(input);
    if (size > 0 && data[0] % 8 == 0) {
        check_map<64, crypto::bls12_map_fp_to_g1, crypto::bls12_g1_add>(input);
        check_map<128, crypto::bls12_map_fp2_to_g2, crypto::bls12_g2_add>(input);
    }
    Bytes opening(160);
    std::copy_n(data, std::min(size, opening.size()), opening.begin());
    const ByteView view(opening);
    (void)crypto::verify_kzg_proof(from_bytes<crypto::KzgCommitment>(view.first(48)),
                                   from_bytes<Hash32>(view.subspan(48, 32)), from_bytes<Hash32>(view.subspan(80, 32)),
                                   from_bytes<crypto::KzgProof>(view.subspan(112, 48)));
    return 0;
}
