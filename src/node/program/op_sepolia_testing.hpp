// A real block as ../shared/data has it: what fixes it before execution, its witness and its hash.
#pragma once

#include <filesystem>

#include "core/program/block_task.hpp"
#include "testing/shared_data.hpp"

namespace entresol::program::testing {

struct GivenBlock {
    chain::ChainConfig config;
    BlockTask task;
    std::vector<Bytes> preimages;
    Hash32 expected_hash;
};
[[nodiscard]] GivenBlock read_given_block(const std::filesystem::path& path);

}  // namespace entresol::program::testing
