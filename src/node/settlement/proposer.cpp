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

Proposer::Proposer(const ProposerOptions& options, std::shared_ptr<l1::L1Client> client, TxManager transactions,
                   const ledger::Ledger& ledger, Clocks clocks)
    : options_(options),
      client_(std::move(client)),
      transactions_(std::move(transactions)),
      ledger_(ledger),
      clocks_(std::move(clocks)) {}

// What is rare comes first, so that none of the four keeps the others waiting for ever.
l1::L1Result<void> Proposer::step() {
    if (!in_flight_) TRY_VOID(take_up_unsettled());
    if (now_ms() - last_refresh_ms_ >= options_.refresh_ms) TRY_VOID(refresh());
    if (in_flight_) TRY_VOID(settle());
    if (in_flight_) return {};
    TRY_VOID(resolve_next());
    if (!in_flight_) TRY_VOID(advance_anchor());
    if (!in_flight_) TRY_VOID(collect_next());
    if (in_flight_ || now_ms() - last_proposed_ms_ < options_.interval_ms) return {};
    return propose_newest();
}

// What an earlier run had under way. A root that this chain no longer has must not become a claim.
l1::L1Result<void> Proposer::take_up_unsettled() {
    const auto left = transactions_.unsettled();
    if (left.empty()) return {};
    const auto& [ticket, note] = left.front();
    const bool proposes = note.size() == 8 + Hash32::SIZE;
    in_flight_ = InFlight{.ticket = ticket, .sent_at_ms = now_ms(), .proposes = proposes, .output_root = {}};
    if (!proposes) return {};
    in_flight_->l2_block = load_be64(note.data());
    in_flight_->output_root = from_bytes<Hash32>(ByteView(note).subspan(8));
    return look_after();
}

// What waits: taken back where this chain has left its root, else sent again for more.
l1::L1Result<void> Proposer::look_after() {
    constexpr std::uint64_t RESEND_AFTER_MS = 30'000;
    auto& waiting = *in_flight_;
    const bool is_wrong = waiting.proposes && output_root_of(waiting.l2_block) != waiting.output_root;
    const bool is_late = now_ms() - waiting.sent_at_ms >= RESEND_AFTER_MS;
    if (is_late) waiting.sent_at_ms = now_ms();
    if (is_wrong && (is_late || !waiting.is_cancelled)) {
        waiting.is_cancelled = true;
        return transactions_.cancel(waiting.ticket);
    }
    return is_late ? transactions_.replace(waiting.ticket) : l1::L1Result<void>{};
}

l1::L1Result<void> Proposer::settle() {
    TRY(const auto progress, transactions_.check(in_flight_->ticket));
    if (progress.state == TxManager::State::Waiting) return look_after();
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
    TRY(const auto now, load_proposal(*client_, options_.factory, last.index));
    return now && now->game == last.game && now->created_at == last.created_at;
}

// After a reorg games may be undecided and unpaid again.
l1::L1Result<void> Proposer::note_branch() {
    TRY(auto head, client_->header(l1::BlockTag::Latest));
    bool is_same = true;
    if (seen_head_ && seen_head_->hash != head.hash) {
        is_same = head.header.number > seen_head_->header.number;
        if (is_same) {
            TRY(const auto again, client_->header(seen_head_->header.number));
            is_same = again.hash == seen_head_->hash;
        }
    }
    seen_head_ = std::move(head);
    if (is_same) return {};
    constexpr std::size_t DOUBTFUL = 64;  // of the newest: a reorg reaches no further back
    refused_parents_.clear();
    const std::lock_guard lock(mutex_);
    for (std::size_t i = 0; i < std::min(DOUBTFUL, proposals_.size()); ++i) {
        auto& game = proposals_[proposals_.size() - 1 - i];
        game.resolved = game.is_paid = false;
        game.status = GameStatus::InProgress;
    }
    return {};
}

l1::L1Result<void> Proposer::load_status(Proposal& game) {
    TRY(const auto answer, client_->call(game.game, codec::AbiWriter().call("status()")));
    const auto value = codec::AbiReader(answer).read_u64();
    if (!value || *value > 2) return fail(malformed("status"));
    game.status = static_cast<GameStatus>(*value);
    game.resolved = game.status != GameStatus::InProgress;
    if (game.resolved)
        io::log_info("proposer", "output resolved",
                     {{"block", game.l2_block_number}, {"game", to_hex(game.game)}, {"status", *value}});
    return {};
}

l1::L1Result<void> Proposer::refresh() {
    last_refresh_ms_ = now_ms();
    TRY_VOID(note_branch());
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
        TRY(auto game, load_proposal(*client_, options_.factory, games_read_));
        if (game) games.push_back(*game);
    }
    for (auto& game : games) {
        const auto own = find_own(game.game);
        if (!own) continue;
        game.l1_tx_hash = own->tx_hash;
        game.l1_block_number = own->block_number;
    }
    // None is decided before its time; disputed ones may be decided after those that came later.
    for (auto& game : games) {
        if (game.resolved) continue;
        TRY_VOID(load_status(game));
        if (!game.resolved && game.created_at + options_.challenge_period_s > clocks_.world_ms() / 1000) break;
    }
    if (games.size() > MAX_PROPOSALS) games.erase(games.begin(), games.end() - MAX_PROPOSALS);
    const std::lock_guard lock(mutex_);
    proposals_ = std::move(games);
    return {};
}

std::optional<Hash32> Proposer::output_root_of(std::uint64_t number) const {
    const auto block = ledger_.find_block(number);
    return block != nullptr ? std::optional(compute_output_root(*block)) : std::nullopt;
}

// The newest claim about this chain, as it is now. Roots of a branch that was left do not count, and of fault games none that might fall with what it starts from.
const Proposal* Proposer::newest_sound(std::uint32_t game_type) const {
    const auto root_of = [this](std::uint64_t number) { return output_root_of(number); };
    for (auto it = proposals_.rbegin(); it != proposals_.rend(); ++it) {
        if (it->game_type != game_type || (game_type == FAULT_GAME && !is_own(*it))) continue;
        if (!refused_parents_.contains(it->game) && is_sound(*it, proposals_, root_of)) return &*it;
    }
    return nullptr;
}

l1::L1Result<bool> Proposer::send(const Address& to, Bytes data, const ledger::StoredBlock* proposed,
                                  const U256& value) {
    TxRequest request{
        .to = to, .data = std::move(data), .gas_limit = std::nullopt, .sidecar = std::nullopt, .value = value};
    if (proposed != nullptr) {
        request.note.resize(8);
        store_be64(request.note.data(), proposed->number());
        append(request.note, compute_output_root(*proposed).view());
    }
    const auto ticket = transactions_.send(std::move(request));
    if (!ticket && ticket.error().kind == l1::L1ErrorKind::Rejected) {
        if (proposed != nullptr)
            io::log_warning("proposer", "L1 refuses a claim", {{"reason", ticket.error().message}});
        return false;
    }
    if (!ticket) return fail(ticket.error());
    in_flight_ =
        InFlight{.ticket = *ticket, .sent_at_ms = now_ms(), .proposes = proposed != nullptr, .output_root = {}};
    if (proposed != nullptr) {
        in_flight_->l2_block = proposed->number();
        in_flight_->output_root = compute_output_root(*proposed);
    }
    return true;
}

l1::L1Result<void> Proposer::propose_newest() {
    const auto newest = options_.finalized_only ? ledger_.finalized() : ledger_.safe();
    TRY(const auto terms, load_claim_terms(*client_, options_.portal, options_.factory));
    const Proposal* last = newest_sound(terms.game_type);
    const auto above = std::max(terms.anchor_block, last != nullptr ? last->l2_block_number : 0);
    return newest->number() > above ? propose(*newest, terms) : l1::L1Result<void>{};
}

// A fault game repeats the blocks since what it starts from: that is the newest claim of our own, undecided as it may be.
l1::L1Result<void> Proposer::propose(const ledger::StoredBlock& block, const ClaimTerms& terms) {
    last_proposed_ms_ = now_ms();
    const Proposal* parent = nullptr;
    if (terms.game_type == FAULT_GAME) {
        parent = newest_sound(FAULT_GAME);
        if (parent != nullptr && parent->l2_block_number <= terms.anchor_block) parent = nullptr;
        if (parent == nullptr && output_root_of(terms.anchor_block) != terms.anchor_root)
            return fail(l1::L1Error{l1::L1ErrorKind::BadAnswer, "the registry's anchor is not a block of this chain"});
    }
    const Hash32 root = compute_output_root(block);
    io::log_info("proposer", "output proposed",
                 {{"block", block.number()},
                  {"output_root", to_hex(root)},
                  {"parent", parent != nullptr ? to_hex(parent->game) : std::string("anchor")}});
    TRY(const bool sent, send(options_.factory,
                              codec::AbiWriter()
                                  .uint(U256{terms.game_type})
                                  .word(root)
                                  .bytes(encode_extra_data(block.number(), parent))
                                  .call("create(uint32,bytes32,bytes)"),
                              &block, terms.bond_wei));
    // Struck out, say: what it started from is tried.
    if (sent)
        refused_parents_.clear();
    else if (parent != nullptr)
        refused_parents_.insert(parent->game);
    return {};
}

// The oldest game past its period that L1 would decide: a disputed one does not keep others waiting. A claim without a dispute is the proposer's alone.
l1::L1Result<void> Proposer::resolve_next() {
    constexpr std::size_t TRIES = 8;
    std::size_t tried = 0;
    for (const auto& proposal : proposals_) {
        if (proposal.resolved || (proposal.game_type == FAULT_GAME && !is_own(proposal))) continue;
        if (proposal.created_at + options_.challenge_period_s > clocks_.world_ms() / 1000) return {};
        TRY(const bool sent, send(proposal.game, codec::AbiWriter().call("resolve()")));
        if (sent || ++tried == TRIES) return {};
    }
    return {};
}

// Bonds of claims that stood.
l1::L1Result<void> Proposer::collect_next() {
    constexpr std::size_t LOOKS = 8;
    std::size_t looked_at = 0;
    for (auto& proposal : proposals_) {
        if (!proposal.resolved || proposal.is_paid || !is_own(proposal)) continue;
        TRY(const auto answer,
            client_->call(proposal.game, codec::AbiWriter().address(transactions_.sender()).call("credit(address)")));
        const auto owed = codec::AbiReader(answer).read_uint();
        if (!owed) return fail(malformed("credit"));
        if (!owed->is_zero()) {
            TRY(const bool sent,
                send(proposal.game, codec::AbiWriter().address(transactions_.sender()).call("claimCredit(address)")));
            if (sent) return {};
        } else {
            const std::lock_guard lock(mutex_);
            proposal.is_paid = true;
        }
        if (++looked_at == LOOKS) return {};
    }
    return {};
}

// The newest game that the registry would take as its anchor, at most once in a proposal's interval.
l1::L1Result<void> Proposer::advance_anchor() {
    if (now_ms() - last_anchor_ms_ < options_.interval_ms) return {};
    last_anchor_ms_ = now_ms();
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
        TRY(const bool sent, send(*registry, codec::AbiWriter().address(it->game).call("setAnchorState(address)")));
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
