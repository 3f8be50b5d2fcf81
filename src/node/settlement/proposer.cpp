#include "node/settlement/proposer.hpp"

#include <algorithm>

#include "core/base/endian.hpp"
#include "core/base/hex.hpp"
#include "core/codec/abi.hpp"
#include "core/crypto/keccak.hpp"
#include "node/io/log.hpp"
#include "node/store/block_store.hpp"

namespace entresol::settlement {
namespace {

l1::L1Error malformed(const char* what) {
    return {l1::L1ErrorKind::BadAnswer, std::string("malformed answer from the dispute contracts: ") + what};
}

constexpr std::size_t OWN_RECORD_BYTES = Hash32::SIZE + 8;
std::string own_key(const Address& game) { return "game." + to_hex(game); }

}  // namespace

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

// What is rare comes first, so that none of the three keeps the others waiting for ever.
l1::L1Result<void> Proposer::step() {
    if (!in_flight_) TRY_VOID(take_up_unsettled());
    if (now_ms_() - last_refresh_ms_ >= options_.refresh_ms) TRY_VOID(refresh());
    if (in_flight_) TRY_VOID(settle());
    if (in_flight_) return {};
    TRY_VOID(resolve_next());
    if (!in_flight_) TRY_VOID(advance_anchor());
    if (in_flight_ || now_ms_() - last_proposed_ms_ < options_.interval_ms) return {};
    const auto newest = options_.finalized_only ? ledger_.finalized() : ledger_.safe();
    return newest->number() > last_proposed_block() ? propose(*newest) : l1::L1Result<void>{};
}

// What an earlier run had under way. A root that this chain no longer has must not become a claim.
l1::L1Result<void> Proposer::take_up_unsettled() {
    const auto left = transactions_.unsettled();
    if (left.empty()) return {};
    const auto& [ticket, note] = left.front();
    const bool proposes = note.size() == 8 + Hash32::SIZE;
    in_flight_ = InFlight{ticket, now_ms_(), proposes};
    if (!proposes) return {};
    const auto block = ledger_.find_block(load_be64(note.data()));
    if (block != nullptr && compute_output_root(*block) == from_bytes<Hash32>(ByteView(note).subspan(8))) return {};
    return transactions_.cancel(ticket);
}

l1::L1Result<void> Proposer::settle() {
    constexpr std::uint64_t RESEND_AFTER_MS = 30'000;
    TRY(const auto progress, transactions_.check(in_flight_->ticket));
    if (progress.state == TxManager::State::Waiting) {
        if (now_ms_() - in_flight_->sent_at_ms < RESEND_AFTER_MS) return {};
        in_flight_->sent_at_ms = now_ms_();
        return transactions_.replace(in_flight_->ticket);
    }
    const bool proposed = in_flight_->proposes;
    const auto ticket = in_flight_->ticket;
    in_flight_.reset();
    if (proposed && progress.state != TxManager::State::Included) {
        last_proposed_ms_ = 0;
        io::log_warning("proposer", "a proposal was lost or failed", {{"l1_tx", to_hex(progress.hash)}});
    }
    // DisputeGameCreated(address indexed disputeProxy, uint32 indexed gameType, bytes32 indexed rootClaim)
    const Hash32 topic = codec::abi_event_topic("DisputeGameCreated(address,uint32,bytes32)");
    for (const auto& log : progress.receipt.logs)
        if (log.address == options_.factory && log.topics.size() == 4 && log.topics[0] == topic)
            remember_own(to_address(log.topics[1]), {progress.hash, progress.receipt.block_number});
    transactions_.settle(ticket);
    return refresh();
}

// L1 tells of a game, not of the transaction that made it: what this process knows of its own ones outlives it in the store.
void Proposer::remember_own(const Address& game, const Origin& origin) {
    Bytes record = to_bytes(origin.tx_hash.view());
    record.resize(OWN_RECORD_BYTES);
    store_be64(record.data() + Hash32::SIZE, origin.block_number);
    ledger_.store()->put_meta(own_key(game), record);
}

std::optional<Proposer::Origin> Proposer::find_own(const Address& game) const {
    const auto record = ledger_.store()->find_meta(own_key(game));
    if (!record || record->size() != OWN_RECORD_BYTES) return std::nullopt;
    return Origin{from_bytes<Hash32>(*record), load_be64(record->data() + Hash32::SIZE)};
}

// Is the newest game that was read still where it was?
l1::L1Result<bool> Proposer::is_unchanged(std::uint64_t count) {
    if (games_read_ > count) return false;
    if (proposals_.empty()) return true;
    const Proposal last = proposals_.back();
    TRY(const auto now, load_game(last.index));
    return now && now->game == last.game && now->created_at == last.created_at;
}

l1::L1Result<void> Proposer::refresh() {
    last_refresh_ms_ = now_ms_();
    TRY(const auto answer, client_->call(options_.factory, codec::AbiWriter().call("gameCount()")));
    const auto count = codec::AbiReader(answer).read_u64();
    if (!count) return fail(malformed("gameCount"));
    TRY(const bool unchanged, is_unchanged(*count));
    std::vector<Proposal> games;
    if (unchanged) {
        games = proposals();
        std::reverse(games.begin(), games.end());
    } else {
        games_read_ = 0;  // L1 was reorganised
    }
    if (*count > MAX_PROPOSALS) games_read_ = std::max(games_read_, *count - MAX_PROPOSALS);
    for (; games_read_ < *count; ++games_read_) {
        TRY(auto game, load_game(games_read_));
        if (game) games.push_back(*game);
    }
    for (auto& game : games) {
        const auto own = find_own(game.game);
        if (!own) continue;
        game.l1_tx_hash = own->tx_hash;
        game.l1_block_number = own->block_number;
    }
    for (auto& game : games) {
        if (game.resolved) continue;
        TRY(const auto status, client_->call(game.game, codec::AbiWriter().call("status()")));
        const auto value = codec::AbiReader(status).read_u64();
        if (!value) return fail(malformed("status"));
        game.resolved = *value != 0;  // IDisputeGame: 0 is IN_PROGRESS
        if (game.resolved)
            io::log_info("proposer", "output resolved",
                         {{"block", game.l2_block_number}, {"game", to_hex(game.game)}, {"status", *value}});
        if (!game.resolved) break;  // they are resolved in order
    }
    if (games.size() > MAX_PROPOSALS) games.erase(games.begin(), games.end() - MAX_PROPOSALS);
    const std::lock_guard lock(mutex_);
    proposals_ = std::move(games);
    return {};
}

// Nothing for a game of another type.
l1::L1Result<std::optional<Proposal>> Proposer::load_game(std::uint64_t index) {
    TRY(const auto entry,
        client_->call(options_.factory, codec::AbiWriter().uint(U256{index}).call("gameAtIndex(uint256)")));
    codec::AbiReader reader(entry);
    const auto type = reader.read_u64();
    const auto created_at = reader.read_u64();
    const auto game = reader.read_address();
    if (!type || !created_at || !game) return fail(malformed("gameAtIndex"));
    if (*type != options_.game_type) return std::optional<Proposal>{};
    TRY(const auto number_answer, client_->call(*game, codec::AbiWriter().call("l2BlockNumber()")));
    TRY(const auto root_answer, client_->call(*game, codec::AbiWriter().call("rootClaim()")));
    const auto number = codec::AbiReader(number_answer).read_u64();
    const auto root = codec::AbiReader(root_answer).read_word();
    if (!number || !root) return fail(malformed("a game"));
    Proposal proposal{
        .index = index, .l2_block_number = *number, .output_root = *root, .game = *game, .created_at = *created_at};
    return std::optional(proposal);
}

// The newest block of this chain, as it is now, whose output is on L1. Roots of a branch that was left do not count.
std::uint64_t Proposer::last_proposed_block() const {
    for (auto it = proposals_.rbegin(); it != proposals_.rend(); ++it) {
        const auto block = ledger_.find_block(it->l2_block_number);
        if (block != nullptr && compute_output_root(*block) == it->output_root) return it->l2_block_number;
    }
    return ledger_.genesis()->number();
}

l1::L1Result<bool> Proposer::send(const Address& to, Bytes data, const ledger::StoredBlock* proposed) {
    TxRequest request{.to = to, .data = std::move(data), .gas_limit = std::nullopt, .sidecar = std::nullopt};
    if (proposed != nullptr) {
        request.note.resize(8);
        store_be64(request.note.data(), proposed->number());
        append(request.note, compute_output_root(*proposed).view());
    }
    const auto ticket = transactions_.send(std::move(request));
    if (!ticket && proposed == nullptr && ticket.error().kind == l1::L1ErrorKind::Rejected) return false;
    if (!ticket) return fail(ticket.error());
    in_flight_ = InFlight{*ticket, now_ms_(), proposed != nullptr};
    return true;
}

l1::L1Result<void> Proposer::propose(const ledger::StoredBlock& block) {
    Bytes extra(32);
    store_be256(extra.data(), U256{block.number()});
    last_proposed_ms_ = now_ms_();
    io::log_info("proposer", "output proposed",
                 {{"block", block.number()}, {"output_root", to_hex(compute_output_root(block))}});
    TRY(const bool sent, send(options_.factory,
                              codec::AbiWriter()
                                  .uint(U256{options_.game_type})
                                  .word(compute_output_root(block))
                                  .bytes(extra)
                                  .call("create(uint32,bytes32,bytes)"),
                              &block));
    (void)sent;
    return {};
}

// The oldest game past its challenge period. L1's clock decides: a refusal means not yet.
l1::L1Result<void> Proposer::resolve_next() {
    for (const auto& proposal : proposals_) {
        if (proposal.resolved) continue;
        if (proposal.created_at + options_.challenge_period_s > now_ms_() / 1000) return {};
        TRY(const bool sent, send(proposal.game, codec::AbiWriter().call("resolve()"), nullptr));
        (void)sent;
        return {};
    }
    return {};
}

// The newest game that the registry would take as its anchor, at most once in a proposal's interval.
l1::L1Result<void> Proposer::advance_anchor() {
    if (now_ms_() - last_anchor_ms_ < options_.interval_ms) return {};
    last_anchor_ms_ = now_ms_();
    constexpr std::size_t CANDIDATES = 8;
    std::size_t looked_at = 0;
    for (auto it = proposals_.rbegin(); it != proposals_.rend() && looked_at < CANDIDATES; ++it) {
        if (!it->resolved) continue;
        ++looked_at;
        TRY(const auto registry_answer, client_->call(it->game, codec::AbiWriter().call("anchorStateRegistry()")));
        const auto registry = codec::AbiReader(registry_answer).read_address();
        if (!registry) return fail(malformed("anchorStateRegistry"));
        TRY(const auto anchor_answer, client_->call(*registry, codec::AbiWriter().call("getAnchorRoot()")));
        codec::AbiReader anchor(anchor_answer);
        (void)anchor.read_word();
        const auto anchor_number = anchor.read_u64();
        if (!anchor_number) return fail(malformed("getAnchorRoot"));
        if (it->l2_block_number <= *anchor_number) return {};
        TRY(const auto valid,
            client_->call(*registry, codec::AbiWriter().address(it->game).call("isGameClaimValid(address)")));
        if (!codec::AbiReader(valid).read_bool().value_or(false)) continue;
        TRY(const bool sent,
            send(*registry, codec::AbiWriter().address(it->game).call("setAnchorState(address)"), nullptr));
        (void)sent;
        return {};
    }
    return {};
}

std::vector<Proposal> Proposer::proposals() const {
    const std::lock_guard lock(mutex_);
    return {proposals_.rbegin(), proposals_.rend()};
}

}  // namespace entresol::settlement
