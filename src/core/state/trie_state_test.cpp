#include "core/state/trie_state.hpp"

#include <gtest/gtest.h>

#include "core/chain/block.hpp"
#include "core/state/journal.hpp"
#include "core/state/memory_state.hpp"
#include "core/state/witness.hpp"

namespace entresol::state {
namespace {

Address address(std::uint8_t last) {
    Address a;
    a.bytes[0] = 0x42;
    a.bytes[19] = last;
    return a;
}

MemoryState make_state() {
    MemoryState state;
    for (std::uint8_t i = 0; i < 40; ++i) {
        auto& entry = state.accounts[address(i)];
        entry.account.nonce = i;
        entry.account.balance = U256{i} * U256{1'000'000'007};
        for (std::uint64_t slot = 0; slot < i; ++slot) entry.storage[slot * slot] = U256{slot + 1} << (8U * (i % 30U));
        if (i % 3 == 0) state.set_code(address(i), Bytes(i + 1U, 0x5b));
    }
    return state;
}

struct TrieFixture {
    TrieFixture() : state(make_state()) {
        root = compute_state_root(nodes, crypto::EMPTY_TRIE_ROOT, state.as_diff(), nodes).value();
    }
    MemoryState state;
    MemoryNodes nodes;
    Hash32 root;
};

TEST(TrieState, EmptyStateHasTheEmptyRoot) { EXPECT_EQ(MemoryState{}.compute_root(), crypto::EMPTY_TRIE_ROOT); }

TEST(TrieState, ReadsBackWhatWasWritten) {
    TrieFixture f;
    TrieStateView view(f.nodes, f.state, f.root, {});
    for (const auto& [a, entry] : f.state.accounts) {
        EXPECT_EQ(view.find_account(a), entry.account);
        EXPECT_EQ(view.has_storage(a), !entry.storage.empty());
        for (const auto& [key, value] : entry.storage) EXPECT_EQ(view.load_storage(a, key), value);
        EXPECT_EQ(view.load_storage(a, 3), f.state.load_storage(a, 3));
    }
    EXPECT_FALSE(view.find_account(address(99)).has_value());
    EXPECT_FALSE(view.has_failed());
}

TEST(TrieState, RootAfterADiffEqualsTheRootFromScratch) {
    TrieFixture f;
    StateDiff diff;
    diff.accounts[address(3)] = {};  // deleted
    diff.accounts[address(5)] = {Account{9, 1, crypto::EMPTY_CODE_HASH}, false, {{1, 0}, {4, 77}, {1000, 1}}};
    diff.accounts[address(7)] = {Account{1, 1, crypto::EMPTY_CODE_HASH}, true, {{2, 2}}};
    diff.accounts[address(200)] = {Account{1, 5, crypto::EMPTY_CODE_HASH}, false, {}};
    const auto root = compute_state_root(f.nodes, f.root, diff, f.nodes);
    ASSERT_TRUE(root);
    f.state.apply(diff);
    EXPECT_EQ(*root, f.state.compute_root());
    EXPECT_NE(*root, f.root);
}

// A contract writes slots that are made to meet in one place of a table whose seed is known; the state is the same, whatever the seed.
TEST(TrieState, NothingDependsOnTheHashSeed) {
    constexpr HashSeed KNOWN{}, OTHER{0x243f6a8885a308d3ULL, 0x13198a2e03707344ULL};
    const auto root_under = [KNOWN](const HashSeed& seed) {
        TrieFixture f;
        TrieStateView view(f.nodes, f.state, f.root, {}, seed);
        EXPECT_EQ(view.hash_seed(), seed);
        Journal journal(view);
        journal.begin_transaction();
        for (std::uint64_t i = 0; i < 500; ++i) {
            journal.store_storage(address(5), U256{KNOWN.a, i, 0, 0}, i + 1);
            journal.store_transient(address(5), U256{KNOWN.a, i, 0, 0}, i);
            journal.add_balance(to_address(U256{i, 0, KNOWN.a, 0}), U256{i + 1});
        }
        EXPECT_EQ(journal.load_transient(address(5), U256{KNOWN.a, 77, 0, 0}), U256{77});
        chain::Rules rules;
        rules.fork = chain::Fork::Osaka;
        journal.finish_transaction(rules);
        const auto diff = journal.take_diff();
        const auto root = compute_state_root(f.nodes, f.root, diff, f.nodes);
        f.state.apply(diff);
        EXPECT_EQ(*root, f.state.compute_root());
        return *root;
    };
    EXPECT_EQ(root_under(KNOWN), root_under(OTHER));
}

TEST(TrieState, AMissingNodeFailsForGood) {
    TrieFixture f;
    MemoryNodes nothing;
    TrieStateView view(nothing, f.state, f.root, {});
    EXPECT_FALSE(view.find_account(address(1)).has_value());
    EXPECT_TRUE(view.has_failed());
    TrieStateView other(f.nodes, f.state, f.root, {});
    EXPECT_EQ(other.load_code(Hash32{}), nullptr);
    EXPECT_TRUE(other.has_failed());
    EXPECT_EQ(compute_state_root(nothing, f.root, f.state.as_diff(), nothing).error(), trie::TrieError::MissingNode);
}

TEST(TrieAccount, RoundTripsAndRefusesOtherShapes) {
    const TrieAccount account{{7, U256{1} << 200, crypto::EMPTY_CODE_HASH}, crypto::EMPTY_TRIE_ROOT};
    const Bytes encoded = encode(account);
    EXPECT_EQ(decode_trie_account(encoded), account);
    for (std::size_t cut = 0; cut < encoded.size(); ++cut)
        EXPECT_FALSE(decode_trie_account(ByteView(encoded).first(cut)).has_value());
    Bytes longer = encoded;
    longer.push_back(0);
    EXPECT_FALSE(decode_trie_account(longer).has_value());
}

TEST(Witness, ReplaysExactlyWhatWasRecorded) {
    TrieFixture f;
    WitnessRecorder recorder(f.nodes, f.state);
    TrieStateView live(recorder, recorder, f.root, {});
    const Account account = live.find_account(address(33)).value();
    EXPECT_EQ(live.load_storage(address(33), 4), f.state.load_storage(address(33), 4));
    ASSERT_NE(live.load_code(account.code_hash), nullptr);

    std::vector<Bytes> preimages;
    for (const auto& [hash, preimage] : recorder.preimages()) {
        EXPECT_EQ(crypto::keccak256(preimage), hash);
        preimages.push_back(preimage);
    }
    Witness witness(preimages);
    TrieStateView replay(witness, witness, f.root, {});
    EXPECT_EQ(replay.find_account(address(33)), account);
    EXPECT_EQ(replay.load_storage(address(33), 4), f.state.load_storage(address(33), 4));
    EXPECT_EQ(replay.load_code(account.code_hash)->size, 34U);
    EXPECT_FALSE(replay.has_failed());
    for (std::uint8_t i = 0; i < 40; ++i) (void)replay.find_account(address(i));
    EXPECT_TRUE(replay.has_failed()) << "the witness holds one path only";
}

TEST(Witness, FindsBlockHashesThroughHeaders) {
    std::vector<Bytes> preimages;
    std::vector<Hash32> hashes;
    chain::Header header;
    for (header.number = 10; header.number < 15; ++header.number) {
        preimages.push_back(chain::encode(header));
        hashes.push_back(crypto::keccak256(preimages.back()));
        header.parent_hash = hashes.back();
    }
    const Witness witness(preimages);
    const auto find = witness.block_hashes(14, hashes[4]);
    for (std::uint64_t number = 10; number < 15; ++number) EXPECT_EQ(find(number), hashes[number - 10]);
    EXPECT_FALSE(find(15).has_value());
    EXPECT_FALSE(find(8).has_value());
}

}  // namespace
}  // namespace entresol::state
