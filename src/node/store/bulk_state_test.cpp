// A state that is built bottom-up is the one that is built from changes: root, nodes, flat tables.
#include "node/store/bulk_state.hpp"

#include <filesystem>
#include <map>
#include <random>

#include <gtest/gtest.h>
#include <unistd.h>

#include "core/codec/rlp.hpp"
#include "core/state/memory_state.hpp"
#include "node/store/block_store.hpp"

namespace entresol::store {
namespace {

struct Entry {
    Address address;
    state::Account account;
    std::map<Hash32, std::pair<U256, U256>> slots;  // hashed key → key, value
};

class BulkStateTest : public ::testing::TestWithParam<bool> {
public:
    BulkStateTest()
        : folder_((std::filesystem::temp_directory_path() /
                   ("entresol_bulk_" + std::to_string(::getpid()) + "_" + std::to_string(std::random_device{}())))
                      .string()) {}
    ~BulkStateTest() override { std::filesystem::remove_all(folder_); }

protected:
    std::shared_ptr<KeyValue> open() { return GetParam() ? open_rocks_store(folder_ + "/db") : make_memory_store(); }
    std::string folder_;
};

TEST_P(BulkStateTest, IsTheStateThatChangesMake) {
    std::mt19937_64 random(11);
    std::map<Hash32, Entry> entries;
    state::MemoryState expected;
    const auto random_address = [&] {
        Address address;
        for (auto& byte : address.bytes) byte = static_cast<std::uint8_t>(random());
        return address;
    };
    for (int i = 0; i < 45'000; ++i) {  // more than two chunks of accounts
        Entry entry{.address = random_address(), .account = {.nonce = i % 3U, .balance = U256{random()}}, .slots = {}};
        const std::size_t slots = i == 7 ? 41'000 : i % 50 == 0 ? random() % 30 : 0;
        for (std::size_t n = 0; n < slots; ++n) {
            const U256 key{i % 100 == 0 ? n : random()};  // equal tries too
            const U256 value{i % 100 == 0 ? 5 : random() % 9 + 1};
            entry.slots[crypto::keccak256(to_hash32(key).view())] = {key, value};
        }
        auto& account = expected.accounts[entry.address];
        account.account = entry.account;
        for (const auto& [hash, slot] : entry.slots) account.storage[slot.first] = slot.second;
        const Hash32 hashed = crypto::keccak256(entry.address.view());
        entries.emplace(hashed, std::move(entry));
    }

    const auto kv = open();
    BulkState::Sizes sizes;
    Hash32 root;
    {
        BulkState bulk(*kv, folder_ + "/scratch");
        for (const auto& [key, entry] : entries) {
            for (const auto& [slot, pair] : entry.slots) {
                Bytes value;
                codec::append_uint(value, pair.second);
                bulk.add_slot(key, slot, std::move(value));
            }
            bulk.add_account(key, entry.account);
        }
        root = bulk.finish(sizes);
    }
    EXPECT_EQ(root, expected.compute_root());
    EXPECT_FALSE(std::filesystem::exists(folder_ + "/scratch"));
    EXPECT_GT(sizes.nodes, 0U);

    BlockStore store(kv);
    const auto ticket = store.flat().ticket(root);
    ASSERT_TRUE(ticket.has_value());
    state::TrieStateView trie(store, store, root, [](std::uint64_t) { return std::nullopt; });
    for (const auto& [key, entry] : entries) {
        const auto flat = store.flat().find_account(*ticket, key);
        ASSERT_TRUE(flat.has_value() && flat->has_value());
        ASSERT_EQ((*flat)->account, entry.account);
        ASSERT_EQ(*flat, trie.find_trie_account(entry.address));
        if (entry.slots.size() > 100) continue;
        for (const auto& [slot, pair] : entry.slots) {
            ASSERT_EQ(store.flat().find_slot(*ticket, key, slot), pair.second);
            ASSERT_EQ(trie.load_storage(entry.address, pair.first), pair.second);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Stores, BulkStateTest, ::testing::Bool(),
                         [](const auto& parameter) { return parameter.param ? "Rocks" : "Memory"; });

}  // namespace
}  // namespace entresol::store
