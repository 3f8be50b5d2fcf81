// The question that a claim answers: which output root has L2 block n, if the one before is S and L1 ends with H (docs/spec/game.md, "The claim")?
#pragma once

#include "core/derive/rollup_config.hpp"
#include "core/program/oracle.hpp"

namespace entresol::program {

struct Question {
    Hash32 start_output_root;
    Hash32 l1_head;
    std::uint64_t block_number = 0;  // on L2
    bool operator==(const Question&) const = default;
};
inline constexpr std::size_t QUESTION_BYTES = 96;
/// S ‖ H ‖ n, the program's input.
[[nodiscard]] Bytes encode(const Question& question);
[[nodiscard]] std::optional<Question> decode_question(ByteView bytes);

enum class AnswerError : std::uint8_t {
    Unknown,      // the oracle does not know what it was asked for: no verdict
    NoStart,      // S is no output root of this rollup, or not before n
    NotReached,   // L1 up to H does not hold what makes block n
    Underivable,  // derivation cannot go on: L1 or L2 is none that a genuine chain has
};
[[nodiscard]] const char* to_string(AnswerError error);

/// version 0 ‖ state root ‖ message passer's storage root ‖ block hash (OP Stack, "L2 Output Commitment Construction"), and the hash of that.
[[nodiscard]] Bytes encode_output(const chain::Header& header, const Hash32& block_hash);
[[nodiscard]] Hash32 compute_output_root(const chain::Header& header, const Hash32& block_hash);

/// Derives and executes every block from S to n. Pure: the same answer wherever it runs.
[[nodiscard]] Result<Hash32, AnswerError> answer(derive::RollupConfig config, const Question& question, Oracle& oracle);

}  // namespace entresol::program
