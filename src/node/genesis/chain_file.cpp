#include "node/genesis/chain_file.hpp"

#include <boost/json/parse.hpp>

#include "core/base/hex.hpp"

namespace entresol::genesis {
namespace {

namespace json = boost::json;

constexpr std::size_t MAX_FILE_BYTES = 256ULL << 20;

json::object block_id(const derive::BlockId& id) { return {{"hash", to_hex(id.hash)}, {"number", id.number}}; }

json::object system_config_to_json(const derive::SystemConfig& config) {
    Bytes eip1559(8), operator_fee(32);
    store_be32(eip1559.data(), config.eip1559_denominator);
    store_be32(eip1559.data() + 4, config.eip1559_elasticity);
    store_be32(operator_fee.data() + 20, config.operator_fee_scalar);
    store_be64(operator_fee.data() + 24, config.operator_fee_constant);
    return {{"batcherAddr", to_hex(config.batcher)}, {"overhead", to_hex(to_hash32(config.overhead))},
            {"scalar", to_hex(config.scalar)},       {"gasLimit", config.gas_limit},
            {"eip1559Params", to_hex(eip1559)},      {"operatorFeeParams", to_hex(operator_fee)},
            {"minBaseFee", config.min_base_fee},     {"daFootprintGasScalar", config.da_footprint_gas_scalar}};
}

// Reads fields and remembers the first that is wrong.
class Reader {
public:
    explicit Reader(std::string path) : path_(std::move(path)) {}
    std::string problem;

    const json::object& object(const json::object& from, const char* name) {
        static const json::object EMPTY;
        const auto* value = from.if_contains(name);
        if (value != nullptr && value->is_object()) return value->get_object();
        miss(name, "an object");
        return EMPTY;
    }
    std::uint64_t number(const json::object& from, const char* name) {
        const auto* value = from.if_contains(name);
        if (value != nullptr && value->is_uint64()) return value->get_uint64();
        if (value != nullptr && value->is_int64() && value->get_int64() >= 0)
            return static_cast<std::uint64_t>(value->get_int64());
        if (value != nullptr && value->is_string())
            if (const auto quantity = parse_quantity64(std::string_view(value->get_string()))) return *quantity;
        miss(name, "a number");
        return 0;
    }
    Bytes bytes(const json::object& from, const char* name) {
        const auto* value = from.if_contains(name);
        if (value != nullptr && value->is_string())
            if (auto found = parse_hex(std::string_view(value->get_string()))) return std::move(*found);
        miss(name, "hex data");
        return {};
    }
    template <typename T>
    T fixed(const json::object& from, const char* name) {
        const Bytes found = bytes(from, name);
        if (found.size() == T::SIZE) return from_bytes<T>(found);
        miss(name, "hex data of the right length");
        return {};
    }

private:
    void miss(const char* name, const char* expected) {
        if (problem.empty()) problem = path_ + ": field " + name + " must be " + expected;
    }
    std::string path_;
};

derive::SystemConfig read_system_config(Reader& in, const json::object& object) {
    derive::SystemConfig config;
    config.batcher = in.fixed<Address>(object, "batcherAddr");
    config.overhead = to_u256(in.fixed<Hash32>(object, "overhead"));
    config.scalar = in.fixed<Hash32>(object, "scalar");
    config.gas_limit = in.number(object, "gasLimit");
    const auto eip1559 = in.fixed<FixedBytes<8>>(object, "eip1559Params");
    config.eip1559_denominator = load_be32(eip1559.data());
    config.eip1559_elasticity = load_be32(eip1559.data() + 4);
    const auto operator_fee = in.fixed<Hash32>(object, "operatorFeeParams");
    config.operator_fee_scalar = load_be32(operator_fee.data() + 20);
    config.operator_fee_constant = load_be64(operator_fee.data() + 24);
    config.min_base_fee = in.number(object, "minBaseFee");
    config.da_footprint_gas_scalar = static_cast<std::uint16_t>(in.number(object, "daFootprintGasScalar"));
    return config;
}

derive::RollupConfig read_rollup(Reader& in, const json::object& object) {
    derive::RollupConfig config;
    const auto& genesis = in.object(object, "genesis");
    const auto read_id = [&](const char* name) {
        const auto& id = in.object(genesis, name);
        return derive::BlockId{in.fixed<Hash32>(id, "hash"), in.number(id, "number")};
    };
    config.l1_genesis = read_id("l1");
    config.l2_genesis = read_id("l2");
    config.l2_genesis_timestamp = in.number(genesis, "l2_time");
    config.genesis_system_config = read_system_config(in, in.object(genesis, "system_config"));
    config.block_time = in.number(object, "block_time");
    config.max_sequencer_drift = in.number(object, "max_sequencer_drift");
    config.seq_window_size = in.number(object, "seq_window_size");
    config.channel_timeout = in.number(object, "channel_timeout");
    config.l1 = chain::ChainConfig::all_active(in.number(object, "l1_chain_id"));
    config.l2 = chain::ChainConfig::op_all_active(in.number(object, "l2_chain_id"));
    config.batch_inbox = in.fixed<Address>(object, "batch_inbox_address");
    config.deposit_contract = in.fixed<Address>(object, "deposit_contract_address");
    config.system_config_contract = in.fixed<Address>(object, "l1_system_config_address");
    if (const auto* jumps = object.if_contains("allow_time_jumps"); jumps != nullptr && jumps->is_bool())
        config.allow_time_jumps = jumps->get_bool();
    return config;
}

json::object alloc_to_json(const std::map<Address, chain::GenesisAccount>& alloc) {
    json::object out;
    for (const auto& [address, account] : alloc) {
        json::object entry{{"balance", to_quantity(account.balance)}, {"nonce", to_quantity(account.nonce)}};
        if (!account.code.empty()) entry["code"] = to_hex(account.code);
        json::object storage;
        for (const auto& [slot, value] : account.storage) storage[to_hex(to_hash32(slot))] = to_hex(to_hash32(value));
        if (!storage.empty()) entry["storage"] = std::move(storage);
        out[to_hex(address)] = std::move(entry);
    }
    return out;
}

Result<chain::GenesisAccount, std::string> read_account(const json::object& object) {
    Reader in("l2_genesis.alloc");
    chain::GenesisAccount account;
    const auto* balance = object.if_contains("balance");
    const auto wei = balance != nullptr && balance->is_string()
                         ? parse_quantity(std::string_view(balance->get_string()))
                         : std::nullopt;
    if (!wei) return fail(std::string("l2_genesis.alloc: field balance must be a quantity"));
    account.balance = *wei;
    account.nonce = in.number(object, "nonce");
    if (object.contains("code")) account.code = in.bytes(object, "code");
    if (object.contains("storage")) {
        for (const auto& [slot, value] : in.object(object, "storage")) {
            const auto key = parse_fixed<Hash32>(std::string_view(slot));
            const auto word =
                value.is_string() ? parse_fixed<Hash32>(std::string_view(value.get_string())) : std::nullopt;
            if (!key || !word) return fail(std::string("l2_genesis.alloc: storage must be 32-byte slots and values"));
            account.storage[to_u256(*key)] = to_u256(*word);
        }
    }
    if (!in.problem.empty()) return fail(in.problem);
    return account;
}

}  // namespace

json::object rollup_to_json(const derive::RollupConfig& config) {
    const json::object genesis{{"l1", block_id(config.l1_genesis)},
                               {"l2", block_id(config.l2_genesis)},
                               {"l2_time", config.l2_genesis_timestamp},
                               {"system_config", system_config_to_json(config.genesis_system_config)}};
    json::object out{{"genesis", genesis},
                     {"block_time", config.block_time},
                     {"max_sequencer_drift", config.max_sequencer_drift},
                     {"seq_window_size", config.seq_window_size},
                     {"channel_timeout", config.channel_timeout},
                     {"l1_chain_id", config.l1.chain_id},
                     {"l2_chain_id", config.l2.chain_id}};
    for (const char* fork :
         {"regolith", "canyon", "delta", "ecotone", "fjord", "granite", "holocene", "isthmus", "jovian"})
        out[std::string(fork) + "_time"] = 0;
    out["batch_inbox_address"] = to_hex(config.batch_inbox);
    out["deposit_contract_address"] = to_hex(config.deposit_contract);
    out["l1_system_config_address"] = to_hex(config.system_config_contract);
    out["allow_time_jumps"] = config.allow_time_jumps;
    return out;
}

json::object to_json(const ChainFile& file) {
    json::object contracts;
    for (const auto& [name, address] : file.contracts) contracts[name] = to_hex(address);
    return {{"rollup", rollup_to_json(file.rollup)},
            {"l2_genesis", json::object{{"timestamp", to_quantity(file.l2_genesis.timestamp)},
                                        {"gasLimit", to_quantity(file.l2_genesis.gas_limit)},
                                        {"extraData", to_hex(file.l2_genesis.extra_data)},
                                        {"coinbase", to_hex(file.l2_genesis.coinbase)},
                                        {"alloc", alloc_to_json(file.l2_genesis.alloc)}}},
            {"contracts", std::move(contracts)}};
}

Result<ChainFile, std::string> parse_chain_file(std::string_view text) {
    if (text.size() > MAX_FILE_BYTES) return fail(std::string("the chain file is too large"));
    boost::system::error_code error;
    const auto parsed = json::parse({text.data(), text.size()}, error);
    if (error || !parsed.is_object()) return fail(std::string("the chain file is not a JSON object"));
    const auto& root = parsed.get_object();
    ChainFile file;
    Reader top("chain file");
    Reader rollup("rollup");
    file.rollup = read_rollup(rollup, top.object(root, "rollup"));
    Reader in("l2_genesis");
    const auto& genesis = top.object(root, "l2_genesis");
    file.l2_genesis.timestamp = in.number(genesis, "timestamp");
    file.l2_genesis.gas_limit = in.number(genesis, "gasLimit");
    file.l2_genesis.extra_data = in.bytes(genesis, "extraData");
    file.l2_genesis.coinbase = in.fixed<Address>(genesis, "coinbase");
    for (const auto& [name, value] : in.object(genesis, "alloc")) {
        const auto address = parse_fixed<Address>(std::string_view(name));
        if (!address || !value.is_object()) return fail("l2_genesis.alloc: not an account: " + std::string(name));
        TRY(file.l2_genesis.alloc[*address], read_account(value.get_object()));
    }
    if (const auto* contracts = root.if_contains("contracts"); contracts != nullptr && contracts->is_object())
        for (const auto& [name, value] : contracts->get_object())
            if (const auto address =
                    value.is_string() ? parse_fixed<Address>(std::string_view(value.get_string())) : std::nullopt)
                file.contracts[std::string(name)] = *address;
    for (const auto* reader : {&top, &rollup, &in})
        if (!reader->problem.empty()) return fail(reader->problem);
    return file;
}

}  // namespace entresol::genesis
