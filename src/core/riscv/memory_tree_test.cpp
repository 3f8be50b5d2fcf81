// The tree beside one that knows nothing of pages and is built anew from the leaves each time.
#include "core/riscv/memory_tree.hpp"

#include <map>
#include <random>

#include <gtest/gtest.h>

#include "core/base/hex.hpp"
#include "core/crypto/keccak.hpp"
#include "core/riscv/state_root.hpp"

namespace entresol::riscv {
namespace {

constexpr std::size_t MAX_PAGES = 4096;
constexpr std::uint64_t TOP = ~std::uint64_t{0};

Hash32 hash_both(const Hash32& left, const Hash32& right) {
    Bytes both = to_bytes(left.view());
    append(both, right.view());
    return crypto::keccak256(both);
}

// The leaves that are not zero, by their number.
class NaiveTree {
public:
    void store(std::uint64_t address, unsigned bytes, std::uint64_t value) {
        for (unsigned i = 0; i < bytes; ++i)
            leaves_[(address + i) / 32].bytes[(address + i) % 32] = static_cast<std::uint8_t>(value >> (8 * i));
    }
    [[nodiscard]] Hash32 root() const {
        auto nodes = leaves_;
        Hash32 zero;
        for (int height = 0; height < 59; ++height) {
            std::map<std::uint64_t, Hash32> parents;
            for (const auto& [index, node] : nodes) {
                const auto at = [&](std::uint64_t i) { return nodes.contains(i) ? nodes.at(i) : zero; };
                parents[index / 2] = hash_both(at(index / 2 * 2), at(index / 2 * 2 + 1));
            }
            nodes = std::move(parents);
            zero = hash_both(zero, zero);
        }
        return nodes.empty() ? zero : nodes.at(0);
    }

private:
    std::map<std::uint64_t, Hash32> leaves_;
};

struct Both {
    Memory memory{MAX_PAGES};
    NaiveTree naive;
    void store(std::uint64_t address, unsigned bytes, std::uint64_t value) {
        memory.store(address, bytes, value);
        naive.store(address, bytes, value);
    }
};

TEST(MemoryTree, EmptyMemory) {
    MemoryTree tree;
    Memory memory(1);
    EXPECT_EQ(tree.update(memory), NaiveTree().root());
    EXPECT_EQ(tree.root(), zero_node(TREE_DEPTH));
    Hash32 node;
    for (unsigned height = 0; height <= TREE_DEPTH; ++height) {
        EXPECT_EQ(zero_node(height), node) << height;
        Bytes twice = to_bytes(node.view());
        append(twice, node.view());
        node = crypto::keccak256(twice);
    }
    EXPECT_EQ(zero_node(0), Hash32{});
    // keccak256 of 64 zero bytes, as every tree of this kind on Ethereum has it.
    EXPECT_EQ(to_hex(zero_node(1)), "0xad3228b676f7d3cd4284a5443f17f1962b36e491b30a40b2405849e597ba5fb5");
}

TEST(MemoryTree, EachEdgeOfTheAddressSpace) {
    const std::uint64_t edges[] = {
        0, 8, 32, 4088, 4096, 8192, TOP / 2 - 7, TOP / 2 + 1, TOP - 4095 - 8, TOP - 4095, TOP - 39, TOP - 7};
    for (const auto address : edges) {
        Both both;
        MemoryTree tree;
        both.store(address, 8, 0x0123456789abcdef);
        EXPECT_EQ(tree.update(both.memory), both.naive.root()) << address;
    }
    Both all;
    MemoryTree tree;
    for (const auto address : edges) {
        all.store(address, 8, address + 1);
        EXPECT_EQ(tree.update(all.memory), all.naive.root()) << address;
    }
}

// Addresses in a few clusters, among them both ends, and now and then anywhere.
std::uint64_t some_address(std::mt19937_64& random) {
    constexpr std::uint64_t CLUSTERS[] = {0, 0x10000, 0x80000000, 0x7ffffffffffff000, 0x8000000000000000, TOP - 0x7fff};
    const std::uint64_t where = random();
    if (where % 8 == 7) return random();
    return CLUSTERS[where / 8 % std::size(CLUSTERS)] + random() % 0x8000;
}

TEST(MemoryTree, RandomWritesGiveTheRootsOfATreeFromScratch) {
    std::mt19937_64 random(7);
    Both both;
    MemoryTree tree;
    for (int round = 0; round < 60; ++round) {
        for (std::uint64_t writes = random() % 20; writes > 0; --writes) {
            const unsigned bytes = 1U << random() % 4;
            const std::uint64_t value = random() % 4 == 0 ? 0 : random();
            both.store(some_address(random) / bytes * bytes, bytes, value);
        }
        ASSERT_EQ(tree.update(both.memory), both.naive.root()) << "round " << round;
        EXPECT_FALSE(both.memory.has_written());
    }
}

TEST(MemoryTree, AWriteOfWhatIsThereChangesNothing) {
    Memory memory(MAX_PAGES);
    MemoryTree tree;
    memory.store(0x1000, 8, 5);
    const Hash32 before = tree.update(memory);
    memory.store(0x1000, 8, 5);
    memory.store(0x2000, 8, 0);
    EXPECT_TRUE(memory.has_written());
    EXPECT_EQ(tree.update(memory), before);
    memory.store(0x1000, 8, 0);
    EXPECT_EQ(tree.update(memory), zero_node(TREE_DEPTH));
}

TEST(MemoryTree, PathsLeadToTheRootAndToTheNextOne) {
    std::mt19937_64 random(8);
    Both both;
    MemoryTree tree;
    for (int i = 0; i < 100; ++i) both.store(some_address(random) / 8 * 8, 8, random());
    for (int i = 0; i < 300; ++i) {
        const Hash32 root = tree.update(both.memory);
        const std::uint64_t address = some_address(random) / 8 * 8;
        auto path = tree.prove(both.memory, address);
        ASSERT_EQ(compute_root(address / 32, path), root) << address;
        const std::uint64_t value = random();
        for (unsigned at = 0; at < 8; ++at)
            path.leaf.bytes[address % 32 + at] = static_cast<std::uint8_t>(value >> (8 * at));
        both.memory.store(address, 8, value);
        ASSERT_EQ(compute_root(address / 32, path), tree.update(both.memory)) << address;
    }
}

TEST(Memory, RecordsEachWrittenPageOnce) {
    Memory memory(MAX_PAGES);
    EXPECT_FALSE(memory.has_written());
    for (int i = 0; i < 3; ++i)
        for (const std::uint64_t address : {std::uint64_t{0}, std::uint64_t{4095}, TOP}) memory.store(address, 1, 1);
    auto written = memory.take_written();
    std::sort(written.begin(), written.end());
    EXPECT_EQ(written, (std::vector<std::uint64_t>{0, TOP / 4096}));
    EXPECT_TRUE(memory.take_written().empty());
    (void)memory.load(0, 8);
    EXPECT_FALSE(memory.has_written());
    memory.store(8, 8, 0);
    EXPECT_EQ(memory.take_written(), std::vector<std::uint64_t>{0});
}

TEST(StateRoot, EachWordStandsWhereTheSpecificationHasIt) {
    Hart hart;
    for (unsigned i = 1; i < 32; ++i) hart.x[i] = 0x0102030405060700 + i;
    hart.pc = 0x80000004;
    hart.status = Status::Trapped;
    hart.exit_code = 34;
    hart.mtvec = 36;
    hart.mscratch = 37;
    hart.mepc = 40;
    hart.mcause = 38;
    hart.mtval = 39;
    const State state{crypto::keccak256({}), hart};
    Bytes expected = to_bytes(state.memory_root.view());
    for (std::uint64_t i = 0; i < 40; ++i) {
        const std::uint64_t last[] = {0x80000004, 2, 34, 36, 37, 40, 38, 39};
        const std::uint64_t word = i == 0 ? 0 : i < 32 ? 0x0102030405060700 + i : last[i - 32];
        for (unsigned shift = 64; shift > 0; shift -= 8)
            expected.push_back(static_cast<std::uint8_t>(word >> (shift - 8)));
    }
    const auto encoded = encode_state(state);
    EXPECT_EQ(to_hex(encoded), to_hex(expected));
    EXPECT_EQ(compute_state_root(state), crypto::keccak256(expected));
    const auto decoded = decode_state(encoded);
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->hart, hart);
    EXPECT_EQ(decoded->memory_root, state.memory_root);
    EXPECT_FALSE(decode_state(ByteView(encoded).first(STATE_BYTES - 1)));
}

TEST(StateRoot, RefusesWordsThatNoMachineHolds) {
    struct Row {
        std::size_t word;
        std::uint8_t value;
        bool is_valid;
    };
    constexpr Row ROWS[] = {{0, 1, false},  {32, 2, false}, {32, 4, true},  {33, 1, true}, {33, 2, true},
                            {33, 3, false}, {34, 1, true},  {35, 1, false}, {35, 4, true}, {36, 1, true},
                            {37, 2, false}, {37, 4, true},  {38, 77, true}, {39, 1, true}};
    for (const auto& row : ROWS) {
        auto bytes = encode_state({});
        bytes[32 + 8 * row.word + 7] = row.value;
        EXPECT_EQ(decode_state(bytes).has_value(), row.is_valid) << row.word << " = " << int{row.value};
    }
    auto bytes = encode_state({});
    bytes[32 + 8 * 33] = 1;  // a status far out of range
    EXPECT_FALSE(decode_state(bytes));
}

}  // namespace
}  // namespace entresol::riscv
