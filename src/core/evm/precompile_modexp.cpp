#include "core/evm/precompile_modexp.hpp"

#include <algorithm>

#include "core/base/uint256.hpp"
#include "core/crypto/curves.hpp"

namespace entresol::evm {
namespace {

using chain::Fork;

constexpr std::int64_t UNPAYABLE = INT64_MAX;
constexpr std::uint64_t MAX_LENGTH =
    1ULL << 31;  // longer base or modulus cannot be paid for, longer zero-filled exponents neither

struct Lengths {
    U256 base, exponent, modulus;
};

U256 word_at(ByteView input, std::uint64_t offset) {
    std::uint8_t word[32]{};
    if (offset < input.size())
        std::memcpy(word, input.data() + offset,
                    std::min<std::size_t>(32, input.size() - static_cast<std::size_t>(offset)));
    return load_be256(word);
}
Lengths read_lengths(ByteView input) { return {word_at(input, 0), word_at(input, 32), word_at(input, 64)}; }

// The first 32 bytes of the exponent, as a number.
U256 exponent_head(ByteView input, const Lengths& lengths) {
    if (!lengths.base.fits_u64() || lengths.base.limb[0] > MAX_LENGTH) return {};
    const U256 word = word_at(input, 96 + lengths.base.limb[0]);
    if (lengths.exponent >= U256{32}) return word;
    return word >> (8 * (32 - static_cast<unsigned>(lengths.exponent.limb[0])));
}

// 128-bit products saturate: all lengths are below 2^32 here.
u128 complexity_eip198(std::uint64_t x) {
    const u128 n = x;
    if (x <= 64) return n * n;
    if (x <= 1024) return n * n / 4 + 96 * n - 3072;
    return n * n / 16 + 480 * n - 199680;
}
u128 complexity_by_words(std::uint64_t x) {
    const u128 n = (x + 7) / 8;
    return n * n;
}
u128 complexity_osaka(std::uint64_t x) { return x <= 32 ? 16 : 2 * complexity_by_words(x); }

u128 iteration_count(const U256& exponent_length, const U256& head, std::uint64_t per_byte, std::uint64_t minimum) {
    const std::uint64_t head_bits = head.is_zero() ? 0 : head.bit_length() - 1;
    u128 count = head_bits;
    if (exponent_length > U256{32}) count += u128{per_byte} * (exponent_length.saturate_u64() - 32);
    return std::max<u128>(count, minimum);
}

}  // namespace

std::int64_t modexp_gas(ByteView input, const chain::Rules& rules) {
    const Lengths lengths = read_lengths(input);
    const bool osaka = rules.at_least(Fork::Osaka);
    if (osaka && (lengths.base > U256{1024} || lengths.exponent > U256{1024} || lengths.modulus > U256{1024}))
        return -1;  // EIP-7823
    const U256 longest = std::max(lengths.base, lengths.modulus);
    const bool berlin = rules.at_least(Fork::Berlin);
    const std::int64_t least = osaka ? 500 : berlin ? 200 : 0;
    if (longest.is_zero() && !osaka) return least;  // nothing to multiply, however long the exponent claims to be
    if (longest > U256{MAX_LENGTH} || lengths.exponent > U256{1ULL << 60}) return UNPAYABLE;
    const std::uint64_t x = longest.limb[0];
    const U256 head = exponent_head(input, lengths);
    u128 gas = 0;
    if (osaka)
        gas = complexity_osaka(x) * iteration_count(lengths.exponent, head, 16, 1);  // EIP-7883
    else if (berlin)
        gas = complexity_by_words(x) * iteration_count(lengths.exponent, head, 8, 1) / 3;  // EIP-2565
    else
        gas = complexity_eip198(x) * iteration_count(lengths.exponent, head, 8, 1) / 20;  // EIP-198
    if (gas > static_cast<u128>(INT64_MAX)) return UNPAYABLE;
    return std::max(static_cast<std::int64_t>(gas), least);
}

bool run_modexp(ByteView input, const chain::Rules&, Bytes& output) {
    const Lengths lengths = read_lengths(input);
    if (lengths.modulus.is_zero()) return true;
    const auto slice = [&](std::uint64_t offset, const U256& length) {
        Bytes out(static_cast<std::size_t>(length.limb[0]));  // bounded: its gas is paid
        if (offset < input.size() && !out.empty())
            std::memcpy(out.data(), input.data() + offset,
                        std::min(out.size(), input.size() - static_cast<std::size_t>(offset)));
        return out;
    };
    const Bytes base = slice(96, lengths.base);
    const std::uint64_t exponent_at = 96 + lengths.base.limb[0];
    const Bytes exponent = slice(exponent_at, lengths.exponent);
    const Bytes modulus = slice(exponent_at + lengths.exponent.limb[0], lengths.modulus);
    output = crypto::modexp(base, exponent, modulus);
    return true;
}

}  // namespace entresol::evm
