// A chain of real blocks over a state of many accounts, as files that geth takes too; and its import here.
#pragma once

#include <string>

#include "state_shape.hpp"

namespace entresol::bench {

/// Writes genesis.json and blocks.rlp to the folder. Half of the transactions are transfers to accounts anywhere, half set a slot of the token.
void make_chain(const std::string& folder, const Shape& shape, std::uint64_t blocks, std::uint64_t transactions);
/// Imports them into a new database beside them, and prints a line of JSON.
void import_chain(const std::string& folder);

}  // namespace entresol::bench
