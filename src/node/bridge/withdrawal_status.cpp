#include "node/bridge/bridge.hpp"

namespace entresol::bridge {
namespace {

// The first output that covers the block; the list is newest first.
std::optional<Address> covering_game(std::span<const Output> outputs, std::uint64_t block_number) {
    std::optional<Address> found;
    for (const auto& output : outputs) {
        if (output.l2_block_number < block_number) break;
        found = output.game;
    }
    return found;
}

}  // namespace

const char* to_string(WithdrawalState state) {
    switch (state) {
        case WithdrawalState::WaitingForOutput: return "waiting for output";
        case WithdrawalState::ReadyToProve: return "ready to prove";
        case WithdrawalState::Proven: return "proven";
        case WithdrawalState::RootFell: return "root fell";
        case WithdrawalState::ReadyToFinalize: return "ready to finalize";
        case WithdrawalState::Finalized: break;
    }
    return "finalized";
}

void Bridge::judge_proven(WithdrawalStatus& status, const Hash32& withdrawal, const WithdrawalProgress& progress,
                          std::uint64_t now_ms) const {
    const Address submitter = progress.proof_submitter.value_or(Address{});
    status.game = game_of(withdrawal, submitter);
    if (is_ready(withdrawal, submitter)) {
        status.state = WithdrawalState::ReadyToFinalize;
        status.waits_for = "anyone to finalize it on L1";
        return;
    }
    if (const auto why = status.game ? why_fallen(*status.game) : std::string(); !why.empty()) {
        status.state = WithdrawalState::RootFell;
        status.waits_for = "anyone to prove it again on L1: the root that it was proven against " + why;
        return;
    }
    status.state = WithdrawalState::Proven;
    status.waits_for = "the end of its output's challenge period";
    const auto limits = periods();
    if (!limits || !status.proven_at_ms) return;
    const auto mature_ms = *status.proven_at_ms + limits->proof_maturity * 1000;
    if (mature_ms > now_ms)
        status.waits_for = "its proof to mature, in " + std::to_string((mature_ms - now_ms) / 1000) + " s";
}

WithdrawalStatus Bridge::status_of(const Withdrawal& withdrawal, const WithdrawalProgress& progress,
                                   std::span<const Output> outputs, std::uint64_t now_ms) const {
    WithdrawalStatus status;
    const auto covering = covering_game(outputs, withdrawal.l2_block_number);
    if (progress.proven) {
        status.prove_tx = progress.proven->tx_hash;
        status.proven_at_ms = l1_times_.find(progress.proven->block_number, progress.proven->block_hash);
    }
    if (progress.finalized) {
        status.state = WithdrawalState::Finalized;
        status.finalize_tx = progress.finalized->tx_hash;
        status.waits_for = "nothing: it was paid out on L1";
    } else if (progress.proven) {
        judge_proven(status, withdrawal.hash, progress, now_ms);
    } else if (covering) {
        status.game = covering;
        status.state = WithdrawalState::ReadyToProve;
        status.waits_for = "anyone to prove it on L1";
    } else {
        status.waits_for = "an output on L1 that covers block " + std::to_string(withdrawal.l2_block_number);
    }
    return status;
}

}  // namespace entresol::bridge
