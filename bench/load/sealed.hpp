// What the chain says was sealed: read after the clock has stopped.
#pragma once

#include <cstdint>

#include "connection.hpp"
#include "workload.hpp"

namespace entresol::load {

[[nodiscard]] std::uint64_t block_number(Connection& connection);

struct Sealed {
    std::size_t found = 0;      // of the workload, in the blocks asked for, each once
    std::size_t succeeded = 0;  // of these
};
/// Reads every receipt of these blocks and compares hashes.
[[nodiscard]] Sealed count_sealed(Connection& connection, const Workload& workload, std::uint64_t first_block,
                                  std::uint64_t last_block);

}  // namespace entresol::load
