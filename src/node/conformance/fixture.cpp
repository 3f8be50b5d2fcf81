#include "node/conformance/fixture.hpp"

#include <stdexcept>

#include "core/base/hex.hpp"

namespace entresol::conformance {

state::MemoryState load_state(const json::object& accounts) {
    state::MemoryState state;
    for (const auto& [address_text, value] : accounts) {
        const auto& fields = as_object(value, address_text);
        const auto address = to_fixed<Address>(address_text);
        auto& entry = state.accounts[address];
        entry.account.nonce = to_u64(text(fields, "nonce"));
        entry.account.balance = to_u256(text(fields, "balance"));
        state.set_code(address, to_bytes(text(fields, "code")));
        for (const auto& [key, slot] : object_member(fields, "storage"))
            if (const U256 number = to_u256(slot.as_string()); !number.is_zero()) entry.storage[to_u256(key)] = number;
    }
    return state;
}

namespace {

chain::BlobParams load_blob_params(const json::object& fields) {
    return {to_u64(text(fields, "target")), to_u64(text(fields, "max")), to_u64(text(fields, "baseFeeUpdateFraction"))};
}

/// From this name on; blob-parameter-only forks run Osaka's rules.
void activate(chain::ChainConfig& config, std::string_view name, std::uint64_t time, const json::object& fields) {
    const auto fork = name.starts_with("BPO") ? chain::Fork::Osaka : chain::parse_fork(name);
    if (!fork) throw std::runtime_error("unknown fork " + std::string(name));
    if (time == 0) {
        const auto schedule = config.blob_schedule;
        config = chain::ChainConfig::all_active(config.chain_id, *fork);
        config.blob_schedule = schedule;
    } else if (auto& activation = config.fork_times[static_cast<std::size_t>(*fork)]; !activation) {
        activation = time;  // a blob-parameter-only fork finds Osaka active already
    }
    const auto* schedule = fields.if_contains("blobSchedule");
    if (schedule == nullptr) return;
    if (const auto* params = schedule->as_object().if_contains(name)) {
        config.blob_schedule.push_back({time, load_blob_params(params->as_object())});
    }
}

}  // namespace

const json::object& config_of(const json::object& test) {
    static const json::object MAINNET{{"chainid", "0x01"}};
    const auto* config = test.if_contains("config");
    return config != nullptr ? as_object(*config, "config") : MAINNET;
}

chain::ChainConfig load_config(std::string_view network, const json::object& fields) {
    chain::ChainConfig config;
    config.chain_id = to_u64(text(fields, "chainid"));
    constexpr std::string_view MARK = "AtTime15k";
    constexpr std::uint64_t TRANSITION_TIME = 15'000;
    if (const auto to = network.find("To"); to != network.npos && network.ends_with(MARK)) {
        activate(config, network.substr(0, to), 0, fields);
        activate(config, network.substr(to + 2, network.size() - to - 2 - MARK.size()), TRANSITION_TIME, fields);
    } else {
        activate(config, network, 0, fields);
    }
    config.deposit_contract = chain::ChainConfig::mainnet().deposit_contract;
    return config;
}

namespace {

struct TxRow {
    stf::TxError error;
    const char* names;
};
using stf::TxError;
// The suite's names for each of our errors.
constexpr TxRow TX_ROWS[] = {
    {TxError::TypeNotSupported, "TYPE_1_TX_PRE_FORK|TYPE_2_TX_PRE_FORK|TYPE_3_TX_PRE_FORK|TYPE_4_TX_PRE_FORK"},
    {TxError::InvalidSignature, "INVALID_SIGNATURE_VRS"},
    {TxError::WrongChainId, "INVALID_CHAINID"},
    {TxError::NonceTooLow, "NONCE_MISMATCH_TOO_LOW"},
    {TxError::NonceTooHigh, "NONCE_MISMATCH_TOO_HIGH"},
    {TxError::NonceOverflow, "NONCE_IS_MAX"},
    {TxError::SenderNotEoa, "SENDER_NOT_EOA"},
    {TxError::InsufficientFunds, "INSUFFICIENT_ACCOUNT_FUNDS"},
    {TxError::IntrinsicGasTooLow, "INTRINSIC_GAS_TOO_LOW"},
    {TxError::FloorDataGasTooLow, "INTRINSIC_GAS_TOO_LOW|INTRINSIC_GAS_BELOW_FLOOR_GAS_COST"},
    {TxError::GasLimitTooHigh, "GAS_LIMIT_EXCEEDS_MAXIMUM"},
    {TxError::BlockGasLimitExceeded, "GAS_ALLOWANCE_EXCEEDED"},
    {TxError::FeeCapBelowBaseFee, "INSUFFICIENT_MAX_FEE_PER_GAS"},
    {TxError::PriorityFeeAboveFeeCap, "PRIORITY_GREATER_THAN_MAX_FEE_PER_GAS|PRIORITY_GREATER_THAN_MAX_FEE_PER_GAS_2"},
    {TxError::FeeOverflow, "GASLIMIT_PRICE_PRODUCT_OVERFLOW|INSUFFICIENT_ACCOUNT_FUNDS"},
    {TxError::InitcodeTooLarge, "INITCODE_SIZE_EXCEEDED"},
    {TxError::BlobFeeCapTooLow, "INSUFFICIENT_MAX_FEE_PER_BLOB_GAS"},
    {TxError::NoBlobs, "TYPE_3_TX_ZERO_BLOBS"},
    {TxError::TooManyBlobs, "TYPE_3_TX_BLOB_COUNT_EXCEEDED|TYPE_3_TX_MAX_BLOB_GAS_ALLOWANCE_EXCEEDED"},
    {TxError::InvalidBlobVersion, "TYPE_3_TX_INVALID_BLOB_VERSIONED_HASH"},
    {TxError::BlobCreate, "TYPE_3_TX_CONTRACT_CREATION"},
    {TxError::BlobGasLimitExceeded, "TYPE_3_TX_MAX_BLOB_GAS_ALLOWANCE_EXCEEDED"},
    {TxError::SetCodeCreate, "TYPE_4_TX_CONTRACT_CREATION"},
    {TxError::EmptyAuthorizations, "TYPE_4_EMPTY_AUTHORIZATION_LIST"},
};

struct BlockRow {
    stf::BlockError error;
    const char* names;
};
using stf::BlockError;
constexpr BlockRow BLOCK_ROWS[] = {
    {BlockError::GasLimit, "INVALID_GASLIMIT"},
    {BlockError::BaseFee, "INVALID_BASEFEE_PER_GAS"},
    {BlockError::GasUsed, "INVALID_GAS_USED"},
    {BlockError::BlobGasUsed, "INCORRECT_BLOB_GAS_USED"},
    {BlockError::ExcessBlobGas, "INCORRECT_EXCESS_BLOB_GAS"},
    {BlockError::BlobGasLimit,
     "BLOB_GAS_USED_ABOVE_LIMIT|TYPE_3_TX_MAX_BLOB_GAS_ALLOWANCE_EXCEEDED|TYPE_3_TX_BLOB_COUNT_EXCEEDED"},
    {BlockError::MissingField, "INCORRECT_BLOCK_FORMAT"},
    {BlockError::UnexpectedField, "INCORRECT_BLOCK_FORMAT|TYPE_3_TX_PRE_FORK"},
    {BlockError::RequestsHash, "INVALID_REQUESTS"},
    {BlockError::RequestsInvalid, "INVALID_DEPOSIT_EVENT_LAYOUT"},
    {BlockError::SystemCallFailed, "SYSTEM_CONTRACT_CALL_FAILED|SYSTEM_CONTRACT_EMPTY"},
    {BlockError::SizeLimit, "RLP_BLOCK_LIMIT_EXCEEDED"},
    {BlockError::WithdrawalsRoot, "INVALID_WITHDRAWALS_ROOT"},
};

}  // namespace

bool names_overlap(std::string_view expected, std::string_view ours) {
    for (std::size_t start = 0; start <= ours.size();) {
        const std::size_t end = std::min(ours.find('|', start), ours.size());
        const auto name = "." + std::string(ours.substr(start, end - start));
        const auto at = expected.find(name);
        if (at != expected.npos && (at + name.size() == expected.size() || expected[at + name.size()] == '|'))
            return true;
        start = end + 1;
    }
    return false;
}

std::string expected_names(stf::TxError error) {
    for (const auto& row : TX_ROWS)
        if (row.error == error) return row.names;
    return "(a name that no suite uses)";
}

bool is_expected(std::string_view expected, stf::TxError error) {
    for (const auto& row : TX_ROWS)
        if (row.error == error) return names_overlap(expected, row.names);
    return false;
}

bool is_expected(std::string_view expected, const stf::BlockFailure& failure) {
    if (failure.tx_error) return is_expected(expected, *failure.tx_error);
    for (const auto& row : BLOCK_ROWS)
        if (row.error == failure.error) return names_overlap(expected, row.names);
    return false;
}

namespace {
std::string describe(const state::MemoryState::Entry& entry) {
    std::string out = "nonce " + to_decimal(U256{entry.account.nonce}) + " balance " +
                      to_decimal(entry.account.balance) + " code " + to_hex(entry.account.code_hash).substr(0, 10);
    for (const auto& [key, value] : entry.storage) out += " [" + to_quantity(key) + "]=" + to_quantity(value);
    return out;
}
}  // namespace

std::string describe_difference(const state::MemoryState& expected, const state::MemoryState& found) {
    std::string out;
    const auto line = [&out](const Address& address, const std::string& what) {
        if (out.size() < 2'000) out += "\n      " + to_hex(address) + " " + what;
    };
    for (const auto& [address, entry] : expected.accounts) {
        const auto other = found.accounts.find(address);
        if (other == found.accounts.end())
            line(address, "is missing; expected " + describe(entry));
        else if (other->second != entry)
            line(address, "is " + describe(other->second) + "; expected " + describe(entry));
    }
    for (const auto& [address, entry] : found.accounts)
        if (!expected.accounts.contains(address)) line(address, "is too many: " + describe(entry));
    return out;
}

}  // namespace entresol::conformance
