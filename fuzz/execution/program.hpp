// Contracts by chance: mostly programs that a stack allows, with the mistakes that contracts make now and then.
#pragma once

#include <vector>

#include "core/chain/forks.hpp"
#include "random.hpp"

namespace entresol::fuzz {

struct ProgramContext {
    chain::Fork fork;
    std::span<const Address> addresses;  // whom programs call, ask about and pay
};

[[nodiscard]] Bytes make_program(Random& random, const ProgramContext& context, int depth = 0);
/// A program that calls others, survives what they do and writes down how they ended.
[[nodiscard]] Bytes make_caller(Random& random, const ProgramContext& context);
/// Code that returns a program as the code of a contract, or something that looks like it.
[[nodiscard]] Bytes make_initcode(Random& random, const ProgramContext& context, int depth = 0);
/// An input for the precompile at this address, mostly one that it accepts.
[[nodiscard]] Bytes make_precompile_input(Random& random, std::uint64_t precompile);

}  // namespace entresol::fuzz
