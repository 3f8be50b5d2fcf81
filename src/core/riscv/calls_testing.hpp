// Calls as programs make them and as they should not: every number, inputs that have an answer and others, arguments at their edges.
#pragma once

#include <algorithm>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/endian.hpp"
#include "core/base/hex.hpp"
#include "core/riscv/calls.hpp"
#include "core/riscv/random_states_testing.hpp"
#include "core/riscv/step.hpp"

namespace entresol::riscv::testing {

struct KnownInput {
    std::uint64_t call;
    std::string_view hex;
};
// clang-format off
#define ENTRESOL_G1 "00000000000000000000000000000000000000000000000000000000000000010000000000000000000000000000000000000000000000000000000000000002"
#define ENTRESOL_G1_NEGATED "000000000000000000000000000000000000000000000000000000000000000130644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd45"
#define ENTRESOL_G2 \
    "198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c21800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed" \
    "090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa"
#define ENTRESOL_BLS_G1 \
    "0000000000000000000000000000000017f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb" \
    "0000000000000000000000000000000008b3f481e3aaa0f1a09e30ed741d8ae4fcf5e095d5d00af600db18cb2c04b3edd03cc744a2888ae40caa232946c5e7e1"
#define ENTRESOL_TWO "0000000000000000000000000000000000000000000000000000000000000002"
#define ENTRESOL_INFINITY "c00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"

/// Inputs that the precompiles answer with something (EIP-196, EIP-197, EIP-2537, EIP-4844, EIP-7951 and the execution tests).
inline constexpr KnownInput KNOWN_INPUTS[] = {
    {0x201, "18c547e4f7b0f325ad1e56f57e26c745b09a3e503d86e00e5255ff7f715d3d1c000000000000000000000000000000000000000000000000000000000000001c"
            "73b1693892219d736caba55bdb67216e485557ea6b6af75f37096c9aa6a5a75feeb940b1d03b21e36b0e47e79769f095fe2ab855bd91e3a38756b7d75a9c4549"},
    {0x206, ENTRESOL_G1 ENTRESOL_G1},
    {0x207, ENTRESOL_G1 ENTRESOL_TWO},
    {0x208, ENTRESOL_G1 ENTRESOL_G2 ENTRESOL_G1_NEGATED ENTRESOL_G2},
    {0x208, ENTRESOL_G1 ENTRESOL_G2},
    {0x20a, "010657f37554c781402a22917dee2f75def7ab966d7b770905398eba3c4440140000000000000000000000000000000000000000000000000000000000000007"
            "0000000000000000000000000000000000000000000000000000000000000000" ENTRESOL_INFINITY ENTRESOL_INFINITY},
    {0x20b, ENTRESOL_BLS_G1 ENTRESOL_BLS_G1},
    {0x20c, ENTRESOL_BLS_G1 ENTRESOL_TWO},
    {0x210, "00000000000000000000000000000000156c8a6a2c184569d69a76be144b5cdc5141d2d2ca4fe341f011e25e3969c55ad9e9b9ce2eb833c81a908e5fa4ac5f03"},
    {0x300, "bb5a52f42f9c9261ed4361f59422a1e30036e7c32b270c8807a419feca6050232ba3a8be6b94d5ec80a6d9d1190a436effe50d85a1eee859b8cc6af9bd5c2e18"
            "4cd60b855d442f5b3c7b11eb6c4e0ae7525fe710fab9aa7c77a67f79e6fadd762927b10512bae3eddcfe467828128bad2903269919f7086069c8c4df6c732838"
            "c7787964eaac00e5921fb1498a60f4606766b3d9685001558d1a974e7341513e"},
};
#undef ENTRESOL_G1
#undef ENTRESOL_G1_NEGATED
#undef ENTRESOL_G2
#undef ENTRESOL_BLS_G1
#undef ENTRESOL_TWO
#undef ENTRESOL_INFINITY

/// The unit of a call's length, and how many of them at least and at most; zero: a2 is no length.
struct LengthRule { std::uint64_t call, unit, least, most; };
inline constexpr LengthRule LENGTH_RULES[] = {
    {0x201, 128, 1, 1}, {0x202, 1, 0, 65536}, {0x203, 1, 0, 65536}, {0x206, 128, 1, 1}, {0x207, 96, 1, 1}, {0x208, 192, 0, 128},
    {0x20a, 192, 1, 1}, {0x20b, 256, 1, 1}, {0x20c, 160, 1, 400}, {0x20d, 512, 1, 1}, {0x20e, 288, 1, 200}, {0x20f, 384, 1, 128},
    {0x210, 64, 1, 1}, {0x211, 128, 1, 1}, {0x300, 160, 1, 1}, {0x400, 1, 0, 65536},
};
// clang-format on
[[nodiscard]] inline const LengthRule* find_length_rule(std::uint64_t call) {
    const auto* found = std::find_if(std::begin(LENGTH_RULES), std::end(LENGTH_RULES),
                                     [call](const LengthRule& rule) { return rule.call == call; });
    return found == std::end(LENGTH_RULES) ? nullptr : found;
}

/// A preimage that a source knows.
struct KnownKey {
    PreimageType type;
    Hash32 key;
    std::uint64_t length;
    std::vector<unsigned> elements;  // of a blob: those with a proof
};

/// Where a call's arguments may lie: around the places, often without eight bytes' alignment.
template <typename Random>
std::uint64_t some_argument(Random& random) {
    const std::uint64_t place = some_place(random);
    return random() % 4 == 0 ? place : place & ~std::uint64_t{7};
}

template <typename Random>
std::uint64_t some_length(const LengthRule& rule, Random& random) {
    constexpr std::uint64_t USUAL = 3, USUAL_BYTES = 400;  // most calls are short, so that many can be made
    const std::uint64_t usual = rule.unit == 1 ? USUAL_BYTES : USUAL;
    const std::uint64_t r = random();
    const std::uint64_t span = r % 512 == 0 ? rule.most - rule.least : std::min(usual, rule.most - rule.least);
    const std::uint64_t units = rule.least + (r >> 16) % (span + 1);
    return r % 64 == 1 ? (rule.most + 1) * rule.unit : r % 64 == 2 ? units * rule.unit + 1 : units * rule.unit;
}

template <typename Random>
void put_input(std::uint64_t call, Hart& hart, Memory& memory, Random& random) {
    std::vector<std::string_view> known;
    for (const auto& input : KNOWN_INPUTS)
        if (input.call == call) known.push_back(input.hex);
    const auto length = static_cast<std::size_t>(hart.x[A0 + 2]);
    Bytes bytes(std::min<std::size_t>(length, MAX_CALL_INPUT));
    const std::uint64_t r = random();
    if (r % 8 < 5 && !known.empty()) {
        bytes = *parse_hex(known[(r >> 8) % known.size()]);
        hart.x[A0 + 2] = bytes.size();
        if (r % 8 == 4) bytes[(r >> 16) % bytes.size()] ^= 1;
    } else if (r % 8 != 5) {
        for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
    }
    memory.write(hart.x[A0 + 1], bytes);
}

template <typename Random>
void put_preimage_request(Hart& hart, Memory& memory, const std::vector<KnownKey>& keys, Random& random) {
    const auto& known = keys[random() % keys.size()];
    memory.write(hart.x[A0 + 1], known.key.view());
    const bool is_blob = known.type == PreimageType::Blob;
    hart.x[A0 + 2] = is_blob ? 32 * known.elements[random() % known.elements.size()] : random() % (known.length + 40);
    hart.x[A0 + 3] = is_blob ? 32 : random() % 8 == 0 ? random() % 4098 : random() % 200;
    hart.x[A0 + 4] = static_cast<std::uint64_t>(known.type);
}

/// Puts an ecall's arguments into registers and memory. `keys` is what preimages may be asked for.
template <typename Random>
void put_call(Hart& hart, Memory& memory, const std::vector<KnownKey>& keys, Random& random) {
    const auto numbers = call_numbers();
    const std::uint64_t call = numbers[random() % numbers.size()];
    hart.x[A7] = call;
    for (unsigned i = 0; i < 4; ++i) hart.x[A0 + i] = some_argument(random);
    if (call < PRECOMPILE_CALL) {
        for (unsigned i = 0; i < 4; ++i)
            for (unsigned limb = 0; limb < 4; ++limb)
                memory.store((hart.x[A0 + i] & ~std::uint64_t{7}) + 8 * limb, 8,
                             call == 0x10a && i == 2 && limb > 0 ? 0 : some_value(random));
    } else if (const auto* rule = find_length_rule(call)) {
        hart.x[A0 + 2] = some_length(*rule, random);
        put_input(call, hart, memory, random);
    } else if (call == MODEXP_CALL) {
        for (unsigned i = 2; i < 5; ++i) hart.x[A0 + i] = random() % 64 == 0 ? random() % 1026 : random() % 40;
        for (unsigned i = 0; i < 16; ++i)
            memory.store((hart.x[A0 + 1] & ~std::uint64_t{7}) + 8 * i, 8, some_value(random));
    } else if (call == BLAKE2F_CALL) {
        hart.x[A0 + 2] = random() % 64 == 0 ? 4'194'305 : random() % 16;
        hart.x[A0 + 3] = random() % 64 == 0 ? 2 : random() % 2;
    } else if (call == PREIMAGE_CALL) {
        put_preimage_request(hart, memory, keys, random);
    }
    // Ranges that overlap, ranges at the very end, and arguments that no call takes.
    if (random() % 8 == 0) hart.x[A0] = hart.x[A0 + 1] + 8 * (random() % 5);
    if (random() % 16 == 0 && call != PREIMAGE_CALL) hart.x[A0 + random() % 2] = ~std::uint64_t{0} - random() % 70;
    if (random() % 32 == 0 && call != PREIMAGE_CALL) hart.x[A0 + random() % 5] = some_value(random);
}

}  // namespace entresol::riscv::testing
