// One block built from what is given with it, without derivation: for measuring and for checking the program on blocks of chains that exist.
#pragma once

#include "core/program/answer.hpp"
#include "core/stf/build_block.hpp"

namespace entresol::program {

struct BlockTask {
    chain::Header parent;
    stf::BlockAttributes attributes;  // without withdrawals and overrides
    std::vector<Bytes> transactions;
};
[[nodiscard]] Bytes encode(const BlockTask& task);
[[nodiscard]] std::optional<BlockTask> decode_block_task(ByteView bytes);

/// S is the keccak256 of an encoded task; the answer is the hash of the block that it makes. H and n say nothing.
[[nodiscard]] Result<Hash32, AnswerError> answer_block(const chain::ChainConfig& config, const Question& question,
                                                       Oracle& oracle);

}  // namespace entresol::program
