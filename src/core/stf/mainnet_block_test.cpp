// Ethereum block 22244135 (Cancun, 125 transactions): every receipt, the gas and what each transaction left behind must be those of the chain.
#include <gtest/gtest.h>

#include "core/state/memory_state.hpp"
#include "core/stf/transition.hpp"
#include "testing/mainnet_block.hpp"

namespace entresol::stf {
namespace {

using namespace entresol::testing;  // NOLINT: the readers of JSON fields

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
    const auto diff_file = parse_json_file(folder / "22244135-difftrace.json");
    const auto& transactions = list_of(block_file.as_object().at("result").as_object().at("transactions"));
    MainnetBlock loaded = load_mainnet_block(folder);
    const auto& header = loaded.block.header;
    const auto& decoded = loaded.block.transactions;
    state::Journal journal(loaded.state);
    const auto context =
        make_block_context(header, chain::ChainConfig::mainnet().rules_at(header.number, header.timestamp));
    evm::Vm vm(journal, context);
    BlockProgress progress;
    std::vector<chain::Receipt> receipts;
    for (std::size_t i = 0; i < transactions.size(); ++i) {
        SCOPED_TRACE("transaction " + std::to_string(i));
        const auto& fields = transactions[i].as_object();
        ASSERT_EQ(to_hex(chain::transaction_hash(decoded[i])), text(fields, "hash"));
        const auto sender = chain::recover_sender(decoded[i]);
        ASSERT_EQ(sender, to_fixed<Address>(text(fields, "from")));
        const auto outcome = apply_transaction(journal, vm, context, progress, decoded[i], *sender);
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
