// What was read ahead is not read again; nothing is read ahead where nothing would wait for it.
#include "node/ledger/path_warmer.hpp"

#include <filesystem>
#include <random>

#include <gtest/gtest.h>
#include <unistd.h>

#include "node/ledger/node_overlay.hpp"
#include "node/store/block_store.hpp"

namespace entresol::ledger {
namespace {

Address address_of(std::uint64_t n) {
    Bytes bytes(8);
    store_be64(bytes.data(), n);
    return from_bytes<Address>(ByteView(crypto::keccak256(bytes).bytes).first(Address::SIZE));
}

state::StateDiff make_diff(std::uint64_t accounts, std::uint64_t slots, std::uint64_t salt) {
    state::StateDiff diff;
    for (std::uint64_t i = 0; i < accounts; ++i) {
        auto& part = diff.accounts[address_of(i)];
        part.account = state::Account{.nonce = salt, .balance = U256{i + 1}};
        if (i % 10 != 0) continue;
        for (std::uint64_t slot = 0; slot < slots; ++slot) part.storage[U256{slot}] = U256{salt + slot + 1};
    }
    return diff;
}

class PathWarmerTest : public ::testing::Test {
public:
    PathWarmerTest()
        : folder_((std::filesystem::temp_directory_path() /
                   ("entresol_warmer_" + std::to_string(::getpid()) + "_" + std::to_string(std::random_device{}())))
                      .string()) {}
    ~PathWarmerTest() override { std::filesystem::remove_all(folder_); }

protected:
    /// A store whose cache is empty, with the state of the diff.
    std::shared_ptr<store::BlockStore> open_with(const state::StateDiff& diff) {
        {
            store::BlockStore store(store::open_rocks_store(folder_));
            NodeOverlay nodes(store);
            root_ = state::compute_state_root(nodes, crypto::EMPTY_TRIE_ROOT, diff, nodes).value();
            store.put_state(nodes.take(), {});
        }
        return std::make_shared<store::BlockStore>(store::open_rocks_store(folder_));
    }
    std::string folder_;
    Hash32 root_;
};

TEST_F(PathWarmerTest, LeavesTheRootNothingToRead) {
    const auto store = open_with(make_diff(2'000, 150, 1));
    const auto diff = make_diff(1'500, 100, 2);
    PathWarmer warmer(store);
    // Nothing has missed yet, as after a start: one read wakes it.
    for (std::uint64_t i = 0; i < 20'000; ++i) (void)store->find_node(Hash32{});
    warmer.warm(root_, diff);
    warmer.wait();
    const auto misses = store->node_misses();
    EXPECT_GT(misses, 20'000U);
    NodeOverlay nodes(*store);
    ASSERT_TRUE(state::compute_state_root(nodes, root_, diff, nodes).has_value());
    EXPECT_EQ(store->node_misses(), misses);
}

TEST_F(PathWarmerTest, DoesNothingWhereAllIsInTheCache) {
    const auto store = open_with(make_diff(500, 10, 1));
    const auto diff = make_diff(500, 10, 2);
    PathWarmer warmer(store);
    warmer.warm(root_, diff);
    warmer.wait();
    EXPECT_EQ(store->node_misses(), 0U);
}

TEST_F(PathWarmerTest, EndsInTheMiddleOfItsWork) {
    const auto store = open_with(make_diff(3'000, 150, 1));
    for (int round = 0; round < 5; ++round) {
        PathWarmer warmer(store);
        for (std::uint64_t i = 0; i < 20'000; ++i) (void)store->find_node(Hash32{});
        warmer.warm(root_, make_diff(3'000, 150, 2));
    }
}

}  // namespace
}  // namespace entresol::ledger
