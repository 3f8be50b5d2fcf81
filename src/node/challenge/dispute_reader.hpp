// The factory's games and what has happened in each, for whoever looks on. Keeps nothing that L1 could take back. Thread-safe.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "node/challenge/game.hpp"
#include "node/l1/client.hpp"
#include "node/settlement/claim_terms.hpp"

namespace entresol::challenge {

/// Something that happened in a game, as its event tells it.
struct ShownMove {
    const char* kind = "";  // join, commit, open, beaten, resolve
    Hash32 l1_tx_hash;
    std::uint64_t l1_block_number = 0;
    std::uint64_t time_s = 0;
    std::optional<Hash32> list;
    std::optional<Hash32> rival;  // open: the second list; beaten: the one that beat it
    std::optional<Hash32> match;
    std::optional<unsigned> side;
    std::optional<Address> payee;
    unsigned level = 0;
    std::uint64_t position = 0;  // steps before the segment that it speaks about
    std::size_t roots = 0;
    std::optional<std::uint64_t> clock_left_s;  // what the list's side has for all below
};

struct Dispute {
    settlement::Proposal claim;
    std::optional<Game> game;  // of fault games
    std::vector<ShownMove> moves;
    bool has_more = false;    // moves than are told
    std::uint64_t now_s = 0;  // L1's newest block's
};

class DisputeReader {
public:
    DisputeReader(std::shared_ptr<l1::L1Client> client, const Address& factory)
        : client_(std::move(client)), factory_(factory) {}

    /// Newest first, with their status; games of other types are left out.
    [[nodiscard]] l1::L1Result<std::vector<settlement::Proposal>> list(std::size_t most);
    /// One of the newest MOST_GAMES; nothing where there is none of that address.
    [[nodiscard]] l1::L1Result<std::optional<Dispute>> find(const Address& game);

    static constexpr std::size_t MOST_GAMES = 100;
    static constexpr std::size_t MOST_MOVES = 2'000;

private:
    [[nodiscard]] l1::L1Result<void> read_list(const l1::L1Block& head);
    [[nodiscard]] l1::L1Result<void> read_moves(Dispute& dispute, const l1::L1Block& head);
    [[nodiscard]] l1::L1Result<std::uint64_t> time_of(const Hash32& block);

    std::shared_ptr<l1::L1Client> client_;
    Address factory_;
    std::mutex mutex_;  // guards all below
    Hash32 read_at_;    // the L1 head of the list
    std::map<std::uint64_t, settlement::Proposal> games_;
    std::map<Hash32, std::uint64_t> time_of_block_s_;  // headers never change under their hash
};

}  // namespace entresol::challenge
