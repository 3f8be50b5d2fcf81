// Precompile vectors as geth and the EIPs publish them (JSON: Input, Expected or ExpectedError, Gas), and the KZG vectors of c-kzg-4844 (YAML).
#include <algorithm>

#include <boost/json/array.hpp>

#include "core/evm/precompiles.hpp"
#include "node/conformance/fields.hpp"
#include "node/conformance/kzg_tests.hpp"
#include "node/conformance/suite.hpp"

namespace entresol::conformance {
namespace {

using chain::Fork;

// Files name the precompile they are for; the longest name that is part of the file's name counts.
struct NamedPrecompile {
    std::string_view name;
    std::uint64_t address;
    Fork fork;  // whose rules the vectors follow
};
constexpr NamedPrecompile PRECOMPILES[] = {
    {"ecRecover", 0x01, Fork::Osaka},         {"sha256", 0x02, Fork::Osaka},
    {"ripemd160", 0x03, Fork::Osaka},         {"identity", 0x04, Fork::Osaka},
    {"modexp", 0x05, Fork::Byzantium},        {"modexp_eip2565", 0x05, Fork::Berlin},
    {"modexp_eip7883", 0x05, Fork::Osaka},    {"bn256Add", 0x06, Fork::Osaka},
    {"bn256ScalarMul", 0x07, Fork::Osaka},    {"bn256Pairing", 0x08, Fork::Osaka},
    {"blake2F", 0x09, Fork::Osaka},           {"pointEvaluation", 0x0a, Fork::Osaka},
    {"add_G1_bls", 0x0b, Fork::Osaka},        {"msm_G1_bls", 0x0c, Fork::Osaka},
    {"mul_G1_bls", 0x0c, Fork::Osaka},        {"blsG1Add", 0x0b, Fork::Osaka},
    {"blsG1MultiExp", 0x0c, Fork::Osaka},     {"blsG1Mul", 0x0c, Fork::Osaka},
    {"add_G2_bls", 0x0d, Fork::Osaka},        {"msm_G2_bls", 0x0e, Fork::Osaka},
    {"mul_G2_bls", 0x0e, Fork::Osaka},        {"blsG2Add", 0x0d, Fork::Osaka},
    {"blsG2MultiExp", 0x0e, Fork::Osaka},     {"blsG2Mul", 0x0e, Fork::Osaka},
    {"pairing_check_bls", 0x0f, Fork::Osaka}, {"blsPairing", 0x0f, Fork::Osaka},
    {"map_fp_to_G1_bls", 0x10, Fork::Osaka},  {"blsMapG1", 0x10, Fork::Osaka},
    {"map_fp2_to_G2_bls", 0x11, Fork::Osaka}, {"blsMapG2", 0x11, Fork::Osaka},
    {"p256Verify", 0x100, Fork::Osaka},       {"eip-7951", 0x100, Fork::Osaka},
};
constexpr std::int64_t PLENTY = 1'000'000'000'000;
// The vectors of EIP-7951 were made for RIP-7212's price; EIP-7951 itself asks for twice that.
constexpr std::uint64_t P256_GAS_IN_VECTORS = 3'450;
constexpr std::uint64_t P256_ADDRESS = 0x100;

const NamedPrecompile& find_named(const std::filesystem::path& file) {
    const std::string name = file.parent_path().filename().string() + "/" + file.filename().string();
    const NamedPrecompile* best = nullptr;
    for (const auto& row : PRECOMPILES)
        if (name.find(row.name) != std::string::npos && (best == nullptr || row.name.size() > best->name.size()))
            best = &row;
    if (best == nullptr) throw std::runtime_error("the file's name tells of no precompile known here");
    return *best;
}

std::string run_case(const json::object& test, const NamedPrecompile& named) {
    const auto rules = chain::ChainConfig::all_active(1, named.fork).rules_at(1, 1);
    const auto run = evm::find_precompile(to_address(U256{named.address}), rules);
    if (run == nullptr) return "no such precompile";
    const Bytes input = to_bytes(text(test, "Input"));
    Bytes output;
    const auto result = run(input, PLENTY, rules, output);
    if (test.contains("ExpectedError"))
        return result.ok ? "accepted, expected the error " + std::string(text(test, "ExpectedError")) : "";
    if (!result.ok) return "refused";
    if (output != to_bytes(text(test, "Expected"))) return "output is " + to_hex(output);
    const auto* gas = test.if_contains("Gas");
    if (gas == nullptr) return {};
    const auto expected = gas->to_number<std::uint64_t>();
    const auto used = static_cast<std::uint64_t>(PLENTY - result.gas_left);
    if (used == expected || expected == 0) return {};
    if (named.address == P256_ADDRESS && expected == P256_GAS_IN_VECTORS && used == 2 * expected) return {};
    return "costs " + std::to_string(used) + " gas, expected " + std::to_string(expected);
}

}  // namespace

std::vector<CaseResult> run_precompile_tests(const std::filesystem::path& file, const Selection&) {
    if (file.extension() == ".yaml") return run_kzg_test(file);
    const auto& named = find_named(file);
    std::vector<CaseResult> results;
    const json::value content = load_json(file);
    for (const auto& value : as_array(content, "the file")) {
        const auto& test = as_object(value, "a test");
        if (!test.contains("Input")) throw std::runtime_error("a test without Input");
        results.push_back(make_result(std::string(text(test, "Name")), {}, {}, run_case(test, named)));
    }
    return results;
}

}  // namespace entresol::conformance
