#include "node/replay/json_parts.hpp"

#include <set>
#include <stdexcept>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "node/conformance/fields.hpp"
#include "node/l1/parse.hpp"

namespace entresol::replay {
namespace {

using conformance::array_member;
using conformance::as_array;
using conformance::as_object;
using conformance::text;
using conformance::to_bytes;
using conformance::to_fixed;
using conformance::to_u256;
using conformance::to_u64;

constexpr std::uint64_t DEPOSIT_TYPE = 0x7E;

[[noreturn]] void malformed(const std::string& what) { throw std::runtime_error(what + " is malformed"); }

std::string_view as_text(const json::value& value, const char* what) {
    if (!value.is_string()) malformed(what);
    return value.get_string();
}

bool is_deposit(const json::object& object) { return l1::field_u64(object, "type") == DEPOSIT_TYPE; }

/// OP Stack specs, deposits: no signature, the sender stands in it.
chain::Transaction read_deposit(const json::object& object) {
    chain::Transaction tx;
    tx.type = chain::TxType::Deposit;
    tx.source_hash = to_fixed<Hash32>(text(object, "sourceHash"));
    tx.from = to_fixed<Address>(text(object, "from"));
    if (!text(object, "to").empty()) tx.to = to_fixed<Address>(text(object, "to"));
    tx.mint = l1::field_u256(object, "mint").value_or(U256{});
    tx.value = to_u256(text(object, "value"));
    tx.gas_limit = to_u64(text(object, "gas"));
    const auto* system = object.if_contains("isSystemTx");
    tx.is_system = system != nullptr && system->is_bool() && system->get_bool();
    tx.data = to_bytes(text(object, "input"));
    return tx;
}

chain::Transaction read_transaction(const json::value& value) {
    if (!value.is_object()) throw std::runtime_error("the block has hashes for transactions: ask for full ones");
    if (is_deposit(value.get_object())) return read_deposit(value.get_object());
    auto tx = l1::parse_transaction(value.get_object());
    if (!tx) malformed("a transaction of the block");
    return std::move(*tx);
}

std::vector<chain::Withdrawal> read_withdrawals(const json::array& list) {
    std::vector<chain::Withdrawal> out;
    for (const auto& value : list) {
        const auto& entry = as_object(value, "withdrawal");
        out.push_back({.index = to_u64(text(entry, "index")),
                       .validator_index = to_u64(text(entry, "validatorIndex")),
                       .address = to_fixed<Address>(text(entry, "address")),
                       .amount_gwei = to_u64(text(entry, "amount"))});
    }
    return out;
}

GivenReceipt read_receipt(json::object object) {
    const bool deposit = is_deposit(object);
    if (deposit) object["type"] = "0x0";
    auto receipt = l1::parse_receipt(object);
    if (!receipt) malformed("a receipt");
    if (deposit) {
        receipt->type = chain::TxType::Deposit;
        receipt->deposit_nonce = l1::field_u64(object, "depositNonce");
        receipt->deposit_receipt_version = l1::field_u64(object, "depositReceiptVersion");
    }
    return {.receipt = std::move(*receipt),
            .gas_used = l1::field_u64(object, "gasUsed"),
            .effective_gas_price = l1::field_u256(object, "effectiveGasPrice"),
            .contract_address = l1::field_fixed<Address>(object, "contractAddress")};
}

std::uint64_t read_nonce(const json::value& value) {
    if (value.is_string()) return to_u64(value.get_string());
    if (value.is_int64() && value.get_int64() >= 0) return static_cast<std::uint64_t>(value.get_int64());
    if (value.is_uint64()) return value.get_uint64();
    malformed("a nonce");
}

const json::object& result_of(const json::value& trace) {
    const auto& object = as_object(trace, "a transaction's trace");
    const auto* result = object.if_contains("result");
    return result != nullptr ? as_object(*result, "result") : object;
}

const json::object* storage_of(const json::object& account) {
    const auto* storage = account.if_contains("storage");
    return storage == nullptr ? nullptr : &as_object(*storage, "storage");
}

}  // namespace

chain::Header read_header(const json::object& object) {
    auto header = l1::parse_header(object);
    if (!header) malformed("the block's header");
    return std::move(*header);
}

chain::Block read_block(const json::object& object) {
    chain::Block block;
    block.header = read_header(object);
    for (const auto& value : array_member(object, "transactions"))
        block.transactions.push_back(read_transaction(value));
    if (const auto* ommers = object.if_contains("uncles"); ommers != nullptr && !as_array(*ommers, "uncles").empty())
        throw std::runtime_error("blocks with ommers must be given as RLP (debug_getRawBlock)");
    if (const auto* list = object.if_contains("withdrawals"); list != nullptr && !list->is_null())
        block.withdrawals = read_withdrawals(as_array(*list, "withdrawals"));
    return block;
}

std::vector<GivenReceipt> read_receipts(const json::array& list) {
    std::vector<GivenReceipt> out;
    for (const auto& value : list) out.push_back(read_receipt(as_object(value, "a receipt")));
    return out;
}

std::vector<GivenReceipt> read_raw_receipts(const json::array& list) {
    std::vector<GivenReceipt> out;
    for (const auto& value : list) {
        auto receipt = chain::decode_receipt(to_bytes(as_text(value, "a receipt")));
        if (!receipt) malformed("a receipt");
        out.push_back(
            {.receipt = std::move(*receipt), .gas_used = {}, .effective_gas_price = {}, .contract_address = {}});
    }
    return out;
}

ReadWitness read_witness(const json::object& object) {
    ReadWitness out;
    for (const char* part : {"state", "codes"})
        for (const auto& value : array_member(object, part)) out.preimages.push_back(to_bytes(as_text(value, part)));
    for (const auto& value : array_member(object, "headers")) {
        if (value.is_object()) {
            out.headers.push_back(read_header(value.get_object()));
        } else {
            auto header = chain::decode_header(to_bytes(as_text(value, "headers")));
            if (!header) malformed("a header of the witness");
            out.headers.push_back(std::move(*header));
        }
        out.preimages.push_back(chain::encode(out.headers.back()));
    }
    return out;
}

state::MemoryState read_prestate(const json::array& traces) {
    state::MemoryState state;
    std::set<std::pair<Address, U256>> seen;
    for (const auto& trace : traces)
        for (const auto& [name, value] : result_of(trace)) {
            const auto& fields = as_object(value, name);
            const auto address = to_fixed<Address>(name);
            if (!state.accounts.contains(address)) {
                auto& account = state.accounts[address].account;
                if (!text(fields, "balance").empty()) account.balance = to_u256(text(fields, "balance"));
                if (const auto* nonce = fields.if_contains("nonce")) account.nonce = read_nonce(*nonce);
                if (!text(fields, "code").empty()) state.set_code(address, to_bytes(text(fields, "code")));
            }
            const auto* storage = storage_of(fields);
            if (storage == nullptr) continue;
            for (const auto& [key, slot] : *storage) {
                const U256 word = to_u256(as_text(slot, "a slot"));
                if (seen.emplace(address, to_u256(key)).second && !word.is_zero())
                    state.accounts[address].storage[to_u256(key)] = word;
            }
        }
    std::erase_if(state.accounts, [](const auto& row) {  // the tracer names accounts that are not there yet
        return row.second.account.is_empty() && row.second.storage.empty();
    });
    return state;
}

std::vector<GivenAccounts> read_poststates(const json::array& traces) {
    std::vector<GivenAccounts> out;
    for (const auto& trace : traces) {
        auto& accounts = out.emplace_back();
        for (const auto& [name, value] : conformance::object_member(result_of(trace), "post")) {
            const auto& fields = as_object(value, name);
            auto& account = accounts[to_fixed<Address>(name)];
            if (!text(fields, "balance").empty()) account.balance = to_u256(text(fields, "balance"));
            if (const auto* nonce = fields.if_contains("nonce")) account.nonce = read_nonce(*nonce);
            if (!text(fields, "code").empty()) account.code = to_bytes(text(fields, "code"));
            const auto* storage = storage_of(fields);
            if (storage == nullptr) continue;
            for (const auto& [key, slot] : *storage) account.storage[to_u256(key)] = to_u256(as_text(slot, "a slot"));
        }
    }
    return out;
}

}  // namespace entresol::replay
