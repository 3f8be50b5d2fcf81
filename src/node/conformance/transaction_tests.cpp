// TransactionTests: under each fork a transaction's bytes are valid, with this hash, sender and intrinsic gas, or refused for a named reason.
#include <algorithm>

#include "core/stf/validate_transaction.hpp"
#include "node/conformance/fixture.hpp"
#include "node/conformance/suite.hpp"

namespace entresol::conformance {
namespace {

using chain::Fork;

// Refusals that are judgements on a well-formed transaction. All other names of the suite speak of its form, which decoding refuses.
constexpr std::string_view JUDGEMENTS[] = {
    "GASLIMIT_PRICE_PRODUCT_OVERFLOW", "INITCODE_SIZE_EXCEEDED",    "INTRINSIC_GAS_TOO_LOW", "NONCE_TOO_BIG",
    "PRIORITY_GREATER_THAN_MAX_FEE",   "GAS_LIMIT_EXCEEDS_MAXIMUM",
};

bool is_judgement(std::string_view exception) {
    return std::ranges::any_of(JUDGEMENTS,
                               [&](std::string_view name) { return exception.find(name) != exception.npos; });
}

struct Accepted {
    Hash32 hash;
    Address sender;
    std::uint64_t intrinsic_gas = 0;
};
struct Refusal {
    std::string words;
    std::string names;  // of the suite that it covers; empty: any that speaks of the form
};

Refusal of_form(std::string words) { return {std::move(words), {}}; }

bool fee_overflows(const chain::Transaction& tx) {
    std::uint64_t product[8];
    mul_full(U256{tx.gas_limit}, tx.max_fee_per_gas, product);
    return (product[4] | product[5] | product[6] | product[7]) != 0;
}

Result<Accepted, Refusal> judge(const chain::Transaction& tx, const chain::Rules& rules) {
    // EIP-155: before it, a v that carries a chain id is no v.
    if (tx.type == chain::TxType::Legacy && tx.chain_id && !rules.at_least(Fork::SpuriousDragon))
        return fail(of_form("v carries a chain id"));
    evm::BlockContext block;
    block.gas_limit = ~std::uint64_t{0};
    block.rules = rules;
    if (const auto form = stf::check_form(tx, block, {}); !form) {
        const auto error = form.error();
        const bool speaks_of_form = error == stf::TxError::TypeNotSupported || error == stf::TxError::WrongChainId;
        return fail(speaks_of_form ? of_form(stf::to_string(error))
                                   : Refusal{stf::to_string(error), expected_names(error)});
    }
    const auto sender =
        rules.at_least(Fork::Homestead) ? chain::recover_sender(tx) : chain::recover_sender_frontier(tx);
    if (!sender) return fail(of_form("no sender can be recovered"));
    if (tx.nonce == ~std::uint64_t{0}) return fail(Refusal{"the nonce is the last", "NONCE_TOO_BIG"});  // EIP-2681
    if (fee_overflows(tx)) return fail(Refusal{"gas times price overflows", "GASLIMIT_PRICE_PRODUCT_OVERFLOW"});
    const auto gas = stf::compute_intrinsic_gas(tx, rules);
    if (tx.gas_limit < std::max(gas.gas, gas.floor))
        return fail(Refusal{"gas limit below the intrinsic gas", "INTRINSIC_GAS_TOO_LOW"});
    return Accepted{chain::transaction_hash(tx), *sender, gas.gas};
}

Result<Accepted, Refusal> judge_bytes(const json::object& test, const chain::Rules& rules) {
    const auto raw = parse_hex(text(test, "txbytes"));
    if (!raw) return fail(of_form("not hexadecimal"));
    const auto tx = chain::decode_transaction(*raw);
    if (!tx) return fail(of_form(std::string(chain::to_string(tx.error()))));
    return judge(*tx, rules);
}

std::string compare(const Accepted& found, const json::object& expected) {
    if (found.hash != to_fixed<Hash32>(text(expected, "hash"))) return "hash is " + to_hex(found.hash);
    if (found.sender != to_fixed<Address>(text(expected, "sender"))) return "sender is " + to_hex(found.sender);
    const auto gas = text(expected, "intrinsicGas");
    if (!gas.empty() && found.intrinsic_gas != to_u64(gas))
        return "intrinsic gas is " + std::to_string(found.intrinsic_gas) + ", expected " + std::string(gas);
    return {};
}

std::string run_case(const json::object& test, const chain::Rules& rules, const json::object& expected) {
    const auto found = judge_bytes(test, rules);
    const std::string_view exception = text(expected, "exception");
    if (exception.empty()) return found ? compare(*found, expected) : "refused: " + found.error().words;
    if (found) return "accepted, expected " + std::string(exception);
    const auto& refusal = found.error();
    const bool matches = refusal.names.empty() ? !is_judgement(exception) : names_overlap(exception, refusal.names);
    return matches ? "" : "refused as \"" + refusal.words + "\", expected " + std::string(exception);
}

}  // namespace

std::vector<CaseResult> run_transaction_tests(const std::filesystem::path& file, const Selection& selection) {
    std::vector<CaseResult> results;
    const json::value content = load_json(file);
    for (const auto& [name, value] : as_object(content, "the file")) {
        const auto& test = as_object(value, name);
        for (const auto& [fork_name, expected] : object_member(test, "result")) {
            if (!selection.takes(fork_name)) continue;
            const auto fork = chain::parse_fork(fork_name);
            if (!fork) throw std::runtime_error("unknown fork " + std::string(fork_name));
            const auto rules = chain::ChainConfig::all_active(1, *fork).rules_at(1, 1);
            results.push_back(
                make_result(name, std::string(fork_name), {}, run_case(test, rules, as_object(expected, fork_name))));
        }
    }
    return results;
}

}  // namespace entresol::conformance
