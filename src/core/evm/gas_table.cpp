// Constant gas of each opcode by fork: every fork copies its parent's table and edits what its EIPs say.
#include <array>

#include "core/evm/opcodes.hpp"

namespace entresol::evm {
namespace {

using chain::Fork;

constexpr int STACK_LIMIT = 1024;

constexpr void define(OpcodeTable& table, std::uint8_t opcode, int takes, int gives, int gas) {
    auto& row = table.rows[opcode];
    row.gas = static_cast<std::int16_t>(gas);
    row.min_height = static_cast<std::int16_t>(takes);
    row.max_height = static_cast<std::int16_t>(gives > takes ? STACK_LIMIT - (gives - takes) : STACK_LIMIT);
    row.is_defined = true;
}

constexpr void add_new_opcodes(OpcodeTable& table, Fork fork) {
#define X(byte, name, takes, gives, since, gas) \
    if (fork == Fork::since) define(table, byte, takes, gives, gas);
    ENTRESOL_OPCODES(X)
#undef X
}

constexpr void reprice(OpcodeTable& table, Fork fork) {
    const auto set = [&](std::uint8_t opcode, int gas) { table.rows[opcode].gas = static_cast<std::int16_t>(gas); };
    switch (fork) {
        case Fork::TangerineWhistle:  // EIP-150
            set(OP_EXTCODESIZE, 700);
            set(OP_EXTCODECOPY, 700);
            set(OP_BALANCE, 400);
            set(OP_SLOAD, 200);
            for (const auto opcode : {OP_CALL, OP_CALLCODE, OP_DELEGATECALL}) set(opcode, 700);
            set(OP_SELFDESTRUCT, 5000);
            break;
        case Fork::Istanbul:  // EIP-1884
            set(OP_SLOAD, 800);
            set(OP_BALANCE, 700);
            set(OP_EXTCODEHASH, 700);
            break;
        case Fork::Berlin:  // EIP-2929: the constant part is a warm access, a cold one pays the difference
            for (const auto opcode : {OP_EXTCODESIZE, OP_EXTCODECOPY, OP_EXTCODEHASH, OP_BALANCE, OP_SLOAD, OP_CALL, OP_CALLCODE, OP_DELEGATECALL, OP_STATICCALL})
                set(opcode, 100);
            break;
        default: break;
    }
}

constexpr std::array<OpcodeTable, chain::FORK_COUNT> make_tables() {
    std::array<OpcodeTable, chain::FORK_COUNT> tables{};
    for (auto& row : tables[0].rows) row.min_height = STACK_LIMIT + 1;  // undefined: fails the height check of any stack
    for (std::size_t i = 0; i < chain::FORK_COUNT; ++i) {
        if (i > 0) tables[i] = tables[i - 1];
        add_new_opcodes(tables[i], static_cast<Fork>(i));
        reprice(tables[i], static_cast<Fork>(i));
    }
    return tables;
}

constexpr std::array<OpcodeTable, chain::FORK_COUNT> TABLES = make_tables();

}  // namespace

const OpcodeTable& opcode_table(Fork fork) { return TABLES[static_cast<std::size_t>(fork)]; }

const char* opcode_name(std::uint8_t opcode) {
    switch (opcode) {
#define X(byte, name, takes, gives, since, gas) \
    case byte: return #name;
        ENTRESOL_OPCODES(X)
#undef X
        default: return nullptr;
    }
}

}  // namespace entresol::evm
