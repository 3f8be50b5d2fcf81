#include "node/genesis/geth_genesis.hpp"

#include <algorithm>
#include <charconv>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include "core/base/hex.hpp"

namespace entresol::genesis {
namespace {

namespace json = boost::json;
using chain::Fork;

template <typename T>
using Parsed = Result<T, std::string>;

Unexpected<std::string> wrong(std::string_view field) {
    return {"genesis.json: \"" + std::string(field) + "\" is missing or wrong"};
}

const json::value* find(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(json::string_view(name.data(), name.size()));
    return value == nullptr || value->is_null() ? nullptr : value;
}

// A JSON number, "0x…" or decimal digits: go-ethereum accepts all three.
std::optional<U256> read_number(const json::value& value) {
    if (value.is_uint64()) return U256{value.get_uint64()};
    if (value.is_int64() && value.get_int64() >= 0) return U256{static_cast<std::uint64_t>(value.get_int64())};
    const auto* text = value.if_string();
    if (text == nullptr) return std::nullopt;
    if (text->starts_with("0x")) {
        if (const auto exact = parse_quantity(*text)) return exact;
        const auto bytes =
            parse_hex(text->size() % 2 == 0 ? std::string(*text) : "0x0" + std::string(text->subview(2)));
        if (!bytes || bytes->size() > 32) return std::nullopt;
        return load_be(*bytes);
    }
    U256 out;
    for (const char digit : *text) {
        if (digit < '0' || digit > '9' || out > U256::max() / U256{10} - U256{1}) return std::nullopt;
        out = out * U256{10} + U256{static_cast<std::uint64_t>(digit - '0')};
    }
    return text->empty() ? std::nullopt : std::optional(out);
}

Parsed<std::optional<U256>> number(const json::object& object, std::string_view name) {
    const auto* value = find(object, name);
    if (value == nullptr) return std::optional<U256>{};
    const auto parsed = read_number(*value);
    if (!parsed) return wrong(name);
    return parsed;
}

Parsed<std::optional<std::uint64_t>> number64(const json::object& object, std::string_view name) {
    TRY(const auto wide, number(object, name));
    if (!wide) return std::optional<std::uint64_t>{};
    if (!wide->fits_u64()) return wrong(name);
    return std::optional(wide->limb[0]);
}

std::optional<Bytes> read_bytes(const json::value& value) {
    const auto* text = value.if_string();
    if (text == nullptr) return std::nullopt;
    return parse_hex(text->starts_with("0x") ? std::string(*text) : "0x" + std::string(*text));
}

template <typename T>
Parsed<T> fixed(const json::object& object, std::string_view name) {
    const auto* value = find(object, name);
    if (value == nullptr) return T{};
    const auto bytes = read_bytes(*value);
    if (!bytes || bytes->size() != T::SIZE) return wrong(name);
    return from_bytes<T>(*bytes);
}

struct ForkName {
    std::string_view name;
    Fork fork;
};
constexpr ForkName BLOCK_FORKS[] = {
    {"homesteadBlock", Fork::Homestead},
    {"eip150Block", Fork::TangerineWhistle},
    {"eip158Block", Fork::SpuriousDragon},
    {"byzantiumBlock", Fork::Byzantium},
    {"constantinopleBlock", Fork::Constantinople},
    {"petersburgBlock", Fork::Petersburg},
    {"istanbulBlock", Fork::Istanbul},
    {"berlinBlock", Fork::Berlin},
    {"londonBlock", Fork::London},
    {"mergeNetsplitBlock", Fork::Paris},
};
constexpr ForkName TIME_FORKS[] = {{"shanghaiTime", Fork::Shanghai},
                                   {"cancunTime", Fork::Cancun},
                                   {"pragueTime", Fork::Prague},
                                   {"osakaTime", Fork::Osaka}};
constexpr std::string_view BLOB_FORKS[] = {"cancun", "prague", "osaka", "bpo1",
                                           "bpo2",   "bpo3",   "bpo4",  "bpo5"};  // EIP-7840, EIP-7892

Parsed<std::vector<chain::BlobSchedule>> read_blob_schedule(const json::object& config) {
    std::vector<chain::BlobSchedule> out;
    const auto* schedule = find(config, "blobSchedule");
    if (schedule == nullptr) return out;
    if (!schedule->is_object()) return wrong("blobSchedule");
    for (const auto name : BLOB_FORKS) {
        const auto* entry = find(schedule->get_object(), name);
        TRY(const auto time, number64(config, std::string(name) + "Time"));
        if (entry == nullptr || !time) continue;
        if (!entry->is_object()) return wrong(name);
        TRY(const auto target, number64(entry->get_object(), "target"));
        TRY(const auto max, number64(entry->get_object(), "max"));
        TRY(const auto fraction, number64(entry->get_object(), "baseFeeUpdateFraction"));
        if (!target || !max || !fraction || *fraction == 0) return wrong(name);
        out.push_back({*time, {*target, *max, *fraction}});
    }
    std::stable_sort(out.begin(), out.end(),
                     [](const auto& a, const auto& b) { return a.activation_time < b.activation_time; });
    return out;
}

Parsed<chain::ChainConfig> read_config(const json::object& object) {
    chain::ChainConfig config;
    TRY(const auto chain_id, number64(object, "chainId"));
    if (!chain_id) return wrong("chainId");
    config.chain_id = *chain_id;
    config.fork_blocks[static_cast<std::size_t>(Fork::Frontier)] = 0;
    for (const auto& [name, fork] : BLOCK_FORKS) {
        TRY(config.fork_blocks[static_cast<std::size_t>(fork)], number64(object, name));
    }
    for (const auto& [name, fork] : TIME_FORKS) {
        TRY(config.fork_times[static_cast<std::size_t>(fork)], number64(object, name));
    }
    TRY(config.terminal_total_difficulty, number(object, "terminalTotalDifficulty"));
    // Where the Merge was passed before the first block, no block number says so.
    auto& paris = config.fork_blocks[static_cast<std::size_t>(Fork::Paris)];
    if (!paris && config.terminal_total_difficulty && config.terminal_total_difficulty->is_zero()) paris = 0;
    TRY(config.blob_schedule, read_blob_schedule(object));
    TRY(config.deposit_contract, fixed<Address>(object, "depositContractAddress"));
    return config;
}

Parsed<chain::GenesisAccount> read_account(const json::object& object) {
    chain::GenesisAccount account;
    TRY(const auto balance, number(object, "balance"));
    TRY(const auto nonce, number64(object, "nonce"));
    account.balance = balance.value_or(U256{});
    account.nonce = nonce.value_or(0);
    if (const auto* code = find(object, "code")) {
        auto bytes = read_bytes(*code);
        if (!bytes) return wrong("code");
        account.code = std::move(*bytes);
    }
    const auto* storage = find(object, "storage");
    if (storage == nullptr) return account;
    if (!storage->is_object()) return wrong("storage");
    for (const auto& [key, value] : storage->get_object()) {
        const auto slot = read_bytes(json::value(key));
        const auto word = read_bytes(value);
        if (!slot || !word || slot->size() > 32 || word->size() > 32) return wrong("storage");
        if (const U256 number = load_be(*word); !number.is_zero()) account.storage[load_be(*slot)] = number;
    }
    return account;
}

Parsed<chain::Genesis> read_genesis(const json::object& object) {
    chain::Genesis genesis;
    TRY(const auto timestamp, number64(object, "timestamp"));
    TRY(const auto block_number, number64(object, "number"));
    TRY(const auto gas_limit, number64(object, "gasLimit"));
    TRY(const auto difficulty, number(object, "difficulty"));
    TRY(const auto nonce, number64(object, "nonce"));
    if (!gas_limit) return wrong("gasLimit");
    genesis.timestamp = timestamp.value_or(0);
    genesis.number = block_number.value_or(0);
    genesis.gas_limit = *gas_limit;
    genesis.difficulty = difficulty.value_or(U256{});
    for (std::size_t i = 0; i < 8; ++i)
        genesis.nonce.bytes[7 - i] = static_cast<std::uint8_t>(nonce.value_or(0) >> (8 * i));
    if (const auto* extra = find(object, "extraData")) {
        auto bytes = read_bytes(*extra);
        if (!bytes) return wrong("extraData");
        genesis.extra_data = std::move(*bytes);
    }
    TRY(genesis.coinbase, fixed<Address>(object, "coinbase"));
    TRY(genesis.prev_randao, fixed<Hash32>(object, "mixHash"));
    TRY(genesis.base_fee_per_gas, number(object, "baseFeePerGas"));
    TRY(genesis.blob_gas_used, number64(object, "blobGasUsed"));
    TRY(genesis.excess_blob_gas, number64(object, "excessBlobGas"));
    const auto* alloc = find(object, "alloc");
    if (alloc == nullptr || !alloc->is_object()) return wrong("alloc");
    for (const auto& [name, entry] : alloc->get_object()) {
        const auto address = read_bytes(json::value(name));
        if (!address || address->size() != Address::SIZE || !entry.is_object()) return wrong("alloc");
        TRY(auto account, read_account(entry.get_object()));
        genesis.alloc.emplace(from_bytes<Address>(*address), std::move(account));
    }
    return genesis;
}

}  // namespace

Result<GethGenesis, std::string> parse_geth_genesis(std::string_view text) {
    boost::system::error_code error;
    const auto root = json::parse(json::string_view(text.data(), text.size()), error);
    if (error || !root.is_object()) return fail(std::string("genesis.json: not a JSON object"));
    const auto* config = find(root.get_object(), "config");
    if (config == nullptr || !config->is_object()) return wrong("config");
    GethGenesis out;
    TRY(out.config, read_config(config->get_object()));
    TRY(out.genesis, read_genesis(root.get_object()));
    return out;
}

}  // namespace entresol::genesis
