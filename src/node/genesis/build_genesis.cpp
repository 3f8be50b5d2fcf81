#include "node/genesis/build_genesis.hpp"

#include <stdexcept>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "core/base/hex.hpp"
#include "core/codec/abi.hpp"
#include "core/evm/vm.hpp"
#include "core/state/journal.hpp"
#include "core/state/memory_state.hpp"
#include "core/stf/transition.hpp"

namespace entresol::genesis {
namespace {

namespace json = boost::json;

constexpr std::uint64_t GENESIS_CALL_GAS = 100'000'000;

std::string text_of(const json::value& value) { return std::string(value.as_string()); }

std::vector<std::string> split_types(const std::string& signature) {
    std::vector<std::string> types;
    const auto open = signature.find('(');
    std::string inner = signature.substr(open + 1, signature.size() - open - 2);
    std::size_t start = 0;
    while (start < inner.size()) {
        const auto comma = inner.find(',', start);
        types.push_back(inner.substr(start, comma - start));
        if (comma == std::string::npos) break;
        start = comma + 1;
    }
    return types;
}

// Resolves the plan's words and encodes its arguments.
class PlanReader {
public:
    PlanReader(const Contracts& contracts, const Params& params) : contracts_(contracts) {
        for (const auto& [name, declaration] : contracts.plan.at("params").as_object()) {
            const auto given = params.find(std::string(name));
            const auto& fallback = declaration.as_object().at("default");
            if (given != params.end())
                params_[std::string(name)] = given->second;
            else if (fallback.is_string())
                params_[std::string(name)] = text_of(fallback);
        }
        for (const auto& [name, value] : params)
            if (!contracts.plan.at("params").as_object().contains(name))
                throw std::runtime_error("deployment plan: unknown parameter " + name);
        std::uint64_t nonce = word("$deployer_nonce").limb[0];
        for (const auto& step : contracts.plan.at("l1").as_array()) {
            const auto& fields = step.as_object();
            if (!fields.contains("create") && !fields.contains("call")) continue;
            if (fields.contains("create"))
                addresses_[text_of(fields.at("as"))] = chain::create_address(deployer(), nonce);
            ++nonce;
        }
    }

    [[nodiscard]] const std::map<std::string, Address>& addresses() const { return addresses_; }
    [[nodiscard]] Address deployer() const { return to_address(word("$deployer")); }

    [[nodiscard]] std::string resolve(const std::string& argument) const {
        if (argument.starts_with('$')) {
            const auto it = params_.find(argument.substr(1));
            if (it == params_.end())
                throw std::runtime_error("deployment plan: parameter " + argument + " was not given");
            return it->second;
        }
        if (argument.starts_with('@')) {
            const auto it = addresses_.find(argument.substr(1));
            if (it == addresses_.end()) throw std::runtime_error("deployment plan: nothing is called " + argument);
            return to_hex(it->second);
        }
        return argument;
    }

    [[nodiscard]] U256 word(const std::string& argument) const {
        const std::string value = resolve(argument);
        const auto number = value.starts_with("0x") ? parse_quantity(value) : parse_decimal(value);
        if (!number) throw std::runtime_error("deployment plan: not a number: " + argument + " = " + value);
        return *number;
    }
    [[nodiscard]] Address address(const json::value& argument) const { return to_address(word(text_of(argument))); }

    [[nodiscard]] codec::AbiWriter write(const std::vector<std::string>& types, const json::array& args) const {
        if (types.size() != args.size()) throw std::runtime_error("deployment plan: wrong number of arguments");
        codec::AbiWriter writer;
        for (std::size_t i = 0; i < types.size(); ++i) {
            if (types[i] == "bytes")
                writer.bytes(bytes_of(args[i]));
            else if (types[i] == "bytes32")
                writer.word(to_hash32(word(text_of(args[i]))));
            else
                writer.uint(word(text_of(args[i])));  // uintN, address, bool: a word padded on the left
        }
        return writer;
    }

    [[nodiscard]] Bytes create_data(const json::object& step) const {
        const auto& contract = find_contract(text_of(step.at("create")));
        Bytes data = contract.initcode;
        append(data, write(contract.constructor_types, step.at("args").as_array()).encode());
        return data;
    }
    [[nodiscard]] Bytes call_data(const std::string& signature, const json::array& args) const {
        return write(split_types(signature), args).call(signature);
    }
    [[nodiscard]] const Contract& find_contract(const std::string& name) const {
        const auto it = contracts_.by_name.find(name);
        if (it == contracts_.by_name.end()) throw std::runtime_error("deployment plan: no contract " + name);
        return it->second;
    }

private:
    [[nodiscard]] Bytes bytes_of(const json::value& argument) const {
        if (argument.is_object())
            return call_data(text_of(argument.as_object().at("encode")), argument.as_object().at("args").as_array());
        return parse_hex(resolve(text_of(argument))).value();
    }

    const Contracts& contracts_;
    Params params_;
    std::map<std::string, Address> addresses_;
};

// set_code, set_storage, set_balance.
void apply_direct(const json::object& step, const PlanReader& plan, state::Journal& journal) {
    if (step.contains("set_code")) {
        const Address address = plan.address(step.at("set_code"));
        journal.set_code(address, plan.find_contract(text_of(step.at("contract"))).runtime);
        journal.set_nonce(address, 1);
    } else if (step.contains("set_storage")) {
        journal.store_storage(plan.address(step.at("set_storage")), plan.word(text_of(step.at("slot"))),
                              plan.word(text_of(step.at("value"))));
    } else if (step.contains("set_balance")) {
        journal.set_balance(plan.address(step.at("set_balance")), plan.word(text_of(step.at("wei"))));
    } else {
        throw std::runtime_error("deployment plan: unknown step " + json::serialize(step));
    }
}

void put_system_contracts(const Contracts& contracts, bool on_l1, state::Journal& journal) {
    for (const auto& contract : contracts.system) {
        if (!(on_l1 ? contract.on_l1 : contract.on_l2)) continue;
        journal.set_code(contract.address, contract.code);
        journal.set_nonce(contract.address, 1);
    }
}

Alloc to_alloc(const state::StateDiff& diff) {
    Alloc alloc;
    for (const auto& [address, change] : diff.accounts) {
        if (!change.account) continue;
        chain::GenesisAccount account{
            .balance = change.account->balance, .nonce = change.account->nonce, .code = {}, .storage = {}};
        const auto code = diff.codes.find(change.account->code_hash);
        if (code != diff.codes.end()) account.code = to_bytes(code->second->view());
        for (const auto& [slot, value] : change.storage)
            if (!value.is_zero()) account.storage.emplace(slot, value);
        alloc.emplace(address, std::move(account));
    }
    return alloc;
}

chain::Rules latest_rules() {
    return {.fork = chain::Fork::Osaka, .op = chain::OpFork::None, .chain_id = 1, .blobs = {}};
}

// Runs the plan's transactions as bare messages of the deployer: no fees, no gas limit that matters.
class Runner {
public:
    Runner(const PlanReader& plan, state::Journal& journal, std::uint64_t timestamp) : plan_(plan), journal_(journal) {
        block_.timestamp = timestamp;
        block_.gas_limit = GENESIS_CALL_GAS;
        block_.rules = latest_rules();
    }
    void run(const json::object& step) {
        evm::Vm vm(journal_, block_);
        const Address deployer = plan_.deployer();
        vm.set_transaction({.origin = deployer, .gas_price = {}, .blob_hashes = {}});
        journal_.begin_transaction();
        const std::uint64_t nonce = journal_.nonce(deployer);
        const bool creates = step.contains("create");
        const Bytes data = creates ? plan_.create_data(step)
                                   : plan_.call_data(text_of(step.at("function")), step.at("args").as_array());
        const Address target =
            creates ? chain::create_address(deployer, nonce) : plan_.addresses().at(text_of(step.at("call")));
        journal_.set_nonce(deployer, nonce + 1);
        const auto result = vm.execute({.kind = creates ? evm::CallKind::Create : evm::CallKind::Call,
                                        .gas = GENESIS_CALL_GAS,
                                        .recipient = target,
                                        .code_address = target,
                                        .caller = deployer,
                                        .value = {},
                                        .input = data});
        if (result.status != evm::Status::Success)
            throw std::runtime_error("deployment plan: " + json::serialize(step) +
                                     " failed: " + evm::to_string(result.status) + " " + to_hex(result.output));
        journal_.finish_transaction(block_.rules);
    }

private:
    const PlanReader& plan_;
    state::Journal& journal_;
    evm::BlockContext block_;
};

}  // namespace

std::map<std::string, Address> deployment_addresses(const Contracts& contracts, const Params& params) {
    return PlanReader(contracts, params).addresses();
}

std::vector<DeploymentStep> deployment_steps(const Contracts& contracts, const Params& params) {
    const PlanReader plan(contracts, params);
    std::vector<DeploymentStep> out;
    for (const auto& step : contracts.plan.at("l1").as_array()) {
        const auto& fields = step.as_object();
        if (fields.contains("create")) {
            out.push_back({text_of(fields.at("as")), std::nullopt, plan.create_data(fields)});
        } else if (fields.contains("call")) {
            const auto name = text_of(fields.at("call"));
            out.push_back({name, plan.addresses().at(name),
                           plan.call_data(text_of(fields.at("function")), fields.at("args").as_array())});
        }
    }
    out.push_back({"multicall3", std::nullopt, plan.find_contract("Multicall3").initcode});
    return out;
}

Alloc build_l1_alloc(const Contracts& contracts, const Params& params, std::uint64_t timestamp) {
    const PlanReader plan(contracts, params);
    state::MemoryState nothing;
    state::Journal journal(nothing);
    Runner runner(plan, journal, timestamp);
    journal.begin_transaction();
    put_system_contracts(contracts, true, journal);
    journal.set_nonce(plan.deployer(), plan.word("$deployer_nonce").limb[0]);
    journal.finish_transaction(latest_rules());
    for (const auto& step : contracts.plan.at("l1").as_array()) {
        const auto& fields = step.as_object();
        if (fields.contains("create") || fields.contains("call")) {
            runner.run(fields);
            continue;
        }
        journal.begin_transaction();
        apply_direct(fields, plan, journal);
        journal.finish_transaction(latest_rules());
    }
    return to_alloc(journal.take_diff());
}

Alloc build_l2_alloc(const Contracts& contracts, const Params& params) {
    const PlanReader plan(contracts, params);
    state::MemoryState nothing;
    state::Journal journal(nothing);
    journal.begin_transaction();
    put_system_contracts(contracts, false, journal);
    for (const auto& step : contracts.plan.at("l2").as_array()) apply_direct(step.as_object(), plan, journal);
    journal.finish_transaction(latest_rules());
    return to_alloc(journal.take_diff());
}

}  // namespace entresol::genesis
