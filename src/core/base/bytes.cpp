#include "core/base/bytes.hpp"

#include "core/base/uint256.hpp"

namespace entresol {

// Multiply-fold over 8-byte words (the mixing step of wyhash). 64x64→128 multiplication diffuses every input bit.
std::uint64_t hash_bytes(ByteView data) {
    constexpr std::uint64_t K0 = 0xa0761d6478bd642fULL;
    constexpr std::uint64_t K1 = 0xe7037ed1a0b428dbULL;
    const auto fold = [](std::uint64_t a, std::uint64_t b) {
        const auto product = static_cast<u128>(a) * b;
        return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
    };
    std::uint64_t h = K0;
    std::size_t i = 0;
    for (; i + 8 <= data.size(); i += 8) h = fold(h ^ load_le64(data.data() + i), K1);
    std::uint64_t tail = 0;
    for (std::size_t shift = 0; i < data.size(); ++i, shift += 8) tail |= std::uint64_t{data[i]} << shift;
    return fold(h ^ tail, (K1 ^ K0) + data.size());  // the length apart from the data, or one could stand for the other
}

}  // namespace entresol
