// Blocks of real chains and of the public conformance exchange: hashes, roots and senders must come out as the world has them.
#include <gtest/gtest.h>

#include "core/chain/json_testing.hpp"
#include "core/crypto/keccak.hpp"
#include "testing/shared_data.hpp"

namespace entresol::chain {
namespace {

boost::json::value read_json(const std::filesystem::path& file) { return boost::json::parse(testing::read_file(file)); }

std::vector<Transaction> read_transactions(const boost::json::value& block) {
    std::vector<Transaction> transactions;
    for (const auto& tx : block.at("transactions").as_array()) transactions.push_back(read_transaction_json(tx));
    return transactions;
}

TEST(MainnetBlock22244135, HeaderTransactionsAndWithdrawals) {
    ENTRESOL_SHARED_OR_SKIP(folder, "mainnet-block");
    const auto file = read_json(folder / "22244135-block.json");
    const auto& json = file.at("result");
    Block block;
    block.header = read_header_json(json);
    EXPECT_EQ(header_hash(block.header), fixed_of<Hash32>(json, "hash"));

    block.transactions = read_transactions(json);
    ASSERT_EQ(block.transactions.size(), 125U);
    EXPECT_EQ(compute_transactions_root(block.transactions), block.header.transactions_root);
    std::vector<std::optional<Address>> senders(125);
    recover_senders(block.transactions, senders);
    for (std::size_t i = 0; i < block.transactions.size(); ++i) {
        const auto& tx = json.at("transactions").at(i);
        EXPECT_EQ(transaction_hash(block.transactions[i]), fixed_of<Hash32>(tx, "hash"));
        EXPECT_EQ(senders[i], fixed_of<Address>(tx, "from"));
    }

    auto& withdrawals = block.withdrawals.emplace();
    for (const auto& entry : json.at("withdrawals").as_array())
        withdrawals.push_back({u64_of(entry, "index"), u64_of(entry, "validatorIndex"),
                               fixed_of<Address>(entry, "address"), u64_of(entry, "amount")});
    EXPECT_EQ(compute_withdrawals_root(withdrawals), block.header.withdrawals_root);

    const Bytes encoded = encode(block);
    EXPECT_EQ(encoded.size(), u64_of(json, "size"));
    EXPECT_EQ(decode_block(encoded), block);
}

TEST(MainnetBlock22244135, Receipts) {
    ENTRESOL_SHARED_OR_SKIP(folder, "mainnet-block");
    const auto block = read_json(folder / "22244135-block.json");
    const auto file = read_json(folder / "22244135-receipts.json");
    std::vector<Receipt> receipts;
    Bloom bloom;
    for (const auto& entry : file.at("result").as_array()) {
        receipts.push_back(read_receipt_json(entry));
        EXPECT_EQ(compute_bloom(receipts.back().logs), receipts.back().bloom);
        merge_bloom(bloom, receipts.back().bloom);
        EXPECT_EQ(decode_receipt(encode(receipts.back())), receipts.back());
    }
    EXPECT_EQ(compute_receipts_root(receipts), fixed_of<Hash32>(block.at("result"), "receiptsRoot"));
    EXPECT_EQ(bloom, fixed_of<Bloom>(block.at("result"), "logsBloom"));
}

TEST(OpSepolia, HeadersLinkAndTransactionsRoundTrip) {
    ENTRESOL_SHARED_OR_SKIP(folder, "op-sepolia");
    for (const std::uint64_t number : {26207960U, 26207961U, 26207962U, 26207963U, 26208384U, 26208927U}) {
        const auto file = read_json(folder / (std::to_string(number) + ".json"));
        const auto& transactions = file.at("executing_payload").at("transactions").as_array();
        for (std::size_t i = 0; i < transactions.size(); ++i) {
            const Bytes raw = parse_hex(transactions[i].as_string()).value();
            const auto tx = decode_transaction(raw);
            ASSERT_TRUE(tx) << to_string(tx.error());
            EXPECT_EQ(encode(*tx), raw);
            EXPECT_EQ(transaction_hash(*tx), crypto::keccak256(raw));
            EXPECT_EQ(tx->type == TxType::Deposit, i == 0);
            EXPECT_TRUE(recover_sender(*tx));
        }
        const Header parent = read_header_json(file.at("parent_header"));
        EXPECT_EQ(parent.number, number - 1);
        const auto previous = folder / (std::to_string(number - 1) + ".json");
        if (std::filesystem::exists(previous)) {
            EXPECT_EQ(header_hash(parent), fixed_of<Hash32>(read_json(previous), "expected_block_hash"));
        }
    }
}

TEST(ExecutionApis, ChainOfEveryForkLinksAndRoundTrips) {
    ENTRESOL_SHARED_OR_SKIP(folder, "execution-apis");
    const std::string file = testing::read_file(folder / "chain.rlp");
    codec::RlpReader chain({reinterpret_cast<const std::uint8_t*>(file.data()), file.size()});
    std::optional<Header> parent;
    std::size_t blocks = 0;
    while (!chain.empty()) {
        const auto raw = chain.read_raw();
        ASSERT_TRUE(raw);
        const auto block = decode_block(*raw);
        ASSERT_TRUE(block) << blocks;
        EXPECT_EQ(encode(*block), to_bytes(*raw));
        EXPECT_EQ(compute_transactions_root(block->transactions), block->header.transactions_root);
        EXPECT_EQ(block->withdrawals.has_value(), block->header.withdrawals_root.has_value());
        if (block->withdrawals) {
            EXPECT_EQ(compute_withdrawals_root(*block->withdrawals), block->header.withdrawals_root);
        }
        for (const auto& tx : block->transactions) EXPECT_TRUE(recover_sender(tx));
        if (parent) {
            EXPECT_EQ(block->header.parent_hash, header_hash(*parent));
        }
        parent = block->header;
        ++blocks;
    }
    EXPECT_GT(blocks, 40U);
    const auto head = read_json(folder / "headfcu.json");
    EXPECT_EQ(header_hash(*parent), fixed_of<Hash32>(head.at("params").at(0), "headBlockHash"));
}

}  // namespace
}  // namespace entresol::chain
