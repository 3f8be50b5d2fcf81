// A chain that keeps its history and prunes says the same of every kept block as one that keeps every trie: values, nodes and proofs, through reorgs,
// development writes, reverts below the history's end, reopening and kill -9.
#include <csignal>
#include <filesystem>
#include <random>
#include <thread>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "node/io/loop.hpp"
#include "node/ledger/history_keeper.hpp"
#include "node/ledger/node_overlay.hpp"
#include "node/store/block_store.hpp"

namespace entresol::ledger {
namespace {

constexpr std::uint64_t ADDRESSES = 40, SLOTS = 8;
constexpr std::uint64_t FINAL_BELOW = 12, WHOLE_TRIES = 20, KEPT = 300;

Address address_of(std::uint64_t n) {
    Bytes bytes(8);
    store_be64(bytes.data(), n);
    return from_bytes<Address>(ByteView(crypto::keccak256(bytes).bytes).first(Address::SIZE));
}

/// Few keys and few values: states come back, so that nodes that were given up are written again.
state::StateDiff random_diff(std::mt19937_64& random) {
    state::StateDiff diff;
    for (std::size_t n = 1 + random() % 5; n > 0; --n) {
        auto& part = diff.accounts[address_of(random() % ADDRESSES)];
        if (random() % 6 == 0) {
            part = {.account = std::nullopt, .storage_cleared = true, .storage = {}};
            continue;
        }
        part.account = state::Account{.nonce = random() % 3, .balance = U256{random() % 4}};
        part.storage_cleared = random() % 10 == 0;
        for (std::size_t slots = random() % SLOTS; slots > 0; --slots)
            part.storage[U256{random() % SLOTS}] = random() % 3 == 0 ? U256{} : U256{1 + random() % 2};
    }
    return diff;
}

struct Chain {
    explicit Chain(std::unique_ptr<store::KeyValue> tables)
        : ledger({.chain_id = 10}, {}, std::make_shared<store::BlockStore>(std::move(tables))) {}

    BlockPtr append(state::StateDiff diff, std::uint64_t salt, const std::optional<state::StateDiff>& written) {
        auto& nodes_below = *ledger.store();
        const auto parent = ledger.head();
        Hash32 base = parent->block.header.state_root;
        if (written) {  // as a development method does
            NodeOverlay nodes(nodes_below);
            base = state::compute_state_root(nodes, base, *written, nodes).value();
            nodes_below.put_state(nodes.take(), {});
        }
        NodeOverlay nodes(nodes_below);
        chain::Block block;
        block.header.parent_hash = parent->hash;
        block.header.number = parent->number() + 1;
        block.header.timestamp = salt;
        block.header.state_root = state::compute_state_root(nodes, base, diff, nodes).value();
        block.header.transactions_root = chain::compute_transactions_root({});
        block.header.receipts_root = chain::compute_receipts_root({});
        stf::BlockOutcome outcome;
        outcome.diff = std::move(diff);
        return ledger.commit({.block = std::move(block),
                              .outcome = std::move(outcome),
                              .senders = {},
                              .state = nodes.take(),
                              .base_root = base});
    }
    void go_to(std::uint64_t number) { ledger.set_head(ledger.find_block_hash(number).value()); }
    /// The same seed makes the same chain: one block, now and then after a reorg.
    void grow(std::mt19937_64& random) {
        const auto head = ledger.head()->number();
        const auto depth = random() % 9;
        if (random() % 12 == 0 && head > ledger.finalized()->number() + depth) go_to(head - depth);
        std::optional<state::StateDiff> written;
        if (random() % 10 == 0) written = random_diff(random);
        auto diff = random_diff(random);
        const auto block = append(std::move(diff), random(), written);
        if (block->number() > ledger.finalized()->number() + FINAL_BELOW)
            ledger.set_finalized(ledger.find_block_hash(block->number() - FINAL_BELOW).value());
    }
    [[nodiscard]] std::size_t count_nodes() const {
        std::size_t count = 0;
        ledger.store()->tables()->scan(store::Table::Nodes, {}, store::ScanOrder::Ascending,
                                       [&](ByteView, ByteView) { return ++count > 0; });
        return count;
    }

    Ledger ledger;
};

void expect_same_state(Chain& pruned, Chain& whole, std::uint64_t number) {
    const auto block = pruned.ledger.find_block(number);
    ASSERT_EQ(block->hash, whole.ledger.find_block_hash(number)) << number;
    const auto old = pruned.ledger.state_at(block).open();
    const auto known = whole.ledger.state_at(whole.ledger.find_block(number)).open();
    const auto nodes = pruned.ledger.nodes_at(*block);
    ASSERT_TRUE(nodes.has_value()) << number << ": " << nodes.error();
    const Hash32& root = block->block.header.state_root;
    for (std::uint64_t i = 0; i < ADDRESSES; ++i) {
        const Address address = address_of(i);
        const Hash32 key = crypto::keccak256(address.view());
        ASSERT_EQ(old->find_account(address), known->find_account(address)) << "account " << i << " at " << number;
        ASSERT_EQ(old->has_storage(address), known->has_storage(address)) << "account " << i << " at " << number;
        for (std::uint64_t slot = 0; slot < SLOTS; ++slot)
            ASSERT_EQ(old->load_storage(address, U256{slot}), known->load_storage(address, U256{slot}))
                << "slot " << slot << " of " << i << " at " << number;
        const auto proof = trie::make_proof(**nodes, root, key.view());
        ASSERT_TRUE(proof.has_value()) << number;
        ASSERT_EQ(*proof, *trie::make_proof(*whole.ledger.store(), root, key.view())) << number;
        state::TrieStateView trie(**nodes, *pruned.ledger.store(), root, {});
        for (std::uint64_t slot = 0; slot < SLOTS; ++slot)
            ASSERT_EQ(trie.load_storage(address, U256{slot}), known->load_storage(address, U256{slot})) << number;
        ASSERT_FALSE(trie.has_failed()) << number;
    }
    ASSERT_FALSE(old->has_failed()) << number;
}

void expect_same_history(Chain& pruned, Chain& whole, std::uint64_t step) {
    const auto head = pruned.ledger.head()->number();
    for (auto number = pruned.ledger.oldest_state(); number <= head; number += step)
        expect_same_state(pruned, whole, number);
    expect_same_state(pruned, whole, head);
}

class HistoryTest : public ::testing::Test {
protected:
    void SetUp() override {
        path = std::filesystem::temp_directory_path() /
               ("entresol_history_" + std::to_string(::getpid()) + "_" + std::to_string(std::random_device{}()));
    }
    void TearDown() override { std::filesystem::remove_all(path); }
    [[nodiscard]] std::unique_ptr<Chain> open() const {
        return std::make_unique<Chain>(store::open_rocks_store(path.string()));
    }

    static constexpr HistoryOptions OPTIONS{.blocks = KEPT, .whole_tries = WHOLE_TRIES, .nodes_per_step = 50};
    std::filesystem::path path;
    io::Loop loop{[] { return std::uint64_t{0}; }};
};

TEST_F(HistoryTest, says_what_a_chain_with_every_trie_says) {
    const auto pruned = open();
    Chain whole(store::make_memory_store());
    std::mt19937_64 random(7), same(7), turns(11);
    HistoryKeeper keeper(pruned->ledger, loop, OPTIONS);
    for (int i = 0; i < 900; ++i) {
        pruned->grow(random);
        whole.grow(same);
        for (auto steps = turns() % 12; steps > 0; --steps) keeper.step();  // passes overlap with new blocks
        if (i % 150 == 149) expect_same_history(*pruned, whole, 41);
    }
    while (keeper.step()) {
    }
    const auto head = pruned->ledger.head()->number();
    EXPECT_EQ(pruned->ledger.oldest_state(), head - KEPT);
    EXPECT_EQ(pruned->ledger.store()->history().range()->newest, head - WHOLE_TRIES);
    EXPECT_LT(pruned->count_nodes() * 4, whole.count_nodes());
    expect_same_history(*pruned, whole, 7);
    EXPECT_FALSE(pruned->ledger.nodes_at(*pruned->ledger.find_block(3)).has_value());
    EXPECT_TRUE(pruned->ledger.state_at(pruned->ledger.find_block(3)).open()->has_failed());
}

// A view that is open while its block is pruned, or while the head goes back below the history's end, fails: it never tells a later value.
TEST_F(HistoryTest, a_view_of_a_state_that_went_away_says_so) {
    const auto chain = open();
    std::mt19937_64 random(3);
    HistoryKeeper keeper(chain->ledger, loop, {.blocks = 60, .whole_tries = WHOLE_TRIES});
    for (int i = 0; i < 200; ++i) chain->grow(random);
    while (keeper.step()) {
    }
    const auto oldest = chain->ledger.oldest_state();
    const auto view = chain->ledger.state_at(chain->ledger.find_block(oldest)).open();
    const auto newer = chain->ledger.state_at(chain->ledger.find_block(oldest + 20)).open();
    EXPECT_FALSE(view->has_failed());
    for (int i = 0; i < 10; ++i) chain->grow(random);
    while (keeper.step()) {
    }
    EXPECT_TRUE(view->has_failed());
    EXPECT_FALSE(newer->has_failed());
    chain->go_to(chain->ledger.oldest_state() + 15);
    EXPECT_TRUE(newer->has_failed());
}

TEST_F(HistoryTest, the_head_goes_back_below_the_end_of_the_history) {
    const auto pruned = open();
    Chain whole(store::make_memory_store());
    std::mt19937_64 random(21), same(21), turns(4);
    HistoryKeeper keeper(pruned->ledger, loop, OPTIONS);
    for (int round = 0; round < 4; ++round) {
        for (int i = 0; i < 220; ++i) {
            pruned->grow(random), whole.grow(same);
            for (auto steps = turns() % 20; steps > 0; --steps) keeper.step();
        }
        const auto range = pruned->ledger.store()->history().range().value();
        const auto target = range.oldest + turns() % (range.newest - range.oldest);
        pruned->go_to(target), whole.go_to(target);
        EXPECT_EQ(pruned->ledger.head()->hash, whole.ledger.head()->hash);
        expect_same_history(*pruned, whole, 37);
    }
    while (keeper.step()) {
    }
    expect_same_history(*pruned, whole, 11);
    const auto oldest = pruned->ledger.oldest_state();
    ASSERT_GT(oldest, 0U);
    EXPECT_THROW(pruned->go_to(oldest - 1), std::runtime_error);
    EXPECT_EQ(pruned->ledger.head()->hash, whole.ledger.head()->hash);  // nothing has moved
}

TEST_F(HistoryTest, survives_kill_9_at_any_moment) {
    constexpr std::uint64_t SEED = 77;
    std::mt19937_64 moments(5);
    int compared = 0;
    for (int kill = 0; kill < 5; ++kill) {
        std::filesystem::remove_all(path);
        const pid_t child = ::fork();
        ASSERT_GE(child, 0);
        if (child == 0) {
            std::mt19937_64 random(SEED);
            const auto chain = open();
            HistoryKeeper keeper(chain->ledger, loop, OPTIONS);
            for (;;) {
                chain->grow(random);
                for (int i = 0; i < 8; ++i) keeper.step();
            }
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(150 + moments() % 700));
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        // The same chain, up to where the killed one came.
        const auto pruned = open();
        Chain whole(store::make_memory_store());
        std::mt19937_64 random(SEED);
        const auto head = pruned->ledger.head()->hash;
        for (int i = 0; whole.ledger.head()->hash != head && i < 100'000; ++i) whole.grow(random);
        if (whole.ledger.head()->hash != head) continue;  // killed between a reorg and the block after it
        HistoryKeeper keeper(pruned->ledger, loop, OPTIONS);
        expect_same_history(*pruned, whole, 53);
        while (keeper.step()) {
        }
        expect_same_history(*pruned, whole, 23);
        ++compared;
    }
    EXPECT_GT(compared, 2);
}

}  // namespace
}  // namespace entresol::ledger
