#include "node/program/record_question.hpp"

#include <stdexcept>

#include "core/base/hex.hpp"
#include "core/crypto/keccak.hpp"

namespace entresol::program {
namespace {

chain::Header header_at(const Replica& replica, std::uint64_t number) {
    auto header = replica.block(to_quantity(number)).header;
    if (header.number != number) throw std::runtime_error("the replica answers with another block");
    return header;
}

}  // namespace

Hash32 output_root_at(const Replica& replica, std::uint64_t number) {
    const auto header = header_at(replica, number);
    return compute_output_root(header, chain::header_hash(header));
}

Recording record_question(const derive::RollupConfig& config, const Question& question, std::uint64_t start_block,
                          std::shared_ptr<l1::L1Client> l1, const Replica& replica) {
    Recorder recorder(std::move(l1), replica);
    const auto start = header_at(replica, start_block);
    if (recorder.add(encode_output(start, chain::header_hash(start))) != question.start_output_root)
        throw std::runtime_error("the replica's block " + std::to_string(start_block) + " has not the output root " +
                                 to_hex(question.start_output_root) + " that the question starts from");
    const auto answered = answer(config, question, recorder);
    if (!answered && answered.error() == AnswerError::Unknown)
        throw std::runtime_error(
            "the replica or L1 lacks something that the answer depends on: is the replica behind, or has it dropped "
            "the state of block " +
            std::to_string(start_block) + "?");
    return {answered, recorder.file(), recorder.count()};
}

}  // namespace entresol::program
