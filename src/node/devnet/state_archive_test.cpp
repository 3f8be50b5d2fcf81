// A devnet's state as a file: what comes back is what went in, and nothing that was changed on the way is let in.
#include "node/devnet/state_archive.hpp"

#include <random>

#include "node/devnet/rollup_testing.hpp"
#include "node/devnet/system.hpp"

namespace entresol::devnet {
namespace {

std::shared_ptr<store::BlockStore> store_with_genesis(const chain::ChainConfig& config, const chain::Genesis& genesis) {
    auto store = memory_store();
    (void)ledger::Ledger(config, genesis, store);
    return store;
}

// Blocks with deposits and transfers, a contract, development writes, a reorg's abandoned blocks, batches on L1.
class ArchivedRollup : public ::testing::Test {
protected:
    ArchivedRollup() : rollup(false) {
        rollup.deposit(dev_accounts()[3].address, 1'000);
        rollup.live(4);
        rollup.l2.set_account(dev_accounts()[7].address, {.nonce = 9, .balance = U256{77}}, std::nullopt);
        rollup.l2.set_storage(dev_accounts()[8].address, U256{1}, U256{2});
        rollup.transfer();
        EXPECT_TRUE(rollup.seal_l2());
    }
    [[nodiscard]] ledger::ChainArchive l2_archive() { return ledger::make_archive(rollup.l2.ledger()); }
    [[nodiscard]] Result<void, std::string> restore_l2(const ledger::ChainArchive& archive) const {
        return ledger::restore_archive(archive, *store_with_genesis(rollup.config.l2_config, rollup.config.l2_genesis));
    }
    void expect_refused(const ledger::ChainArchive& archive, const char* why) const {
        const auto outcome = restore_l2(archive);
        ASSERT_FALSE(outcome) << why;
        EXPECT_NE(outcome.error().find(why), std::string::npos) << outcome.error();
    }
    Rollup rollup;
};

TEST_F(ArchivedRollup, ChainsComeBackWithBlocksReceiptsHeadsAndStates) {
    for (auto* layer : {&rollup.l1, &rollup.l2}) {
        const bool is_l2 = layer == &rollup.l2;
        const auto& config = is_l2 ? rollup.config.l2_config : rollup.config.l1_config;
        const auto& genesis = is_l2 ? rollup.config.l2_genesis : rollup.config.l1_genesis;
        const auto archive = ledger::make_archive(layer->ledger());
        const auto store = store_with_genesis(config, genesis);
        const auto restored = ledger::restore_archive(archive, *store);
        ASSERT_TRUE(restored) << restored.error();
        const ledger::Ledger again(config, genesis, store);
        EXPECT_EQ(again.head()->hash, layer->ledger().head()->hash);
        EXPECT_EQ(again.safe()->hash, layer->ledger().safe()->hash);
        EXPECT_EQ(again.finalized()->hash, layer->ledger().finalized()->hash);
        expect_same_chain(again, layer->ledger(), again.head()->number());
        for (std::uint64_t number = 0; number <= again.head()->number(); ++number) {
            const auto block = again.find_block(number), original = layer->ledger().find_block(number);
            ASSERT_EQ(block->outcomes.size(), original->outcomes.size());
            for (std::size_t i = 0; i < block->outcomes.size(); ++i) {
                EXPECT_EQ(block->outcomes[i].receipt, original->outcomes[i].receipt);
                EXPECT_EQ(block->outcomes[i].l1_fee, original->outcomes[i].l1_fee);
                const auto found = again.find_transaction(block->tx_hashes[i]);
                ASSERT_TRUE(found.has_value());
                EXPECT_EQ(found->block->hash, block->hash);
            }
            const auto view = again.state_at(block).open(), before = layer->ledger().state_at(original).open();
            for (const auto& account : dev_accounts())
                EXPECT_EQ(view->find_account(account.address), before->find_account(account.address));
            EXPECT_FALSE(view->has_failed());
        }
    }
    const auto view = rollup.l2.ledger().state_at(rollup.l2.ledger().head()).open();
    EXPECT_EQ(view->find_account(dev_accounts()[7].address)->balance, U256{77});
    EXPECT_EQ(view->load_storage(dev_accounts()[8].address, U256{1}), U256{2});
}

TEST_F(ArchivedRollup, WhatOneBlockLacksIsNotLetIn) {
    const auto whole = l2_archive();
    ASSERT_TRUE(restore_l2(whole));
    ASSERT_GT(whole.blocks.size(), 4U);

    auto archive = whole;
    archive.blocks.erase(archive.blocks.begin() + 1);
    expect_refused(archive, "block 2: it has another number");
    archive = whole;
    std::swap(archive.blocks[1].body, archive.blocks[2].body);
    expect_refused(archive, "block 2");
    archive = whole;
    archive.blocks[2].receipts = archive.blocks[0].receipts;
    expect_refused(archive, "block 3: its receipts");
    archive = whole;
    archive.blocks[3].body.resize(archive.blocks[3].body.size() / 2);
    expect_refused(archive, "block 4: it cannot be decoded");
    archive = whole;
    archive.safe = archive.blocks.size() + 1;
    expect_refused(archive, "safe and finalized");
    archive = whole;
    archive.codes.pop_back();
    expect_refused(archive, "is missing");
}

// Every node is needed: the archive of a state holds no others.
TEST_F(ArchivedRollup, NoNodeCanBeLeftOutOrChanged) {
    const auto whole = l2_archive();
    std::mt19937_64 random(11);
    for (int i = 0; i < 60; ++i) {
        auto archive = whole;
        const auto index = random() % archive.nodes.size();
        if (i % 2 == 0) {
            archive.nodes.erase(archive.nodes.begin() + static_cast<std::ptrdiff_t>(index));
        } else {
            auto& node = archive.nodes[index];
            node[random() % node.size()] ^= static_cast<std::uint8_t>(1 + random() % 255);
        }
        const auto outcome = restore_l2(archive);
        // A node that only the genesis state needs is in the store already.
        EXPECT_TRUE(outcome || outcome.error().find("missing") != std::string::npos) << outcome.error();
        const auto store = store_with_genesis(rollup.config.l2_config, rollup.config.l2_genesis);
        EXPECT_TRUE(!outcome || store->find_node(crypto::keccak256(whole.nodes[index])).has_value()) << index;
    }
}

StateArchive whole_archive(Rollup& rollup) {
    return {.options = {},
            .genesis_time = rollup.config.rollup.l2_genesis_timestamp,
            .now_ms = 1'700'000'000'123,
            .l1 = {.chain = ledger::make_archive(rollup.l1.ledger()),
                   .facts = {{Bytes{1}, Bytes{2, 3}}},
                   .outbox = {{Bytes{4}, Bytes{}}}},
            .l2 = {.chain = ledger::make_archive(rollup.l2.ledger()), .facts = {}, .outbox = {}},
            .blobs = {{Hash32{}, Bytes(10, 7)}}};
}

TEST_F(ArchivedRollup, AFileComesBackAsItWas) {
    auto archive = whole_archive(rollup);
    archive.options.l2_chain_id = 4242;
    archive.options.challenge_period_s = 99;
    const auto file = encode(archive);
    Options running;
    running.port = 1;
    const auto read = decode_state_archive(file, running);
    ASSERT_TRUE(read) << read.error();
    EXPECT_EQ(encode(*read), file);
    EXPECT_EQ(read->options.l2_chain_id, 4242U);
    EXPECT_EQ(read->options.challenge_period_s, 99U);
    EXPECT_EQ(read->options.port, 1U);  // its own
    EXPECT_EQ(read->now_ms, archive.now_ms);
    EXPECT_EQ(read->l1.facts, archive.l1.facts);
    EXPECT_EQ(read->l1.outbox, archive.l1.outbox);
    EXPECT_EQ(read->blobs, archive.blobs);
}

TEST_F(ArchivedRollup, DamageAndStrangersAreRefusedInWords) {
    const auto file = encode(whole_archive(rollup));
    const auto why = [](ByteView bytes) {
        const auto read = decode_state_archive(bytes, {});
        return read ? std::string("accepted") : read.error();
    };
    EXPECT_NE(why({}).find("no state"), std::string::npos);
    EXPECT_NE(why(Bytes{0x1f, 0x8b, 8}).find("no state"), std::string::npos);
    auto other = file;
    other[22] = 9;
    EXPECT_NE(why(other).find("version 9"), std::string::npos) << why(other);
    for (std::size_t size = 0; size < file.size(); size += 1 + file.size() / 97)
        EXPECT_NE(why(ByteView(file).first(size)), "accepted");
    std::mt19937_64 random(3);
    for (int i = 0; i < 100; ++i) {
        other = file;
        other[23 + random() % (file.size() - 23)] ^= static_cast<std::uint8_t>(1 << random() % 8);
        const auto outcome = why(other);
        // The last bits of a compressed stream are padding.
        EXPECT_TRUE(outcome != "accepted" || encode(decode_state_archive(other, {}).value()) == file);
    }
}

// Numbers that the command line would refuse are refused in a file too.
TEST_F(ArchivedRollup, OptionsHaveBounds) {
    for (const auto spoil :
         {+[](Options& o) { o.l2_chain_id = 0; }, +[](Options& o) { o.l2_block_time_ms = 0; },
          +[](Options& o) { o.l2_gas_limit = 1; }, +[](Options& o) { o.challenge_period_s = ~0ULL; },
          +[](Options& o) { o.sequencing_window_blocks = 0; }, +[](Options& o) { o.exit_window_s = ~0ULL; }}) {
        auto archive = whole_archive(rollup);
        spoil(archive.options);
        EXPECT_FALSE(decode_state_archive(encode(archive), {}));
    }
}

TEST_F(ArchivedRollup, ARestoredRollupGoesOnWhereItWas) {
    rollup.settle_until_safe(6);
    StateArchive archive = whole_archive(rollup);
    archive.l1.facts.clear();
    archive.l1.outbox.clear();
    Stores stores{.l1 = memory_store(), .l2 = memory_store(), .genesis_time = archive.genesis_time};
    const auto restored = restore(archive, rollup.config, {.l1 = stores.l1, .l2 = stores.l2, .keeps = false});
    ASSERT_TRUE(restored) << restored.error();
    Rollup second(false, {}, stores);
    const auto head = second.l2.ledger().head()->number();
    ASSERT_EQ(second.l2.ledger().head()->hash, rollup.l2.ledger().head()->hash);
    second.live(3);
    second.settle_until_safe(head);
    EXPECT_EQ(second.l2.ledger().find_block_hash(head), rollup.l2.ledger().find_block_hash(head));
}

}  // namespace
}  // namespace entresol::devnet
