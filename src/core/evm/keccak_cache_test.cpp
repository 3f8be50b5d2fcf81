#include "core/evm/keccak_cache.hpp"

#include <gtest/gtest.h>

#include "core/evm/assembler_testing.hpp"

namespace entresol::evm {
namespace {

using namespace testing;  // NOLINT

Bytes message_of(std::uint64_t key, std::uint64_t slot) {
    Bytes message(64);
    store_be64(message.data() + 24, key);
    store_be64(message.data() + 56, slot);
    return message;
}

TEST(KeccakCacheTest, AnswersAsKeccakWhateverWasAskedBefore) {
    KeccakCache cache;
    for (int round = 0; round < 3; ++round) {
        for (std::uint64_t i = 0; i < 2'000; ++i) {  // more than there are places
            const Bytes message = message_of(i * i, i % 7);
            ASSERT_EQ(cache.hash64(message.data()), to_u256(crypto::keccak256(message))) << i;
            ASSERT_EQ(cache.hash64(message.data()), to_u256(crypto::keccak256(message))) << i;
        }
    }
}

TEST(KeccakCacheTest, EveryBitOfTheMessageCounts) {
    KeccakCache cache;
    Bytes message(64);
    (void)cache.hash64(message.data());
    for (std::size_t bit = 0; bit < 512; ++bit) {
        message[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
        ASSERT_EQ(cache.hash64(message.data()), to_u256(crypto::keccak256(message))) << bit;
        message[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    }
}

// In the machine: the same mapping slot hashed twice costs the same gas and gives the same word.
TEST(KeccakCacheTest, GasDoesNotKnowOfIt) {
    World world(chain::Fork::Osaka);
    const Asm hash = Asm().push(64).push(0).op(OP_KECCAK256);
    Asm code = Asm().push(7).push(0).op(OP_MSTORE).push(3).push(32).op(OP_MSTORE);
    code.op(OP_GAS).append(hash).op({OP_POP, OP_GAS}).append(hash).op({OP_POP, OP_GAS});
    code.op({OP_DUP2, OP_SUB, OP_SWAP2, OP_SUB, OP_EQ}).return_top();  // both differences
    const auto result = world.run_code(code);
    ASSERT_EQ(result.status, Status::Success);
    EXPECT_EQ(load_be256(result.output.data()), U256{1});
}

}  // namespace
}  // namespace entresol::evm
