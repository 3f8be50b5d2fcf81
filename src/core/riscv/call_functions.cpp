// The functions of the calls, on bytes: arithmetic as the EVM's opcodes, precompiles as L1's.
#include <algorithm>

#include "core/base/check.hpp"
#include "core/base/uint256.hpp"
#include "core/crypto/hashes.hpp"
#include "core/crypto/keccak.hpp"
#include "core/crypto/keccak_f1600.hpp"
#include "core/riscv/calls.hpp"
#include "core/riscv/step.hpp"

namespace entresol::riscv {
namespace {

using Output = std::span<std::uint8_t, MAX_CALL_OUTPUT>;

U256 load_word(const std::uint8_t* from) {
    return {load_le64(from), load_le64(from + 8), load_le64(from + 16), load_le64(from + 24)};
}
bool is_negative(const U256& v) { return v.bit(255); }
U256 negate(const U256& v) { return U256{} - v; }
U256 absolute(const U256& v) { return is_negative(v) ? negate(v) : v; }

U256 divide(const U256& a, const U256& b) { return b.is_zero() ? U256{} : a / b; }
U256 remainder(const U256& a, const U256& b) { return b.is_zero() ? U256{} : a % b; }
U256 divide_signed(const U256& a, const U256& b) {
    const U256 quotient = divide(absolute(a), absolute(b));
    return is_negative(a) != is_negative(b) ? negate(quotient) : quotient;
}
U256 remainder_signed(const U256& a, const U256& b) {
    const U256 rest = remainder(absolute(a), absolute(b));
    return is_negative(a) ? negate(rest) : rest;
}

U256 compute_word(std::uint64_t opcode, const U256& a, const U256& b, const U256& c) {
    switch (opcode) {
        case 0x01: return a + b;
        case 0x02: return a * b;
        case 0x03: return a - b;
        case 0x04: return divide(a, b);
        case 0x05: return divide_signed(a, b);
        case 0x06: return remainder(a, b);
        case 0x07: return remainder_signed(a, b);
        case 0x08: return addmod(a, b, c);
        case 0x09: return mulmod(a, b, c);
        default: return pow(a, b);
    }
}

std::size_t compute_arithmetic(std::uint64_t opcode, ByteView input, Output output) {
    const U256 third = input.size() == 96 ? load_word(&input[64]) : U256{};
    const U256 result = compute_word(opcode, load_word(input.data()), load_word(&input[32]), third);
    for (std::size_t i = 0; i < 4; ++i) store_le64(&output[8 * i], result.limb[i]);
    return 32;
}

std::size_t put(ByteView bytes, Output output) {
    std::copy(bytes.begin(), bytes.end(), output.begin());
    return bytes.size();
}

std::size_t permute(ByteView input, Output output) {
    std::uint64_t lanes[25];
    for (std::size_t i = 0; i < 25; ++i) lanes[i] = load_le64(&input[8 * i]);
    crypto::keccak_f1600(lanes);
    for (std::size_t i = 0; i < 25; ++i) store_le64(&output[8 * i], lanes[i]);
    return input.size();
}

std::size_t compress(ByteView input, Output output) {
    std::uint32_t state[8];
    for (std::size_t i = 0; i < 8; ++i) state[i] = load_le32(&input[4 * i]);
    crypto::sha256_compress(state, input.subspan(32).first<64>());
    for (std::size_t i = 0; i < 8; ++i) store_le32(&output[4 * i], state[i]);
    return 32;
}

// EIP-198: three lengths of 32 bytes before the numbers.
Bytes modexp_input(const Hart& hart, ByteView numbers) {
    Bytes input(96);
    for (std::size_t i = 0; i < 3; ++i) store_be64(&input[32 * i + 24], hart.x[A0 + 2 + i]);
    append(input, numbers);
    return input;
}
// EIP-152: the rounds before and the final flag after.
Bytes blake2f_input(const Hart& hart, ByteView middle) {
    Bytes input(4);
    store_be32(input.data(), static_cast<std::uint32_t>(hart.x[A0 + 2]));
    append(input, middle);
    input.push_back(static_cast<std::uint8_t>(hart.x[A0 + 3]));
    return input;
}

std::size_t call_precompile(std::uint64_t number, ByteView input, Output output) {
    Address address;
    store_be16(address.data() + 18, static_cast<std::uint16_t>(number - PRECOMPILE_CALL));
    const Bytes answer = compute_precompile(address, input);
    CHECK(answer.size() <= MAX_CALL_OUTPUT + 1);
    return put(ByteView(answer).subspan(1), output);
}

}  // namespace

std::size_t compute_call(const Hart& hart, ByteView input, Output output) {
    const std::uint64_t number = hart.x[A7];
    if (number < PRECOMPILE_CALL) return compute_arithmetic(number - ARITHMETIC_CALL, input, output);
    switch (number) {
        case 0x202: return put(crypto::sha256(input).view(), output);
        case MODEXP_CALL: return call_precompile(number, modexp_input(hart, input), output);
        case BLAKE2F_CALL: return call_precompile(number, blake2f_input(hart, input), output);
        case KECCAK256_CALL: return put(crypto::keccak256(input).view(), output);
        case KECCAK_F_CALL: return permute(input, output);
        case SHA256_COMPRESS_CALL: return compress(input, output);
        default: return call_precompile(number, input, output);
    }
}

}  // namespace entresol::riscv
