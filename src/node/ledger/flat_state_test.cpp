// The flat state says what the trie says: for every key ever touched, at every head, through reorgs, reverts, development writes, reopening and kill -9.
#include <csignal>
#include <filesystem>
#include <random>
#include <thread>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/chain/genesis.hpp"
#include "node/ledger/chain_archive.hpp"
#include "node/ledger/ledger.hpp"
#include "node/ledger/node_overlay.hpp"
#include "node/store/block_store.hpp"
#include "node/store/flat_encoding.hpp"

namespace entresol::ledger {
namespace {

class TemporaryDirectory {
public:
    TemporaryDirectory()
        : path_(std::filesystem::temp_directory_path() /
                ("entresol_flat_" + std::to_string(::getpid()) + "_" + std::to_string(std::random_device{}()))) {}
    ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
    [[nodiscard]] std::string path() const { return path_.string(); }

private:
    std::filesystem::path path_;
};

Address address_of(std::uint64_t n) {
    Bytes bytes(8);
    store_be64(bytes.data(), n);
    return from_bytes<Address>(ByteView(crypto::keccak256(bytes).bytes).first(Address::SIZE));
}

constexpr std::uint64_t ADDRESSES = 60, SLOTS = 12;

chain::Genesis make_genesis() {
    chain::Genesis genesis;
    genesis.base_fee_per_gas = U256{1};
    for (std::uint64_t i = 0; i < 10; ++i) {
        auto& account = genesis.alloc[address_of(i)];
        account.balance = U256{i + 1};
        for (std::uint64_t slot = 0; slot < i; ++slot) account.storage[U256{slot}] = U256{slot + 7};
    }
    return genesis;
}

chain::ChainConfig make_config() {
    chain::ChainConfig config;
    config.chain_id = 10;
    return config;
}

/// Few accounts and slots, so that changes meet: set, emptied, destroyed, cleared and written again.
state::StateDiff random_diff(std::mt19937_64& random) {
    state::StateDiff diff;
    for (std::size_t n = 1 + random() % 10; n > 0; --n) {
        auto& part = diff.accounts[address_of(random() % ADDRESSES)];
        if (random() % 5 == 0) {
            part = {.account = std::nullopt, .storage_cleared = true, .storage = {}};
            continue;
        }
        part.account = state::Account{.nonce = random() % 4, .balance = U256{random()}};
        part.storage_cleared = random() % 8 == 0;
        for (std::size_t slots = random() % SLOTS; slots > 0; --slots)
            part.storage[U256{random() % SLOTS}] = random() % 3 == 0 ? U256{} : U256{random()};
    }
    return diff;
}

BlockPtr append(Ledger& ledger, const Hash32& base_root, state::StateDiff diff, std::uint64_t salt) {
    NodeOverlay nodes(*ledger.store());
    chain::Block block;
    const auto parent = ledger.head();
    block.header.parent_hash = parent->hash;
    block.header.number = parent->number() + 1;
    block.header.timestamp = salt;  // two children of one parent are two blocks
    block.header.state_root = state::compute_state_root(nodes, base_root, diff, nodes).value();
    block.header.transactions_root = chain::compute_transactions_root({});
    block.header.receipts_root = chain::compute_receipts_root({});
    stf::BlockOutcome outcome;
    outcome.diff = std::move(diff);
    return ledger.commit({.block = std::move(block),
                          .outcome = std::move(outcome),
                          .senders = {},
                          .state = nodes.take(),
                          .base_root = base_root});
}

/// Compares every key at the root, through the snapshot and by asking the flat state itself.
void expect_equal(const store::BlockStore& store, const StateSnapshot& snapshot, const std::string& where) {
    const auto flat_view = snapshot.open();
    auto& nodes = const_cast<store::BlockStore&>(store);
    state::TrieStateView trie(nodes, nodes, snapshot.state_root(), [](std::uint64_t) { return std::nullopt; });
    const auto ticket = store.flat().ticket(snapshot.state_root());
    for (std::uint64_t i = 0; i < ADDRESSES; ++i) {
        const Address address = address_of(i);
        const Hash32 key = crypto::keccak256(address.view());
        ASSERT_EQ(flat_view->find_account(address), trie.find_account(address)) << where << ", account " << i;
        ASSERT_EQ(flat_view->has_storage(address), trie.has_storage(address)) << where << ", account " << i;
        if (ticket) {
            const auto found = store.flat().find_account(*ticket, key);
            ASSERT_TRUE(found.has_value()) << where;
            ASSERT_EQ(*found, trie.find_trie_account(address)) << where;
        }
        for (std::uint64_t slot = 0; slot < SLOTS; ++slot) {
            const U256 value = trie.load_storage(address, U256{slot});
            ASSERT_EQ(flat_view->load_storage(address, U256{slot}), value) << where << ", slot " << slot << " of " << i;
            if (!ticket) continue;
            const Hash32 slot_key = crypto::keccak256(to_hash32(U256{slot}).view());
            ASSERT_EQ(store.flat().find_slot(*ticket, key, slot_key), value) << where << ", slot " << slot;
        }
    }
    ASSERT_FALSE(flat_view->has_failed());
}

void expect_flat_head(const Ledger& ledger, const std::string& where) {
    ASSERT_TRUE(ledger.store()->flat().ticket(ledger.head()->block.header.state_root).has_value()) << where;
    expect_equal(*ledger.store(), ledger.state_at(ledger.head()), where);
}

/// The tables hold what was just compared and nothing else: as many entries as the trie has leaves.
void expect_no_more_than_the_trie(const store::BlockStore& store) {
    const auto count = [&](store::Table table) {
        std::size_t n = 0;
        store.tables()->scan(table, {}, store::ScanOrder::Ascending, [&](ByteView key, ByteView) {
            n += key.size() >= Hash32::SIZE ? 1 : 0;
            return true;
        });
        return n;
    };
    auto& nodes = const_cast<store::BlockStore&>(store);
    std::size_t accounts = 0, slots = 0;
    state::TrieStateView trie(nodes, nodes, store.flat().root(), [](std::uint64_t) { return std::nullopt; });
    for (std::uint64_t i = 0; i < ADDRESSES; ++i) {
        accounts += trie.find_account(address_of(i)) ? 1 : 0;
        for (std::uint64_t slot = 0; slot < SLOTS; ++slot)
            slots += trie.load_storage(address_of(i), U256{slot}).is_zero() ? 0 : 1;
    }
    EXPECT_EQ(count(store::Table::Accounts), accounts);
    EXPECT_EQ(count(store::Table::Slots), slots);
}

class FlatStateTest : public ::testing::TestWithParam<bool> {
protected:
    void open() {
        ledger_.reset();
        if (GetParam()) kv_.reset();  // one process at a time
        if (kv_ == nullptr) kv_ = GetParam() ? store::open_rocks_store(directory_.path()) : store::make_memory_store();
        ledger_ = std::make_unique<Ledger>(make_config(), make_genesis(), std::make_shared<store::BlockStore>(kv_));
    }
    TemporaryDirectory directory_;
    std::shared_ptr<store::KeyValue> kv_;
    std::unique_ptr<Ledger> ledger_;
};

TEST_P(FlatStateTest, EqualsTheTrieAtEveryHead) {
    std::mt19937_64 random(GetParam() ? 1 : 2);
    open();
    expect_flat_head(*ledger_, "genesis");
    std::vector<Hash32> known{ledger_->head()->hash};
    for (std::uint64_t step = 1; step <= 300; ++step) {
        const std::string where = "step " + std::to_string(step);
        const auto dice = random() % 20;
        if (dice == 0) {
            open();
        } else if (dice <= 3) {
            ledger_->set_head(known[random() % known.size()]);
        } else {
            Hash32 base = ledger_->head()->block.header.state_root;
            if (dice <= 5) {  // a development write, used by the next block or abandoned with it
                NodeOverlay nodes(*ledger_->store());
                const auto written = state::compute_state_root(nodes, base, random_diff(random), nodes).value();
                ledger_->store()->put_state(nodes.take(), {});
                expect_equal(*ledger_->store(), StateSnapshot(ledger_->store(), {}, written, {}, false), where);
                ASSERT_TRUE(ledger_->store()->flat().ticket(written).has_value()) << where;
                if (dice == 4) base = written;
            }
            known.push_back(append(*ledger_, base, random_diff(random), step)->hash);
        }
        expect_flat_head(*ledger_, where);
        const auto old = ledger_->find_block(known[random() % known.size()]);
        expect_equal(*ledger_->store(), ledger_->state_at(old), where + ", an older block");
        if (HasFatalFailure()) return;
    }
    expect_no_more_than_the_trie(*ledger_->store());
}

TEST_P(FlatStateTest, AnOpenViewKeepsItsState) {
    open();
    std::mt19937_64 random(3);
    append(*ledger_, ledger_->head()->block.header.state_root, random_diff(random), 1);
    const auto before = ledger_->head();
    const auto view = ledger_->state_at(before).open();
    (void)view->find_account(address_of(0));  // it has begun with the flat state
    for (std::uint64_t i = 2; i < 30; ++i)
        append(*ledger_, ledger_->head()->block.header.state_root, random_diff(random), i);
    auto& store = *ledger_->store();
    state::TrieStateView trie(store, store, before->block.header.state_root,
                              [](std::uint64_t) { return std::nullopt; });
    for (std::uint64_t i = 0; i < ADDRESSES; ++i) {
        EXPECT_EQ(view->find_account(address_of(i)), trie.find_account(address_of(i)));
        for (std::uint64_t slot = 0; slot < SLOTS; ++slot)
            EXPECT_EQ(view->load_storage(address_of(i), U256{slot}), trie.load_storage(address_of(i), U256{slot}));
    }
}

// Readers at the newest head while the head moves: each view is one state, whatever the writer does meanwhile.
TEST_P(FlatStateTest, ReadersNeverSeeTwoStates) {
    open();
    std::atomic<bool> stop{false};
    std::atomic<std::size_t> views{0}, wrong{0};
    const auto read = [&] {
        std::mt19937_64 random(5);
        while (!stop) {
            const auto snapshot = ledger_->state_at(ledger_->head());
            const auto view = snapshot.open();
            auto& store = *ledger_->store();
            state::TrieStateView trie(store, store, snapshot.state_root(), [](std::uint64_t) { return std::nullopt; });
            for (int i = 0; i < 20; ++i) {
                const Address address = address_of(random() % ADDRESSES);
                const U256 slot{random() % SLOTS};
                if (view->find_account(address) != trie.find_account(address)) ++wrong;
                if (view->load_storage(address, slot) != trie.load_storage(address, slot)) ++wrong;
            }
            ++views;
        }
    };
    std::thread first(read), second(read);
    std::mt19937_64 random(4);
    std::vector<Hash32> known{ledger_->head()->hash};
    for (std::uint64_t i = 1; i < 200 || views < 50; ++i) {
        if (random() % 10 == 0) ledger_->set_head(known[random() % known.size()]);
        known.push_back(append(*ledger_, ledger_->head()->block.header.state_root, random_diff(random), i)->hash);
    }
    stop = true;
    first.join();
    second.join();
    EXPECT_EQ(wrong, 0U);
}

INSTANTIATE_TEST_SUITE_P(Stores, FlatStateTest, ::testing::Bool(),
                         [](const auto& parameter) { return parameter.param ? "Rocks" : "Memory"; });

TEST(FlatState, ALoadedArchiveHasItsOwn) {
    std::mt19937_64 random(8);
    Ledger ledger(make_config(), make_genesis(), std::make_shared<store::BlockStore>(store::make_memory_store()));
    for (std::uint64_t i = 1; i < 20; ++i)
        append(ledger, ledger.head()->block.header.state_root, random_diff(random), i);
    const auto store = std::make_shared<store::BlockStore>(store::make_memory_store());
    (void)Ledger(make_config(), make_genesis(), store);
    const auto restored = restore_archive(make_archive(ledger), *store);
    ASSERT_TRUE(restored.has_value()) << restored.error();
    const Ledger loaded(make_config(), make_genesis(), store);
    EXPECT_EQ(loaded.head()->hash, ledger.head()->hash);
    expect_flat_head(loaded, "loaded");
    expect_no_more_than_the_trie(*store);
}

// A directory from before there was a flat state, and one whose move was cut off in the middle: both are made whole on opening.
TEST(FlatState, IsMadeFromTheTrieWhereItIsMissingOrHalfMoved) {
    std::mt19937_64 random(9);
    const std::shared_ptr<store::KeyValue> kv = store::make_memory_store();
    const auto open = [&] {
        return std::make_unique<Ledger>(make_config(), make_genesis(), std::make_shared<store::BlockStore>(kv));
    };
    auto ledger = open();
    const auto genesis_root = ledger->head()->block.header.state_root;
    for (std::uint64_t i = 1; i < 20; ++i)
        append(*ledger, ledger->head()->block.header.state_root, random_diff(random), i);
    const auto head_root = ledger->head()->block.header.state_root;
    ledger.reset();

    // Half of the way back to the genesis state: some keys there already, others not.
    {
        store::BlockStore store(kv);
        store::WriteBatch half;
        state::TrieStateView old(store, store, genesis_root, [](std::uint64_t) { return std::nullopt; });
        for (std::uint64_t i = 0; i < ADDRESSES; i += 2) {
            const auto account = old.find_trie_account(address_of(i));
            store::put_account(half, crypto::keccak256(address_of(i).view()), account ? encode(*account) : Bytes{});
        }
        half.put(store::Table::Accounts, store::MARKER_KEY, store::encode_marker({head_root, genesis_root}));
        kv->write(half, false);
    }
    ledger = open();
    expect_flat_head(*ledger, "half moved");
    expect_no_more_than_the_trie(*ledger->store());
    ledger.reset();

    store::WriteBatch wipe;
    for (const auto table : {store::Table::Accounts, store::Table::Slots})
        kv->scan(table, {}, store::ScanOrder::Ascending, [&](ByteView key, ByteView) {
            wipe.erase(table, key);
            return true;
        });
    kv->write(wipe, false);
    ledger = open();
    expect_flat_head(*ledger, "missing");
}

// A node that moves its head about is killed: whatever head it left, the flat state is that head's.
TEST(FlatState, KilledWriterLeavesItInStepWithTheHead) {
    for (int round = 0; round < 3; ++round) {
        const TemporaryDirectory directory;
        int written[2];
        ASSERT_EQ(::pipe(written), 0);
        const pid_t child = ::fork();
        ASSERT_GE(child, 0);
        const auto open = [&] {
            return std::make_unique<Ledger>(
                make_config(), make_genesis(),
                std::make_shared<store::BlockStore>(store::open_rocks_store(directory.path())));
        };
        if (child == 0) {
            std::mt19937_64 random(static_cast<std::uint64_t>(round));
            const auto ledger = open();
            std::vector<Hash32> known{ledger->head()->hash};
            for (std::uint64_t i = 1;; ++i) {
                if (random() % 4 == 0) ledger->set_head(known[random() % known.size()]);
                known.push_back(append(*ledger, ledger->head()->block.header.state_root, random_diff(random), i)->hash);
                if (i == 20 && ::write(written[1], "1", 1) != 1) ::_exit(1);
            }
        }
        ::close(written[1]);
        char byte = 0;
        ASSERT_EQ(::read(written[0], &byte, 1), 1) << "the writer died";
        ::close(written[0]);
        ::usleep(20'000 + 37'000 * static_cast<useconds_t>(round));
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        {
            // Before the ledger sets anything right: a head that was appended has its leaves in the same batch.
            store::BlockStore store(store::open_rocks_store(directory.path()));
            EXPECT_NE(store.flat().root(), Hash32{});
        }
        const auto ledger = open();
        expect_flat_head(*ledger, "after the kill");
        expect_no_more_than_the_trie(*ledger->store());
    }
}

}  // namespace
}  // namespace entresol::ledger
