// Constant gas of each opcode by fork, built when compiling: every fork copies its parent's table and edits what its EIPs say.
// The interpreter reads a price from the table only where forks disagree; elsewhere it is part of the instruction.
#pragma once

#include <array>

#include "core/evm/opcodes.hpp"

namespace entresol::evm {

inline constexpr int STACK_LIMIT = 1024;
inline constexpr std::int32_t UNDEFINED = -1;  // the fork does not have the opcode

using GasTable = std::array<std::int32_t, 256>;

namespace gas_table_detail {

constexpr void add_new_opcodes(GasTable& table, chain::Fork fork) {
#define X(byte, name, takes, gives, since, gas) \
    if (fork == chain::Fork::since) table[byte] = gas;
    ENTRESOL_OPCODES(X)
#undef X
}

constexpr void reprice(GasTable& table, chain::Fork fork) {
    switch (fork) {
        case chain::Fork::TangerineWhistle:  // EIP-150
            table[OP_EXTCODESIZE] = table[OP_EXTCODECOPY] = 700;
            table[OP_BALANCE] = 400;
            table[OP_SLOAD] = 200;
            table[OP_CALL] = table[OP_CALLCODE] = table[OP_DELEGATECALL] = 700;
            table[OP_SELFDESTRUCT] = 5000;
            break;
        case chain::Fork::Istanbul:  // EIP-1884
            table[OP_SLOAD] = 800;
            table[OP_BALANCE] = table[OP_EXTCODEHASH] = 700;
            break;
        case chain::Fork::Berlin:  // EIP-2929: the constant part is a warm access, a cold one pays the difference
            for (const auto opcode : {OP_EXTCODESIZE, OP_EXTCODECOPY, OP_EXTCODEHASH, OP_BALANCE, OP_SLOAD, OP_CALL,
                                      OP_CALLCODE, OP_DELEGATECALL, OP_STATICCALL})
                table[opcode] = 100;
            break;
        default: break;
    }
}

constexpr std::array<GasTable, chain::FORK_COUNT> make_tables() {
    std::array<GasTable, chain::FORK_COUNT> tables{};
    tables[0].fill(UNDEFINED);
    for (std::size_t i = 0; i < chain::FORK_COUNT; ++i) {
        if (i > 0) tables[i] = tables[i - 1];
        add_new_opcodes(tables[i], static_cast<chain::Fork>(i));
        reprice(tables[i], static_cast<chain::Fork>(i));
    }
    return tables;
}

}  // namespace gas_table_detail

inline constexpr std::array<GasTable, chain::FORK_COUNT> GAS_TABLES = gas_table_detail::make_tables();

/// The opcode's price where every fork that has it agrees, else UNDEFINED.
constexpr std::int32_t common_gas(std::uint8_t opcode) {
    std::int32_t price = UNDEFINED;
    for (const auto& table : GAS_TABLES) {
        if (table[opcode] == UNDEFINED) continue;
        if (price != UNDEFINED && price != table[opcode]) return UNDEFINED;
        price = table[opcode];
    }
    return price;
}

}  // namespace entresol::evm
