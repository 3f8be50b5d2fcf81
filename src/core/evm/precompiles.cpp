// The precompiles: one row each with its address, the fork that brought it, its gas and its function.
#include <array>

#include "core/crypto/curves.hpp"
#include "core/crypto/hashes.hpp"
#include "core/crypto/kzg.hpp"
#include "core/crypto/secp256k1.hpp"
#include "core/evm/precompile_modexp.hpp"
#include "core/evm/precompiles.hpp"
#include "core/evm/vm.hpp"

namespace entresol::evm {
namespace {

using chain::Fork;
using chain::OpFork;
using chain::Rules;

// Bytes of the input from an offset, zeros beyond its end.
template <std::size_t N>
std::array<std::uint8_t, N> padded(ByteView input, std::size_t offset = 0) {
    std::array<std::uint8_t, N> out{};
    if (offset < input.size()) std::memcpy(out.data(), input.data() + offset, std::min(N, input.size() - offset));
    return out;
}

bool ec_recover(ByteView input, const Rules&, Bytes& output) {
    const auto in = padded<128>(input);
    const U256 v = load_be256(in.data() + 32);
    if (v != U256{27} && v != U256{28}) return true;
    const crypto::Signature signature{.r = load_be256(in.data() + 64),
                                      .s = load_be256(in.data() + 96),
                                      .y_parity = static_cast<std::uint8_t>(v.limb[0] - 27)};
    const auto address = crypto::recover_address(from_bytes<Hash32>({in.data(), 32}), signature);
    if (!address) return true;  // an invalid signature gives no output
    output.assign(12, 0);
    append(output, address->view());
    return true;
}

bool sha256(ByteView input, const Rules&, Bytes& output) {
    output = to_bytes(crypto::sha256(input).view());
    return true;
}
bool ripemd160(ByteView input, const Rules&, Bytes& output) {
    output.assign(12, 0);
    append(output, crypto::ripemd160(input).view());
    return true;
}
bool identity(ByteView input, const Rules&, Bytes& output) {
    output.assign(input.begin(), input.end());
    return true;
}

template <typename T>
bool put(const std::optional<T>& result, Bytes& output) {
    if (!result) return false;
    output = to_bytes(result->view());
    return true;
}
bool put_flag(const std::optional<bool>& result, Bytes& output) {
    if (!result) return false;
    output.assign(32, 0);
    output[31] = *result ? 1 : 0;
    return true;
}

bool bn254_add(ByteView input, const Rules&, Bytes& output) {
    return put(crypto::bn254_add(padded<128>(input)), output);
}
bool bn254_mul(ByteView input, const Rules&, Bytes& output) {
    return put(crypto::bn254_mul(padded<96>(input)), output);
}
bool bn254_pairing(ByteView input, const Rules& rules, Bytes& output) {
    // OP Stack: Granite bounds the input, Jovian more tightly.
    if (rules.at_least(OpFork::Jovian) && input.size() > 81'984) return false;
    if (rules.at_least(OpFork::Granite) && input.size() > 112'687) return false;
    if (input.size() % 192 != 0) return false;
    return put_flag(crypto::bn254_pairing_check(input), output);
}

// EIP-152.
bool blake2f(ByteView input, const Rules&, Bytes& output) {
    if (input.size() != 213 || input[212] > 1) return false;
    std::uint64_t h[8], m[16], t[2];
    for (std::size_t i = 0; i < 8; ++i) h[i] = load_le64(input.data() + 4 + 8 * i);
    for (std::size_t i = 0; i < 16; ++i) m[i] = load_le64(input.data() + 68 + 8 * i);
    for (std::size_t i = 0; i < 2; ++i) t[i] = load_le64(input.data() + 196 + 8 * i);
    crypto::blake2f(load_be32(input.data()), h, m, t, input[212] == 1);
    output.resize(64);
    for (std::size_t i = 0; i < 8; ++i) store_le64(output.data() + 8 * i, h[i]);
    return true;
}

// EIP-4844.
bool point_evaluation(ByteView input, const Rules&, Bytes& output) {
    constexpr U256 FIELD_ELEMENTS_PER_BLOB{4096};
    constexpr U256 BLS_MODULUS{0xffffffff00000001ULL, 0x53bda402fffe5bfeULL, 0x3339d80809a1d805ULL,
                               0x73eda753299d7d48ULL};
    if (input.size() != 192) return false;
    const auto commitment = from_bytes<crypto::KzgCommitment>(input.subspan(96));
    if (crypto::kzg_to_versioned_hash(commitment) != from_bytes<Hash32>(input)) return false;
    if (!crypto::verify_kzg_proof(commitment, from_bytes<Hash32>(input.subspan(32)),
                                  from_bytes<Hash32>(input.subspan(64)),
                                  from_bytes<crypto::KzgProof>(input.subspan(144))))
        return false;
    output.resize(64);
    store_be256(output.data(), FIELD_ELEMENTS_PER_BLOB);
    store_be256(output.data() + 32, BLS_MODULUS);
    return true;
}

bool g1_add(ByteView input, const Rules&, Bytes& output) { return put(crypto::bls12_g1_add(input), output); }
bool g1_msm(ByteView input, const Rules& rules, Bytes& output) {
    if (rules.at_least(OpFork::Jovian) && input.size() > 288'960) return false;
    if (rules.at_least(OpFork::Isthmus) && input.size() > 513'760) return false;
    return put(crypto::bls12_g1_msm(input), output);
}
bool g2_add(ByteView input, const Rules&, Bytes& output) { return put(crypto::bls12_g2_add(input), output); }
bool g2_msm(ByteView input, const Rules& rules, Bytes& output) {
    if (rules.at_least(OpFork::Jovian) && input.size() > 278'784) return false;
    if (rules.at_least(OpFork::Isthmus) && input.size() > 488'448) return false;
    return put(crypto::bls12_g2_msm(input), output);
}
bool bls_pairing(ByteView input, const Rules& rules, Bytes& output) {
    if (rules.at_least(OpFork::Jovian) && input.size() > 156'672) return false;
    if (rules.at_least(OpFork::Isthmus) && input.size() > 235'008) return false;
    return put_flag(crypto::bls12_pairing_check(input), output);
}
bool map_fp(ByteView input, const Rules&, Bytes& output) { return put(crypto::bls12_map_fp_to_g1(input), output); }
bool map_fp2(ByteView input, const Rules&, Bytes& output) { return put(crypto::bls12_map_fp2_to_g2(input), output); }

// EIP-7951 (RIP-7212): wrong input gives no output and no failure.
bool p256_verify(ByteView input, const Rules&, Bytes& output) {
    if (input.size() != 160) return true;
    const auto word = [&](std::size_t i) { return load_be256(input.data() + 32 * i); };
    if (!crypto::p256_verify(from_bytes<Hash32>(input), word(1), word(2), word(3), word(4))) return true;
    output.assign(32, 0);
    output[31] = 1;
    return true;
}

bool modexp(ByteView input, const Rules& rules, Bytes& output) { return run_modexp(input, rules, output); }

// Gas. Negative means: fails whatever gas there is.
std::int64_t words(ByteView input) { return static_cast<std::int64_t>((input.size() + 31) / 32); }
std::int64_t gas_ec_recover(ByteView, const Rules&) { return 3000; }
std::int64_t gas_sha256(ByteView input, const Rules&) { return 60 + 12 * words(input); }
std::int64_t gas_ripemd160(ByteView input, const Rules&) { return 600 + 120 * words(input); }
std::int64_t gas_identity(ByteView input, const Rules&) { return 15 + 3 * words(input); }
std::int64_t gas_bn254_add(ByteView, const Rules& rules) {
    return rules.at_least(Fork::Istanbul) ? 150 : 500;
}  // EIP-1108
std::int64_t gas_bn254_mul(ByteView, const Rules& rules) { return rules.at_least(Fork::Istanbul) ? 6000 : 40000; }
std::int64_t gas_bn254_pairing(ByteView input, const Rules& rules) {
    const auto pairs = static_cast<std::int64_t>(input.size() / 192);
    return rules.at_least(Fork::Istanbul) ? 45000 + 34000 * pairs : 100000 + 80000 * pairs;
}
std::int64_t gas_blake2f(ByteView input, const Rules&) { return input.size() == 213 ? load_be32(input.data()) : -1; }
std::int64_t gas_point_evaluation(ByteView, const Rules&) { return 50000; }

// EIP-2537: discounts in thousandths for k = 1 … 128.
constexpr std::uint16_t G1_DISCOUNT[128] = {
    1000, 949, 848, 797, 764, 750, 738, 728, 719, 712, 705, 698, 692, 687, 682, 677, 673, 669, 665, 661, 658, 654,
    651,  648, 645, 642, 640, 637, 635, 632, 630, 627, 625, 623, 621, 619, 617, 615, 613, 611, 609, 608, 606, 604,
    603,  601, 599, 598, 596, 595, 593, 592, 591, 589, 588, 586, 585, 584, 582, 581, 580, 579, 577, 576, 575, 574,
    573,  572, 570, 569, 568, 567, 566, 565, 564, 563, 562, 561, 560, 559, 558, 557, 556, 555, 554, 553, 552, 551,
    550,  549, 548, 547, 547, 546, 545, 544, 543, 542, 541, 540, 540, 539, 538, 537, 536, 536, 535, 534, 533, 532,
    532,  531, 530, 529, 528, 528, 527, 526, 525, 525, 524, 523, 522, 522, 521, 520, 520, 519};
constexpr std::uint16_t G2_DISCOUNT[128] = {
    1000, 1000, 923, 884, 855, 832, 812, 796, 782, 770, 759, 749, 740, 732, 724, 717, 711, 704, 699, 693, 688, 683,
    679,  674,  670, 666, 663, 659, 655, 652, 649, 646, 643, 640, 637, 634, 632, 629, 627, 624, 622, 620, 618, 615,
    613,  611,  609, 607, 606, 604, 602, 600, 598, 597, 595, 593, 592, 590, 589, 587, 586, 584, 583, 582, 580, 579,
    578,  576,  575, 574, 573, 571, 570, 569, 568, 567, 566, 565, 563, 562, 561, 560, 559, 558, 557, 556, 555, 554,
    553,  552,  552, 551, 550, 549, 548, 547, 546, 545, 545, 544, 543, 542, 541, 541, 540, 539, 538, 537, 537, 536,
    535,  535,  534, 533, 532, 532, 531, 530, 530, 529, 528, 528, 527, 526, 526, 525, 524, 524};

std::int64_t gas_msm(std::size_t size, std::size_t pair_size, std::int64_t mul_gas,
                     const std::uint16_t (&discounts)[128]) {
    if (size == 0 || size % pair_size != 0) return -1;
    const std::size_t k = size / pair_size;
    return static_cast<std::int64_t>(k) * mul_gas * discounts[std::min<std::size_t>(k, 128) - 1] / 1000;
}
std::int64_t gas_g1_add(ByteView, const Rules&) { return 375; }
std::int64_t gas_g1_msm(ByteView input, const Rules&) { return gas_msm(input.size(), 160, 12000, G1_DISCOUNT); }
std::int64_t gas_g2_add(ByteView, const Rules&) { return 600; }
std::int64_t gas_g2_msm(ByteView input, const Rules&) { return gas_msm(input.size(), 288, 22500, G2_DISCOUNT); }
std::int64_t gas_bls_pairing(ByteView input, const Rules&) {
    if (input.empty() || input.size() % 384 != 0) return -1;
    return 37700 + 32600 * static_cast<std::int64_t>(input.size() / 384);
}
std::int64_t gas_map_fp(ByteView, const Rules&) { return 5500; }
std::int64_t gas_map_fp2(ByteView, const Rules&) { return 23800; }
std::int64_t gas_p256(ByteView, const Rules& rules) {
    return rules.is_op() || !rules.at_least(Fork::Osaka) ? 3450 : 6900;
}  // OP Fjord; EIP-7951

struct PrecompileRow {
    std::uint16_t address;
    Fork since;
    std::int64_t (*gas)(ByteView input, const Rules& rules);
    bool (*run)(ByteView input, const Rules& rules, Bytes& output);
};

constexpr PrecompileRow ROWS[] = {
    {0x01, Fork::Frontier, gas_ec_recover, ec_recover}, {0x02, Fork::Frontier, gas_sha256, sha256},
    {0x03, Fork::Frontier, gas_ripemd160, ripemd160},   {0x04, Fork::Frontier, gas_identity, identity},
    {0x05, Fork::Byzantium, modexp_gas, modexp},        {0x06, Fork::Byzantium, gas_bn254_add, bn254_add},
    {0x07, Fork::Byzantium, gas_bn254_mul, bn254_mul},  {0x08, Fork::Byzantium, gas_bn254_pairing, bn254_pairing},
    {0x09, Fork::Istanbul, gas_blake2f, blake2f},       {0x0a, Fork::Cancun, gas_point_evaluation, point_evaluation},
    {0x0b, Fork::Prague, gas_g1_add, g1_add},           {0x0c, Fork::Prague, gas_g1_msm, g1_msm},
    {0x0d, Fork::Prague, gas_g2_add, g2_add},           {0x0e, Fork::Prague, gas_g2_msm, g2_msm},
    {0x0f, Fork::Prague, gas_bls_pairing, bls_pairing}, {0x10, Fork::Prague, gas_map_fp, map_fp},
    {0x11, Fork::Prague, gas_map_fp2, map_fp2},         {0x100, Fork::Osaka, gas_p256, p256_verify},
};

bool is_active(const PrecompileRow& row, const Rules& rules) {
    if (row.address == 0x100 && rules.at_least(OpFork::Fjord)) return true;
    return rules.at_least(row.since);
}

template <std::size_t I>
PrecompileResult run_row(ByteView input, std::int64_t gas, const Rules& rules, Bytes& output) {
    const std::int64_t cost = ROWS[I].gas(input, rules);
    if (cost < 0 || cost > gas) return {};
    return {.ok = ROWS[I].run(input, rules, output), .gas_left = gas - cost};
}
template <std::size_t... I>
constexpr std::array<PrecompileRun, sizeof...(I)> make_runs(std::index_sequence<I...>) {
    return {run_row<I>...};
}
constexpr auto RUNS = make_runs(std::make_index_sequence<std::size(ROWS)>());

std::optional<std::uint16_t> small_address(const Address& address) {
    for (std::size_t i = 0; i < 18; ++i)
        if (address.bytes[i] != 0) return std::nullopt;
    return load_be16(address.data() + 18);
}

}  // namespace

PrecompileRun find_precompile(const Address& address, const Rules& rules) {
    const auto number = small_address(address);
    if (!number || *number == 0) return nullptr;
    for (std::size_t i = 0; i < std::size(ROWS); ++i)
        if (ROWS[i].address == *number) return is_active(ROWS[i], rules) ? RUNS[i] : nullptr;
    return nullptr;
}

PrecompileRun find_precompile(const Address& address, const BlockContext& block) {
    for (const auto& move : block.precompile_moves)
        if (move.at == address) return move.runs ? find_precompile(*move.runs, block.rules) : nullptr;
    return find_precompile(address, block.rules);
}

bool is_precompile(const Address& address, const Rules& rules) { return find_precompile(address, rules) != nullptr; }

void for_each_precompile(const Rules& rules, void (*visit)(void* context, const Address& address), void* context) {
    for (const auto& row : ROWS) {
        if (!is_active(row, rules)) continue;
        Address address;
        store_be16(address.data() + 18, row.address);
        visit(context, address);
    }
}

}  // namespace entresol::evm
