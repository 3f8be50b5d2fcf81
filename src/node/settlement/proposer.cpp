#include "node/settlement/proposer.hpp"

#include "core/codec/abi.hpp"
#include "core/crypto/keccak.hpp"

namespace entresol::settlement {

Hash32 compute_output_root(const ledger::StoredBlock& block) {
    const auto& header = block.block.header;
    Bytes preimage(32);  // version 0
    append(preimage, header.state_root.view());
    append(preimage, header.withdrawals_root.value_or(crypto::EMPTY_TRIE_ROOT).view());
    append(preimage, block.hash.view());
    return crypto::keccak256(preimage);
}

Proposer::Proposer(ProposerOptions options, std::shared_ptr<l1::L1Client> client, TxManager transactions,
                   const ledger::Ledger& ledger, std::function<std::uint64_t()> now_ms)
    : options_(std::move(options)),
      client_(std::move(client)),
      transactions_(std::move(transactions)),
      ledger_(ledger),
      now_ms_(std::move(now_ms)) {}

l1::L1Result<void> Proposer::step() {
    if (in_flight_) {
        TRY(const auto progress, transactions_.check(in_flight_->ticket));
        if (progress.state == TxManager::State::Waiting) return {};
        const InFlight work = *in_flight_;
        in_flight_.reset();
        return settle(work, progress);
    }
    const auto safe = ledger_.safe();
    if (last_proposed_block_ > safe->number())
        last_proposed_block_ = 0;  // the L2 was rewound: its numbers come again with other roots
    if (safe->number() > last_proposed_block_ && now_ms_() - last_proposed_ms_ >= options_.interval_ms)
        return propose(*safe);
    TRY(const bool resolving, resolve_next());
    (void)resolving;
    return {};
}

l1::L1Result<void> Proposer::propose(const ledger::StoredBlock& block) {
    Proposal proposal{.l2_block_number = block.number(), .output_root = compute_output_root(block)};
    Bytes extra(32);
    store_be256(extra.data(), U256{block.number()});
    auto data = codec::AbiWriter()
                    .uint(U256{options_.game_type})
                    .word(proposal.output_root)
                    .bytes(extra)
                    .call("create(uint32,bytes32,bytes)");
    last_proposed_ms_ = now_ms_();
    TRY(auto ticket,
        transactions_.send(
            {.to = options_.factory, .data = std::move(data), .gas_limit = std::nullopt, .sidecar = std::nullopt}));
    in_flight_ = InFlight{std::move(ticket), proposal, {}};
    return {};
}

// The oldest game past its challenge period; anyone may resolve it, so a failure is not fatal.
l1::L1Result<bool> Proposer::resolve_next() {
    std::optional<Address> game;
    {
        const std::lock_guard lock(mutex_);
        for (const auto& proposal : proposals_) {
            if (proposal.resolved) continue;
            if (proposal.created_at + options_.challenge_period_s < now_ms_() / 1000) game = proposal.game;
            break;
        }
    }
    if (!game) return false;
    auto ticket = transactions_.send({.to = *game,
                                      .data = codec::AbiWriter().call("resolve()"),
                                      .gas_limit = std::nullopt,
                                      .sidecar = std::nullopt});
    if (!ticket && ticket.error().kind != l1::L1ErrorKind::Rejected) return fail(ticket.error());
    if (ticket) in_flight_ = InFlight{std::move(*ticket), std::nullopt, *game};
    const bool refused = !ticket;  // resolved by someone else, or not yet: look at the next one another time
    if (refused) {
        const std::lock_guard lock(mutex_);
        for (auto& proposal : proposals_)
            if (proposal.game == *game) proposal.resolved = true;
    }
    return true;
}

l1::L1Result<void> Proposer::settle(const InFlight& work, const TxManager::Progress& progress) {
    if (progress.state != TxManager::State::Included) {
        last_proposed_ms_ = 0;
        return {};
    }
    const std::lock_guard lock(mutex_);
    if (!work.proposal) {
        for (auto& proposal : proposals_)
            if (proposal.game == work.resolves) proposal.resolved = true;
        return {};
    }
    // DisputeGameCreated(address indexed disputeProxy, uint32 indexed gameType, bytes32 indexed rootClaim)
    const Hash32 topic = codec::abi_event_topic("DisputeGameCreated(address,uint32,bytes32)");
    Proposal proposal = *work.proposal;
    for (const auto& log : progress.receipt.logs)
        if (log.address == options_.factory && log.topics.size() == 4 && log.topics[0] == topic)
            proposal.game = to_address(log.topics[1]);
    proposal.l1_tx_hash = progress.hash;
    proposal.l1_block_number = progress.receipt.block_number;
    proposal.created_at = now_ms_() / 1000;
    last_proposed_block_ = proposal.l2_block_number;
    proposals_.push_back(proposal);
    if (proposals_.size() > MAX_PROPOSALS) proposals_.erase(proposals_.begin());
    return {};
}

std::vector<Proposal> Proposer::proposals() const {
    const std::lock_guard lock(mutex_);
    return {proposals_.rbegin(), proposals_.rend()};
}

}  // namespace entresol::settlement
