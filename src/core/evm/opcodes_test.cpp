// What each opcode computes, row by row; and that the table of opcodes is what the interpreter runs, in every fork.
#include "core/evm/opcodes.hpp"

#include <gtest/gtest.h>

#include "core/base/hex.hpp"
#include "core/crypto/keccak.hpp"
#include "core/evm/assembler_testing.hpp"
#include "core/evm/gas_table.hpp"

namespace entresol::evm {
namespace {

using namespace testing;  // NOLINT
using chain::Fork;

U256 number(std::string_view hex) { return load_be(*parse_hex(hex)); }
U256 minus(std::uint64_t x) { return U256{} - U256{x}; }
const U256 MIN = U256{1} << 255;
const U256 MAX = U256::max();

struct Row {
    std::string name;
    Asm code;
    U256 result;
};

/// Operands in the order of the yellow paper: the first is on top.
Row row(int opcode, std::initializer_list<U256> operands, const U256& result) {
    Asm code;
    for (auto o = std::rbegin(operands); o != std::rend(operands); ++o) code.push(*o);
    return {opcode_name(static_cast<std::uint8_t>(opcode)), code.op(opcode), result};
}

std::vector<Row> arithmetic_rows() {
    return {
        row(OP_ADD, {3, 4}, 7),
        row(OP_ADD, {MAX, 1}, 0),
        row(OP_MUL, {6, 7}, 42),
        row(OP_MUL, {MAX, MAX}, 1),
        row(OP_SUB, {3, 4}, MAX),
        row(OP_DIV, {7, 2}, 3),
        row(OP_DIV, {7, 0}, 0),
        row(OP_SDIV, {minus(7), 2}, minus(3)),
        row(OP_SDIV, {MIN, MAX}, MIN),
        row(OP_SDIV, {5, 0}, 0),
        row(OP_MOD, {7, 4}, 3),
        row(OP_MOD, {7, 0}, 0),
        row(OP_SMOD, {minus(8), 3}, minus(2)),
        row(OP_SMOD, {8, minus(3)}, 2),
        row(OP_SMOD, {8, 0}, 0),
        row(OP_ADDMOD, {10, 10, 8}, 4),
        row(OP_ADDMOD, {MAX, 2, 2}, 1),
        row(OP_ADDMOD, {4, 4, 0}, 0),
        row(OP_MULMOD, {10, 10, 8}, 4),
        row(OP_MULMOD, {MAX, MAX, 12}, 9),
        row(OP_MULMOD, {4, 4, 0}, 0),
        row(OP_EXP, {2, 10}, 1024),
        row(OP_EXP, {2, 256}, 0),
        row(OP_EXP, {0, 0}, 1),
        row(OP_EXP, {MAX, 3}, MAX),
        row(OP_SIGNEXTEND, {0, 0xff}, MAX),
        row(OP_SIGNEXTEND, {0, 0x7f}, 0x7f),
        row(OP_SIGNEXTEND, {31, MAX}, MAX),
        row(OP_LT, {1, 2}, 1),
        row(OP_LT, {2, 1}, 0),
        row(OP_GT, {2, 1}, 1),
        row(OP_GT, {1, 1}, 0),
        row(OP_SLT, {MAX, 0}, 1),
        row(OP_SLT, {0, MAX}, 0),
        row(OP_SGT, {0, MAX}, 1),
        row(OP_SGT, {MIN, 1}, 0),
        row(OP_EQ, {MAX, MAX}, 1),
        row(OP_EQ, {MAX, MIN}, 0),
        row(OP_ISZERO, {0}, 1),
        row(OP_ISZERO, {MIN}, 0),
        row(OP_AND, {0xf0, 0x3c}, 0x30),
        row(OP_OR, {0xf0, 0x3c}, 0xfc),
        row(OP_XOR, {0xf0, 0x3c}, 0xcc),
        row(OP_NOT, {0}, MAX),
        row(OP_BYTE, {31, 0xabcd}, 0xcd),
        row(OP_BYTE, {32, MAX}, 0),
        row(OP_SHL, {255, 1}, MIN),
        row(OP_SHL, {256, 1}, 0),
        row(OP_SHR, {1, 4}, 2),
        row(OP_SHR, {MAX, 4}, 0),
        row(OP_SAR, {4, minus(16)}, MAX),
        row(OP_SAR, {MAX, MIN}, MAX),
        row(OP_SAR, {300, 5}, 0),
        row(OP_CLZ, {0}, 256),
        row(OP_CLZ, {1}, 255),
        row(OP_CLZ, {MIN}, 0),
        row(OP_CLZ, {MAX}, 0),  // EIP-7939
    };
}

std::vector<Row> environment_rows() {
    const auto value = [](int opcode, const U256& result) { return row(opcode, {}, result); };
    return {
        value(OP_ADDRESS, to_u256(CONTRACT)),
        value(OP_ORIGIN, to_u256(ALICE)),
        value(OP_CALLER, to_u256(ALICE)),
        value(OP_CALLVALUE, 5),
        value(OP_CALLDATASIZE, 36),
        value(OP_GASPRICE, 11),
        value(OP_RETURNDATASIZE, 0),
        value(OP_COINBASE, to_u256(address(99))),
        value(OP_TIMESTAMP, 10'000),
        value(OP_NUMBER, 1'000),
        value(OP_PREVRANDAO, MAX / U256{255} * U256{0xdd}),
        value(OP_GASLIMIT, 30'000'000),
        value(OP_CHAINID, 1),
        value(OP_SELFBALANCE, 5),
        value(OP_BASEFEE, 7),
        value(OP_BLOBBASEFEE, 3),
        value(OP_PC, 0),
        value(OP_MSIZE, 0),
        value(OP_GAS, 1'000'000 - 2),
        value(OP_PUSH0, 0),
        value(OP_CODESIZE, 9),  // with the end added below
        row(OP_BALANCE, {to_u256(ALICE)}, ETHER - 5),
        row(OP_BALANCE, {to_u256(OTHER)}, 0),
        row(OP_CALLDATALOAD, {1}, number("0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20")),
        row(OP_CALLDATALOAD, {35}, U256{0x23} << 248),
        row(OP_CALLDATALOAD, {36}, 0),
        row(OP_CALLDATALOAD, {MAX}, 0),
        row(OP_BLOCKHASH, {999}, 0x3e7),
        row(OP_BLOCKHASH, {744}, 0x2e8),
        row(OP_BLOCKHASH, {743}, 0),
        row(OP_BLOCKHASH, {1000}, 0),
        row(OP_BLOCKHASH, {MAX}, 0),
        row(OP_BLOBHASH, {0}, 0xb10b),
        row(OP_BLOBHASH, {1}, 0),
        row(OP_BLOBHASH, {MAX}, 0),
        row(OP_EXTCODESIZE, {to_u256(OTHER)}, 0),
        row(OP_EXTCODEHASH, {to_u256(ALICE)}, to_u256(crypto::EMPTY_CODE_HASH)),
        row(OP_EXTCODEHASH, {77}, 0),
    };
}

std::vector<Row> memory_rows() {
    const U256 word = number("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
    const auto copied = [](int opcode, std::uint64_t from, std::uint64_t size) {
        return Asm().push(size).push(from).push(0).op(opcode).push(0).op(OP_MLOAD);
    };
    return {
        {"MSTORE unaligned", Asm().push(word).push(3).op(OP_MSTORE).push(3).op(OP_MLOAD), word},
        {"MSTORE8", Asm().push(0x1234).push(31).op(OP_MSTORE8).push(0).op(OP_MLOAD), 0x34},
        {"MSIZE", Asm().push(1).push(31).op({OP_MSTORE, OP_MSIZE}), 64},
        {"KECCAK256 of nothing", Asm().push(0).push(MAX).op(OP_KECCAK256), to_u256(crypto::EMPTY_CODE_HASH)},
        {"KECCAK256", Asm().push(32).push(0).op(OP_KECCAK256), to_u256(crypto::keccak256(Bytes(32)))},
        {"CALLDATACOPY", copied(OP_CALLDATACOPY, 0, 32), word},
        {"CALLDATACOPY past the end", copied(OP_CALLDATACOPY, 35, 32), U256{0x23} << 248},
        {"CODECOPY past the end", copied(OP_CODECOPY, 60'000, 32), 0},
        {"CODECOPY", copied(OP_CODECOPY, 0, 3),
         number("6003600000000000000000000000000000000000000000000000000000000000")},
        {"MCOPY overlapping",
         Asm().push(word).push(0).op(OP_MSTORE).push(31).push(0).push(1).op(OP_MCOPY).push(0).op(OP_MLOAD), word >> 8},
        {"TSTORE", Asm().push(9).push(1).op(OP_TSTORE).push(1).op(OP_TLOAD), 9},
        {"TLOAD of nothing", Asm().push(1).op(OP_TLOAD), 0},
        {"SSTORE", Asm().push(9).push(1).op(OP_SSTORE).push(1).op(OP_SLOAD), 9},
        {"JUMPI taken", Asm().push(4).push(1).jump_if("to").op(OP_STOP).label("to"), 4},
        {"JUMPI not taken", Asm().push(4).push(0).jump_if("to").label("to"), 4},
    };
}

void expect_rows(const std::vector<Row>& rows) {
    for (const auto& r : rows) {
        World world(Fork::Osaka);
        for (std::uint64_t n = 700; n < 1'000; ++n) world.state.block_hashes[n] = to_hash32(U256{n});
        world.blob_hashes = {to_hash32(U256{0xb10b})};
        Bytes input(36);
        for (std::size_t i = 0; i < input.size(); ++i) input[i] = static_cast<std::uint8_t>(i);
        const auto result = world.run_code(Asm(r.code).return_top(), 1'000'000, input, 5);
        ASSERT_EQ(result.status, Status::Success) << r.name << ": " << to_string(result.status);
        ASSERT_EQ(result.output.size(), 32U) << r.name;
        EXPECT_EQ(load_be256(result.output.data()), r.result) << r.name << ": " << to_hex(result.output);
    }
}
TEST(Opcodes, arithmetic) { expect_rows(arithmetic_rows()); }
TEST(Opcodes, environment) { expect_rows(environment_rows()); }
TEST(Opcodes, memory_storage_and_jumps) { expect_rows(memory_rows()); }

TEST(Opcodes, push_dup_swap) {
    Bytes bytes(32);
    for (unsigned n = 1; n <= 32; ++n) {
        bytes[n - 1] = static_cast<std::uint8_t>(n);
        Asm code;
        code.op(static_cast<int>(OP_PUSH1 + n - 1));
        for (unsigned i = 0; i < n; ++i) code.op(bytes[i]);
        expect_rows({{"PUSH" + std::to_string(n), code, load_be({bytes.data(), n})}});
    }
    for (unsigned n = 1; n <= 16; ++n) {
        Asm code;
        for (unsigned i = 0; i <= n; ++i) code.push(100 + i);
        expect_rows({{"DUP" + std::to_string(n), Asm(code).op(static_cast<int>(OP_DUP1 + n - 1)), 100 + 1},
                     {"SWAP" + std::to_string(n), Asm(code).op(static_cast<int>(OP_SWAP1 + n - 1)), 100}});
    }
}
TEST(Opcodes, push_reads_zeros_past_the_end) {
    World world(Fork::Osaka);
    const Asm code = Asm().op({OP_PUSH32, 0xff});
    EXPECT_EQ(world.run_code(code).status, Status::Success);
}

/// One fork has an opcode, or fails on it, as its row says.
TEST(Opcodes, exist_since_their_fork) {
    bool known[256] = {};
    const auto check = [&](std::uint8_t byte, int takes, Fork since) {
        known[byte] = true;
        for (std::size_t f = 0; f < chain::FORK_COUNT; ++f) {
            const auto fork = static_cast<Fork>(f);
            Asm code;
            for (int i = 0; i < takes; ++i) code.push(0);
            World world(fork);
            const auto status = world.run_code(code.op(byte)).status;
            const bool is_defined = status != Status::InvalidOpcode;
            EXPECT_EQ(is_defined, fork >= since && byte != OP_INVALID) << int{byte} << " in " << chain::to_string(fork);
        }
    };
#define X(byte, name, takes, gives, since, gas) check(byte, takes, Fork::since);
    ENTRESOL_OPCODES(X)
#undef X
    for (int byte = 0; byte < 256; ++byte) {
        EXPECT_EQ(known[byte], opcode_name(static_cast<std::uint8_t>(byte)) != nullptr);
        if (known[byte]) continue;
        World world(Fork::Osaka);
        EXPECT_EQ(world.run_code(Asm().op(byte)).status, Status::InvalidOpcode) << byte;
    }
}

/// One item too few underflows, and the stack holds 1024 items but not one more.
TEST(Opcodes, respect_the_stack) {
    const auto check = [](std::uint8_t byte, int takes, int gives) {
        if (takes > 0) {
            Asm code;
            for (int i = 1; i < takes; ++i) code.push(0);
            World world(Fork::Osaka);
            EXPECT_EQ(world.run_code(code.op(byte)).status, Status::StackUnderflow) << int{byte};
        }
        for (const int room : {0, 1}) {
            Asm code;
            for (int i = 0; i < STACK_LIMIT - room; ++i) code.op(OP_PUSH0);
            World world(Fork::Osaka);
            const bool overflows = gives > takes && room == 0;
            EXPECT_EQ(world.run_code(code.op(byte)).status == Status::StackOverflow, overflows) << int{byte};
        }
    };
#define X(byte, name, takes, gives, since, gas) check(byte, takes, gives);
    ENTRESOL_OPCODES(X)
#undef X
}

TEST(Opcodes, jumps_only_to_jumpdests_that_are_code) {
    const std::pair<Asm, Status> cases[] = {
        {Asm().push(3).op({OP_JUMP, OP_JUMPDEST}), Status::Success},
        {Asm().push(4).op({OP_JUMP, OP_PUSH1, OP_JUMPDEST}), Status::BadJump},  // data
        {Asm().push(3).op({OP_JUMP, OP_STOP}), Status::BadJump},
        {Asm().push(4).op({OP_JUMP, OP_JUMPDEST}), Status::BadJump},  // the end
        {Asm().push(MAX).op({OP_JUMP}), Status::BadJump},
        {Asm().push(U256{3, 1, 0, 0}).op({OP_JUMP}), Status::BadJump},
        {Asm().push(1).push(0).op(OP_JUMPI), Status::BadJump},
        {Asm().push(0).push(0).op(OP_JUMPI), Status::Success},
    };
    for (const auto& [code, status] : cases) {
        World world(Fork::Osaka);
        EXPECT_EQ(world.run_code(code).status, status) << to_hex(code.build());
    }
}

}  // namespace
}  // namespace entresol::evm
