#include "node/challenge/chain_trace.hpp"

#include <stdexcept>

#include "core/base/hex.hpp"
#include "core/riscv/elf.hpp"
#include "core/riscv/preimage_file.hpp"
#include "core/riscv/provable_preimages.hpp"
#include "core/riscv/state_root.hpp"
#include "node/io/log.hpp"
#include "node/program/chain_program.hpp"
#include "node/program/record_question.hpp"

namespace entresol::challenge {
namespace {

struct Chain {
    ChainSources sources;
    program::ChainProgram program;
};

/// Recorded when it is first asked for. As long as L1 or the replica lacks something, each question is answered with nothing and each round asks again.
class ChainTrace final : public Trace {
public:
    ChainTrace(std::shared_ptr<const Chain> chain, Question question) : chain_(std::move(chain)), question_(question) {}

    std::optional<std::vector<Hash32>> roots(std::uint64_t first, std::uint64_t spacing, std::size_t count) override {
        return is_ready() ? machine_->roots(first, spacing, count) : std::nullopt;
    }
    std::optional<Bytes> state(std::uint64_t step) override {
        return is_ready() ? machine_->state(step) : std::nullopt;
    }
    std::optional<Bytes> prove(std::uint64_t step) override {
        return is_ready() ? machine_->prove(step) : std::nullopt;
    }

private:
    bool is_ready() {
        if (machine_) return true;
        try {
            record();
        } catch (const std::runtime_error& problem) {
            if (problem.what() == told_) return false;
            told_ = problem.what();
            io::log_warning("challenge", "a claim cannot be judged yet",
                            {{"block", question_.l2_block}, {"reason", told_}});
            return false;
        }
        machine_.emplace([this] { return start(); });
        return true;
    }

    void record() {
        const auto& sources = chain_->sources;
        const program::Question question{question_.starting_root, question_.l1_head, question_.l2_block};
        auto recording =
            program::record_question(sources.config, question, question_.starting_block, sources.l1, sources.l2);
        if (!read_preimages(recording.preimages, preimages_)) throw std::runtime_error("the recording is damaged");
        io::log_info("challenge", "recorded what a claim depends on",
                     {{"block", question_.l2_block},
                      {"preimages", recording.count},
                      {"bytes", recording.preimages.size()},
                      {"answer", recording.answer ? to_hex(*recording.answer) : to_string(recording.answer.error())}});
    }

    riscv::Machine start() {
        auto machine = riscv::load_elf(chain_->program.elf, chain_->sources.memory_mib * 256).value();  // of 4 KiB
        machine.preimages = &preimages_;
        riscv::set_input(machine.hart, preimages_.add_keccak256(question_.encode_input()));
        return machine;
    }

    std::shared_ptr<const Chain> chain_;
    Question question_;
    riscv::ProvablePreimages preimages_;
    std::optional<MachineTrace> machine_;
    std::string told_;
};

}  // namespace

Challenger::MakeTrace make_chain_traces(ChainSources sources) {
    auto program = program::make_chain_program({sources.config, std::nullopt});
    const auto chain = std::make_shared<const Chain>(Chain{std::move(sources), std::move(program)});
    return [chain](const Question& question) -> std::unique_ptr<Trace> {
        const auto& ours = chain->program;
        if (question.program_root != ours.memory_root || question.program_entry != ours.entry) return nullptr;
        return std::make_unique<ChainTrace>(chain, question);
    };
}

}  // namespace entresol::challenge
