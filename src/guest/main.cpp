// The program of the dispute game: which output root has L2 block n? Or, on a machine whose configuration says so, which hash has one block?
#include "core/program/answer.hpp"
#include "core/program/block_task.hpp"
#include "core/program/config_bytes.hpp"
#include "core/program/program_image.hpp"
#include "guest/machine_calls.hpp"
#include "guest/machine_oracle.hpp"

namespace entresol::guest {
namespace {

/// Filled by the host, which knows where it lies from the executable's segments.
__attribute__((section(".config"), used, aligned(4096)))
const volatile std::uint8_t config_area[program::CONFIG_BYTES] = {};

program::ProgramConfig read_config() {
    Bytes area(program::CONFIG_BYTES);
    for (std::size_t i = 0; i < area.size(); ++i) area[i] = config_area[i];
    auto config = program::decode_config_area(area);
    if (!config) stop(ExitCode::Malformed);
    return *std::move(config);
}

ExitCode exit_code_of(program::AnswerError error) {
    switch (error) {
        case program::AnswerError::NoStart: return ExitCode::NoStart;
        case program::AnswerError::NotReached: return ExitCode::NotReached;
        default: return ExitCode::Underivable;
    }
}

Result<Hash32, program::AnswerError> run(const program::ProgramConfig& config, const program::Question& question) {
    MachineOracle oracle;
    if (config.rollup) return program::answer(*config.rollup, question, oracle);
    return program::answer_block(*config.chain, question, oracle);
}

}  // namespace
}  // namespace entresol::guest

/// With the hash of the input in four numbers, each big-endian.
extern "C" [[noreturn]] void guest_main(std::uint64_t h0, std::uint64_t h1, std::uint64_t h2, std::uint64_t h3) {
    using namespace entresol;
    const auto input = guest::read_preimage(guest::PreimageKind::Keccak256, to_hash32(U256(h3, h2, h1, h0)));
    const auto question = program::decode_question(input);
    if (!question) guest::stop(guest::ExitCode::Malformed);
    const auto answer = guest::run(guest::read_config(), *question);
    if (!answer) guest::stop(guest::exit_code_of(answer.error()));
    guest::stop(0, *answer);
}
