#include "node/challenge/challenger.hpp"

#include <algorithm>

#include "core/base/hex.hpp"
#include "core/codec/abi.hpp"
#include "node/challenge/read_game.hpp"
#include "node/io/log.hpp"

namespace entresol::challenge {
namespace {

using codec::AbiReader;
using codec::AbiWriter;
using l1::L1Error;
using l1::L1ErrorKind;
using l1::L1Result;

L1Error malformed(const std::string& what) {
    return {L1ErrorKind::BadAnswer, "malformed answer from the dispute contracts: " + what};
}

// The members of a game's answers, read by name.
class Getter {
public:
    Getter(l1::L1Client& client, const Address& address) : client_(client), address_(address) {}

    L1Result<Hash32> word(const std::string& signature) {
        TRY(const auto answer, client_.call(address_, AbiWriter().call(signature)));
        const auto value = AbiReader(answer).read_word();
        if (!value) return fail(malformed(signature));
        return *value;
    }
    L1Result<std::uint64_t> u64(const std::string& signature) {
        TRY(const auto answer, client_.call(address_, AbiWriter().call(signature)));
        const auto value = AbiReader(answer).read_u64();
        if (!value) return fail(malformed(signature));
        return *value;
    }

private:
    l1::L1Client& client_;
    const Address& address_;
};

Bytes note_of(const Address& game, const Move& move) {
    Bytes note = to_bytes(game.view());
    note.push_back(static_cast<std::uint8_t>(move.kind));
    append(note, move.subject.view());
    return note;
}

}  // namespace

Bytes Question::encode_input() const {
    return AbiWriter().word(starting_root).word(l1_head).uint(U256{l2_block}).encode();
}

Challenger::Challenger(ChallengerOptions options, std::shared_ptr<l1::L1Client> client,
                       settlement::TxManager transactions, MakeTrace make_trace, std::function<std::uint64_t()> now_ms)
    : options_(options),
      client_(std::move(client)),
      transactions_(std::move(transactions)),
      make_trace_(std::move(make_trace)),
      now_ms_(std::move(now_ms)) {
    for (const auto& [ticket, note] : transactions_.unsettled()) in_flight_[note] = {ticket, now_ms_()};
}

L1Result<void> Challenger::step() {
    TRY(head_, client_->header(l1::BlockTag::Latest));
    TRY_VOID(settle_transactions());
    TRY_VOID(find_games());
    for (auto it = games_.begin(); it != games_.end();) {
        TRY(const bool is_finished, play(it->second));
        if (is_finished) finished_[it->first] = it->second.address;
        it = is_finished ? games_.erase(it) : std::next(it);
    }
    return {};
}

// After a reorg another game may stand in a place that was read before.
L1Result<void> Challenger::find_games() {
    TRY(const auto answer, client_->call(options_.factory, AbiWriter().call("gameCount()")));
    const auto count = AbiReader(answer).read_u64();
    if (!count) return fail(malformed("gameCount"));
    std::erase_if(games_, [&](const auto& entry) { return entry.first >= *count; });
    std::erase_if(finished_, [&](const auto& entry) { return entry.first >= *count; });
    for (std::uint64_t i = 0; i < *count; ++i) {
        // Places of finished games are looked at again only near the list's end, where reorgs happen.
        constexpr std::uint64_t RECENT = 16;
        if (finished_.contains(i) && i + RECENT < *count) continue;
        TRY(const auto entry, client_->call(options_.factory, AbiWriter().uint(U256{i}).call("gameAtIndex(uint256)")));
        AbiReader reader(entry);
        const auto type = reader.read_u64(), created_at = reader.read_u64();
        const auto address = reader.read_address();
        if (!type || !created_at || !address) return fail(malformed("gameAtIndex"));
        const auto known = games_.find(i);
        if (known != games_.end() && known->second.address == *address && known->second.fresh.created_at == *created_at)
            continue;
        const auto finished = finished_.find(i);
        if (finished != finished_.end() && finished->second == *address) continue;
        games_.erase(i);
        if (*type != options_.game_type) {
            finished_[i] = *address;
            continue;
        }
        TRY(auto watched, load_game(*address, *created_at));
        games_.insert_or_assign(i, std::move(watched));
    }
    return {};
}

L1Result<Challenger::Watched> Challenger::load_game(const Address& address, std::uint64_t created_at) {
    Getter get(*client_, address);
    Question question;
    TRY(const auto rules, load_rules(*client_, address));
    TRY(question.program_root, get.word("programRoot()"));
    TRY(question.program_entry, get.u64("programEntry()"));
    TRY(question.starting_root, get.word("startingRootHash()"));
    TRY(question.starting_block, get.u64("startingBlockNumber()"));
    TRY(question.l1_head, get.word("l1Head()"));
    TRY(question.l2_block, get.u64("l2BlockNumber()"));
    TRY(const auto claim, get.word("rootClaim()"));
    Watched watched{.address = address, .fresh = Game::begin(rules, claim, created_at), .told = {}};
    TRY(watched.first_block, find_first_block(*client_, head_.header.number, created_at));
    watched.trace = make_trace_(question);
    if (watched.trace == nullptr)
        io::log_warning("challenge", "a game about another program: it cannot be followed",
                        {{"game", to_hex(address)}, {"program_root", to_hex(question.program_root)}});
    else
        io::log_info("challenge", "watching a game",
                     {{"game", to_hex(address)}, {"block", question.l2_block}, {"claim", to_hex(claim)}});
    return watched;
}

L1Result<Game> Challenger::replay(const Watched& watched) {
    Game game = watched.fresh;
    for (std::uint64_t first = watched.first_block; first <= head_.header.number; first += BLOCKS_AT_ONCE) {
        const auto last = std::min(first + BLOCKS_AT_ONCE - 1, head_.header.number);
        TRY(const auto logs, client_->logs(watched.address, first, last));
        for (const auto& log : logs) {
            auto time = time_of_block_s_.find(log.block_hash);
            if (time == time_of_block_s_.end()) {
                TRY(const auto block, client_->header(log.block_hash));
                time = time_of_block_s_.emplace(log.block_hash, block.header.timestamp).first;
            }
            const auto applied = apply_event(game, log.log, time->second);
            if (!applied) return fail(malformed(to_string(applied.error())));
        }
    }
    return game;
}

// True when nothing is left to be done in it.
L1Result<bool> Challenger::play(Watched& watched) {
    TRY(const auto game, replay(watched));
    if (watched.trace == nullptr) return game.status != Status::InProgress;
    const auto advice = next_moves(game, *watched.trace, transactions_.sender(), head_.header.timestamp);
    say(watched, advice, game);
    bool is_busy = false;
    for (const auto& move : advice.moves) {
        TRY(const bool is_wanted, is_worthwhile(watched, move));
        if (!is_wanted) continue;
        if (in_flight_.contains(note_of(watched.address, move))) {
            is_busy = true;
            continue;
        }
        TRY(const bool was_sent, send(watched, move));
        is_busy = is_busy || was_sent;
    }
    return game.status != Status::InProgress && !is_busy;
}

L1Result<bool> Challenger::is_worthwhile(const Watched& watched, const Move& move) {
    if (move.kind != MoveKind::ClaimCredit) return true;
    TRY(const auto answer,
        client_->call(watched.address, AbiWriter().address(transactions_.sender()).call("credit(address)")));
    const auto credit = AbiReader(answer).read_uint();
    if (!credit) return fail(malformed("credit"));
    return !credit->is_zero();
}

// False: L1 would refuse it. Somebody else has made it, or it has to wait for another.
L1Result<bool> Challenger::send(const Watched& watched, const Move& move) {
    const Bytes note = note_of(watched.address, move);
    const auto ticket = transactions_.send({.to = watched.address,
                                            .data = move.data,
                                            .gas_limit = std::nullopt,
                                            .sidecar = std::nullopt,
                                            .note = note,
                                            .value = move.value});
    if (!ticket && ticket.error().kind == L1ErrorKind::Rejected) {
        io::log_debug(
            "challenge", "L1 refuses a move",
            {{"game", to_hex(watched.address)}, {"move", name_of(move.kind)}, {"reason", ticket.error().message}});
        return false;
    }
    if (!ticket) return fail(ticket.error());
    in_flight_[note] = {*ticket, now_ms_()};
    io::log_info("challenge", "move",
                 {{"game", to_hex(watched.address)}, {"move", name_of(move.kind)}, {"subject", to_hex(move.subject)}});
    return true;
}

L1Result<void> Challenger::settle_transactions() {
    using State = settlement::TxManager::State;
    for (auto it = in_flight_.begin(); it != in_flight_.end();) {
        auto& [ticket, sent_at_ms] = it->second;
        TRY(const auto progress, transactions_.check(ticket));
        if (progress.state == State::Waiting) {
            if (now_ms_() - sent_at_ms >= options_.resend_after_ms) {
                sent_at_ms = now_ms_();
                TRY_VOID(transactions_.replace(ticket));
            }
            ++it;
            continue;
        }
        if (progress.state != State::Included)
            io::log_warning("challenge", "a move did not happen", {{"l1_tx", to_hex(progress.hash)}});
        transactions_.settle(ticket);
        it = in_flight_.erase(it);
    }
    return {};
}

void Challenger::say(Watched& watched, const Advice& advice, const Game& game) {
    std::string words = advice.is_claim_right ? "the claim is right" : "the claim is wrong";
    if (advice.is_blind) words = "the right history cannot be computed here: no moves that depend on it";
    if (game.status != Status::InProgress)
        words += game.status == Status::DefendersWin ? "; it stands" : "; it has fallen";
    if (words == watched.told) return;
    watched.told = words;
    const auto level = advice.is_blind ? io::LogLevel::Error : io::LogLevel::Info;
    io::log(level, "challenge", words, {{"game", to_hex(watched.address)}, {"lists", game.lists.size()}});
}

}  // namespace entresol::challenge
