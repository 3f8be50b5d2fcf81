// One question answered here, with everything that the machine has to read to answer it too.
#pragma once

#include <memory>

#include "core/program/answer.hpp"
#include "node/program/recorder.hpp"

namespace entresol::program {

struct Recording {
    Result<Hash32, AnswerError> answer;  // never Unknown
    Bytes preimages;                     // a file (docs/spec/machine.md, "Preimages as a file"), without the input
    std::size_t count = 0;
};

/// `start_block` is the number of the L2 block whose output root the question starts from. Throws std::runtime_error in words for a person: an endpoint does not
/// answer, or lacks what is read, or has another block there.
[[nodiscard]] Recording record_question(const derive::RollupConfig& config, const Question& question,
                                        std::uint64_t start_block, std::shared_ptr<l1::L1Client> l1,
                                        const Replica& replica);

/// The output root of a block that the replica has.
[[nodiscard]] Hash32 output_root_at(const Replica& replica, std::uint64_t number);

}  // namespace entresol::program
