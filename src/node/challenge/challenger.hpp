// Watches the factory's fault games and makes the right side's moves: reads L1, asks the strategy, sends. Lives on one thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "node/challenge/strategy.hpp"
#include "node/l1/client.hpp"
#include "node/settlement/tx_manager.hpp"

namespace entresol::challenge {

/// What a game asks: the program, and what its input says (docs/spec/game.md, "The claim").
struct Question {
    Hash32 program_root;
    std::uint64_t program_entry = 0;
    Hash32 starting_root;
    std::uint64_t starting_block = 0;  // which has it; no part of the input
    Hash32 l1_head;
    std::uint64_t l2_block = 0;

    /// The program's input.
    [[nodiscard]] Bytes encode_input() const;
};

struct ChallengerOptions {
    Address factory;
    std::uint32_t game_type = 0xE002;
    std::uint64_t resend_after_ms = 30'000;
};

/// Keeps nothing that L1 does not tell: what a restart or a reorg leaves is what the next round reads. Only transactions under way are stored, by TxManager.
class Challenger {
public:
    /// Null: this program cannot run that question (another program).
    using MakeTrace = std::function<std::unique_ptr<Trace>(const Question&)>;

    Challenger(ChallengerOptions options, std::shared_ptr<l1::L1Client> client, settlement::TxManager transactions,
               MakeTrace make_trace, std::function<std::uint64_t()> now_ms);

    /// One round: every open game once. Never waits for inclusion.
    [[nodiscard]] l1::L1Result<void> step();

private:
    struct Watched {
        Address address;
        std::uint64_t first_block = 0;  // none of its events is older
        Game fresh;                     // before its first move
        std::unique_ptr<Trace> trace;
        std::string told;  // what was last said of it
    };
    struct InFlight {
        settlement::TxManager::Ticket ticket;
        std::uint64_t sent_at_ms = 0;
    };

    [[nodiscard]] l1::L1Result<void> find_games();
    [[nodiscard]] l1::L1Result<Watched> load_game(const Address& address, std::uint64_t created_at);
    [[nodiscard]] l1::L1Result<bool> play(Watched& watched);
    [[nodiscard]] l1::L1Result<Game> replay(const Watched& watched);
    [[nodiscard]] l1::L1Result<void> settle_transactions();
    [[nodiscard]] l1::L1Result<bool> send(const Watched& watched, const Move& move);
    [[nodiscard]] l1::L1Result<bool> is_worthwhile(const Watched& watched, const Move& move);
    void say(Watched& watched, const Advice& advice, const Game& game);

    ChallengerOptions options_;
    std::shared_ptr<l1::L1Client> client_;
    settlement::TxManager transactions_;
    MakeTrace make_trace_;
    std::function<std::uint64_t()> now_ms_;
    l1::L1Block head_;
    std::map<std::uint64_t, Watched> games_;           // by place in the factory's list
    std::map<std::uint64_t, Address> finished_;        // nothing left to do; looked at again when another game is there
    std::map<Bytes, InFlight> in_flight_;              // by note: game, kind, subject
    std::map<Hash32, std::uint64_t> time_of_block_s_;  // headers never change under their hash
};

}  // namespace entresol::challenge
