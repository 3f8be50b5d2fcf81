// Ethereum block 22244135 (Cancun, 125 transactions): every receipt, the gas and what each transaction left behind must be those of the chain.
#include <gtest/gtest.h>

#include "core/state/memory_state.hpp"
#include "core/stf/transition.hpp"
#include "testing/json_fields.hpp"

namespace entresol::stf {
namespace {

using namespace testing;  // NOLINT: the readers of JSON fields

chain::Transaction read_transaction(const json::object& o) {
    chain::Transaction tx;
    tx.type = static_cast<chain::TxType>(to_u64(text(o, "type")));
    if (!text(o, "chainId").empty()) tx.chain_id = to_u64(text(o, "chainId"));
    tx.nonce = to_u64(text(o, "nonce"));
    const bool dynamic = tx.type != chain::TxType::Legacy && tx.type != chain::TxType::AccessList;
    tx.max_fee_per_gas = to_u256(text(o, dynamic ? "maxFeePerGas" : "gasPrice"));
    tx.max_priority_fee_per_gas = to_u256(text(o, dynamic ? "maxPriorityFeePerGas" : "gasPrice"));
    tx.gas_limit = to_u64(text(o, "gas"));
    if (!text(o, "to").empty()) tx.to = to_fixed<Address>(text(o, "to"));
    tx.value = to_u256(text(o, "value"));
    tx.data = to_bytes(text(o, "input"));
    tx.signature.r = to_u256(text(o, "r"));
    tx.signature.s = to_u256(text(o, "s"));
    const std::uint64_t v = to_u64(text(o, "v"));
    tx.signature.y_parity = static_cast<std::uint8_t>(
        tx.type != chain::TxType::Legacy ? v : (v + 1) % 2);  // 27, 35 + 2 * chain id: even parity
    if (const auto* list = o.if_contains("accessList"))
        for (const auto& entry : list->as_array()) {
            chain::AccessListEntry item{to_fixed<Address>(text(entry.as_object(), "address")), {}};
            for (const auto& key : entry.as_object().at("storageKeys").as_array())
                item.storage_keys.push_back(to_fixed<Hash32>(key.as_string()));
            tx.access_list.push_back(std::move(item));
        }
    return tx;
}

chain::Header read_header(const json::object& o) {
    chain::Header h;
    h.parent_hash = to_fixed<Hash32>(text(o, "parentHash"));
    h.coinbase = to_fixed<Address>(text(o, "miner"));
    h.number = to_u64(text(o, "number"));
    h.gas_limit = to_u64(text(o, "gasLimit"));
    h.gas_used = to_u64(text(o, "gasUsed"));
    h.timestamp = to_u64(text(o, "timestamp"));
    h.prev_randao = to_fixed<Hash32>(text(o, "mixHash"));
    h.base_fee_per_gas = to_u256(text(o, "baseFeePerGas"));
    h.blob_gas_used = to_u64(text(o, "blobGasUsed"));
    h.excess_blob_gas = to_u64(text(o, "excessBlobGas"));
    h.receipts_root = to_fixed<Hash32>(text(o, "receiptsRoot"));
    h.transactions_root = to_fixed<Hash32>(text(o, "transactionsRoot"));
    h.logs_bloom = to_fixed<Bloom>(text(o, "logsBloom"));
    return h;
}

/// The trace gives the state before each transaction; what a transaction sees first of an account or slot is its state before the block.
state::MemoryState read_state_before(const json::array& traces) {
    state::MemoryState state;
    std::map<std::pair<Address, U256>, bool> seen;
    for (const auto& trace : traces)
        for (const auto& [address_text, value] : trace.as_object().at("result").as_object()) {
            const auto& fields = value.as_object();
            const auto address = to_fixed<Address>(address_text);
            if (!state.accounts.contains(address)) {
                auto& account = state.accounts[address].account;
                account.balance = to_u256(text(fields, "balance"));
                if (const auto* nonce = fields.if_contains("nonce"))
                    account.nonce = static_cast<std::uint64_t>(nonce->as_int64());
                if (!text(fields, "code").empty()) state.set_code(address, to_bytes(text(fields, "code")));
            }
            const auto* storage = fields.if_contains("storage");
            if (storage == nullptr) continue;
            for (const auto& [key, slot] : storage->as_object())
                if (seen.insert({{address, to_u256(key)}, true}).second && !to_u256(slot.as_string()).is_zero())
                    state.accounts[address].storage[to_u256(key)] = to_u256(slot.as_string());
        }
    return state;
}

void expect_receipt(const TxOutcome& outcome, const json::object& expected) {
    EXPECT_EQ(outcome.receipt.succeeded, text(expected, "status") == "0x1");
    EXPECT_EQ(outcome.gas_used, to_u64(text(expected, "gasUsed")));
    EXPECT_EQ(outcome.receipt.cumulative_gas_used, to_u64(text(expected, "cumulativeGasUsed")));
    EXPECT_EQ(outcome.effective_gas_price, to_u256(text(expected, "effectiveGasPrice")));
    const auto& logs = expected.at("logs").as_array();
    ASSERT_EQ(outcome.receipt.logs.size(), logs.size());
    for (std::size_t i = 0; i < logs.size(); ++i) {
        const auto& log = logs[i].as_object();
        EXPECT_EQ(outcome.receipt.logs[i].address, to_fixed<Address>(text(log, "address")));
        EXPECT_EQ(outcome.receipt.logs[i].data, to_bytes(text(log, "data")));
        ASSERT_EQ(outcome.receipt.logs[i].topics.size(), log.at("topics").as_array().size());
    }
}

void expect_state_after(state::Journal& journal, const json::object& post) {
    for (const auto& [address_text, value] : post) {
        const auto& fields = value.as_object();
        const auto address = to_fixed<Address>(address_text);
        if (fields.contains("balance")) {
            EXPECT_EQ(journal.balance(address), to_u256(text(fields, "balance"))) << address_text;
        }
        if (const auto* nonce = fields.if_contains("nonce")) {
            EXPECT_EQ(journal.nonce(address), static_cast<std::uint64_t>(nonce->as_int64()));
        }
        if (const auto* storage = fields.if_contains("storage")) {
            for (const auto& [key, slot] : storage->as_object())
                EXPECT_EQ(journal.load_storage(address, to_u256(key)), to_u256(slot.as_string()))
                    << address_text << " " << key;
        }
    }
}

TEST(MainnetBlock, EveryReceiptMatches) {
    ENTRESOL_SHARED_OR_SKIP(folder, "mainnet-block");
    const auto block_file = parse_json_file(folder / "22244135-block.json");
    const auto receipts_file = parse_json_file(folder / "22244135-receipts.json");
    const auto before_file = parse_json_file(folder / "22244135-prestatetrace.json");
    const auto diff_file = parse_json_file(folder / "22244135-difftrace.json");
    const auto list_of = [](const json::value& v) -> const json::array& {
        return v.is_array() ? v.as_array() : v.as_object().at("result").as_array();
    };
    const auto& block = block_file.as_object().at("result").as_object();
    const auto& transactions = block.at("transactions").as_array();
    const auto header = read_header(block);

    state::MemoryState state = read_state_before(list_of(before_file));
    state.block_hashes[header.number - 1] = header.parent_hash;
    state::Journal journal(state);
    const auto context =
        make_block_context(header, chain::ChainConfig::mainnet().rules_at(header.number, header.timestamp));
    evm::Vm vm(journal, context);
    BlockProgress progress;
    std::vector<chain::Transaction> decoded;
    std::vector<chain::Receipt> receipts;
    for (std::size_t i = 0; i < transactions.size(); ++i) {
        SCOPED_TRACE("transaction " + std::to_string(i));
        const auto& fields = transactions[i].as_object();
        decoded.push_back(read_transaction(fields));
        ASSERT_EQ(to_hex(chain::transaction_hash(decoded.back())), text(fields, "hash"));
        const auto sender = chain::recover_sender(decoded.back());
        ASSERT_EQ(sender, to_fixed<Address>(text(fields, "from")));
        const auto outcome = apply_transaction(journal, vm, context, progress, decoded.back(), *sender);
        ASSERT_TRUE(outcome) << to_string(outcome.error());
        expect_receipt(*outcome, list_of(receipts_file)[i].as_object());
        expect_state_after(journal, list_of(diff_file)[i].as_object().at("result").as_object().at("post").as_object());
        receipts.push_back(outcome->receipt);
    }
    EXPECT_EQ(progress.gas_used, header.gas_used);
    EXPECT_EQ(chain::compute_transactions_root(decoded), header.transactions_root);
    EXPECT_EQ(chain::compute_receipts_root(receipts), header.receipts_root);
}

}  // namespace
}  // namespace entresol::stf
