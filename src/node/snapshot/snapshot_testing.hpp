// A small rollup made by hand, for tests: blocks with L1 attributes on a genesis, and at the last of them a state of the wanted size.
#pragma once

#include <memory>

#include "core/derive/l1_info.hpp"
#include "node/genesis/chain_file.hpp"
#include "node/ledger/ledger.hpp"
#include "node/ledger/stored_outcomes.hpp"
#include "node/snapshot/export_snapshot.hpp"
#include "node/store/block_store.hpp"

namespace entresol::snapshot {

struct TestSize {
    std::uint64_t accounts = 30, slots = 20, blocks = 4;
};

class TestChain {
public:
    explicit TestChain(TestSize size = {}) : store_(std::make_shared<store::BlockStore>(store::make_memory_store())) {
        chain.rollup.l2 = chain::ChainConfig::op_all_active(901);
        chain.l2_genesis.timestamp = 1'700'000'000;
        chain.l2_genesis.withdrawals_root = crypto::EMPTY_TRIE_ROOT;
        chain.l2_genesis.extra_data = Bytes(17);
        const ledger::Ledger ledger(chain.rollup.l2, chain.l2_genesis, store_);
        chain.rollup.l2_genesis = {ledger.genesis()->hash, 0};
        make_state(size);
        make_blocks(*ledger.genesis(), size.blocks);
    }

    store::BlockStore& store() { return *store_; }
    genesis::ChainFile chain;
    Hash32 state_root, passer_root, newest;
    Hash32 large_account, code_hash;  // of the account with all the slots, and of its code
    std::vector<Bytes> slot_values;

private:
    using Nodes = std::vector<std::pair<Hash32, Bytes>>;
    struct Sink final : trie::NodeSink {
        void put_node(const Hash32& hash, Bytes rlp) override { nodes.emplace_back(hash, std::move(rlp)); }
        Nodes nodes;
    };
    static Hash32 key_of(std::uint64_t n, std::uint8_t kind) {
        const std::uint8_t bytes[] = {kind, static_cast<std::uint8_t>(n >> 16), static_cast<std::uint8_t>(n >> 8),
                                      static_cast<std::uint8_t>(n)};
        return crypto::keccak256(bytes);
    }
    Hash32 add_trie(std::vector<trie::TrieChange> entries) {
        std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.key < b.key; });
        Sink sink;
        const auto root = trie::update_root(*store_, crypto::EMPTY_TRIE_ROOT, entries, sink).value();
        store_->put_nodes(sink.nodes, {});
        return root;
    }
    void make_state(const TestSize& size) {
        std::vector<trie::TrieChange> slots, few, accounts;
        for (std::uint64_t n = 0; n < size.slots; ++n) {
            Bytes value;
            codec::append_uint(value, n + 1);
            slots.push_back({key_of(n, 1), value});
        }
        few.push_back({key_of(7, 2), Bytes{5}});
        few.push_back({key_of(8, 2), Bytes{6}});
        const Hash32 large = add_trie(slots), small = add_trie(few);
        passer_root = small;
        const Bytes code{0x60, 0x01, 0x60, 0x00, 0x55}, other_code{0x00};
        code_hash = crypto::keccak256(code);
        store_->put_nodes({}, {{code_hash, code}, {crypto::keccak256(other_code), other_code}});
        for (std::uint64_t n = 0; n < size.accounts; ++n) {
            state::TrieAccount account;
            account.account.nonce = n;
            account.account.balance = U256{n + 1} << 64;
            if (n == 0) account.storage_root = large;
            if (n == 0) account.account.code_hash = code_hash;
            if (n == 1 || n == 2) account.storage_root = small;
            if (n == 2) account.account.code_hash = crypto::keccak256(other_code);
            accounts.push_back({key_of(n, 3), encode(account)});
        }
        large_account = key_of(0, 3);
        state_root = add_trie(accounts);
    }
    void make_blocks(const ledger::StoredBlock& genesis, std::uint64_t count) {
        newest = genesis.hash;
        for (std::uint64_t number = 1; number <= count; ++number) {
            chain::Transaction attributes;
            attributes.type = chain::TxType::Deposit;
            attributes.to = Address{};
            attributes.gas_limit = 1'000'000;
            attributes.data =
                derive::encode_l1_info({.number = 100 + number, .timestamp = number, .block_hash = key_of(number, 4)},
                                       derive::L1InfoLayout::Jovian);
            stf::TxOutcome outcome;
            outcome.receipt.type = chain::TxType::Deposit;
            outcome.receipt.succeeded = true;
            outcome.receipt.cumulative_gas_used = 46'000;
            outcome.receipt.deposit_nonce = number;
            outcome.receipt.deposit_receipt_version = 1;
            chain::Block block;
            block.header = genesis.block.header;
            block.header.parent_hash = newest;
            block.header.number = number;
            block.header.timestamp += 2 * number;
            block.header.state_root = state_root;
            block.header.withdrawals_root = passer_root;
            block.transactions = {attributes};
            block.withdrawals.emplace();
            block.header.transactions_root = chain::compute_transactions_root(block.transactions);
            block.header.receipts_root = chain::compute_receipts_root({outcome.receipt});
            newest = chain::header_hash(block.header);
            store_->append_block({.hash = newest,
                                  .number = number,
                                  .header_rlp = chain::encode(block.header),
                                  .body = chain::encode(block),
                                  .receipts = ledger::encode_outcomes({Address{}}, {outcome}),
                                  .tx_hashes = {chain::transaction_hash(attributes)},
                                  .state = {},
                                  .codes = {}});
        }
    }

    std::shared_ptr<store::BlockStore> store_;
};

inline void no_progress(const Totals&) {}

struct EmptySink final : CheckedSink {
    void block(const chain::Block&, const Hash32&, const std::vector<chain::Receipt>&) override { ++entries; }
    void account(const Hash32&, ByteView) override { ++entries; }
    void slot(const Hash32&, const Hash32&, ByteView) override { ++entries; }
    void code(const Hash32&, ByteView) override { ++entries; }
    void put_node(const Hash32&, Bytes) override {}
    std::uint64_t entries = 0;
};

}  // namespace entresol::snapshot
