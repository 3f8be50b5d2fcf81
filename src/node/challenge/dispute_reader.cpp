#include "node/challenge/dispute_reader.hpp"

#include <algorithm>

#include "core/codec/abi.hpp"
#include "node/challenge/read_game.hpp"

namespace entresol::challenge {
namespace {

using codec::AbiReader;
using codec::AbiWriter;
using l1::L1Result;

l1::L1Error malformed(const std::string& what) {
    return {l1::L1ErrorKind::BadAnswer, "malformed answer from the dispute contracts: " + what};
}

void describe_list(ShownMove& move, const Game& game, const Hash32& id) {
    const auto& list = game.lists.at(id);
    const auto& match = game.matches.at(list.match);
    move.list = id;
    move.match = list.match;
    move.side = list.side;
    move.level = match.level;
    move.position = match.position;
}

// After the event was applied: what it names is known. Nothing for events that are no moves.
std::optional<ShownMove> describe(const l1::L1Log& event, const Game& game, std::uint64_t time_s) {
    const auto& topics = event.log.topics;
    ShownMove move{.l1_tx_hash = event.tx_hash, .l1_block_number = event.block_number, .time_s = time_s};
    if (topics[0] == codec::abi_event_topic("Committed(bytes32,bytes32,uint8,address,bytes32[])")) {
        const auto& list = game.lists.at(topics[1]);
        describe_list(move, game, list.id);
        move.kind = list.match == WHOLE ? "join" : "commit";
        move.payee = list.payee;
        move.roots = list.roots.size();
        move.clock_left_s = list.clock_s;
    } else if (topics[0] ==
               codec::abi_event_topic("Opened(bytes32,bytes32,bytes32,uint8,uint64,(bytes32,bytes32,bytes32))")) {
        const auto& match = game.matches.at(topics[1]);
        move.kind = "open";
        move.match = match.id;
        move.list = match.lists[DEFENDERS];
        move.rival = match.lists[CHALLENGERS];
        move.level = match.level;
        move.position = match.position;
    } else if (topics[0] == codec::abi_event_topic("Beaten(bytes32,bytes32)")) {
        describe_list(move, game, topics[1]);
        move.kind = "beaten";
        if (!topics[2].is_zero()) move.rival = topics[2];
    } else if (topics[0] == codec::abi_event_topic("Resolved(uint8)")) {
        move.kind = "resolve";
    } else {
        return std::nullopt;
    }
    return move;
}

}  // namespace

L1Result<std::vector<settlement::Proposal>> DisputeReader::list(std::size_t most) {
    TRY(const auto head, client_->header(l1::BlockTag::Latest));
    const std::lock_guard lock(mutex_);
    TRY_VOID(read_list(head));
    std::vector<settlement::Proposal> out;
    for (auto it = games_.rbegin(); it != games_.rend() && out.size() < most; ++it) out.push_back(it->second);
    return out;
}

// What a game claims is read once, but for the newest: there L1 may put another in its place.
L1Result<void> DisputeReader::read_list(const l1::L1Block& head) {
    constexpr std::uint64_t RECENT = 16;
    if (head.hash == read_at_) return {};
    TRY(const auto answer, client_->call(factory_, AbiWriter().call("gameCount()")));
    const auto count = AbiReader(answer).read_u64();
    if (!count) return fail(malformed("gameCount()"));
    const std::uint64_t first = *count > MOST_GAMES ? *count - MOST_GAMES : 0;
    std::map<std::uint64_t, settlement::Proposal> games;
    for (std::uint64_t i = first; i < *count; ++i) {
        const auto known = games_.find(i);
        const bool is_old = known != games_.end() && i + RECENT < *count;
        if (is_old) {
            games.insert(*known);
            if (known->second.resolved) continue;
        } else {
            TRY(const auto game, settlement::load_proposal(*client_, factory_, i));
            if (!game) continue;
            games.emplace(i, *game);
        }
        auto& game = games.at(i);
        TRY(const auto word, client_->call(game.game, AbiWriter().call("status()")));
        const auto status = AbiReader(word).read_u64();
        if (!status || *status > 2) return fail(malformed("status()"));
        game.status = static_cast<settlement::GameStatus>(*status);
        game.resolved = *status != 0;
    }
    games_ = std::move(games);
    read_at_ = head.hash;
    return {};
}

L1Result<std::optional<Dispute>> DisputeReader::find(const Address& game) {
    TRY(const auto head, client_->header(l1::BlockTag::Latest));
    const std::lock_guard lock(mutex_);
    TRY_VOID(read_list(head));
    const auto found = std::ranges::find_if(games_, [&](const auto& entry) { return entry.second.game == game; });
    if (found == games_.end()) return std::optional<Dispute>{};
    Dispute dispute{.claim = found->second, .game = std::nullopt, .moves = {}, .now_s = head.header.timestamp};
    if (dispute.claim.game_type == settlement::FAULT_GAME) TRY_VOID(read_moves(dispute, head));
    return std::optional(std::move(dispute));
}

L1Result<void> DisputeReader::read_moves(Dispute& dispute, const l1::L1Block& head) {
    const auto& claim = dispute.claim;
    TRY(const auto rules, load_rules(*client_, claim.game));
    auto& game = dispute.game.emplace(Game::begin(rules, claim.output_root, claim.created_at));
    TRY(auto first, find_first_block(*client_, head.header.number, claim.created_at));
    for (; first <= head.header.number; first += BLOCKS_AT_ONCE) {
        const auto last = std::min(first + BLOCKS_AT_ONCE - 1, head.header.number);
        TRY(const auto events, client_->logs(claim.game, first, last));
        for (const auto& event : events) {
            if (event.log.topics.empty()) continue;
            TRY(const auto time_s, time_of(event.block_hash));
            if (const auto applied = apply_event(game, event.log, time_s); !applied)
                return fail(malformed(to_string(applied.error())));
            auto move = describe(event, game, time_s);
            if (!move) continue;
            dispute.has_more = dispute.moves.size() == MOST_MOVES;
            if (!dispute.has_more) dispute.moves.push_back(*move);
        }
    }
    return {};
}

L1Result<std::uint64_t> DisputeReader::time_of(const Hash32& block) {
    constexpr std::size_t MOST_TIMES = 4'096;
    if (const auto known = time_of_block_s_.find(block); known != time_of_block_s_.end()) return known->second;
    TRY(const auto header, client_->header(block));
    if (time_of_block_s_.size() >= MOST_TIMES) time_of_block_s_.clear();
    time_of_block_s_[block] = header.header.timestamp;
    return header.header.timestamp;
}

}  // namespace entresol::challenge
