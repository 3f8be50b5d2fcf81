// Every precompile: since when, for how much, one answer known from elsewhere, and what it refuses.
#include "core/evm/precompiles.hpp"

#include <gtest/gtest.h>

#include <map>

#include "core/base/hex.hpp"
#include "core/crypto/kzg.hpp"
#include "core/evm/assembler_testing.hpp"
#include "testing/json_fields.hpp"

namespace entresol::evm {
namespace {

using namespace testing;  // NOLINT
using chain::Fork;
using chain::OpFork;

constexpr std::uint64_t GAS = 100'000'000;

struct Answer {
    bool ok;
    std::uint64_t gas;
    std::string output;  // without 0x
};
Answer ask(std::uint64_t number, ByteView input, const chain::Rules& rules, std::uint64_t gas = GAS) {
    const PrecompileRun run = find_precompile(to_address(U256{number}), rules);
    if (run == nullptr) return {false, 0, "none"};
    Bytes output;
    const auto result = run(input, static_cast<std::int64_t>(gas), rules, output);
    if (!result.ok) return {false, gas, ""};
    return {true, gas - static_cast<std::uint64_t>(result.gas_left), to_hex(output).substr(2)};
}
Bytes bytes(std::string_view hex) { return *parse_hex(hex); }
std::string zeros(std::size_t count) { return std::string(2 * count, '0'); }
std::string flag(bool on) { return zeros(31) + (on ? "01" : "00"); }

const std::string G1 =
    "0000000000000000000000000000000000000000000000000000000000000001"
    "0000000000000000000000000000000000000000000000000000000000000002";
const std::string G1_NEGATED =
    "0000000000000000000000000000000000000000000000000000000000000001"
    "30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd45";
const std::string G1_DOUBLED =
    "030644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd3"
    "15ed738c0e0a7c92e7845f96b2ae9c0a68a6a449e3538fc7ff3ebf7a5a18a2c4";
const std::string G2 =
    "198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2"
    "1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed"
    "090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b"
    "12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa";
const std::string BLS_G1 =
    "0000000000000000000000000000000017f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb"
    "3af00adb22c6bb"
    "0000000000000000000000000000000008b3f481e3aaa0f1a09e30ed741d8ae4fcf5e095d5d00af600db18cb2c04b3edd03cc744a2888ae40c"
    "aa232946c5e7e1";
const std::string BLS_G1_DOUBLED =
    "000000000000000000000000000000000572cbea904d67468808c8eb50a9450c9721db309128012543902d0ac358a62ae28f75bb8f1c7c42c3"
    "9a8c5529bf0f4e"
    "00000000000000000000000000000000166a9d8cabc673a322fda673779d8e3822ba3ecb8670e461f73bb9021d5fd76a4c56d9d4cd16bd1bba"
    "86881979749d28";
const std::string MODEXP =
    "0000000000000000000000000000000000000000000000000000000000000001"  // EIP-198, first example: Fermat
    "0000000000000000000000000000000000000000000000000000000000000020"
    "0000000000000000000000000000000000000000000000000000000000000020"
    "03fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2e"
    "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f";
const std::string BLAKE2F =
    "0000000c48c9bdf267e6096a3ba7ca8485ae67bb2bf894fe72f36e3cf1361d5f3af54fa5d182e6ad7f520e511f6c3e2b8c68059b6bbd41fbab"
    "d9831f79217e1319cde05b"
    "6162630000000000" +
    zeros(120) + "0300000000000000000000000000000001";  // EIP-152, vector 5
const std::string P256 =
    "bb5a52f42f9c9261ed4361f59422a1e30036e7c32b270c8807a419feca6050232ba3a8be6b94d5ec80a6d9d1190a436effe50d85a1eee859b8"
    "cc6af9bd5c2e18"
    "4cd60b855d442f5b3c7b11eb6c4e0ae7525fe710fab9aa7c77a67f79e6fadd762927b10512bae3eddcfe467828128bad2903269919f7086069"
    "c8c4df6c732838"
    "c7787964eaac00e5921fb1498a60f4606766b3d9685001558d1a974e7341513e";

// A polynomial that is zero everywhere: commitment and proof are the point at infinity (EIP-4844).
std::string zero_blob_opening(std::string_view y) {
    crypto::KzgCommitment infinity;
    infinity.bytes[0] = 0xc0;
    const std::string point = to_hex(infinity).substr(2);
    return to_hex(crypto::kzg_to_versioned_hash(infinity)).substr(2) + zeros(31) + "07" + std::string(y) + point +
           point;
}

struct Row {
    std::uint64_t number;
    Fork since;
    std::string input;
    std::uint64_t gas;
    std::string output;
};
std::vector<Row> rows() {
    const std::string signed_hash = "18c547e4f7b0f325ad1e56f57e26c745b09a3e503d86e00e5255ff7f715d3d1c" + zeros(31) +
                                    "1c"
                                    "73b1693892219d736caba55bdb67216e485557ea6b6af75f37096c9aa6a5a75f"
                                    "eeb940b1d03b21e36b0e47e79769f095fe2ab855bd91e3a38756b7d75a9c4549";
    return {
        {0x01, Fork::Frontier, signed_hash, 3000, zeros(12) + "a94f5374fce5edbc8e2a8697c15331677e6ebf0b"},
        {0x02, Fork::Frontier, "616263", 72, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {0x03, Fork::Frontier, "616263", 720, zeros(12) + "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc"},
        {0x04, Fork::Frontier, "616263", 18, "616263"},
        {0x05, Fork::Byzantium, MODEXP, 4080, flag(true)},
        {0x06, Fork::Byzantium, G1 + G1, 150, G1_DOUBLED},
        {0x07, Fork::Byzantium, G1 + zeros(31) + "02", 6000, G1_DOUBLED},
        {0x08, Fork::Byzantium, G1 + G2 + G1_NEGATED + G2, 45'000 + 2 * 34'000, flag(true)},
        {0x09, Fork::Istanbul, BLAKE2F, 12,
         "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf19"
         "25ab92386edd4009923"},
        {0x0a, Fork::Cancun, zero_blob_opening(zeros(32)), 50'000,
         zeros(30) + "1000" + "73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001"},
        {0x0b, Fork::Prague, BLS_G1 + BLS_G1, 375, BLS_G1_DOUBLED},
        {0x0c, Fork::Prague, BLS_G1 + zeros(31) + "02", 12'000, BLS_G1_DOUBLED},
        {0x0d, Fork::Prague, zeros(512), 600, zeros(256)},
        {0x0e, Fork::Prague, zeros(288), 22'500, zeros(256)},
        {0x0f, Fork::Prague, zeros(384), 37'700 + 32'600, flag(true)},
        {0x10, Fork::Prague,
         "00000000000000000000000000000000156c8a6a2c184569d69a76be144b5cdc5141d2d2ca4fe341f011e25e3969c55ad9e9b9ce2eb83"
         "3c81a908e5fa4ac5f03",
         5500,
         "00000000000000000000000000000000184bb665c37ff561a89ec2122dd343f20e0f4cbcaec84e3c3052ea81d1834e192c426074b02ed"
         "3dca4e7676ce4ce48ba"
         "0000000000000000000000000000000004407b8d35af4dacc809927071fc0405218f1401a6d15af775810e4e460064bcc9468beeba82f"
         "dc751be70476c888bf3"},
        {0x100, Fork::Osaka, P256, 6900, flag(true)},
    };
}

TEST(Precompiles, known_answers_and_exact_gas) {
    for (const auto& row : rows()) {
        const auto answer = ask(row.number, bytes(row.input), rules_of(Fork::Osaka));
        EXPECT_TRUE(answer.ok) << row.number;
        EXPECT_EQ(answer.gas, row.gas) << row.number;
        EXPECT_EQ(answer.output, row.output) << row.number;
        EXPECT_TRUE(ask(row.number, bytes(row.input), rules_of(Fork::Osaka), row.gas).ok) << row.number;
        EXPECT_FALSE(ask(row.number, bytes(row.input), rules_of(Fork::Osaka), row.gas - 1).ok) << row.number;
    }
}

TEST(Precompiles, exist_since_their_fork) {
    std::map<std::uint64_t, Fork> since;
    for (const auto& row : rows()) since[row.number] = row.since;
    since[0x11] = Fork::Prague;
    for (std::size_t f = 0; f < chain::FORK_COUNT; ++f) {
        const auto rules = rules_of(static_cast<Fork>(f));
        std::size_t expected = 0, told = 0;
        for (std::uint64_t number = 0; number < 0x1ff; ++number) {
            const bool is_active = since.contains(number) && rules.at_least(since.at(number));
            expected += is_active ? 1U : 0U;
            EXPECT_EQ(is_precompile(to_address(U256{number}), rules), is_active) << number;
        }
        for_each_precompile(rules, [](void* count, const Address&) { ++*static_cast<std::size_t*>(count); }, &told);
        EXPECT_EQ(told, expected);
    }
    EXPECT_FALSE(is_precompile(to_address((U256{1} << 64) + U256{1}), rules_of(Fork::Osaka)));
}

TEST(Precompiles, gas_by_fork) {
    const auto gas = [](std::uint64_t number, std::string_view input, Fork fork) {
        return ask(number, bytes(input), rules_of(fork)).gas;
    };
    EXPECT_EQ(gas(5, MODEXP, Fork::Byzantium), 13'056U);  // EIP-198
    EXPECT_EQ(gas(5, MODEXP, Fork::Berlin), 1'360U);      // EIP-2565
    EXPECT_EQ(gas(5, MODEXP, Fork::Osaka), 4'080U);       // EIP-7883
    EXPECT_EQ(gas(6, "", Fork::Byzantium), 500U);         // EIP-1108
    EXPECT_EQ(gas(7, "", Fork::Byzantium), 40'000U);
    EXPECT_EQ(gas(8, "", Fork::Byzantium), 100'000U);
    EXPECT_EQ(gas(8, "", Fork::Istanbul), 45'000U);
    EXPECT_EQ(gas(2, "", Fork::Osaka), 60U);
    EXPECT_EQ(gas(3, "", Fork::Osaka), 600U);
}

TEST(Precompiles, refuse_malformed_input) {
    const std::pair<std::uint64_t, std::string> refused[] = {
        {6, G1.substr(0, 127) + "3"},  // not on the curve
        {7, G1.substr(0, 127) + "3"},
        {8, G1 + G2 + "00"},          // length
        {8, G2.substr(0, 128) + G2},  // not on the curve
        {9, BLAKE2F.substr(0, 424)},
        {9, BLAKE2F + "00"},                 // length
        {9, BLAKE2F.substr(0, 424) + "02"},  // the flag
        {10, ""},
        {10, zero_blob_opening(flag(true))},  // another value
        {10, "02" + zero_blob_opening(zeros(32)).substr(2)},
        {11, ""},
        {11, BLS_G1},
        {12, ""},
        {12, BLS_G1},
        {13, zeros(511)},
        {14, ""},
        {15, ""},
        {15, zeros(383)},
        {16, ""},
        {17, zeros(127)},
        {16, "01" + zeros(63)},  // beyond the field's bytes
    };
    for (const auto& [number, input] : refused)
        EXPECT_FALSE(ask(number, bytes(input), rules_of(Fork::Osaka)).ok) << number << " " << input;
}

TEST(Precompiles, that_answer_nothing_instead_of_failing) {
    for (const auto& [number, input] : {std::pair<std::uint64_t, std::string>{1, ""},
                                        {1, zeros(31) + "ff" + zeros(96)},
                                        {0x100, ""},
                                        {0x100, P256 + "00"},
                                        {0x100, P256.substr(0, 318) + "3f"},
                                        {5, ""}}) {
        const auto answer = ask(number, bytes(input), rules_of(Fork::Osaka));
        EXPECT_TRUE(answer.ok) << number;
        EXPECT_EQ(answer.output, "") << number;
    }
}

TEST(Precompiles, modexp_with_lengths_that_lie) {
    const std::string huge(64, 'f');
    for (const Fork fork : {Fork::Byzantium, Fork::Berlin, Fork::Osaka}) {
        EXPECT_FALSE(ask(5, bytes(huge + huge + huge), rules_of(fork)).ok);
        EXPECT_FALSE(ask(5, bytes(huge + flag(true) + flag(true)), rules_of(fork)).ok);
        EXPECT_FALSE(ask(5, bytes(flag(true) + huge + flag(true)), rules_of(fork)).ok);
        EXPECT_FALSE(ask(5, bytes(flag(true) + flag(true) + huge), rules_of(fork)).ok);
    }
    const auto lengths = [](std::uint64_t base) {
        return bytes(to_hex(to_hash32(U256{base})) + flag(true) + flag(true));
    };
    EXPECT_TRUE(ask(5, lengths(1024), rules_of(Fork::Osaka)).ok);
    EXPECT_FALSE(ask(5, lengths(1025), rules_of(Fork::Osaka)).ok);  // EIP-7823
    EXPECT_TRUE(ask(5, lengths(1025), rules_of(Fork::Prague)).ok);
}

TEST(Precompiles, limits_of_the_op_stack) {
    struct Limit {
        std::uint64_t number;
        std::size_t item;
        OpFork fork;
        std::size_t bytes;
    };
    // Granite, Isthmus and Jovian: "execution engine" chapters. Only the pairing of Granite is not a multiple of its item.
    const Limit limits[] = {
        {8, 192, OpFork::Granite, 112'687},  {8, 192, OpFork::Jovian, 81'984},    {12, 160, OpFork::Isthmus, 513'760},
        {12, 160, OpFork::Jovian, 288'960},  {14, 288, OpFork::Isthmus, 488'448}, {14, 288, OpFork::Jovian, 278'784},
        {15, 384, OpFork::Isthmus, 235'008}, {15, 384, OpFork::Jovian, 156'672},
    };
    for (const auto& limit : limits) {
        const Bytes within(limit.bytes / limit.item * limit.item), beyond(within.size() + limit.item);
        EXPECT_TRUE(ask(limit.number, within, rules_of(limit.fork)).ok) << limit.number << " " << limit.bytes;
        EXPECT_FALSE(ask(limit.number, beyond, rules_of(limit.fork)).ok) << limit.number << " " << limit.bytes;
        EXPECT_TRUE(ask(limit.number, beyond, rules_of(Fork::Osaka)).ok) << limit.number << " on L1";
    }
    EXPECT_FALSE(is_precompile(to_address(U256{0x100}), rules_of(OpFork::Ecotone)));
    EXPECT_EQ(ask(0x100, bytes(P256), rules_of(OpFork::Fjord)).gas, 3'450U);
    EXPECT_EQ(ask(0x100, bytes(P256), rules_of(OpFork::Jovian)).gas, 3'450U);
}

TEST(Precompiles, are_called_as_contracts_are) {
    World world(Fork::Osaka);
    const Asm code = Asm()
                         .push(0xabcdef)
                         .push(0)
                         .op(OP_MSTORE)
                         .push(32)
                         .push(32)
                         .push(3)
                         .push(29)
                         .push(4)
                         .op({OP_GAS, OP_STATICCALL, OP_POP})
                         .push(32)
                         .op(OP_MLOAD)
                         .return_top();
    EXPECT_EQ(load_be256(world.run_code(code).output.data()), U256{0xabcdef} << 232);
    // A failure takes the gas that was given.
    const auto failed = world.call(to_address(U256{9}), 50'000);
    EXPECT_EQ(failed.status, Status::PrecompileFailure);
    EXPECT_EQ(failed.gas_left, 0U);
}

// --- the public vectors of the EIPs

void expect_vectors(std::uint64_t number, const std::filesystem::path& file, bool compares_gas) {
    const auto vectors = entresol::testing::parse_json_file(file);
    ASSERT_FALSE(vectors.as_array().empty());
    for (const auto& item : vectors.as_array()) {
        const auto& vector = item.as_object();
        const auto answer = ask(number, bytes(entresol::testing::text(vector, "Input")), rules_of(Fork::Osaka));
        const auto name = file.filename().string() + " " + std::string(entresol::testing::text(vector, "Name"));
        EXPECT_EQ(answer.ok, !vector.contains("ExpectedError")) << name;
        if (!answer.ok) continue;
        EXPECT_EQ(answer.output, entresol::testing::text(vector, "Expected")) << name;
        if (!compares_gas) continue;
        EXPECT_EQ(answer.gas, static_cast<std::uint64_t>(vector.at("Gas").as_int64())) << name;
    }
}

TEST(PrecompileVectors, eip_2537) {
    ENTRESOL_VECTORS_OR_SKIP(folder, "prec/eip-2537");
    const std::pair<std::uint64_t, const char*> files[] = {
        {11, "add_G1_bls.json"},       {12, "mul_G1_bls.json"},        {12, "msm_G1_bls.json"},
        {13, "add_G2_bls.json"},       {14, "mul_G2_bls.json"},        {15, "pairing_check_bls.json"},
        {16, "map_fp_to_G1_bls.json"}, {17, "map_fp2_to_G2_bls.json"}, {14, "fail-msm_G2_bls.json"},
    };
    for (const auto& [number, file] : files) {
        expect_vectors(number, folder / file, true);
        if (!std::string_view(file).starts_with("fail-"))
            expect_vectors(number, folder / (std::string("fail-") + file), false);
    }
}
TEST(PrecompileVectors, eip_7951) {
    ENTRESOL_VECTORS_OR_SKIP(file, "prec/eip-7951/test-vectors.json");
    expect_vectors(0x100, file, false);  // the vectors tell RIP-7212's gas
}

}  // namespace
}  // namespace entresol::evm
